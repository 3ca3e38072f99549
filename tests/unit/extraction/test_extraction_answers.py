"""A task that answers a request is linked to it by unit and words; others are not."""

from __future__ import annotations

from datetime import date

import pytest

from tests.bench.extraction_scorer import roster
from transcription.contract.candidates import ExtractionInput, InputLane, InputSegment
from transcription.extraction import extract
from transcription.extraction.requests.answers import answers

HELD_ON = date(2025, 9, 24)
ASKED = "xã đầm dơi kiến nghị sở tài chính bố trí kinh phí sửa cầu kênh ba"


def linked(*said):
    """(task, request) of each link; `said`: (lane, role, unit, seconds, words)."""
    lanes = tuple(
        InputLane(lane, unit, role, (InputSegment(1, 1000 * at, 1000 * at + 900, words),))
        for lane, role, unit, at, words in said
    )
    result = extract(ExtractionInput(HELD_ON, lanes, roster(), conference=1))
    found = answers(result.tasks, result.requests, roster())
    return [(result.tasks[a.task].task, result.requests[a.request].task) for a in found]


@pytest.mark.parametrize(
    "answer",
    [
        "giao sở tài chính giải quyết kiến nghị của xã đầm dơi về kinh phí sửa cầu kênh ba",
        "giao sở tài chính bố trí kinh phí sửa cầu kênh ba trước ngày mười lăm tháng mười",
        "theo kiến nghị của xã đầm dơi tôi yêu cầu sở xây dựng kiểm tra cầu kênh ba và lập dự toán",
    ],
)
def test_the_chairs_answer_is_linked_to_what_was_asked(answer):
    (pair,) = linked(("seat:9", "unit", "32152", 10, ASKED), ("seat:1", "chair", "UBT", 60, answer))
    assert pair[1] == "bố trí kinh phí sửa cầu kênh ba"


def test_another_task_is_no_answer():
    other = "giao sở tài chính rà soát biên chế của các đơn vị sự nghiệp"
    said = (("seat:9", "unit", "32152", 10, ASKED), ("seat:1", "chair", "UBT", 60, other))
    assert linked(*said) == []


def test_what_is_asked_later_was_not_answered_before():
    answer = "giao sở tài chính bố trí kinh phí sửa cầu kênh ba"
    said = (("seat:9", "unit", "32152", 90, ASKED), ("seat:1", "chair", "UBT", 60, answer))
    assert linked(*said) == []


def test_nothing_asked_is_nothing_answered():
    assert answers((), (), roster()) == ()
