"""A day said in any wording is read back, over two years of days; what is ambiguous is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.contract.candidates import WorkCalendar
from transcription.text import deadline_readings, number_words, read_deadline
from transcription.text.vi_calendar import add_working_days
from transcription.text.vi_lunar import lunar_day

HELD_ON = date(2025, 9, 24)
TWO_YEARS = st.integers(0, 730).map(lambda ahead: HELD_ON + timedelta(days=ahead))
MEETINGS = st.integers(0, 730).map(lambda ahead: date(2025, 1, 1) + timedelta(days=ahead))
MARKERS = (
    "trước", "trước ngày", "chậm nhất ngày", "chậm nhất là ngày", "không muộn hơn ngày",
    "đến ngày", "đến hết ngày", "trong ngày", "hạn chót là ngày", "xong trước ngày",
    "hoàn thành trước ngày", "từ nay đến ngày", "thời hạn ngày", "muộn nhất vào ngày",
)  # fmt: skip
WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")


def short_tens(n):
    """21 → "hai mốt", 24 → "hai tư", 25 → "hai lăm"; other numbers in full."""
    tens, ones = divmod(n, 10)
    ends = {1: "mốt", 4: "tư", 5: "lăm"}
    return f"{number_words(tens)} {ends[ones]}" if tens > 1 and ones in ends else number_words(n)


def spoken_years(year):
    ends = short_tens(year % 100)
    return (
        f"năm {year}",
        f"năm {number_words(year)}",
        f"năm hai nghìn không trăm {ends}",
        f"năm hai không {ends}",
        f"năm {ends}",
    )


@st.composite
def said_days(draw):
    """(day, words that say it with its year)"""
    day = draw(TWO_YEARS)
    d, m, y = day.day, day.month, day.year
    months = [str(m), f"{m:02d}", number_words(m), *(["tư"] if m == 4 else [])]
    month = draw(st.sampled_from(months))
    number = draw(st.sampled_from([str(d), f"{d:02d}", number_words(d), short_tens(d)]))
    year = draw(st.sampled_from(spoken_years(y)))
    form = draw(st.sampled_from([
        f"{d}/{m}/{y}", f"{d:02d}/{m:02d}/{y}", f"{d}-{m}-{y}", f"{d:02d}.{m:02d}.{y}",
        f"{d}/{m}/{y % 100}", f"{d}/{m} năm {y}", f"{number} tháng {month} {year}",
        f"{number} tháng {month}, năm {y}", f"{number} tháng {month}/{y}",
    ]))  # fmt: skip
    marker = draw(st.sampled_from(MARKERS))
    return day, f"{marker} {form}"


@given(said_days())
@settings(max_examples=600, deadline=None)
def test_a_day_with_its_year_is_read_back_in_any_wording(said):
    day, words = said
    for text in (words, f"Giao Sở Y tế báo cáo {words}."):
        deadline = read_deadline(text, HELD_ON)
        assert deadline is not None, text
        assert (deadline.due_on, deadline.kind) == (day, "dated"), text
        assert deadline.phrase in text


@given(MEETINGS, st.integers(0, 364), st.sampled_from(MARKERS), st.booleans())
@settings(max_examples=300, deadline=None)
def test_without_a_year_the_next_such_day_is_meant(held_on, ahead, marker, in_words):
    day = held_on + timedelta(days=ahead)
    number, month = (number_words(day.day), number_words(day.month)) if in_words else (
        str(day.day), str(day.month)
    )  # fmt: skip
    deadline = read_deadline(f"{marker} {number} tháng {month}", held_on)
    assert deadline is not None
    assert deadline.due_on == day


@given(MEETINGS, st.integers(1, 5), st.sampled_from(WEEKDAYS))
@settings(max_examples=200, deadline=None)
def test_weekdays_of_this_week_and_the_next_are_those_days(held_on, week, name):
    monday = held_on - timedelta(days=held_on.weekday())
    weekday = WEEKDAYS.index(name)
    for words, weeks in (("tuần này", 0), ("tuần sau", 1), ("tuần tới", 1), ("tuần sau nữa", 2)):
        deadline = read_deadline(f"trước thứ {name} {words}", held_on)
        assert deadline is not None
        assert deadline.due_on == monday + timedelta(days=7 * weeks + weekday)
    assert read_deadline("cuối tuần sau", held_on).due_on == monday + timedelta(days=11)
    assert read_deadline(f"trong vòng {week} tuần", held_on).due_on == held_on + timedelta(7 * week)


@given(MEETINGS, st.integers(1, 90), st.booleans())
@settings(max_examples=200, deadline=None)
def test_days_counted_from_the_meeting(held_on, days, in_words):
    number = number_words(days) if in_words else str(days)
    for words in (f"trong vòng {number} ngày", f"{number} ngày nữa", f"sau {number} ngày",
                  f"trong {number} ngày tới", f"{number} ngày kể từ hôm nay"):  # fmt: skip
        deadline = read_deadline(words, held_on)
        assert deadline is not None, words
        assert deadline.due_on == held_on + timedelta(days=days), words


@given(MEETINGS, st.integers(1, 30), st.sets(st.integers(1, 60), max_size=12))
@settings(max_examples=200, deadline=None)
def test_working_days_leave_out_weekends_and_the_holidays_given(held_on, days, off):
    calendar = WorkCalendar(holidays=frozenset(held_on + timedelta(days=n) for n in off))
    deadline = read_deadline(f"trong vòng {days} ngày làm việc", held_on, calendar)
    assert deadline is not None
    assert deadline.due_on == add_working_days(held_on, days, calendar)
    assert calendar.is_working(deadline.due_on)
    worked = sum(
        calendar.is_working(held_on + timedelta(days=n + 1))
        for n in range((deadline.due_on - held_on).days)
    )
    assert worked == days


@given(TWO_YEARS, TWO_YEARS)
@settings(max_examples=150, deadline=None)
def test_of_a_range_the_end_is_the_deadline(one, other):
    first, last = min(one, other), max(one, other)
    for words in (
        f"từ ngày {first.day}/{first.month}/{first.year} đến ngày {last:%d/%m/%Y}",
        f"từ {first:%d/%m/%Y} đến hết ngày {last.day} tháng {last.month} năm {last.year}",
        f"{first:%d/%m/%Y} - {last:%d/%m/%Y}",
    ):
        deadline = read_deadline(words, HELD_ON)
        assert deadline is not None, words
        assert deadline.due_on == last, words


@pytest.mark.parametrize(
    ("text", "held_on", "due", "others"),
    [
        ("trước thứ sáu", "2025-09-26", "2025-09-26", ["2025-10-03"]),
        ("thứ sáu này", "2025-09-26", "2025-09-26", ["2025-10-03"]),
        ("thứ sáu tới", "2025-09-24", "2025-09-26", ["2025-10-03"]),
        ("thứ hai tới", "2025-09-24", "2025-09-29", []),
        ("trước ngày 20/9", "2025-09-24", "2026-09-20", ["2025-09-20"]),
        ("trước ngày 20/3", "2025-09-24", "2026-03-20", []),
        ("mùng 5", "2025-09-24", "2025-10-05", ["2025-09-26"]),
        ("ngày 5", "2025-09-24", "2025-10-05", []),
        ("tuần sau", "2025-09-28", "2025-10-03", ["2025-10-10"]),
        ("trước ngày 10/10 hoặc chậm nhất ngày 12/10", "2025-09-24", "2025-10-12", ["2025-10-10"]),
    ],
)  # fmt: skip
def test_ambiguous_words_are_told_with_their_other_meanings(text, held_on, due, others):
    reading = deadline_readings(text, date.fromisoformat(held_on))
    assert reading is not None
    assert str(reading.deadline.due_on) == due
    assert [str(other.due_on) for other in reading.alternatives] == others
    assert all(other.rule and other.phrase and other.precision for other in reading.alternatives)


def test_an_early_hour_may_be_one_of_the_afternoon():
    reading = deadline_readings("trước 5 giờ ngày 26/9", HELD_ON)
    assert reading is not None
    assert reading.deadline.due_time == "05:00"
    assert [other.due_time for other in reading.alternatives] == ["17:00"]
    morning = deadline_readings("trước 5 giờ sáng ngày 26/9", HELD_ON)
    assert morning is not None
    assert morning.alternatives == ()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("rằm tháng tám", "2025-10-06"), ("trước Tết Trung thu", "2025-10-06"),
        ("trước 23 tháng Chạp", "2026-02-10"), ("trước mùng 6 Tết", "2026-02-22"),
        ("trước giao thừa", "2026-02-16"), ("trước 30 Tết", "2026-02-16"),
        ("trước giỗ Tổ Hùng Vương", "2026-04-26"), ("ngày 10 tháng 3 âm lịch", "2026-04-26"),
        ("trước Tết Nguyên đán", "2026-02-17"), ("trước Tết Dương lịch", "2026-01-01"),
    ],
)  # fmt: skip
def test_lunar_days_are_read_as_solar_dates(text, due):
    deadline = read_deadline(text, HELD_ON)
    assert deadline is not None
    assert str(deadline.due_on) == due


def test_lunar_new_years_are_those_of_the_printed_calendars():
    known = {
        2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26),
        2029: (2, 13), 2030: (2, 2), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19),
        2035: (2, 8), 2036: (1, 28), 2037: (2, 15), 2038: (2, 4), 2039: (1, 24), 2040: (2, 12),
    }  # fmt: skip
    assert {year: (day.month, day.day) for year in known if (day := lunar_day(year, 1, 1))} == known
    assert lunar_day(2025, 12, 30) is None  # a month of 29 days


@given(st.text(max_size=120), MEETINGS)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_a_reading_or_none(text, held_on):
    reading = deadline_readings(text, held_on)
    assert reading is None or reading.deadline.phrase in text


@pytest.mark.parametrize(
    ("text", "due", "precision", "time"),
    [
        ("hoàn thành trong ngày 26/9, trước 17 giờ", "2025-09-26", "minute", "17:00"),
        ("chiều mai lúc 3 giờ", "2025-09-25", "minute", "15:00"),
        ("5 rưỡi chiều nay", "2025-09-24", "minute", "17:30"),
        ("17 giờ kém 15 ngày 26/9", "2025-09-26", "minute", "16:45"),
        ("trung tuần tháng 10", "2025-10-15", "part_of_month", None),
        ("các ngày 10, 11 và 12/10", "2025-10-12", "day", None),
        ("ngày mười lăm mười", "2025-10-15", "day", None),
        ("trong vòng 24h", "2025-09-25", "day", None),
        ("trong tháng", "2025-09-30", "month", None),
        ("ngày cuối cùng của tháng 10", "2025-10-31", "month", None),
        ("sáng thứ hai đầu tuần sau", "2025-09-29", "day", None),
        ("trong các tháng 10, 11 năm 2025", "2025-11-30", "month", None),
        ("trong hai ngày 05 và 06 tháng 10", "2025-10-06", "day", None),
        ("trong 02 tháng còn lại của năm", "2025-12-31", "year", None),
        ("6 tháng cuối năm", "2025-12-31", "year", None),
        ("tuần đầu tháng 10", "2025-10-03", "week", None),
        ("trong tuần 40", "2025-10-03", "week", None),
    ],
)
def test_more_wordings(text, due, precision, time):
    deadline = read_deadline(text, HELD_ON)
    assert deadline is not None
    assert (str(deadline.due_on), deadline.precision, deadline.due_time) == (due, precision, time)


@pytest.mark.parametrize("text", ["trước ngày 15/²", "cuối giờ " * 3000, "999 năm nữa", "ngày ³"])
def test_odd_signs_and_endless_words_give_no_date(text):
    assert read_deadline(text, HELD_ON) is None
