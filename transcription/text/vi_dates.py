"""Calendar dates in digits and in words: "15/10", "ngày mười lăm tháng mười", "mùng 5", "ngày 20".

Each reader takes words (lower case, signs are words too), a place and the reference, and answers
with a `TimeRead` or None. A date that does not exist is read as such (`due` None), so that no part
of it is taken for another date. What makes a date a deadline is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from transcription.text import vi_time_words as tw
from transcription.text.vi_calendar import (
    add_months,
    day_or_none,
    next_day_of_month,
    next_day_of_year,
)
from transcription.text.vi_lunar import next_lunar_day
from transcription.text.vi_numbers import below_hundred, read_small, starts_number
from transcription.text.vi_time_words import Other, Reference, TimeRead, at, digits

Words = Sequence[str]
_DAY_HEADS = ("ngày", "mùng", "mồng", "hôm")
_DATE_SIGNS = ("/", "-", ".")
# A date without a year that passed less than this ago may have been meant.
_JUST_PASSED = timedelta(days=92)
# Behind "ngày mười lăm mười" (15/10 without "tháng") a count of things cannot follow.
_AFTER_SPOKEN_MONTH = frozenset(
    ", . ; : ? ! \n phải là thì tới này xong báo gửi nộp trình hoàn năm và nhé nha ạ các để".split(
        " "
    )
)


def _small(words: Words, i: int, low: int, high: int) -> tuple[int, int] | None:
    read = read_small(words, i)
    return read if read is not None and low <= read[0] <= high else None


_FIVE = ["năm", "tháng"]


def day_number(words: Words, i: int) -> tuple[int, int] | None:
    """1–31; "hai ba" is the 23rd here, where no "two or three" can be meant."""
    read = _small(words, i, 1, 31)
    if read is not None and read[0] in (10, 20) and words[read[1] : read[1] + 2] == _FIVE:
        return read[0] + 5, read[1] + 1  # "hai mươi năm tháng …": the 25th, as it is heard
    if read is None or read[1] != i + 1 or at(words, i) not in ("hai", "ba"):
        return read
    if at(words, i + 1) == "không" and at(words, i + 2) != "trăm":
        return 10 * read[0], i + 2  # "ba không tháng mười": the 30th, digit by digit
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


def _short_year(words: Words, i: int) -> tuple[int, int] | None:
    """ "tháng mười năm hai lăm": 2025; only right behind a month."""
    read = _small(words, i, 20, 60)
    return None if read is None or at(words, read[1]) in tw.COUNTED else (2000 + read[0], read[1])


# --- D/M/Y ---------------------------------------------------------------------------------------


def _signed_date(words: Words, i: int, day: int, ref: Reference) -> TimeRead | None:
    """D/M or D/M/Y from the sign after the day, at `i`."""
    sign, month = at(words, i), digits(at(words, i + 1))
    if sign not in _DATE_SIGNS or month is None or not 1 <= month <= 12:
        return None
    year = digits(at(words, i + 3))
    if at(words, i + 2) == sign and year is not None and len(at(words, i + 3)) in (2, 4):
        full = year + (2000 if len(at(words, i + 3)) == 2 else 0)
        due = day_or_none(full, month, day)
        return TimeRead(0, i + 4, due, due, tw.DAY, "date.day_month_year", explicit_year=True)
    if sign != "/":  # "15-10" and "15.10" alone are more often figures
        return None
    if at(words, i + 2) == "năm" and (said := read_year(words, i + 3, ref)):
        due = day_or_none(said[0], month, day)
        return TimeRead(0, said[1], due, due, tw.DAY, "date.day_month_year", explicit_year=True)
    return _without_year(i + 2 + (at(words, i + 2) in ("này", "tới")), month, day, ref)


def _without_year(end: int, month: int, day: int, ref: Reference) -> TimeRead:
    """The first such date on or after the meeting; one that has just passed is told beside it."""
    due, others = _next_day(ref.held_on, month, day)
    return TimeRead(0, end, due, due, tw.DAY, "date.day_month", others=others)


@lru_cache(maxsize=1 << 10)
def _next_day(held_on: date, month: int, day: int) -> tuple[date | None, tuple[Other, ...]]:
    passed = day_or_none(held_on.year, month, day)
    others: tuple[Other, ...] = ()
    if passed is not None and timedelta(0) < held_on - passed <= _JUST_PASSED:
        others = (Other(passed, "date.just_passed"),)
    return next_day_of_year(held_on, month, day), others


def month_number(words: Words, i: int) -> tuple[int, int] | None:
    if at(words, i) in tw.MONTH_NAMES:
        return tw.MONTH_NAMES[at(words, i)], i + 1
    return _small(words, i, 1, 12)


def year_after(words: Words, i: int, ref: Reference) -> tuple[int, int] | None:
    """Year behind a month or quarter: "/2025", "-2025", "năm 2025", "năm nay", "năm hai lăm"."""
    if at(words, i) in ("/", "-") and len(at(words, i + 1)) == 4:
        return _small(words, i + 1, 1900, 2200)
    place = i + (at(words, i) == ",")
    if at(words, place) != "năm":
        return None
    return read_year(words, place + 1, ref) or _short_year(words, place + 1)


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
    year = year_after(words, month[1], ref)
    if year is not None:
        due = day_or_none(year[0], month[0], day)
        return TimeRead(0, year[1], due, due, tw.DAY, "date.day_month_year", explicit_year=True)
    end = month[1] + (at(words, month[1]) in ("này", "tới"))
    return _without_year(end, month[0], day, ref)


def _spoken_month(words: Words, i: int, day: int, ref: Reference) -> TimeRead | None:
    """ "ngày mười lăm mười": the month in words, "tháng" left out."""
    if not starts_number(at(words, i)) or at(words, i)[0].isdigit():
        return None
    month = month_number(words, i)
    if month is None or (at(words, month[1]) not in _AFTER_SPOKEN_MONTH and month[1] < len(words)):
        return None
    year = year_after(words, month[1], ref)
    if year is None:
        found = _without_year(month[1], month[0], day, ref)
        return found._replace(rule="date.day_month_spoken")
    due = day_or_none(year[0], month[0], day)
    return TimeRead(0, year[1], due, due, tw.DAY, "date.day_month_spoken", explicit_year=True)


def _iso_date(words: Words, i: int) -> TimeRead | None:
    """2025-10-15."""
    if i >= len(words) or len(words[i]) != 4 or at(words, i + 1) != "-" or at(words, i + 3) != "-":
        return None
    year, month, day = (digits(at(words, place)) for place in (i, i + 2, i + 4))
    if year is None or month is None or day is None:
        return None
    due = day_or_none(year, month, day)
    return TimeRead(0, i + 5, due, due, tw.DAY, "date.day_month_year", explicit_year=True)


def read_date(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """ngày 15 tháng 10 (năm 2025), 15/10, 15-10-2025, mùng 5, ngày 20, 2025-10-15; and of "ngày
    10, 11 và 12/10", "ngày 10-15/10" the last."""
    start = i
    while at(words, i) in _DAY_HEADS and i < start + 2:
        i += 1
    found = _iso_date(words, i)
    if found is not None:
        return found._replace(start=start)
    day = day_number(words, i)
    if day is None:
        return None
    headed = i > start and at(words, start) != "hôm"
    found = _dated(words, day, ref, headed=headed)
    if found is None and headed:
        found = _last_of_list(words, day[1], ref)
    if found is None and headed:
        first_days = at(words, i - 1) != "ngày" and day[0] <= 10
        end = day[1] + (at(words, day[1]) in ("này", "tới") and at(words, day[1] + 1) != "nay")
        found = _day_only(words, end, day[0], ref, lunar=first_days)
    return None if found is None else TimeRead(start, *found[1:])


