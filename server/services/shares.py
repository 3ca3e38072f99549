"""Assignments as lists show them: one query, lateness derived on the way out.

A `Share` is one unit's share of a directive (phần việc) with what a line needs: unit, title, state,
lateness and days. Lists of the desk, of a unit and of the home page are made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.deadlines import (
    DeadlineKind,
    Lateness,
    Period,
    days_left,
    lateness,
    period_of,
    soon_until,
)
from server.domain.directives import AssignmentState, Urgency, number_text
from server.domain.workdays import Calendar
from server.storage.models import (
    Assignment,
    Conference,
    Coordination,
    Deadline,
    Directive,
    Position,
    Unit,
)

Order = sa.ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Share:
    """One line. `days`: working days left (negative: late, 0 with LATE: less than one), None
    without a deadline; `all_days` the same in calendar days. `first_due_on`: the original date.
    """

    assignment_id: int
    directive_id: int
    number: str
    title: str
    urgency: Urgency
    unit_id: int
    unit: str
    unit_short: str
    state: AssignmentState
    lateness: Lateness
    deadline_kind: DeadlineKind
    due_on: date | None
    due_time: str | None
    due_at: datetime | None
    judged_at: datetime | None
    handed_at: datetime | None
    issued_at: datetime | None
    days: int | None
    all_days: int | None
    returns: int
    extensions: int
    phrase: str | None
    event_text: str | None
    period: Period | None
    conference_id: int | None
    conference: str
    conference_at: datetime | None
    leader: str
    coordinating: tuple[str, ...] = ()


def shares(
    session: Session,
    now: datetime,
    calendar: Calendar,
    where: sa.ColumnElement[bool],
    *order: Order,
    limit: int | None = None,
    offset: int = 0,
) -> list[Share]:
    """The assignments that fulfil `where` (permission included by the caller), in `order`."""
    query = (
        sa.select(Assignment, Directive, Unit, Conference.title, Conference.starts_at, Position)
        .join(Directive, Assignment.directive_id == Directive.id)
        .join(Unit, Assignment.lead_unit_id == Unit.id)
        .outerjoin(Conference, Assignment.conference_id == Conference.id)
        .outerjoin(Position, Directive.leader_position_id == Position.id)
        .where(where)
        .order_by(*order, Assignment.id)
        .limit(limit)
        .offset(offset)
    )
    soon = soon_until(calendar.day_of(now), calendar)
    return [
        share_of(assignment, directive, unit, title or "", at, leader, now, soon, calendar)
        for assignment, directive, unit, title, at, leader in session.execute(query)
    ]


def share_of(
    a: Assignment,
    d: Directive,
    unit: Unit,
    conference: str,
    conference_at: datetime | None,
    leader: Position | None,
    now: datetime,
    soon: datetime,
    calendar: Calendar,
) -> Share:
    """One line from its rows."""
    days = all_days = None
    if a.judged_at is not None:
        days = days_left(a.judged_at, a.handed_at, now, calendar)
        reached = a.handed_at or now
        all_days = (calendar.day_of(a.judged_at) - calendar.day_of(reached)).days
    return Share(
        assignment_id=a.id,
        directive_id=d.id,
        number=number_text(d.year, d.number),
        title=d.title,
        urgency=d.urgency,
        unit_id=unit.id,
        unit=unit.name,
        unit_short=unit.short_name,
        state=a.state,
        lateness=lateness(a.state, a.judged_at, a.handed_at, now, soon),
        deadline_kind=a.deadline_kind,
        due_on=a.due_on,
        due_time=a.due_time,
        due_at=a.due_at,
        judged_at=a.judged_at,
        handed_at=a.handed_at,
        issued_at=a.issued_at,
        days=days,
        all_days=all_days,
        returns=a.returns,
        extensions=a.extensions,
        phrase=d.due_phrase,
        event_text=d.event_text,
        period=period_of(d.recurrence),
        conference_id=a.conference_id,
        conference=conference,
        conference_at=conference_at,
        leader=leader.title if leader else "",
    )


def with_coordinators(session: Session, found: Sequence[Share]) -> list[Share]:
    """The lines with the short names of their co-ordinating units: one more query for all."""
    rows = session.execute(
        sa.select(Coordination.directive_id, Coordination.assignment_id, Unit.short_name)
        .join(Unit, Coordination.unit_id == Unit.id)
        .where(Coordination.directive_id.in_({share.directive_id for share in found}))
        .order_by(Unit.sort, Unit.id)
    )
    names = [(directive, assignment, name) for directive, assignment, name in rows]
    return [
        replace(
            share,
            coordinating=tuple(
                name
                for directive, assignment, name in names
                if directive == share.directive_id and assignment in (None, share.assignment_id)
            ),
        )
        for share in found
    ]


def original_due(session: Session, assignment_id: int) -> date | None:
    """The date of deadline 1, always shown."""
    return session.scalar(
        sa.select(Deadline.due_on).where(Deadline.assignment_id == assignment_id, Deadline.seq == 1)
    )
