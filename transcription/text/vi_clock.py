"""Times of the day: "17 giờ 30", "17h00", "năm giờ chiều", "tám giờ rưỡi"."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.text import vi_time_words as tw
from transcription.text.vi_numbers import read_small
from transcription.text.vi_time_words import at

Words = Sequence[str]
_HOUR_WORDS = ("giờ", "h", "g")


def read_clock(words: Words, i: int) -> tuple[str, int] | None:
    """17 giờ (30 phút), 17h00, 17:00, 5 giờ chiều, tám giờ rưỡi → ("HH:MM", index after)."""
    hour = read_small(words, i, 25)
    if hour is None:
        return None
    value, end = hour
    minute = 0
    if at(words, end) in _HOUR_WORDS:
        end += 1
        minutes = read_small(words, end, 60)
        if at(words, end) == "rưỡi":
            minute, end = 30, end + 1
        elif minutes is not None and at(words, minutes[1]) not in ("/", "tháng", "-"):
            minute, end = minutes
        end += at(words, end) == "phút"
    elif at(words, end) == ":" and len(at(words, end + 1)) == 2 and at(words, end + 1).isdigit():
        minute, end = int(at(words, end + 1)), end + 2
    else:
        return None
    if at(words, end) in tw.PARTS_OF_DAY and at(words, end + 1) not in ("nay", *tw.SOON):
        value += 12 if at(words, end) in tw.AFTERNOON and value < 12 else 0
        end += 1
    elif at(words, end) in tw.AFTERNOON and value < 12:
        value += 12
    if minute > 59 or value > 24:
        return None
    return ("23:59" if value == 24 else f"{value:02d}:{minute:02d}"), end
