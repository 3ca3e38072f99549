"""Words of a time that were misheard: set right inside their frame, left alone outside it."""

from __future__ import annotations

import pytest

from transcription.text.vi_heard_times import HeardTimes


def set_right(text: str) -> str:
    words = text.split()
    HeardTimes(words)
    return " ".join(words)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("trước này 15 tháng 10", "trước ngày 15 tháng 10"),
        ("chước ngày hai mươi thán mười", "trước ngày hai mươi tháng mười"),
        ("không muộn hơn ngay mùng bá thang năm", "không muộn hơn ngày mùng ba tháng năm"),
        (
            "ngày bà mươi thãng mươi nằm hai ngàn khôn trăm hái mươi sau",
            "ngày ba mươi tháng mười năm hai ngàn không trăm hai mươi sáu",
        ),
        ("trước mười rờ ngày hai tháng hái", "trước mười giờ ngày hai tháng hai"),
        ("trong tuầng sau", "trong tuần sau"),
        ("tron tháng ba", "trong tháng ba"),
        ("trong quỹ ba", "trong quý ba"),
        ("trong vòng hài mốt ngày", "trong vòng hai mốt ngày"),
        ("trược thứ tư tuần tơi", "trước thứ tư tuần tới"),
        ("ngày sau tháng tư", "ngày sáu tháng tư"),
    ],
)
def test_a_misheard_word_is_set_right_in_its_frame(heard, meant):
    assert set_right(heard) == meant


@pytest.mark.parametrize(
    "text",
    [
        "trước ngày mười lăm tháng mười", "tháng sau", "tháng sáu này", "trong này hai đơn vị",
        "ngay hôm nay", "đến nay mười lăm hộ", "trong năm này hai xã làm tốt",
        "ngày mười tháng ba bà con phấn khởi", "ngay từ đầu năm", "anh tuấn tới sau",
        "trong quỹ đất hai bên", "", "ngày", "trước này", "tháng", "mùng",
    ],
)  # fmt: skip
def test_what_is_right_or_no_time_stays(text):
    assert set_right(text) == text


def test_places_changed_are_told():
    words = "trước này mười tháng mười".split()
    assert HeardTimes(words).touched == [1]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("ngày hai mười mốt thang tám", "ngày hai mươi mốt tháng tám"),
        ("ngày mươi bốn tháng mười", "ngày mười bốn tháng mười"),
        ("trước thư ba tuần sáu", "trước thứ ba tuần sau"),
        ("đậu tuần tỡi", "đầu tuần tới"),
        ("hài mươi chín ngay nữa", "hai mươi chín ngày nữa"),
        ("trong mười ngay lam riệc", "trong mười ngày làm việc"),
        ("trước tãm giờ ngày mươi sáu tháng mười", "trước tám giờ ngày mười sáu tháng mười"),
        ("tróng quý hài", "trong quý hai"),
    ],
)
def test_no_part_of_a_misheard_number_is_read_for_the_whole(heard, meant):
    assert set_right(heard) == meant


def test_month_six_and_next_month_are_never_exchanged():
    for text in ("trong tháng sau", "trước tháng sáu", "ngày hai tháng sau", "ngày hai tháng sáu"):
        assert set_right(text) == text
