"""Weeks and weekdays: "cuối tuần này", "thứ sáu tuần sau", "sáng thứ hai tới"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from transcription.text import vi_time_words as tw
from transcription.text.vi_calendar import FRIDAY, SUNDAY, next_weekday, week_day
from transcription.text.vi_parts import part_of
from transcription.text.vi_periods import read_month
from transcription.text.vi_time_words import Other, Reference, TimeRead, at, digits

Words = Sequence[str]


def _week_ahead(words: Words, i: int) -> tuple[int, int] | None:
    """Weeks ahead of "tuần …" at `i`, and the index after it."""
    if at(words, i) != "tuần":
        return None
    word = at(words, i + 1)
    if word in tw.THIS:
        return 0, i + 2
    if word in tw.NEXT and at(words, i + 2) == "nữa":
        return 2, i + 3
    if word in tw.NEXT:
        return 1, i + 2 + (word in ("kế", "tiếp") and at(words, i + 2) in ("tiếp", "theo"))
    return (1, i + 1) if at(words, i - 1) in ("sang", "qua") else None


def read_week(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """tuần này, trong tuần, tuần tới, sang tuần, đầu / giữa / cuối tuần (này, sau)."""
    part, place = part_of(words, i)
    place += at(words, i) == "sang"
    numbered = _week_of_month(words, i, place, ref) or _numbered_week(words, i, place, ref)
    if numbered is not None:
        return numbered
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
    others: tuple[Other, ...] = ()
    if ref.held_on.weekday() == SUNDAY and ahead[0] == 1:  # the week that begins tomorrow, or …?
        others = (Other(due + timedelta(days=7), "week.after_next"),)
    return TimeRead(
        i, ahead[1], first, due, tw.WEEK, f"week.{part}", bare=True, period=part == "whole",
        others=others,
    )  # fmt: skip


# 0: the last one
_WEEKS_OF_MONTH = {
    "đầu": 1, "nhất": 1, "1": 1, "hai": 2, "nhì": 2, "2": 2, "ba": 3, "3": 3, "tư": 4, "bốn": 4,
    "4": 4, "cuối": 0,
}  # fmt: skip


def _week_of_month(words: Words, start: int, i: int, ref: Reference) -> TimeRead | None:
    """ "tuần đầu tháng 10", "tuần thứ hai của tháng này": the Friday that is its first, second …
    or last one."""
    if at(words, i) != "tuần":
        return None
    part, place = at(words, i + 1), i + 2
    if part == "thứ":
        part, place = at(words, i + 2), i + 3
    if part not in _WEEKS_OF_MONTH:
        return None
    place += at(words, place) in ("tiên", "cùng")
    place += at(words, place) in ("của", "trong")
    month = read_month(words, place, ref) if at(words, place) == "tháng" else None
    if month is None or month.first is None or month.due is None:
        return None
    number = _WEEKS_OF_MONTH[part]
    if number:
        due = next_weekday(month.first, FRIDAY, after=False) + timedelta(days=7 * (number - 1))
    else:
        due = month.due - timedelta(days=(month.due.weekday() - FRIDAY) % 7)
    first = due - timedelta(days=FRIDAY)
    rule = f"week.{'first' if number else 'last'}_of_month"
    return TimeRead(start, month.end, first, due, tw.WEEK, rule, bare=True, period=True)


def _numbered_week(words: Words, start: int, i: int, ref: Reference) -> TimeRead | None:
    """ "tuần 40", "tuần thứ 40": the week of that number in the year (ISO 8601)."""
    if at(words, i) != "tuần":
        return None
    place = i + 1 + (at(words, i + 1) == "thứ")
    number = digits(at(words, place))
    if number is None or at(words, place + 1) in ("/", "-", "."):
        return None
    due = None
    for year in (ref.held_on.year, ref.held_on.year + 1):
        if 1 <= number <= date(year, 12, 28).isocalendar().week:
            due = date.fromisocalendar(year, number, FRIDAY + 1)
            if due >= ref.held_on:
                break
    first = None if due is None else due - timedelta(days=FRIDAY)
    return TimeRead(start, place + 1, first, due, tw.WEEK, "week.number", bare=True, period=True)


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
    part = at(words, end) in ("đầu", "giữa", "cuối") and at(words, end + 1) == "tuần"
    ahead = _week_ahead(words, end + comma + part)
    if ahead is not None:
        due = week_day(ref.held_on, ahead[0], weekday)
        return TimeRead(i, ahead[1], due, due, tw.DAY, "weekday.of_week", bare=True)
    return _near_weekday(words, i, end, weekday, ref)


def _near_weekday(words: Words, start: int, end: int, weekday: int, ref: Reference) -> TimeRead:
    """ "thứ sáu (này, tới)" without a week: the nearest ahead. Said on that very day it may mean
    today or a week later; "tới" said earlier in that week may mean the week after."""
    word, week = at(words, end), timedelta(days=7)
    coming = next_weekday(ref.held_on, weekday, after=True)
    today = ref.held_on.weekday() == weekday
    if word == "tới" and at(words, end + 1) != "nay":
        same_week = coming <= week_day(ref.held_on, 0, SUNDAY)
        others = (Other(coming + week, "weekday.of_week"),) if same_week else ()
        return TimeRead(
            start, end + 1, coming, coming, tw.DAY, "weekday.coming", bare=True, others=others
        )
    due = ref.held_on if today else coming
    others = (Other(coming, "weekday.coming"),) if today else ()
    if word == "này":
        return TimeRead(start, end + 1, due, due, tw.DAY, "weekday.this", bare=True, others=others)
    return TimeRead(start, end, due, due, tw.DAY, "weekday.next", others=others)
