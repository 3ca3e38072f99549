"""Every word a person reads is in the catalogue, and asks for nothing its sentence lacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from jinja2.ext import babel_extract

from server.domain.attendance import Presence, Roll
from server.domain.meetings import ConferenceRole, ConferenceState, Strategy
from server.domain.offices import PositionRole
from server.domain.review import RejectReason
from server.web.catalogue import Catalogues

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "client_web/templates"
SCRIPT_WORD = re.compile(r"""(?<![\w.$])_\(\s*(["'])((?:\\.|(?!\1).)*)\1""")


def template_words() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        with path.open("rb") as file:
            options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
            for line, _function, message, _comments in babel_extract(file, ("_",), (), options):
                words = message[0] if isinstance(message, tuple) else message
                if words:  # None: `_(variable)`, whose words another test names
                    yield f"{path.relative_to(ROOT)}:{line}", words


def python_words() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "server").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and called(node) in {"_", "gettext"} and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", first.value


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def script_words() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "client_web/js").rglob("*.js")):
        if path.name.endswith(".test.js"):
            continue
        code = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        for match in SCRIPT_WORD.finditer(code):
            yield str(path.relative_to(ROOT)), match.group(2).replace("\\'", "'")


def test_every_word_of_templates_code_and_scripts_is_vietnamese(catalogues: Catalogues) -> None:
    words = catalogues.words["vi"]
    used = [*template_words(), *python_words(), *script_words()]
    assert len(used) > 40
    assert [f"{where}: {msgid}" for where, msgid in used if msgid not in words] == []


def test_the_places_in_the_bar_are_vietnamese(catalogues: Catalogues) -> None:
    source = (ROOT / "server/web/nav.py").read_text("utf-8")
    labels = re.findall(r'\("/\w*", "([^"]+)"|"(Work of [^"]+)"', source)
    labels = [first or second for first, second in labels]
    assert len(labels) >= 6
    assert [label for label in labels if label not in catalogues.words["vi"]] == []


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("presence", Presence),
        ("roll", Roll),
        ("role_name", ConferenceRole),
        ("strategy", (Strategy.OPEN, Strategy.MODERATED)),
        ("door", ConferenceState),
        ("reject", RejectReason),
        ("role", PositionRole),
    ],
)
def test_every_word_of_a_family_is_vietnamese(
    catalogues: Catalogues, family: str, values: Iterable[Enum]
) -> None:
    """Words made of a prefix and a stored value, which no reading of the code can find."""
    missing = [v for v in values if f"{family}:{v.value}" not in catalogues.words["vi"]]
    assert missing == []


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def test_a_translation_asks_for_nothing_its_sentence_does_not_give(catalogues: Catalogues) -> None:
    wrong = [
        msgid
        for msgid, text in catalogues.words["vi"].items()
        if not msgid.startswith("error:") and not placeholders(text) <= placeholders(msgid)
    ]
    assert wrong == []


def test_sentences_keep_the_tone_of_the_house(catalogues: Catalogues) -> None:
    """No exclamation marks, and the reader is "anh/chị", never "bạn"."""
    loud = [text for text in catalogues.words["vi"].values() if "!" in text]
    familiar = [text for text in catalogues.words["vi"].values() if re.search(r"\b[Bb]ạn\b", text)]
    assert loud == []
    assert familiar == []


def test_no_word_is_translated_twice_differently(caplog: pytest.LogCaptureFixture) -> None:
    Catalogues()
    assert [record.message for record in caplog.records] == []


def test_a_clash_of_words_is_told_and_the_first_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for area, word in (("a", "Hạn"), ("b", "Thời hạn"), ("c", "Hạn")):
        text = f'msgid "Deadline"\nmsgstr "{word}"\n'
        (tmp_path / "vi").mkdir(exist_ok=True)
        (tmp_path / "vi" / f"{area}.po").write_text(text, "utf-8")
    assert Catalogues(tmp_path).translate("vi", "Deadline") == "Hạn"
    [told] = [record.message for record in caplog.records]
    assert told == "b.po: 'Deadline' is translated twice, differently"


def test_a_word_that_is_missing_shows_itself(catalogues: Catalogues) -> None:
    assert catalogues.translate("vi", "No such {thing}", thing="word") == "No such word"


def test_templates_render_with_the_catalogue(templates: Any, frame: dict[str, Any]) -> None:
    page = templates.get_template("components.html").render(**frame)
    assert "Đến nội dung chính" in page
    assert "Skip to the content" not in page
