"""Days to count with: weeks from Monday, ends of months, working days. No clock, no text."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from transcription.contract.candidates import WorkCalendar

MONDAY, FRIDAY, SUNDAY = 0, 4, 6

# Solar holidays by their names: (month, day).
HOLIDAYS = {
    "quốc khánh": (9, 2),
    "giải phóng miền nam": (4, 30),
    "thống nhất đất nước": (4, 30),
    "quốc tế lao động": (5, 1),
    "tết dương lịch": (1, 1),
    "tết tây": (1, 1),
    "năm mới dương lịch": (1, 1),
    "giáng sinh": (12, 25),
    "noel": (12, 25),
    "nhà giáo việt nam": (11, 20),
    "thương binh liệt sĩ": (7, 27),
    "quốc tế phụ nữ": (3, 8),
    "thầy thuốc việt nam": (2, 27),
}


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day (31/2) or the year is no year of work."""
    if not (1900 <= year <= 2200 and 1 <= month <= 12 and 1 <= day):
        return None
    return date(year, month, day) if day <= calendar.monthrange(year, month)[1] else None


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """Same day `months` on, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=1 << 12)
def next_day_of_year(held_on: date, month: int, day: int) -> date | None:
    """The first such date on or after the meeting; None for a day that never is."""
    for year in range(held_on.year, held_on.year + 9):
        found = day_or_none(year, month, day)
        if found is not None and found >= held_on:
            return found
    return None


def next_day_of_month(held_on: date, day: int) -> date | None:
    """The first date with that day number on or after the meeting."""
    for ahead in range(13):
        first = add_months(held_on.replace(day=1), ahead)
        found = day_or_none(first.year, first.month, day)
        if found is not None and found >= held_on:
            return found
    return None


def week_day(held_on: date, weeks_ahead: int, weekday: int) -> date:
    """`weekday` (Monday 0) of the week `weeks_ahead` of the meeting's."""
    monday = held_on - timedelta(days=held_on.weekday())
    return monday + timedelta(days=7 * weeks_ahead + weekday)


def next_weekday(held_on: date, weekday: int, *, after: bool) -> date:
    ahead = (weekday - held_on.weekday()) % 7
    return held_on + timedelta(days=7 if after and ahead == 0 else ahead)


def add_working_days(held_on: date, days: int, work: WorkCalendar) -> date:
    day = held_on
    while days > 0:
        day += timedelta(days=1)
        days -= work.is_working(day)
    return day
