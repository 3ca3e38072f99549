"""The words of time, as data, and the shape of a time that was read.

One entry a concept; the readers in `vi_dates`, `vi_spans` and `vi_deadlines` look them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from transcription.contract.candidates import WorkCalendar

MINUTE, DAY, WEEK = "minute", "day", "week"
PART_OF_MONTH, MONTH, QUARTER, YEAR = "part_of_month", "month", "quarter", "year"

THIS = ("này", "nay")
NEXT = ("sau", "tới", "kế", "tiếp")
MONTH_NAMES = {"giêng": 1, "tư": 4}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
QUARTER_NAMES = {**ROMAN, "nhất": 1, "một": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "bốn": 4}
WEEKDAYS = {
    "hai": 0, "ba": 1, "tư": 2, "bốn": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5,
    "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5,
}  # fmt: skip
PARTS_OF_DAY = ("sáng", "trưa", "chiều", "tối", "đêm")
SOON = ("mai", "mốt", "kia")
COUNTED = frozenset(
    "hộ xã phường người đơn dự trường công tỷ triệu nghìn phần điểm cái chiếc căn tàu".split()
)
AFTERNOON = ("chiều", "tối", "đêm")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a time is counted from: the meeting's day and the work calendar."""

    held_on: date
    calendar: WorkCalendar = field(default_factory=WorkCalendar)


@dataclass(frozen=True, slots=True)
class Other:
    """Another day (or time of day) that the same words may mean, and the rule that reads it so."""

    due: date | None
    rule: str
    time: str | None = None


class TimeRead(NamedTuple):
    """A time at words [start, end). `first`–`due`: its first and last day; both None when the day
    does not exist. `bare`: is it a deadline without a marker before it ("tuần sau": yes)?
    `period`: the time is a whole month, quarter, year or week, so "trước" means the day before it.
    """

    start: int
    end: int
    first: date | None
    due: date | None
    precision: str
    rule: str
    time: str | None = None
    counted: str | None = None
    bare: bool = False
    period: bool = False
    explicit_year: bool = False
    event: bool = False
    others: tuple[Other, ...] = ()

    @property
    def exists(self) -> bool:
        return self.due is not None


def at(words: Sequence[str], i: int) -> str:
    try:
        return words[i] if i >= 0 else ""
    except IndexError:
        return ""


def digits(word: str) -> int | None:
    """The value of a word of ASCII digits; None for any other ("²", "1.000")."""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 9 else None


def starts(words: Sequence[str], i: int, phrase: tuple[str, ...]) -> bool:
    if not 0 <= i < len(words) or words[i] != phrase[0]:
        return False
    return len(phrase) == 1 or tuple(words[i : i + len(phrase)]) == phrase
