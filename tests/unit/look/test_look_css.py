"""The style sheets keep to the tokens, and every drawing a page names is in the sprite."""

from __future__ import annotations

import re
from pathlib import Path

from server.web.static import StaticFiles

CLIENT = Path(__file__).parents[3] / "client_web"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*[,{])|\b(?:rgb|rgba|hsl|hsla)\(")
ICON_CALLS = (
    re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']"""),
    re.compile(r"""icon_name=["']([a-z0-9-]+)["']"""),
    re.compile(r"""["']icon["']:\s*["']([a-z0-9-]+)["']"""),
    re.compile(r"icons\.svg'\) \}\}#([a-z0-9-]+)"),
)


def sheets() -> list[Path]:
    return [CLIENT / "css/base.css", *sorted((CLIENT / "css/components").glob("*.css"))]


def test_only_the_tokens_know_colours() -> None:
    found = []
    for path in sheets():
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        found += [f"{path.name}: {match.group()}" for match in COLOUR.finditer(text)]
    assert found == []


def test_every_token_a_sheet_uses_exists() -> None:
    defined = set(re.findall(r"(--[\w-]+):", (CLIENT / "css/tokens.css").read_text("utf-8")))
    local = {"--f", "--n"}
    used = {name for path in sheets() for name in re.findall(r"var\((--[\w-]+)", path.read_text())}
    assert used - local - defined == set()


def test_a_sheet_stays_small_enough_to_read() -> None:
    assert [path.name for path in sheets() if len(path.read_text().splitlines()) > 400] == []


def test_the_sheet_is_one_file_with_tokens_first(static_files: StaticFiles) -> None:
    css = static_files.texts["css/app.css"].decode()
    assert css.index("--accent:") < css.index(".btn {")


def test_fonts_of_the_sheet_are_served(static_files: StaticFiles) -> None:
    names = re.findall(r"url\(\.\./(fonts/[\w.-]+)\)", (CLIENT / "css/base.css").read_text())
    assert len(names) == 8
    assert [name for name in names if name not in static_files.paths] == []


def test_every_drawing_named_by_a_page_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (CLIENT / "icons.svg").read_text()))
    files = [*CLIENT.glob("templates/**/*.html"), *CLIENT.glob("js/**/*.js")]
    named = {
        name
        for path in files
        for pattern in ICON_CALLS
        for name in pattern.findall(path.read_text("utf-8"))
    }
    for line in (CLIENT / "templates/macros/status.html").read_text("utf-8").splitlines():
        if "glyph = {" in line:
            named |= set(re.findall(r": '([\w-]+)'", line))
    assert len(named) > 20
    assert named - sprite == set()


def test_every_class_a_sheet_styles_is_on_some_page() -> None:
    """Words in scripts count as classes, so this finds only what nothing names at all."""
    pages = [*CLIENT.glob("templates/**/*.html"), *CLIENT.glob("js/**/*.js")]
    words = set(re.findall(r"[\w-]+", "\n".join(path.read_text("utf-8") for path in pages)))
    unused = []
    for path in sheets():
        text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text("utf-8"), flags=re.DOTALL)
        selectors = re.sub(r"\{[^{}]*\}", "{}", text)
        classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
        unused += [f"{path.name}: .{name}" for name in sorted(classes - words)]
    assert unused == []
