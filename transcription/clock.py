"""The only place in `transcription` that reads a clock.

Others take times as arguments or ask a `MeetingClock` that was made here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SKEW_FLOOR = timedelta(milliseconds=100)
"""A difference to web's clock below this is the network's delay, not a wrong clock."""


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that only go forward; the zero means nothing."""
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class MeetingClock:
    """Milliseconds since a conference's `clock_zero_at`. Runs on the monotonic clock, so a wall
    clock that is set while the meeting runs moves nothing."""

    zero_monotonic: float

    @classmethod
    def start(cls, zero_at: datetime, skew: timedelta = timedelta()) -> MeetingClock:
        """A clock for a conference; `skew` is web's clock minus ours."""
        since = (utc_now() + skew - zero_at).total_seconds()
        return cls(monotonic() - since)

    def ms(self) -> int:
        """Now, never below 0."""
        return self.ms_at(monotonic())

    def ms_at(self, moment: float) -> int:
        """The meeting time of a `monotonic()` moment, never below 0."""
        return max(0, round((moment - self.zero_monotonic) * 1000))


def skew_of(web_now_at: datetime, asked: float, answered: float) -> timedelta:
    """Web's clock minus ours, from a question sent and answered at these monotonic moments; zero
    when the difference is no larger than the answer's own delay can make it."""
    delay = answered - asked
    here = utc_now() - timedelta(seconds=monotonic() - answered) - timedelta(seconds=delay / 2)
    skew = web_now_at - here
    return skew if abs(skew) > max(SKEW_FLOOR, timedelta(seconds=delay)) else timedelta()