def _dated(words: Words, day: tuple[int, int], ref: Reference, *, headed: bool) -> TimeRead | None:
    number, place = day
    found = _signed_date(words, place, number, ref)
    if found is not None:
        return found
    if at(words, place) == "tháng":
        counted = not headed and at(words, place - 2) in ("mới", "được", "đã", "suốt", "hơn")
        return None if counted else _day_in_month(words, place, number, ref)
    if at(words, place) == "của" and at(words, place + 1) == "tháng":
        return _day_in_month(words, place + 1, number, ref)
    return _spoken_month(words, place, number, ref) if headed else None


def _last_of_list(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """The dated last day of "10, 11 và 12/10" or "10-15/10", from the joint at `i`."""
    place = i
    while at(words, place) in (",", "và", "-", "–", "hoặc") and place < i + 12:
        place += 1 + (at(words, place + 1) == "ngày")
        day = day_number(words, place)
        if day is None:
            return None
        found = _dated(words, day, ref, headed=False)
        if found is not None:
            return found
        place = day[1]
    return None


def _day_only(words: Words, end: int, day: int, ref: Reference, *, lunar: bool) -> TimeRead:
    """ "ngày 20": the next such day; "mùng 5" may be one of the lunar month."""
    broken = at(words, end) == "/"  # "ngày 15/13" is no day, not the 15th
    due = None if broken else next_day_of_month(ref.held_on, day)
    others: tuple[Other, ...] = ()
    if lunar:
        moons = (next_lunar_day(ref.held_on, month, day) for month in range(1, 13))
        nearest = min((moon for moon in moons if moon is not None), default=None)
        others = () if nearest is None else (Other(nearest, "lunar.day"),)
    return TimeRead(0, end, due, due, tw.DAY, "date.day_only", others=others)


def shifted(day: date, days: int) -> date | None:
    """`days` on; None beyond the years of work."""
    try:
        found = day + timedelta(days=days)
    except OverflowError:
        return None
    return found if found.year <= 2200 else None
