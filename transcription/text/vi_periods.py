"""Months, quarters and years as times: "trong tháng 10", "cuối quý III", "hết năm nay"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from transcription.text import vi_time_words as tw
from transcription.text.vi_calendar import add_months, month_end
from transcription.text.vi_dates import month_number, read_year, year_after
from transcription.text.vi_numbers import read_small, starts_number
from transcription.text.vi_parts import part_of
from transcription.text.vi_time_words import Reference, TimeRead, at, starts

Words = Sequence[str]
_PAST = ("qua", "trước", "rồi", "vừa")


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
    year = year_after(words, month[1], ref)
    if year is not None:
        return month[0], year[0], year[1]
    end = month[1]
    if at(words, i - 2) == "các":  # "các tháng 10, 11 năm 2025": the last of them
        while at(words, end) in (",", "và") and (further := month_number(words, end + 1)):
            month, end = further, further[1]
        year = year_after(words, end, ref)
        if year is not None:
            return month[0], year[0], year[1]
    return month[0], None, end + (at(words, end) in ("này", "tới"))


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
    part, place = part_of(words, i)
    if at(words, place) != "tháng":
        return None
    if place == i and at(words, i + 1) in tw.NEXT and starts_number(at(words, i - 1)):
        return None  # "bốn tháng sau hợp nhất"
    named = _month_at(words, place + 1, ref)
    bare_part = part != "whole"
    if named is None:
        inside = at(words, i - 1) == "trong" and at(words, place + 1) not in _PAST
        if part not in ("end", "middle") and not (part == "whole" and (place > i or inside)):
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
    part, place = part_of(words, i)
    if at(words, place) != "quý":
        return None
    word = at(words, place + 1)
    current = (ref.held_on.month + 2) // 3
    year, end = ref.held_on.year, place + 2
    if word in tw.THIS:
        quarter = current
    elif word in ("sau", "tới"):
        quarter, year = (current + 1, year) if current < 4 else (1, year + 1)
    elif word in tw.QUARTER_NAMES or word in ("1", "2", "3", "4", "01", "02", "03", "04"):
        quarter = tw.QUARTER_NAMES.get(word) or int(word)
        said = year_after(words, end, ref)
        if said is not None:
            year, end = said
        elif month_end(year, 3 * quarter) < ref.held_on:
            year += 1
    elif part == "end" or (at(words, i - 1) == "trong" and word not in _PAST):
        quarter, end = current, place + 1
    else:
        return None
    first, last = date(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter)
    due = first if part == "start" else first.replace(month=first.month + 1, day=15)
    due = due if part in ("start", "middle") else last
    return TimeRead(
        i, end, first, due, tw.QUARTER, f"quarter.{part}", period=part == "whole" and place == i
    )


def _first_months(start: int, end: int, year: int, n: int, ref: Reference) -> TimeRead | None:
    """ "6 tháng đầu năm 2026": to its last day; of months gone by it tells a figure's time."""
    due = month_end(year, n)
    if due < ref.held_on:
        return None
    first = date(year, 1, 1)
    return TimeRead(start, end, first, due, tw.YEAR, "year.first_months", explicit_year=True)


def read_year_time(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """năm 2025, năm nay, hết / cuối / đầu / giữa năm (2026), 6 tháng cuối năm."""
    months = read_small(words, i, 12)
    halves = months is not None and at(words, months[1]) == "tháng"
    behind = months[1] + 1 if months is not None and halves else i
    if halves and starts(words, behind, ("còn", "lại", "của", "năm")):
        part, place = "end", behind + 3
    else:
        part, place = part_of(words, behind)
    if at(words, place) != "năm":
        return None
    said = read_year(words, place + 1, ref)
    if said is not None and place == i and said[1] == place + 2 and at(words, place + 1) == "tới":
        return None  # "năm tới" alone names a plan's year
    if said is None and part not in ("end", "whole") or said is None and place == i:
        return None
    year, end = said if said is not None else (ref.held_on.year, place + 1)
    if halves and part == "start" and months is not None:
        return _first_months(i, end, year, months[0], ref)
    if halves and part != "end":
        return None
    days = {"start": date(year, 1, 1), "middle": date(year, 6, 30), "first_half": date(year, 6, 30)}
    due = days.get(part, date(year, 12, 31))
    period = part == "whole" and place == i
    return TimeRead(
        i, end, date(year, 1, 1), due, tw.YEAR, f"year.{part}", period=period, explicit_year=True
    )
