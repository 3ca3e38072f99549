"""README names every setting and every command there is, and none that there isn't."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from server.cli import COMMANDS

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")
NAME = re.compile(r"GIAOBAN_[A-Z_]+[A-Z]")


def strings() -> Iterator[str]:
    """Every string of our programs, f-strings' fixed parts included."""
    for package in ("server", "transcription"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def settings_read() -> set[str]:
    """Names that are read: whole strings anywhere, and what `server.settings` asks for."""
    names = {text for text in strings() if NAME.fullmatch(text)}
    tree = ast.parse((ROOT / "server/settings.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("get", "port") and isinstance(node.args[0], ast.Constant):
                names.add(f"GIAOBAN_{node.args[0].value}")
    return names


def test_every_setting_is_in_the_table_of_the_readme() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `GIAOBAN_")]
    documented = set(NAME.findall("\n".join(row.split("|")[1] for row in rows)))
    read = settings_read()
    assert len(read) > 20
    assert sorted(read - documented) == []
    assert sorted(documented - read) == []


def test_readme_and_messages_name_no_setting_that_nothing_reads() -> None:
    named = set(NAME.findall(README)) | {name for text in strings() for name in NAME.findall(text)}
    assert sorted(named - settings_read()) == []


def test_every_command_that_is_named_to_people_exists() -> None:
    texts = [README, *strings()]
    for folder, kind in (("server/locale", "*.po"), ("client_web/templates", "*.html")):
        texts += [path.read_text("utf-8") for path in (ROOT / folder).rglob(kind)]
    named = {
        tuple(words.split())
        for text in texts
        for words in re.findall(r"[`“]giaoban ([a-z]+(?: [a-z]+)?)", text)
    }
    assert len(named) > 5
    assert [words for words in sorted(named) if not {words, words[:1]} & set(COMMANDS)] == []
