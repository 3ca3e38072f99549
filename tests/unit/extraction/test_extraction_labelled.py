"""Precision and recall on the labelled sets: the demo's sentences and our own of the trade.

Each set is read as it is written and as a recogniser writes it: lower case, no punctuation.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from extraction_score import load, run

from transcription.text.vi_units import roster_from_csv

ROSTER_FILES = Path(__file__).resolve().parents[3] / "transcription" / "data"


@cache
def roster():
    names = ("departments.csv", "camau_units.csv")
    return roster_from_csv(*((ROSTER_FILES / name).read_text("utf-8") for name in names))


def as_recognised(item):
    """Without capitals and signs; items with several sentences or dates in digits stay."""
    if re.search(r"\d[/.]\d|[.;?!] \S", item["text"]):
        return item
    return {**item, "text": re.sub(r"[,.;:?!]", "", item["text"].lower())}


@pytest.mark.parametrize("spoken", [False, True])
def test_every_demo_sentence_comes_out_right_and_none_is_invented(spoken):
    items = load("demo.jsonl")
    if spoken:
        items = [as_recognised(item) for item in items]
    score = run(items, roster())
    assert len(items) == 66
    assert score.misses == []
    assert (score.matched, score.lead, score.deadline) == (32, 32, 32)
    assert (score.clean, score.clean_of) == (34, 34)


@pytest.mark.parametrize("spoken", [False, True])
def test_the_labelled_set_stays_above_its_floors(spoken, record_property):
    items = load("labelled.jsonl")
    if spoken:
        items = [as_recognised(item) for item in items]
    score = run(items, roster())
    record_property("task_f1", round(score.f1, 3))
    assert score.f1 >= 0.92, score.misses
    assert score.lead >= 0.94 * score.matched, score.misses
    assert score.deadline >= 0.98 * score.dated, score.misses
    assert score.coordinating >= 0.94 * score.matched, score.misses
    assert score.clean >= 0.94 * score.clean_of, score.misses
    assert score.sure_right >= 0.9 * score.sure, score.misses
    assert score.sure >= 0.6 * score.found
    assert score.requests_f1 >= 0.85, score.misses
    assert score.requests_from >= 0.95 * score.requests_matched
    assert score.requests_to >= 0.85 * score.requests_matched
