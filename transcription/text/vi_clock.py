"""Times of the day: "17 giờ 30", "17h00", "năm giờ chiều", "tám giờ rưỡi"."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.text import vi_time_words as tw
from transcription.text.vi_numbers import read_small
from transcription.text.vi_time_words import at, digits

Words = Sequence[str]
_HOUR_WORDS = ("giờ", "h", "g")


def read_clock(words: Words, i: int) -> tuple[str, int] | None:
    """17 giờ (30 phút), 17h00, 17:00, 5 giờ chiều, tám giờ rưỡi → ("HH:MM", index after)."""
    hour = read_small(words, i, 25)
    minute = _minutes(words, hour[1]) if hour is not None else None
    if hour is None or minute is None:
        return None
    total, end = 60 * hour[0] + minute[0], minute[1]
    if at(words, end) in tw.PARTS_OF_DAY:
        total += 720 if at(words, end) in tw.AFTERNOON and total < 720 else 0
        end += at(words, end + 1) not in ("nay", *tw.SOON)
    if not 0 <= total <= 1440:
        return None
    return ("23:59" if total == 1440 else f"{total // 60:02d}:{total % 60:02d}"), end


def _minutes(words: Words, i: int) -> tuple[int, int] | None:
    """Minutes past the hour whose sign is at `i` (fewer than none: "kém 15"), and the index after;
    None when no hour was said."""
    sign = at(words, i)
    if sign == ":":
        minutes = digits(at(words, i + 1))
        told = minutes is not None and minutes < 60 and len(at(words, i + 1)) == 2
        return (minutes, i + 2) if told and minutes is not None else None
    if sign == "rưỡi":
        return (30, i + 1) if at(words, i + 1) in tw.PARTS_OF_DAY else None
    if sign not in _HOUR_WORDS:
        return None
    if at(words, i + 1) == "rưỡi":
        return 30, i + 2
    less = at(words, i + 1) == "kém"
    read = read_small(words, i + 1 + less, 60)
    if read is None or at(words, read[1]) in ("/", "tháng", "-"):
        return 0, i + 1
    end = read[1] + (at(words, read[1]) in ("phút", "'", "p"))
    return (-read[0] if less else read[0]), end


def afternoon(time: str) -> str:
    """The same hour of the afternoon: "03:00" → "15:00"."""
    hour = int(time[:2])
    return f"{hour + 12:02d}{time[2:]}" if hour < 12 else time
