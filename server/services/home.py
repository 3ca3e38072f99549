"""The day's page: for the Office and leaders what the province waits for, for a unit what it owes.

Reads only. Every number here opens the list it counts; nothing is decided on this page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.attendance import Presence
from server.domain.deadlines import Lateness, days_left, soon_until
from server.domain.directives import AssignmentState, ReportState, number_text
from server.domain.meetings import OPEN_STATES, ConferenceState
from server.domain.permissions import OFFICE, SEES_ALL
from server.domain.workdays import Calendar
from server.services.context import Context
from server.storage import home as rows
from server.storage.models import Conference
from server.storage.workdays import load_calendar

SHOWN_LATE = 5
SHOWN_OWED = 6
SHOWN_NEWS = 5
KEPT_AFTER_END = timedelta(hours=2)


@dataclass(frozen=True)
class NextConference:
    """A conference ahead or open now. `minutes` is its planned length; `seats` the invited units
    as (name plate, presence) in the official order.
    """

    id: int
    title: str
    state: ConferenceState
    starts_at: datetime
    minutes: int
    chair: str
    seats: tuple[tuple[str, Presence], ...]

    @property
    def is_open(self) -> bool:
        """Whether one may go in now."""
        return self.state in OPEN_STATES

    def count(self, *presences: Presence) -> int:
        """How many invited units are in one of these presences."""
        return sum(presence in presences for _, presence in self.seats)


@dataclass(frozen=True)
class WorkLine:
    """One assignment on the page; `days` as in `domain.deadlines.days_left`, None without a
    deadline.
    """

    id: int
    directive_id: int
    number: str
    title: str
    unit: str
    state: AssignmentState
    lateness: Lateness
    days: int | None
    due_on: date | None
    due_time: str | None


@dataclass(frozen=True)
class Review:
    """A conference whose candidates wait for review."""

    conference_id: int
    title: str
    held_at: datetime
    open: int
    total: int


@dataclass(frozen=True)
class Waiting:
    """Assignments whose ball is with the Office, and the one that waits for longest."""

    number: int
    first_unit: str
    days: int


@dataclass(frozen=True)
class OfficeDay:
    """The page of secretary, head of the Office, leader, auditor."""

    today: date
    next: NextConference | None
    others: tuple[NextConference, ...]
    reviews: tuple[Review, ...]
    confirm: Waiting
    refused: Waiting
    drafts: int
    counts: dict[Lateness, int]
    late: tuple[WorkLine, ...]
    may_make: bool


@dataclass(frozen=True)
class News:
    """What the Office decided of a report of one's own unit."""

    at: datetime
    assignment_id: int
    title: str
    confirmed: bool
    note: str


@dataclass(frozen=True)
class UnitDay:
    """The page of a commune or a department."""

    today: date
    next: NextConference | None
    others: tuple[NextConference, ...]
    owed: int
    work: tuple[WorkLine, ...]
    news: tuple[News, ...]


def day_of(ctx: Context) -> OfficeDay | UnitDay:
    """The page of whoever calls: that of the Office for those who see all, else that of a unit."""
    with ctx.read() as (session, actor):
        ahead = tuple(
            _conference(session, found)
            for found in rows.conferences_ahead(session, actor, ctx.now - KEPT_AFTER_END)
        )
        look = _Look(session, actor, ctx.now, ctx.today, load_calendar(session))
        return _office(look, ahead) if actor.post_with(*SEES_ALL) else _unit(look, ahead)


@dataclass(frozen=True)
class _Look:
    """One look at the rows: who looks, when, by which calendar."""

    session: Session
    actor: Actor
    now: datetime
    today: date
    calendar: Calendar

    @property
    def soon(self) -> datetime:
        return soon_until(self.today, self.calendar)

    def line(self, found: rows.Work) -> WorkLine:
        assignment, directive, unit, lateness = found
        judged, handed = assignment.judged_at, assignment.handed_at
        return WorkLine(
            id=assignment.id,
            directive_id=directive.id,
            number=number_text(directive.year, directive.number),
            title=directive.title,
            unit=unit.short_name,
            state=assignment.state,
            lateness=Lateness(lateness),
            days=None if judged is None else days_left(judged, handed, self.now, self.calendar),
            due_on=assignment.due_on,
            due_time=assignment.due_time,
        )

    def waiting(self, state: AssignmentState) -> Waiting:
        number, first, unit = rows.in_state(self.session, self.actor, state)
        if first is None or first.handed_at is None:
            return Waiting(number, unit, 0)
        since = self.calendar.day_of(first.handed_at)
        return Waiting(number, unit, self.calendar.working_days(since, self.today))


def _office(look: _Look, ahead: tuple[NextConference, ...]) -> OfficeDay:
    session, actor = look.session, look.actor
    return OfficeDay(
        today=look.today,
        next=ahead[0] if ahead else None,
        others=ahead[1:],
        reviews=tuple(
            Review(found.id, found.title, found.starts_at, still, total)
            for found, still, total in rows.open_reviews(session, actor)
        ),
        confirm=look.waiting(AssignmentState.SUBMITTED),
        refused=look.waiting(AssignmentState.REFUSED),
        drafts=rows.count_drafts(session, actor),
        counts=rows.counts_by_lateness(session, actor, look.now, look.soon),
        late=tuple(
            look.line(found)
            for found in rows.longest_late(session, actor, look.now, look.soon, SHOWN_LATE)
        ),
        may_make=actor.post_with(*OFFICE) is not None,
    )


def _unit(look: _Look, ahead: tuple[NextConference, ...]) -> UnitDay:
    session, actor = look.session, look.actor
    return UnitDay(
        today=look.today,
        next=ahead[0] if ahead else None,
        others=ahead[1:],
        owed=rows.count_owed(session, actor),
        work=tuple(
            look.line(found) for found in rows.owed(session, actor, look.now, look.soon, SHOWN_OWED)
        ),
        news=tuple(
            News(
                report.decided_at or look.now,
                assignment.id,
                directive.title,
                report.state is ReportState.CONFIRMED,
                report.decision_note or "",
            )
            for report, assignment, directive in rows.decided_reports(session, actor, SHOWN_NEWS)
        ),
    )


def _conference(session: Session, found: Conference) -> NextConference:
    return NextConference(
        id=found.id,
        title=found.title,
        state=found.state,
        starts_at=found.starts_at,
        minutes=int((found.planned_end_at - found.starts_at) / timedelta(minutes=1)),
        chair=rows.chair_title(session, found.id),
        seats=tuple(rows.unit_seats(session, found.id)),
    )
