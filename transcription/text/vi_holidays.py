"""Holidays and lunar days: "lễ 30/4", "Quốc khánh", "trước Tết", "rằm tháng bảy", "mùng 10 Tết".

A lunar day needs a word that says so ("mùng" is none by itself: "mùng 5 tháng 10" is the 5th of
October); where it may be one, the lunar reading is offered beside the solar one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from transcription.text import vi_time_words as tw
from transcription.text.vi_calendar import HOLIDAYS, next_day_of_year
from transcription.text.vi_dates import day_number, month_number, read_date
from transcription.text.vi_lunar import next_lunar_day, tet_after
from transcription.text.vi_phrases import Phrases
from transcription.text.vi_time_words import Reference, TimeRead, at, starts

Words = Sequence[str]
_HOLIDAYS = {tuple(name.split()): day for name, day in HOLIDAYS.items()}
# (month, day) of the lunar year.
_LUNAR = {
    ("tết", "trung", "thu"): (8, 15),
    ("trung", "thu"): (8, 15),
    ("tết", "đoan", "ngọ"): (5, 5),
    ("giỗ", "tổ", "hùng", "vương"): (3, 10),
    ("giỗ", "tổ"): (3, 10),
    ("vu", "lan"): (7, 15),
    ("giao", "thừa"): (12, 30),
    ("ông", "công", "ông", "táo"): (12, 23),
    ("đưa", "ông", "táo"): (12, 23),
}
_NAMES = Phrases(" ".join(name) for name in (*_HOLIDAYS, *_LUNAR))
_BEFORE = frozenset(("dịp", "lễ", "ngày", "kỳ", "nghỉ", "đêm"))
HOLIDAY_WORDS = _BEFORE | _NAMES.first_words | {"tết"}
_TET_ENDS = (("nguyên", "đán"), ("âm", "lịch"), ("cổ", "truyền"))
_NOT_TET = ("trung", "thiếu", "đoan", "dương", "tây")


def read_holiday(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """The first day of the holiday named at `i`."""
    start = i
    while at(words, i) in _BEFORE and i < start + 4:
        i += 1
    if i > start and "lễ" in words[start:i]:
        day = read_date(words, i, ref)
        if day is not None:
            return day._replace(start=start, rule="holiday.named_date")
    size = _NAMES.at(words, i)
    if size:
        name = tuple(words[i : i + size])
        solar = _HOLIDAYS.get(name)
        due = next_day_of_year(ref.held_on, *solar) if solar else _lunar(ref.held_on, *_LUNAR[name])
        rule = "holiday.solar" if solar else "holiday.lunar"
        return TimeRead(start, i + size, due, due, tw.DAY, rule)
    end = _tet_end(words, i)
    if end is None:
        return None
    due = tet_after(ref.held_on)
    return TimeRead(start, end, due, due, tw.DAY, "holiday.tet")


def _tet_end(words: Words, i: int) -> int | None:
    if at(words, i) != "tết" or at(words, i + 1) in _NOT_TET:
        return None
    end = i + 1
    for extra in _TET_ENDS:
        end += len(extra) if starts(words, end, extra) else 0
    return end


def _lunar(held_on: date, month: int, day: int) -> date | None:
    """The next such day; the 30th of a short month is its 29th (New Year's Eve)."""
    if (month, day) == (12, 30):
        tet = tet_after(held_on + timedelta(days=1))
        return tet - timedelta(days=1) if tet is not None else None
    return next_lunar_day(held_on, month, day)


def read_lunar(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """rằm tháng giêng, 23 tháng Chạp, mùng 6 Tết, 29 Tết, ngày 10 tháng 3 âm lịch, 10/3 âm lịch."""
    start = i
    while at(words, i) in ("ngày", "mùng", "mồng") and i < start + 2:
        i += 1
    headed = at(words, i - 1) in ("mùng", "mồng") and i > start
    full_moon = at(words, i) == "rằm"
    day = (15, i + 1) if full_moon else day_number(words, i)
    if day is None:
        return None
    tet = _tet_end(words, day[1])
    if tet is not None and (headed or day[0] >= 20) and not full_moon:
        due = _lunar(ref.held_on, 1 if headed else 12, day[0])
        return TimeRead(start, tet, due, due, tw.DAY, "lunar.tet")
    month, end, surely = _lunar_month(words, day[1], ref)
    if month is None or not (surely or full_moon):
        return None
    due = _lunar(ref.held_on, month, day[0])
    return TimeRead(start, end, due, due, tw.DAY, "lunar.day", explicit_year=False)


def _lunar_month(words: Words, i: int, ref: Reference) -> tuple[int | None, int, bool]:
    """Month, index after it, and whether it is surely of the lunar year."""
    if at(words, i) == "tháng" and at(words, i + 1) == "chạp":
        return 12, i + 2, True
    if at(words, i) in ("tháng", "/"):
        month = month_number(words, i + 1)
        if month is not None:
            named = starts(words, month[1], ("âm", "lịch"))
            return month[0], month[1] + (2 if named else 0), named
    return None, i, False
