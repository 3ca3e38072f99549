"""Times as people say them beyond the tables: digit by digit, granted spans, daily and hourly
periods, weeks of a month, dates said with their event."""

from __future__ import annotations

from datetime import date

import pytest

from transcription.text.vi_deadlines import deadline_readings

HELD_ON = date(2025, 9, 24)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("trong bốn tám giờ", date(2025, 9, 26)),
        ("trước ngày ba không tháng mười", date(2025, 10, 30)),
        ("trước ngày hai mươi năm tháng mười", date(2025, 10, 25)),
        ("trước mốt", date(2025, 9, 26)),
        ("trong tuần thứ nhất của tháng 10", date(2025, 10, 3)),
        ("tuần thứ hai tháng mười một", date(2025, 11, 14)),
        ("hoàn thành trong 6 tháng đầu năm 2026", date(2026, 6, 30)),
        ("cho các đồng chí hai tuần", date(2025, 10, 8)),
        ("gia hạn thêm mười ngày", date(2025, 10, 4)),
        ("trước ngày khai giảng mùng năm tháng mười", date(2025, 10, 5)),
        ("không chậm quá ngày 25/10", date(2025, 10, 25)),
        ("xong ngày 05/10", date(2025, 10, 5)),
        ("ngày hai mươi tám à hai mươi chín tháng mười", date(2025, 10, 29)),
        ("trước khi hết tháng này", date(2025, 9, 30)),
        ("đề xuất thu hồi trước ngày 31/10/2025", date(2025, 10, 31)),
        ("mười lăm tháng mười là hạn chót nha", date(2025, 10, 15)),
        ("trình ký vào đầu tuần tới", date(2025, 9, 29)),
    ],
)
def test_a_date_is_read_as_it_is_said(text: str, due: date) -> None:
    reading = deadline_readings(text, HELD_ON)
    assert reading is not None
    assert (reading.deadline.kind, reading.deadline.due_on) == ("dated", due)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("mỗi sáng", "day"),
        ("mỗi 3 giờ một lần", "day"),
        ("cứ hai ngày một lần", "day"),
        ("mỗi sáng thứ hai", "week"),
        ("mỗi cuối tháng", "month"),
        ("mỗi tháng một lần", "month"),
        ("mỗi sáng trước bảy giờ", "day"),
    ],
)
def test_a_period_is_read_as_it_is_said(text: str, every: str) -> None:
    reading = deadline_readings(text, HELD_ON)
    assert reading is not None
    assert reading.deadline.recurrence is not None
    assert reading.deadline.recurrence["every"] == every


@pytest.mark.parametrize(
    "text",
    [
        "khi có đề nghị của UBND cấp xã",
        "trước khi bàn giao công trình",
        "không quá 03 ngày làm việc sau khi nhận phiếu chuyển",
        "khi nào hội đồng thông qua nghị quyết",
    ],
)
def test_what_hangs_on_an_event_has_no_date(text: str) -> None:
    reading = deadline_readings(text, HELD_ON)
    assert reading is not None
    assert reading.deadline.kind == "event"


@pytest.mark.parametrize(
    "text",
    [
        "mới bốn tháng sau hợp nhất",
        "cho xã ba tháng lương",
        "trong 10 ngày còn lại của đợt cao điểm",
        "hôm mùng ba",
        "hồi đầu tháng 9",
        "đừng để qua tuần",
        "trong 6 tháng đầu năm 2025",
    ],
)
def test_what_only_tells_of_a_time_is_no_deadline(text: str) -> None:
    assert deadline_readings(text, HELD_ON) is None
