"""The two deadline tables, row by row, in digits and in words. Reference: Wednesday 24/9/2025."""

from datetime import date

import pytest

from transcription.contract.candidates import WorkCalendar
from transcription.text import read_deadline

HELD_ON = date(2025, 9, 24)

DATED = [
    ("trước ngày 15 tháng 10", "2025-10-15", "day"),
    ("trước ngày 15/10", "2025-10-15", "day"),
    ("ngày mười lăm tháng mười", "2025-10-15", "day"),
    ("trước ngày mười lăm tháng mười năm hai nghìn không trăm hai mươi lăm", "2025-10-15", "day"),
    ("đến ngày 15-10-2025", "2025-10-15", "day"),
    ("trước ngày 15.10.2025", "2025-10-15", "day"),
    ("chậm nhất ngày 30/9", "2025-09-30", "day"),
    ("chậm nhất là ngày ba mươi tháng chín", "2025-09-30", "day"),
    ("không muộn hơn ngày 30/9", "2025-09-30", "day"),
    ("trong ngày 30/9", "2025-09-30", "day"),
    ("chậm nhất cuối tháng này", "2025-09-30", "month"),
    ("cuối tháng 10", "2025-10-31", "month"),
    ("cuối tháng mười", "2025-10-31", "month"),
    ("trong tháng 10", "2025-10-31", "month"),
    ("trong tháng mười một", "2025-11-30", "month"),
    ("trong tháng này", "2025-09-30", "month"),
    ("đầu tháng sau", "2025-10-01", "part_of_month"),
    ("đầu tháng 11", "2025-11-01", "part_of_month"),
    ("giữa tháng 10", "2025-10-15", "part_of_month"),
    ("nửa đầu tháng mười", "2025-10-15", "part_of_month"),
    ("trước tháng 12", "2025-11-30", "month"),
    ("trước tháng mười hai", "2025-11-30", "month"),
    ("trong quý III", "2025-09-30", "quarter"),
    ("trong quý ba", "2025-09-30", "quarter"),
    ("hết quý 4 năm nay", "2025-12-31", "quarter"),
    ("chậm nhất hết quý bốn", "2025-12-31", "quarter"),
    ("trong quý I/2026", "2026-03-31", "quarter"),
    ("trong năm 2025", "2025-12-31", "year"),
    ("trước năm 2026", "2025-12-31", "year"),
    ("hết năm nay", "2025-12-31", "year"),
    ("thứ sáu tuần sau", "2025-10-03", "day"),
    ("thứ sáu tuần này", "2025-09-26", "day"),
    ("thứ hai tới", "2025-09-29", "day"),
    ("thứ 2 tuần tới", "2025-09-29", "day"),
    ("trước thứ tư tuần sau", "2025-10-01", "day"),
    ("ngày mai", "2025-09-25", "day"),
    ("sáng mai", "2025-09-25", "day"),
    ("ngày mốt", "2025-09-26", "day"),
    ("ngày kia", "2025-09-26", "day"),
    ("trong hôm nay", "2025-09-24", "day"),
    ("đêm nay", "2025-09-24", "day"),
    ("ba ngày nữa", "2025-09-27", "day"),
    ("sau 2 tuần", "2025-10-08", "day"),
    ("trong vòng một tháng", "2025-10-24", "day"),
    ("nửa tháng nữa", "2025-10-09", "day"),
    ("trong vòng nửa tháng", "2025-10-09", "day"),
    ("ngày 5 tháng sau", "2025-10-05", "day"),
    ("mùng 5 tháng 10", "2025-10-05", "day"),
    ("mùng năm tháng mười", "2025-10-05", "day"),
    ("ngày 20", "2025-10-20", "day"),
    ("trước ngày hai mươi tháng này", "2025-09-20", "day"),
    ("trong vòng 10 ngày", "2025-10-04", "day"),
    ("10 ngày nữa", "2025-10-04", "day"),
    ("trong 48 giờ", "2025-09-26", "day"),
    ("trong bốn mươi tám giờ", "2025-09-26", "day"),
    ("ba mươi tháng chín năm hai nghìn không trăm hai mươi lăm", "2025-09-30", "day"),
    ("trong tuần này", "2025-09-26", "week"),
    ("tuần này", "2025-09-26", "week"),
    ("tuần tới", "2025-10-03", "week"),
    ("tuần sau", "2025-10-03", "week"),
    ("đầu tuần tới", "2025-09-29", "week"),
    ("cuối tuần này", "2025-09-26", "week"),
    ("cuối tuần sau", "2025-10-03", "week"),
    ("trước lễ 30/4", "2026-04-30", "day"),
    ("trước Tết", "2026-02-17", "day"),
    ("trước tết nguyên đán", "2026-02-17", "day"),
    ("năm ngày làm việc", "2025-10-01", "day"),
    ("trong vòng 3 ngày làm việc", "2025-09-29", "day"),
    ("trước ngày hai mốt tháng mười", "2025-10-21", "day"),
    ("trước ngày hai ba tháng mười", "2025-10-23", "day"),
    ("trước ngày hai lăm tháng mười năm hai không hai lăm", "2025-10-25", "day"),
    ("từ ngày 1/10 đến ngày 15/10", "2025-10-15", "day"),
    ("ngày mười à không ngày mười hai tháng mười", "2025-10-12", "day"),
    ("trước ngày 10/10, à nhầm, ngày 12/10", "2025-10-12", "day"),
]


