"""Confidence: well-formed demands are sure, and each sign against one makes it less so."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import half_of, load, roster, run
from transcription.contract.candidates import Candidate
from transcription.extraction.demands.confidence import HIGHEST, LOWEST, WEIGHTS
from transcription.extraction.extract import Extractor, text_passage

HELD_ON = date(2025, 9, 24)


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def only_task(text: str, role: str | None = None) -> Candidate:
    (task,) = extractor().read(text_passage(text, None, role)).tasks
    return task


@pytest.mark.parametrize(
    "text",
    [
        "Giao Sở Y tế rà soát các cơ sở khám bệnh, báo cáo UBND tỉnh trước ngày 20/10.",
        "UBND xã Đầm Dơi phải hoàn thành cắm mốc trước ngày 30/10.",
        "giao xã phú tân nạo vét kênh trước ngày mười lăm tháng mười",
        "Sở Công Thương khẩn trương lập phương án trong tuần này.",
        "Yêu cầu Sở Tài chính hằng tháng báo cáo tiến độ giải ngân.",
    ],
)
def test_a_well_formed_demand_is_sure(text: str) -> None:
    assert only_task(text).confidence >= 0.9


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # no date; a body that no roster holds; a name misheard; words before the verb
        ("Giao Sở Y tế rà soát thuốc trước ngày 20/10.", "Giao Sở Y tế rà soát thuốc."),
        (
            "Giao Sở Y tế rà soát thuốc trước ngày 20/10.",
            "Giao Hội Nông dân tỉnh rà soát thuốc trước ngày 20/10.",
        ),
        (
            "giao xã đầm dơi rà soát hộ nghèo trước ngày hai mươi",
            "giao xã đầm giơi rà soát hộ nghèo trước ngày hai mươi",
        ),
        # a date in the middle of the words, and a clause behind it
        (
            "giao xã đầm dơi rà soát hộ nghèo trước ngày hai mươi",
            "giao xã đầm dơi rà soát trước ngày hai mươi không bàn lùi nữa đâu",
        ),
        # the bare verb says least
        ("Sở Y tế phải rà soát thuốc.", "Sở Y tế rà soát thuốc."),
    ],
)
def test_what_speaks_against_a_demand_makes_it_less_sure(better: str, worse: str) -> None:
    assert only_task(better).confidence > only_task(worse).confidence


def test_a_unit_that_demands_is_hardly_believed() -> None:
    text = "Công an xã phải xác minh hộ khẩu trước ngày 20/10."
    assert only_task(text, "unit").confidence < 0.5 < only_task(text, "chair").confidence


def test_confidence_stays_between_its_bounds() -> None:
    found = [
        task
        for item in load()
        if half_of(item["id"]) == "dev"
        for task in extractor().read(text_passage(item["text"], None, None)).tasks
    ]
    assert found
    assert all(LOWEST <= task.confidence <= HIGHEST for task in found)
    assert all(-3 <= weight <= 3 for weight in WEIGHTS.values())


def test_nine_in_ten_of_the_sure_are_right_and_they_are_most() -> None:
    figures = run([item for item in load() if half_of(item["id"]) == "dev"]).figures()
    assert figures["sure_right"] >= 0.9
    assert figures["sure_share"] >= 0.6
