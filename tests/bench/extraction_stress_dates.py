"""Deadlines as they are said, each with its date reckoned here and not by the product.

Numbers are in words, as a recogniser writes them. The rules are those of the annotation's table of
wordings; phrases that mean two days (a bare "thứ ba này" on a Wednesday) are not made.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
MARKERS = ("trước", "chậm nhất", "đến", "không muộn hơn", "hạn chót là", "hoàn thành trước")
LUNAR_NEW_YEARS = (date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26))
ORDERED_QUARTERS = ("một", "hai", "ba", "bốn")


@dataclass(frozen=True, slots=True)
class SaidDeadline:
    text: str
    due: date | None
    kind: str = "dated"


def number(n: int, rng: random.Random) -> str:
    """1–99 in words, in one of the ways it is said."""
    tens, unit = divmod(n, 10)
    if not tens:
        return UNITS[unit]
    if tens == 1:
        return "mười" + (f" {'lăm' if unit == 5 else UNITS[unit]}" if unit else "")
    head = UNITS[tens]
    if not unit:
        return f"{head} mươi"
    last = {1: "mốt", 5: "lăm", 4: rng.choice(("tư", "bốn"))}.get(unit, UNITS[unit])
    return rng.choice((f"{head} mươi {last}", f"{head} {last}" if unit in (1, 4, 5) else ""))\
        or f"{head} mươi {last}"  # fmt: skip


def month_name(month: int, rng: random.Random) -> str:
    return "tháng " + {4: "tư", 10: "mười", 11: "mười một", 12: "mười hai"}.get(
        month, UNITS[month % 10]
    )


def _later(held_on: date, rng: random.Random) -> date:
    return held_on + timedelta(days=rng.randrange(1, 200))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _months_on(held_on: date, months: int) -> tuple[int, int]:
    years, month = divmod(held_on.month - 1 + months, 12)
    return held_on.year + years, month + 1


def _day_and_month(held_on: date, rng: random.Random) -> SaidDeadline:
    due = _later(held_on, rng)
    day = number(due.day, rng)
    head = "ngày mùng" if due.day <= 10 and rng.random() < 0.5 else "ngày"
    year = ""
    if rng.random() < 0.15:
        thousand = rng.choice(("nghìn", "ngàn"))
        year = f" năm hai {thousand} không trăm hai mươi {number(due.year % 10, rng)}".replace(
            "mươi năm", "mươi lăm"
        )
    text = f"{rng.choice(MARKERS)} {head} {day} {month_name(due.month, rng)}{year}"
    return SaidDeadline(text, due)


def _hour(held_on: date, rng: random.Random) -> SaidDeadline:
    due = _later(held_on, rng)
    hour = number(rng.choice((8, 9, 10, 11, 14, 15, 16, 17)), rng)
    day = f"{number(due.day, rng)} {month_name(due.month, rng)}"
    return SaidDeadline(f"trước {hour} giờ ngày {day}", due)


def _next_month_day(held_on: date, rng: random.Random) -> SaidDeadline:
    year, month = _months_on(held_on, 1)
    day = rng.randrange(1, 29)
    return SaidDeadline(f"trước ngày {number(day, rng)} tháng sau", date(year, month, day))


def _counted(held_on: date, rng: random.Random) -> SaidDeadline:
    n = rng.randrange(2, 31)
    said = number(n, rng)
    form = rng.choice(("trong vòng {} ngày", "{} ngày nữa", "trong {} ngày tới", "sau {} ngày"))
    return SaidDeadline(form.format(said), held_on + timedelta(days=n))


def _weeks(held_on: date, rng: random.Random) -> SaidDeadline:
    n = rng.randrange(2, 7)
    form = rng.choice(("sau {} tuần", "trong {} tuần", "{} tuần nữa"))
    return SaidDeadline(form.format(number(n, rng)), held_on + timedelta(weeks=n))


def _working_days(held_on: date, rng: random.Random) -> SaidDeadline:
    n, due, left = rng.choice((3, 5, 7, 10)), held_on, 0
    left = n
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < 5
    return SaidDeadline(f"trong {number(n, rng)} ngày làm việc", due)


def _week(held_on: date, rng: random.Random) -> SaidDeadline:
    monday = held_on - timedelta(days=held_on.weekday())
    weekday = rng.randrange(6)
    choices = [
        (f"trước thứ {WEEKDAYS[weekday]} tuần sau", monday + timedelta(days=7 + weekday)),
        (f"vào thứ {WEEKDAYS[weekday]} tuần tới", monday + timedelta(days=7 + weekday)),
        ("trong tuần sau", monday + timedelta(days=11)),
        ("đầu tuần tới", monday + timedelta(days=7)),
    ]
    if held_on.weekday() < 4:
        choices.append(("trong tuần này", monday + timedelta(days=4)))
    return SaidDeadline(*rng.choice(choices))


def _near(held_on: date, rng: random.Random) -> SaidDeadline:
    text, days = rng.choice(
        (("trong ngày mai", 1), ("trước chiều mai", 1), ("chậm nhất là ngày kia", 2),
         ("ngay trong hôm nay", 0), ("trong ngày mốt", 2), ("trong bốn mươi tám giờ", 2))
    )  # fmt: skip
    return SaidDeadline(text, held_on + timedelta(days=days))


def _month(held_on: date, rng: random.Random) -> SaidDeadline:
    year, month = _months_on(held_on, rng.randrange(1, 9))
    name = month_name(month, rng)
    before = date(year, month, 1) - timedelta(days=1)
    choices = [
        (f"trong {name}", _month_end(year, month)), (f"cuối {name}", _month_end(year, month)),
        (f"đầu {name}", date(year, month, 1)), (f"giữa {name}", date(year, month, 15)),
        ("chậm nhất cuối tháng này", _month_end(held_on.year, held_on.month)),
    ]  # fmt: skip
    if before > held_on:
        choices.append((f"trước {name}", before))
    return SaidDeadline(*rng.choice(choices))


def _quarter(held_on: date, rng: random.Random) -> SaidDeadline:
    quarter = rng.randrange(4)
    due = _month_end(held_on.year, quarter * 3 + 3)
    if due < held_on:
        due = _month_end(held_on.year + 1, quarter * 3 + 3)
    return SaidDeadline(f"trong quý {ORDERED_QUARTERS[quarter]}", due)


def _tet(held_on: date, rng: random.Random) -> SaidDeadline:
    return SaidDeadline("trước tết", next(day for day in LUNAR_NEW_YEARS if day >= held_on))


def _recurring(held_on: date, rng: random.Random) -> SaidDeadline:
    text = rng.choice(("định kỳ hằng tháng", "hằng tuần", "định kỳ hằng quý"))
    return SaidDeadline(text, None, "recurring")


_WAYS: tuple[Callable[[date, random.Random], SaidDeadline], ...] = (
    _day_and_month, _day_and_month, _day_and_month, _day_and_month, _hour, _next_month_day,
    _counted, _counted, _weeks, _working_days, _week, _week, _near, _month, _month, _quarter, _tet,
    _recurring,
)  # fmt: skip


def deadline(held_on: date, rng: random.Random) -> SaidDeadline:
    """One deadline, said on the meeting's day."""
    return rng.choice(_WAYS)(held_on, rng)
