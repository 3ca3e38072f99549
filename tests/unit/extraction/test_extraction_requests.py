"""Requests of the units: their wordings, who asks whom, and what sounds like one and is none."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import bodies, roster
from transcription.contract.candidates import FROM, TO
from transcription.extraction.extract import Extractor, Reading, text_passage

HELD_ON = date(2025, 9, 24)
DAM_DOI = "32152"


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def by_unit(text: str) -> Reading:
    return extractor().read(text_passage(text, DAM_DOI, "unit"))


def by_chair(text: str) -> Reading:
    return extractor().read(text_passage(text, None, "chair"))


def written(text: str) -> Reading:
    return extractor().read(text_passage(text, None, None))


@pytest.mark.parametrize(
    ("text", "to", "request_words"),
    [
        ("xã xin tỉnh hai tỷ làm lộ ấp tân điền", ["UBT"], "hai tỷ làm lộ ấp tân điền"),
        ("xã nhờ sở y tế cử bác sĩ xuống khám", ["SYT"], "cử bác sĩ xuống khám"),
        ("kiến nghị cuối cùng là nhờ ngành điện kéo ba pha", ["ngành điện"], "kéo ba pha"),
        ("xã xin sở xây dựng cho ý kiến về cầu này", ["SXD"], "cho ý kiến về cầu này"),
        ("xã rất cần sở công thương hỗ trợ mở chợ", ["SCT"], "hỗ trợ mở chợ"),
        ("xã trông chờ tỉnh sớm phân bổ vốn", ["UBT"], "sớm phân bổ vốn"),
        ("kiến nghị hai nội dung một là tỉnh cấp máy bơm", ["UBT"], "cấp máy bơm"),
        ("xin phép được đề nghị sở y tế cấp thuốc", ["SYT"], "cấp thuốc"),
        ("xin hỏi và đề nghị sở tài chính hướng dẫn quyết toán", ["STC"], "hướng dẫn quyết toán"),
        ("tụi em xin các anh cho lùi thời hạn quyết toán", [], "cho lùi thời hạn quyết toán"),
        ("xã xin thêm hai biên chế y tế", [], "thêm hai biên chế y tế"),
    ],
)
def test_a_unit_asks_in_many_words(text: str, to: list[str], request_words: str) -> None:
    reading = by_unit(text)
    assert reading.tasks == []
    (asked,) = reading.requests
    assert (bodies(asked, FROM), bodies(asked, TO)) == ([DAM_DOI], to)
    assert asked.task == request_words


@pytest.mark.parametrize(
    ("text", "asker", "to"),
    [
        ("UBND xã Tân Thuận trình xin UBND tỉnh cho phép bán cây.", "32167", ["UBT"]),
        ("UBND xã Tân Thuận trình UBND tỉnh xin chủ trương xây chợ.", "32167", ["UBT"]),
        ("UBND xã Tân Thuận có văn bản đề nghị Sở Y tế cấp thuốc.", "32167", ["SYT"]),
        ("Sở Y tế đề nghị Sở Nội vụ bổ sung biên chế bác sĩ.", "SYT", ["SNV"]),
        ("Sở Y tế kính trình UBND tỉnh xem xét, phê duyệt đề án.", "SYT", ["UBT"]),
        ("xã tân thuận báo cáo và xin ý kiến chỉ đạo của ubnd tỉnh về chợ", "32167", ["UBT"]),
        ("xã tân thuận xin mượn máy bơm của chi cục thủy lợi", "32167", ["chi cục thủy lợi"]),
        ("Xã Tân Thuận mong muốn được Sở Y tế hỗ trợ tập huấn.", "32167", ["SYT"]),
    ],
)
def test_who_asks_whom_is_told_in_the_words(text: str, asker: str, to: list[str]) -> None:
    reading = written(text)
    assert reading.tasks == []
    (asked,) = reading.requests
    assert (bodies(asked, FROM), bodies(asked, TO)) == ([asker], to)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ đề nghị UBND các xã, phường gửi báo cáo trước ngày 20/10.",
        "UBND tỉnh đề nghị Sở Y tế rà soát thuốc trước ngày 20/10.",
        "Giao Sở Y tế kiến nghị Bộ Y tế cấp vắc xin trước ngày 20/10.",
        "Giao Văn phòng UBND tỉnh xin ý kiến Thường trực Tỉnh ủy trước ngày 15/10.",
        "Giao Sở Tài chính giải quyết kiến nghị của xã Năm Căn trước ngày 20/10.",
        "Sở Xây dựng trình UBND tỉnh phê duyệt quy hoạch trước ngày 30/10.",
    ],
)
def test_words_of_asking_from_above_or_within_a_task_are_no_request(text: str) -> None:
    reading = written(text)
    assert reading.requests == []
    assert len(reading.tasks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "đề nghị sở tài chính bố trí kinh phí cho xã trước ngày hai mươi",
        "đề nghị tỉnh đoàn ra quân trồng cây trước ngày hai mươi",
    ],
)
def test_what_the_chair_asks_is_a_task(text: str) -> None:
    reading = by_chair(text)
    assert reading.requests == []
    assert len(reading.tasks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "xin cảm ơn các đồng chí đã lắng nghe",
        "xin báo cáo với hội nghị xã giải ngân được bốn mươi phần trăm",
        "xã xin hứa sẽ hoàn thành",
        "xã xin tiếp thu ý kiến chỉ đạo của đồng chí chủ tịch",
        "xã xin nhận khuyết điểm trước hội nghị",
        "kiến nghị của xã lần trước sở đã giải quyết xong",
        "xin chúc các đồng chí sức khỏe",
    ],
)
def test_politeness_promises_and_answers_are_no_requests(text: str) -> None:
    reading = by_unit(text)
    assert reading.requests == []
    assert reading.tasks == []
