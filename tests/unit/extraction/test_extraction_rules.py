"""Every rule fires on its two examples and not on the third; every reason is a rule's name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.bench.extraction_scorer import roster
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.phrases import FOLDER as LEXICONS
from transcription.extraction.reading import Reading
from transcription.extraction.refusals.reasons import REASONS
from transcription.extraction.refusals.unanchored import REASONS as UNANCHORED
from transcription.extraction.rulebook import HELD_ON, Rule, rule_of, rules
from transcription.text import deadline_readings
from transcription.text.vi_phrases import lines_of

ROOT = Path(__file__).resolve().parents[3]
EXTRACTION = ROOT / "transcription" / "extraction"
EXTRACTOR = Extractor(HELD_ON, roster())


def fired(rule: Rule, text: str) -> set[str]:
    """Names of the rules that fire on the text."""
    if rule.family == "deadlines":
        reading = deadline_readings(text, rule.held_on)
        found = () if reading is None else (reading.deadline, *reading.alternatives)
        return {f"deadline.{deadline.rule}" for deadline in found}
    reading_of_all = EXTRACTOR.at(rule.held_on).read(text_passage(text, None, None))
    named = [rule_of(reason) for reason in reasons_of(reading_of_all)]
    return {known.name for known in named if known is not None}


def reasons_of(reading: Reading) -> list[str]:
    given = [reason for item in (*reading.tasks, *reading.requests) for reason in item.reasons]
    return given + [refused.reason for refused in reading.not_taken]


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_rule_fires_on_its_examples_and_not_on_the_others(name: str) -> None:
    rule = rules()[name]
    assert len(rule.fires) >= 2
    assert rule.silent
    assert rule.about
    for text in rule.fires:
        assert name in fired(rule, text), text
    for text in rule.silent:
        assert name not in fired(rule, text), text


def test_every_reason_given_is_the_name_of_a_rule() -> None:
    from tests.bench.extraction_scorer import half_of, load

    for item in load():
        if half_of(item["id"]) == "dev":
            passage = text_passage(item["text"], item.get("floor"), item.get("speaker_role"))
            for reason in reasons_of(EXTRACTOR.read(passage)):
                assert rule_of(reason) is not None, reason


def test_every_refusal_has_its_entry() -> None:
    names = {name for name, _ in (*REASONS, *UNANCHORED)}
    assert names <= set(rules())


def test_every_word_list_is_a_small_file_of_one_concept_in_the_form_that_is_compared() -> None:
    folders = (LEXICONS, ROOT / "transcription" / "text" / "lexicons")
    for file in (file for folder in folders for file in sorted(folder.glob("*.txt"))):
        text = file.read_text("utf-8")
        assert text.startswith("# "), file.name
        phrases = lines_of(file)
        assert phrases, file.name
        assert len(phrases) == len(set(phrases)), file.name
        assert all(phrase == phrase.casefold() for phrase in phrases), file.name


def test_every_word_list_is_used() -> None:
    source = "".join(file.read_text("utf-8") for file in EXTRACTION.rglob("*.py"))
    for file in LEXICONS.glob("*.txt"):
        # `misheard` reads every list: words that are known are not taken for misheard ones
        assert f'"{file.stem}"' in source or file.stem == "never_misheard", file.name


def test_the_engine_imports_nothing_but_the_standard_library_and_rapidfuzz() -> None:
    for folder in (EXTRACTION, ROOT / "transcription" / "text"):
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                for name in names:
                    top = name.split(".")[0]
                    own = name.startswith(("transcription.text", "transcription.extraction",
                                           "transcription.contract"))  # fmt: skip
                    assert own or top in ("rapidfuzz", *_STANDARD), (file.name, name)


_STANDARD = (
    "__future__", "abc", "ast", "bisect", "calendar", "collections", "csv", "dataclasses",
    "datetime", "functools", "hashlib", "io", "itertools", "math", "pathlib", "re", "tomllib",
    "typing", "unicodedata",
)  # fmt: skip
