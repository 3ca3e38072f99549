"""Calendar dates, weekdays, months, quarters, years and clock times, in digits and in words.

Each reader takes words (lower case, signs are words too), a place and the reference, and answers
with a `TimeRead` or None. A date that does not exist is read as such (`due` None), so that no part
of it is taken for another date. What makes a date a deadline is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from transcription.text import vi_time_words as tw
from transcription.text.vi_calendar import (
    FRIDAY,
    SUNDAY,
    add_months,
    day_or_none,
    month_end,
    next_day_of_month,
    next_day_of_year,
    next_weekday,
    week_day,
)
from transcription.text.vi_numbers import below_hundred, read_small
from transcription.text.vi_time_words import Reference, TimeRead, at

Words = Sequence[str]
_DAY_HEADS = ("ngày", "mùng", "mồng", "hôm")
_DATE_SIGNS = ("/", "-", ".")


def _small(words: Words, i: int, low: int, high: int) -> tuple[int, int] | None:
    read = read_small(words, i)
    return read if read is not None and low <= read[0] <= high else None


def day_number(words: Words, i: int) -> tuple[int, int] | None:
    """1–31; "hai ba" is the 23rd here, where no "two or three" can be meant."""
    read = _small(words, i, 1, 31)
    if read is None or read[1] != i + 1 or at(words, i) not in ("hai", "ba"):
        return read
    ones = below_hundred(words, i + 1)
    if ones is not None and ones[0] < 10 and at(words, i + 1) != "năm" and 10 * read[0] <= 30:
        value = 10 * read[0] + ones[0]
        return (value, ones[1]) if value <= 31 else read
    return read


def read_year(words: Words, i: int, ref: Reference) -> tuple[int, int] | None:
    """The year after "năm": four digits, words, "hai không hai lăm", or nay, sau, tới."""
    word = at(words, i)
    if word == "nay":
        return ref.held_on.year, i + 1
    if word in ("sau", "tới"):
        return ref.held_on.year + 1, i + 1
    if word == "hai" and at(words, i + 1) == "không" and at(words, i + 2) != "trăm":
        rest = below_hundred(words, i + 2)
        if rest is not None and 20 <= rest[0] < 100:
            return 2000 + rest[0], rest[1]
        ones = below_hundred(words, i + 3)
        if rest is not None and ones is not None and rest[0] < 10 and ones[0] < 10:
            return 2000 + 10 * rest[0] + ones[0], ones[1]
        return None
    return _small(words, i, 1900, 2200)


def _signed_date(words: Words, i: int, day: int, ref: Reference) -> TimeRead | None:
    """D/M or D/M/Y from the sign after the day, at `i`."""
    sign = at(words, i)
    month = at(words, i + 1)
    if sign not in _DATE_SIGNS or not month.isdigit() or not 1 <= int(month) <= 12:
        return None
    year = at(words, i + 3)
    if at(words, i + 2) in _DATE_SIGNS and year.isdigit() and len(year) in (2, 4):
        full = int(year) + (2000 if len(year) == 2 else 0)
        due = day_or_none(full, int(month), day)
        return TimeRead(0, i + 4, due, due, tw.DAY, "date.day_month_year", explicit_year=True)
    if sign != "/":  # "15-10" and "15.10" alone are more often figures
        return None
    if at(words, i + 2) == "năm" and (said := read_year(words, i + 3, ref)):
        due = day_or_none(said[0], int(month), day)
        return TimeRead(0, said[1], due, due, tw.DAY, "date.day_month_year", explicit_year=True)
    due = next_day_of_year(ref.held_on, int(month), day)
    return TimeRead(0, i + 2, due, due, tw.DAY, "date.day_month")


def month_number(words: Words, i: int) -> tuple[int, int] | None:
    if at(words, i) in tw.MONTH_NAMES:
        return tw.MONTH_NAMES[at(words, i)], i + 1
    return _small(words, i, 1, 12)


def _year_after(words: Words, i: int, ref: Reference) -> tuple[int, int] | None:
    """Year behind a month or quarter: "/2025", "năm 2025", "năm nay"."""
    if at(words, i) == "/" and len(at(words, i + 1)) == 4:
        return _small(words, i + 1, 1900, 2200)
    if at(words, i) == "năm":
        return read_year(words, i + 1, ref)
    if at(words, i) == "," and at(words, i + 1) == "năm":
        return read_year(words, i + 2, ref)
    return None


def _day_in_month(words: Words, i: int, day: int, ref: Reference) -> TimeRead | None:
    """What follows the day when `words[i]` is "tháng"."""
    word = at(words, i + 1)
    if word in tw.THIS or word in ("sau", "tới"):
        first = add_months(ref.held_on.replace(day=1), 0 if word in tw.THIS else 1)
        due = day_or_none(first.year, first.month, day)
        return TimeRead(0, i + 2, due, due, tw.DAY, "date.day_relative_month", explicit_year=True)
    month = month_number(words, i + 1)
    if month is None:
        return None
    year = _year_after(words, month[1], ref)
    if year is not None:
        due = day_or_none(year[0], month[0], day)
        return TimeRead(0, year[1], due, due, tw.DAY, "date.day_month_year", explicit_year=True)
    due = next_day_of_year(ref.held_on, month[0], day)
    end = month[1] + (at(words, month[1]) in ("này", "tới"))
    return TimeRead(0, end, due, due, tw.DAY, "date.day_month")


def read_date(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """ngày 15 tháng 10 (năm 2025), 15/10, 15-10-2025, mùng 5, ngày 20, 2025-10-15."""
    start = i
    while at(words, i) in _DAY_HEADS and i < start + 2:
        i += 1
    headed = i > start
    iso = at(words, i)
    if len(iso) == 4 and iso.isdigit() and at(words, i + 1) == "-" and at(words, i + 3) == "-":
        month, day = at(words, i + 2), at(words, i + 4)
        if month.isdigit() and day.isdigit():
            due = day_or_none(int(iso), int(month), int(day))
            return TimeRead(
                start, i + 5, due, due, tw.DAY, "date.day_month_year", explicit_year=True
            )
    day_read = day_number(words, i)
    if day_read is None:
        return None
    day_of_month, i = day_read
    found = _signed_date(words, i, day_of_month, ref)
    if found is None and at(words, i) == "tháng":
        found = _day_in_month(words, i, day_of_month, ref)
    if found is None and headed and at(words, start) != "hôm":
        due = next_day_of_month(ref.held_on, day_of_month)
        found = TimeRead(0, i, due, due, tw.DAY, "date.day_only")
    return None if found is None else replace(found, start=start)


# --- months, quarters, years ---------------------------------------------------------------------

_PARTS = {
    ("nửa", "đầu"): "first_half",
    ("nửa", "cuối"): "end",
    ("đầu",): "start",
    ("giữa",): "middle",
    ("cuối",): "end",
    ("hết",): "whole",
}


_PART_FIRST = frozenset(phrase[0] for phrase in _PARTS)


def _part(words: Words, i: int) -> tuple[str, int]:
    if at(words, i) not in _PART_FIRST:
        return "whole", i
    for phrase, part in _PARTS.items():
        if tw.starts(words, i, phrase):
            return part, i + len(phrase)
    return "whole", i


def _month_at(words: Words, i: int, ref: Reference) -> tuple[int, int | None, int] | None:
    """(month, year or None, end) of what follows "tháng" at `i`."""
    word = at(words, i)
    if word in tw.THIS or word in tw.NEXT:
        first = add_months(ref.held_on.replace(day=1), 0 if word in tw.THIS else 1)
        end = i + 1 + (word in ("kế", "tiếp") and at(words, i + 1) in ("tiếp", "theo"))
        return first.month, first.year, end
    month = month_number(words, i)
    if month is None:
        return None
    year = _year_after(words, month[1], ref)
    if year is not None:
        return month[0], year[0], year[1]
    return month[0], None, month[1] + (at(words, month[1]) in ("này", "tới"))


_MONTH_DAYS = {"start": (1, 1), "middle": (15, 15), "first_half": (1, 15)}


def _in_month(part: str, month: int, year: int) -> tuple[date, date, str]:
    """First day, due day and precision; the end of a month is its last day."""
    last = month_end(year, month)
    if part in _MONTH_DAYS:
        first, due = _MONTH_DAYS[part]
        return last.replace(day=first), last.replace(day=due), tw.PART_OF_MONTH
    return last.replace(day=1), last, tw.MONTH


def read_month(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """tháng 10 (/2025), tháng này, đầu / giữa / nửa đầu / cuối / hết tháng …"""
    part, place = _part(words, i)
    if at(words, place) != "tháng":
        return None
    named = _month_at(words, place + 1, ref)
    bare_part = part != "whole"
    if named is None:
        if part != "end" and not (part == "whole" and place > i):
            return None
        month, year, end = ref.held_on.month, ref.held_on.year, place + 1
    else:
        month, end = named[0], named[2]
        year = named[1] or ref.held_on.year
        if named[1] is None and _in_month(part, month, year)[1] < ref.held_on:
            year += 1
    first, due, precision = _in_month(part, month, year)
    relative = named is not None and named[1] is not None
    return TimeRead(
        i, end, first, due, precision, f"month.{part}",
        bare=bare_part, period=part == "whole" and place == i, explicit_year=relative,
    )  # fmt: skip


def read_quarter(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """quý III, quý 4 năm nay, cuối quý, quý này, quý sau."""
    part, place = _part(words, i)
    if at(words, place) != "quý":
        return None
    word = at(words, place + 1)
    current = (ref.held_on.month + 2) // 3
    year, end = ref.held_on.year, place + 2
    if word in tw.THIS:
        quarter = current
    elif word in ("sau", "tới"):
        quarter, year = (current + 1, year) if current < 4 else (1, year + 1)
    elif word in tw.QUARTER_NAMES or word in ("1", "2", "3", "4"):
        quarter = tw.QUARTER_NAMES.get(word) or int(word)
        said = _year_after(words, end, ref)
        if said is not None:
            year, end = said
        elif month_end(year, 3 * quarter) < ref.held_on:
            year += 1
    elif part == "end":
        quarter, end = current, place + 1
    else:
        return None
    first, last = date(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter)
    due = first if part == "start" else first.replace(month=first.month + 1, day=15)
    due = due if part in ("start", "middle") else last
    return TimeRead(
        i, end, first, due, tw.QUARTER, f"quarter.{part}", period=part == "whole" and place == i
    )


def read_year_time(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """năm 2025, năm nay, hết / cuối / đầu / giữa năm (2026), 6 tháng cuối năm."""
    halves = at(words, i) in ("6", "sáu") and at(words, i + 1) == "tháng"
    part, place = _part(words, i + 2 if halves else i)
    if at(words, place) != "năm":
        return None
    said = read_year(words, place + 1, ref)
    if said is not None and place == i and said[1] == place + 2 and at(words, place + 1) == "tới":
        return None  # "năm tới" alone names a plan's year
    if said is None and part not in ("end", "whole") or said is None and place == i:
        return None
    year, end = said if said is not None else (ref.held_on.year, place + 1)
    if halves and part != "end":
        return None
    days = {"start": date(year, 1, 1), "middle": date(year, 6, 30), "first_half": date(year, 6, 30)}
    due = days.get(part, date(year, 12, 31))
    period = part == "whole" and place == i
    return TimeRead(
        i, end, date(year, 1, 1), due, tw.YEAR, f"year.{part}", period=period, explicit_year=True
    )


# --- weeks and weekdays --------------------------------------------------------------------------


def _week_ahead(words: Words, i: int) -> tuple[int, int] | None:
    """Weeks ahead of "tuần …" at `i`, and the index after it."""
    if at(words, i) != "tuần":
        return None
    word = at(words, i + 1)
    if word in tw.THIS:
        return 0, i + 2
    if word in tw.NEXT:
        return 1, i + 2 + (word in ("kế", "tiếp") and at(words, i + 2) in ("tiếp", "theo"))
    return None


def read_week(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """tuần này, trong tuần, tuần tới, đầu / giữa / cuối tuần (này, sau)."""
    part, place = _part(words, i)
    ahead = _week_ahead(words, place)
    if ahead is None:
        inside = at(words, place) == "tuần" and (part != "whole" or at(words, i - 1) == "trong")
        if not inside or part == "start":
            return None
        ahead = (0, place + 1)
        if part == "whole" and at(words, place + 1) in ("qua", "trước", "rồi", "vừa"):
            return None
    weekday = {"start": 0, "middle": 2}.get(part, FRIDAY)
    due = week_day(ref.held_on, ahead[0], weekday)
    if due < ref.held_on:
        due = week_day(ref.held_on, 0, SUNDAY) if ahead[0] == 0 else due
    first = week_day(ref.held_on, ahead[0], 0)
    return TimeRead(
        i, ahead[1], first, due, tw.WEEK, f"week.{part}", bare=True, period=part == "whole"
    )


def read_weekday(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """thứ sáu (này, tới, tuần sau), chủ nhật, sáng thứ hai tuần tới. Alone it needs a marker."""
    place = i + (at(words, i) == "ngày")
    if at(words, place) == "thứ" and at(words, place + 1) in tw.WEEKDAYS:
        weekday, end = tw.WEEKDAYS[at(words, place + 1)], place + 2
    elif at(words, place) in ("chủ", "chúa") and at(words, place + 1) == "nhật":
        weekday, end = SUNDAY, place + 2
    else:
        return None
    comma = at(words, end) == "," and at(words, end + 1) == "tuần"
    ahead = _week_ahead(words, end + comma)
    if ahead is not None:
        due = week_day(ref.held_on, ahead[0], weekday)
        return TimeRead(i, ahead[1], due, due, tw.DAY, "weekday.of_week", bare=True)
    word = at(words, end)
    if word == "này":
        due = week_day(ref.held_on, 0, weekday)
        due = due if due >= ref.held_on else due + timedelta(days=7)
        return TimeRead(i, end + 1, due, due, tw.DAY, "weekday.this", bare=True)
    if word == "tới":
        due = next_weekday(ref.held_on, weekday, after=True)
        return TimeRead(i, end + 1, due, due, tw.DAY, "weekday.coming", bare=True)
    due = next_weekday(ref.held_on, weekday, after=False)
    return TimeRead(i, end, due, due, tw.DAY, "weekday.next")