@pytest.mark.parametrize(("phrase", "due", "precision"), DATED)
def test_dated_wordings_give_the_date_of_the_table(phrase, due, precision):
    deadline = read_deadline(phrase, HELD_ON)
    assert deadline is not None
    assert (str(deadline.due_on), deadline.precision) == (due, precision)
    assert deadline.kind == "dated"


@pytest.mark.parametrize(
    ("phrase", "due", "time"),
    [
        ("17 giờ ngày 26 tháng 9", "2025-09-26", "17:00"),
        ("17h00 ngày 26/9/2025", "2025-09-26", "17:00"),
        ("trước 17h30 ngày 26/9", "2025-09-26", "17:30"),
        ("trước 10 giờ ngày mai", "2025-09-25", "10:00"),
        ("trước mười giờ ngày hai mươi sáu tháng chín", "2025-09-26", "10:00"),
        ("trước năm giờ chiều nay", "2025-09-24", "17:00"),
        ("trước 17 giờ thứ sáu tuần sau tức ngày ba tháng mười", "2025-10-03", "17:00"),
        ("ngày 26/9 lúc 17 giờ", "2025-09-26", "17:00"),
        ("trước tám giờ rưỡi sáng mai", "2025-09-25", "08:30"),
    ],
)
def test_an_hour_is_kept_apart(phrase, due, time):
    deadline = read_deadline(phrase, HELD_ON)
    assert deadline is not None
    assert (str(deadline.due_on), deadline.due_time) == (due, time)
    assert deadline.precision == "minute"


@pytest.mark.parametrize(
    ("phrase", "kind", "recurrence"),
    [
        ("ngay sau hội nghị", "event", None),
        ("kể từ ngày nhận được văn bản", "event", None),
        ("trong vòng 5 ngày kể từ ngày ban hành", "event", None),
        ("khi có hướng dẫn của Bộ", "event", None),
        ("trước kỳ họp Hội đồng nhân dân", "event", None),
        ("thường xuyên", "standing", None),
        ("định kỳ hằng tháng", "recurring", {"every": "month"}),
        ("hàng tuần", "recurring", {"every": "week"}),
        ("mỗi quý", "recurring", {"every": "quarter"}),
        ("trước ngày 25 hằng tháng", "recurring", {"every": "month", "due": 25}),
        ("định kỳ 6 tháng", "recurring", {"every": "half"}),
        ("thứ sáu hằng tuần", "recurring", {"every": "week", "due": 5}),
    ],
)
def test_undated_kinds_have_no_date(phrase, kind, recurrence):
    deadline = read_deadline(phrase, HELD_ON)
    assert deadline is not None
    assert (deadline.kind, deadline.due_on) == (kind, None)
    assert deadline.recurrence == recurrence
    assert (deadline.event_text is not None) == (kind == "event")


@pytest.mark.parametrize(
    "phrase",
    [
        "khẩn trương", "ngay", "sớm", "kịp thời", "liền", "", "trong thời gian tới", "đến năm 2030",
        "tính đến ngày 20/10", "trước ngày 31/2", "trước ngày 30 tháng 2 năm 2026", "năm căn nhà",
        "chi thường xuyên", "trong tháng qua", "6 tháng đầu năm", "kể từ ngày 1/7/2025",
        "trong 10 ngày qua", "thứ nhất", "15", "quý vị", "xã Năm Căn", "đầu tư công",
    ],
)  # fmt: skip
def test_what_is_no_deadline_gives_none(phrase):
    assert read_deadline(phrase, HELD_ON) is None


def test_working_days_skip_holidays_and_count_declared_ones():
    calendar = WorkCalendar(
        holidays=frozenset({date(2025, 9, 25)}), working=frozenset({date(2025, 9, 27)})
    )
    deadline = read_deadline("trong 2 ngày làm việc", HELD_ON, calendar)
    assert deadline is not None
    assert deadline.due_on == date(2025, 9, 27)
    assert deadline.counted == "working_days"
