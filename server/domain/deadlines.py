"""Deadlines: kinds, precision, the instants they mean, and lateness.

Lateness is derived from stored facts and `now`, never stored. Counted periods whose last day is no
working day end on the next working day (Civil Code 2015, art. 148.5); a date named as a date never
moves. Pure: calendar and `now` are arguments. The SQL twin of `lateness` lives in storage and a
test holds both together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from server.domain.directives import AssignmentState
from server.domain.errors import UserError
from server.domain.workdays import Calendar

SOON_DAYS = 3


class DeadlineKind(StrEnum):
    """Kind of a deadline: có hạn, thường xuyên, định kỳ, theo sự kiện, không thời hạn."""

    DATED = "dated"
    STANDING = "standing"
    RECURRING = "recurring"
    EVENT = "event"
    NONE = "none"


class Period(StrEnum):
    """How often a recurring task comes again (model §3.2, and daily, which is said often)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class Precision(StrEnum):
    """How exactly the date was said."""

    MINUTE = "minute"
    DAY = "day"
    WEEK = "week"
    PART_OF_MONTH = "part_of_month"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Counted(StrEnum):
    """A date that was counted ("trong vòng N ngày")."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


class DeadlineReason(StrEnum):
    """Why a deadline row was written."""

    ISSUED = "issued"
    AMENDED = "amended"
    EXTENSION = "extension"
    EVENT_KNOWN = "event_known"
    RESUMED = "resumed"
    CALENDAR = "calendar"


class Lateness(StrEnum):
    """The second axis of a task's status, derived when read."""

    NOT_COUNTED = "not_counted"
    NO_DEADLINE = "no_deadline"
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    LATE = "late"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"


WORST_FIRST = (
    Lateness.LATE,
    Lateness.DUE_SOON,
    Lateness.IN_TIME,
    Lateness.NO_DEADLINE,
    Lateness.DONE_LATE,
    Lateness.DONE_IN_TIME,
    Lateness.NOT_COUNTED,
)
NOT_COUNTED_STATES = (
    AssignmentState.DRAFT,
    AssignmentState.SUSPENDED,
    AssignmentState.WITHDRAWN,
    AssignmentState.MERGED,
)
OFFICE_STATES = (AssignmentState.SUBMITTED, AssignmentState.REFUSED, AssignmentState.DONE)


@dataclass(frozen=True)
class DeadlineSet:
    """The deadline columns as one value. `due_time` is local `HH:MM`; `phrase` the words said."""

    kind: DeadlineKind = DeadlineKind.NONE
    due_on: date | None = None
    due_time: str | None = None
    precision: Precision | None = None
    counted: Counted | None = None
    phrase: str | None = None
    rule: str | None = None
    event_text: str | None = None
    recurrence: Mapping[str, Any] | None = None

    @property
    def period(self) -> Period | None:
        """How often it recurs; None when it doesn't, or "định kỳ" was all that was said."""
        return period_of(self.recurrence)

    def due_at(self, calendar: Calendar) -> datetime | None:
        """The last instant in time; None unless dated."""
        if self.due_on is None:
            return None
        return due_instant(self.due_on, self.due_time, self.counted, calendar)


def period_of(recurrence: Mapping[str, Any] | None) -> Period | None:
    """The period of a stored rule `{every, due}`. ValueError: a word that is no period."""
    every = (recurrence or {}).get("every")
    return None if every is None else Period(every)


def due_instant(
    due_on: date, due_time: str | None, counted: Counted | None, calendar: Calendar
) -> datetime:
    """The last instant in time, UTC: with an hour `HH:MM:59.999`, without `23:59:59.999` of the
    local day; a counted period moves to the next working day.
    """
    day = calendar.next_working(due_on) if counted else due_on
    if due_time is None:
        return calendar.end_of(day).astimezone(UTC)
    hour, minute = (int(part) for part in due_time.split(":"))
    return datetime.combine(day, time(hour, minute, 59, 999_000), calendar.zone).astimezone(UTC)


def soon_until(today: date, calendar: Calendar, days: int = SOON_DAYS) -> datetime:
    """End of the `days`-th working day after today, UTC: what is due until then is due soon."""
    return calendar.end_of(calendar.after(today, days)).astimezone(UTC)


def lateness(
    state: AssignmentState,
    judged_at: datetime | None,
    handed_at: datetime | None,
    now: datetime,
    soon: datetime,
) -> Lateness:
    """Lateness at `now`; `soon` is what `soon_until` gives. While the ball is with the Office
    (submitted, refused, done) the clock stands still at `handed_at`.
    """
    if state in NOT_COUNTED_STATES:
        return Lateness.NOT_COUNTED
    if judged_at is None:
        return Lateness.NO_DEADLINE
    reached = handed_at if state in OFFICE_STATES and handed_at is not None else now
    late = reached > judged_at
    if state is AssignmentState.DONE:
        return Lateness.DONE_LATE if late else Lateness.DONE_IN_TIME
    if late:
        return Lateness.LATE
    waiting = state in (AssignmentState.SUBMITTED, AssignmentState.REFUSED)
    return Lateness.DUE_SOON if not waiting and judged_at <= soon else Lateness.IN_TIME


def days_left(
    judged_at: datetime, handed_at: datetime | None, now: datetime, calendar: Calendar
) -> int:
    """Working days from now (or from handing in) to the judged day; negative = days late."""
    reached = now if handed_at is None else handed_at
    return calendar.working_days(calendar.day_of(reached), calendar.day_of(judged_at))


def worst(values: list[Lateness]) -> Lateness:
    """A directive's own lateness: the worst of its assignments'."""
    return min(values, key=WORST_FIRST.index, default=Lateness.NOT_COUNTED)


def guard_deadline(
    deadline: DeadlineSet, chosen: bool, today: date, calendar: Calendar, past_confirmed: bool
) -> None:
    """A deadline that may be given: dated and not past (or confirmed past), or a kind chosen on
    purpose; `none` as the machine gives it is not.
    """
    if deadline.kind is DeadlineKind.NONE and not chosen:
        raise UserError("deadline_missing")
    due = deadline.due_at(calendar)
    if due is not None and calendar.day_of(due) < today and not past_confirmed:
        raise UserError("deadline_past", date=f"{deadline.due_on:%d/%m/%Y}")
