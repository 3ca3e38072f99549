"""The work calendar: which days count as working days.

A day is a working day when `work_day` says so, else Monday to Friday unless `work_day` names it a
holiday. The calendar carries the local zone, because a deadline is a local day and an instant is
UTC. Pure: the rows come as an argument, `today` comes from the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

VIETNAM: tzinfo = timezone(timedelta(hours=7), "ICT")
LAST_MOMENT = time(23, 59, 59, 999_000)


class WorkDayKind(StrEnum):
    """An exception to Monday–Friday."""

    HOLIDAY = "holiday"
    WORKING = "working"


@dataclass(frozen=True)
class Calendar:
    """Exceptions to Monday–Friday, and the zone that says when a day ends."""

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    zone: tzinfo = field(default=VIETNAM)

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`."""
        return day in self.working or (day.weekday() < 5 and day not in self.holidays)

    def next_working(self, day: date) -> date:
        """`day` itself when it is a working day, else the first one after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (`count` ≥ 1)."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def working_days(self, start: date, end: date) -> int:
        """Number of working days d with start < d ≤ end; negative when end < start."""
        if end < start:
            return -self.working_days(end, start)
        return sum(
            self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)
        )

    def day_of(self, at: datetime) -> date:
        """The local calendar day of an instant."""
        return at.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last millisecond of a local day."""
        return datetime.combine(day, LAST_MOMENT, self.zone)
