"""A conference's input: lanes, floor, segments with word times → candidates with evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from transcription.contract.candidates import (
    ExtractionInput,
    ExtractionResult,
    InputFloor,
    InputLane,
    InputSegment,
    InputWord,
)
from transcription.contract.roster import Roster
from transcription.extraction import extract
from transcription.text.vi_units import roster_from_csv

FILES = Path(__file__).resolve().parents[3] / "transcription" / "data"
HELD_ON = date(2025, 9, 24)


@pytest.fixture(scope="module")
def roster():
    names = ("departments.csv", "camau_units.csv")
    return roster_from_csv(*((FILES / name).read_text("utf-8") for name in names))


def spoken(start_ms, text, track=7):
    """A segment whose words take 300 ms each, 250 of them sounding."""
    words = tuple(
        InputWord(word, start_ms + 300 * n, 250, 90) for n, word in enumerate(text.split())
    )
    return InputSegment(track, start_ms, words[-1].start_ms + 300, text, words)


def conference(roster, *segments, role="chair", unit="UBT", floor=(), lane="seat:1"):
    lanes = (InputLane(lane, unit, role, segments),)
    return ExtractionInput(HELD_ON, lanes, roster, conference=12, floor=floor)


ASSIGNMENT = "giao xã đầm dơi rà soát hộ nghèo trước ngày mười lăm tháng mười"


def test_a_spoken_task_carries_its_words_seconds_and_units(roster):
    (task,) = extract(conference(roster, spoken(5_000, ASSIGNMENT))).tasks
    assert [(unit.role, unit.code) for unit in task.units] == [("lead", "32152")]
    assert task.title == "Rà soát hộ nghèo"
    assert task.deadline.due_on == date(2025, 10, 15)
    (evidence,) = task.evidence
    assert evidence.quote == ASSIGNMENT
    last_word = 5_000 + 300 * (len(ASSIGNMENT.split()) - 1)
    assert (evidence.track, evidence.start_ms, evidence.end_ms) == (7, 5_000, last_word + 250)
    assert task.confidence >= 0.9


def test_evidence_covers_only_the_demand_inside_a_longer_segment(roster):
    text = "cảm ơn xã phú tân " + ASSIGNMENT
    (task,) = extract(conference(roster, spoken(0, text))).tasks
    assert task.evidence[0].quote.endswith("trước ngày mười lăm tháng mười")
    assert task.units[0].code == "32152"


def test_a_sentence_cut_in_two_segments_is_one_task_with_two_evidences(roster):
    first = spoken(0, "giao sở nông nghiệp và môi trường chủ trì phối hợp với")
    second = spoken(9_000, "xã năm căn hoàn thiện phương án trước ngày ba mươi tháng mười một")
    (task,) = extract(conference(roster, first, second)).tasks
    assert [(unit.role, unit.code) for unit in task.units] == [
        ("lead", "SNNMT"),
        ("coordinating", "32191"),
    ]
    assert [item.start_ms for item in task.evidence] == [0, 9_000]
    assert task.deadline.due_on == date(2025, 11, 30)


def test_a_deadline_in_the_next_segment_belongs_to_the_task_before(roster):
    first = spoken(0, "giao xã sông đốc kiểm tra tàu cá")
    second = spoken(6_000, "việc này phải xong trước ngày mười tháng mười")
    (task,) = extract(conference(roster, first, second)).tasks
    assert task.deadline.due_on == date(2025, 10, 10)
    assert len(task.evidence) == 2


def test_two_sentences_in_one_segment_are_two_tasks(roster):
    text = ASSIGNMENT + " giao sở y tế chuẩn bị thuốc trước ngày mùng mười tháng mười một"
    tasks = extract(conference(roster, spoken(0, text))).tasks
    assert [task.units[0].code for task in tasks] == ["32152", "SYT"]
    assert [str(task.deadline.due_on) for task in tasks] == ["2025-10-15", "2025-11-10"]
    assert tasks[0].evidence[0].end_ms <= tasks[1].evidence[0].start_ms


def test_the_chairs_comrade_is_who_has_the_floor_and_nobody_without_one(roster):
    words = spoken(1_000, "đồng chí phải di dời xong các hộ dân trước chiều mai")
    floor = (InputFloor(0, None, "32191"),)
    (task,) = extract(conference(roster, words, floor=floor)).tasks
    assert task.units[0].code == "32191"
    assert extract(conference(roster, words)).tasks == ()


def test_a_units_demand_of_a_department_is_a_request_from_its_seat(roster):
    words = spoken(0, "đề nghị sở tài chính bố trí kinh phí sửa cầu kênh ba")
    result = extract(conference(roster, words, role="unit", unit="32152", lane="seat:9"))
    assert result.tasks == ()
    (request,) = result.requests
    assert [(unit.role, unit.code) for unit in request.units] == [("from", "32152"), ("to", "STC")]
    assert request.task == "bố trí kinh phí sửa cầu kênh ba"
    assert request.to_json()["request"] == request.task


def test_a_unit_that_reports_or_promises_assigns_nothing(roster):
    for text in (
        "dạ báo cáo xã đầm dơi đã hoàn thành rà soát",
        "xã đầm dơi xin nhận nhiệm vụ và sẽ báo cáo trước ngày mười tháng mười",
        "xã đầm dơi khẩn trương rà soát xong một trăm hộ",
    ):
        result = extract(
            conference(roster, spoken(0, text), role="unit", unit="32152", lane="seat:9")
        )
        assert (result.tasks, result.requests) == ((), ())


def test_keys_stay_when_times_and_cuts_change_and_count_equal_tasks(roster):
    first = extract(conference(roster, spoken(5_000, ASSIGNMENT))).tasks[0]
    moved = extract(conference(roster, spoken(9_999, ASSIGNMENT.upper()))).tasks[0]
    assert first.stable_key == moved.stable_key
    assert len(first.stable_key) == 64
    said_twice = conference(
        roster, spoken(0, ASSIGNMENT), spoken(60_000, "xin mời nghỉ"), spoken(300_000, ASSIGNMENT)
    )
    keys = [task.stable_key for task in extract(said_twice).tasks]
    assert keys[0] == first.stable_key
    assert len(set(keys)) == 2


def test_nothing_comes_of_nothing(roster):
    assert extract(conference(roster)) == ExtractionResult()
    assert extract(conference(roster, InputSegment(1, 0, 10, ""))) == ExtractionResult()
    assert extract(conference(Roster(), spoken(0, "giao xã đầm dơi rà soát"))).tasks != ()


def test_input_and_result_survive_json(roster):
    given = conference(roster, spoken(0, ASSIGNMENT), floor=(InputFloor(0, 9, "32152"),))
    assert ExtractionInput.from_json(given.to_json()) == given
    result = extract(given)
    assert ExtractionResult.from_json(result.to_json()) == result


def test_input_without_its_day_is_refused():
    with pytest.raises(KeyError):
        ExtractionInput.from_json({"lanes": []})
    with pytest.raises(ValueError):
        ExtractionInput.from_json({"held_on": "24/9/2025", "lanes": []})
