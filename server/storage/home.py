"""Queries of the day's page: conferences ahead, what waits for the Office, what a unit owes.

Every list is a condition on the query, the same conditions as in `storage/directives.py`; a row
outside one's scope is never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.attendance import Presence
from server.domain.deadlines import Lateness
from server.domain.directives import AssignmentState, DirectiveState, ReportState
from server.domain.meetings import OPEN_STATES, ConferenceRole, ConferenceState, SeatKind
from server.domain.permissions import SEES_ALL
from server.domain.review import CandidateState
from server.storage.directives import lateness_sql, my_units, sees_assignment, sees_directive
from server.storage.models import (
    Assignment,
    Candidate,
    Conference,
    ConferenceRoleRow,
    Directive,
    Position,
    Report,
    Seat,
    Unit,
)
from server.storage.review import conferences_to_review

AHEAD = (ConferenceState.SCHEDULED, *OPEN_STATES)
WITH_UNIT = (
    AssignmentState.NEW,
    AssignmentState.RECEIVED,
    AssignmentState.IN_PROGRESS,
    AssignmentState.RETURNED,
)
OPEN = (*WITH_UNIT, AssignmentState.SUBMITTED, AssignmentState.REFUSED)

Work = tuple[Assignment, Directive, Unit, str]


def sees_conference(actor: Actor) -> sa.ColumnElement[bool]:
    """Which scheduled conferences this person sees: all, those with a role, those one's unit is
    invited to.
    """
    if actor.post_with(*SEES_ALL):
        return sa.true()
    roles = sa.select(ConferenceRoleRow.conference_id).where(
        ConferenceRoleRow.position_id.in_([post.position_id for post in actor.posts])
    )
    invited = sa.select(Seat.conference_id).where(Seat.unit_id.in_(actor.unit_ids))
    return sa.or_(Conference.id.in_(roles), Conference.id.in_(invited))


def conferences_ahead(session: Session, actor: Actor, since: datetime) -> list[Conference]:
    """Open ones first, then by time; a scheduled one is kept until `since` after its planned
    end.
    """
    open_first = sa.case((Conference.state.in_(OPEN_STATES), 0), else_=1)
    return list(
        session.scalars(
            sa.select(Conference)
            .where(
                Conference.state.in_(AHEAD),
                sa.or_(Conference.state.in_(OPEN_STATES), Conference.planned_end_at >= since),
                sees_conference(actor),
            )
            .order_by(open_first, Conference.starts_at, Conference.id)
            .limit(6)
        )
    )


def chair_title(session: Session, conference_id: int) -> str:
    """The post that chairs, '' while none is named."""
    found = session.scalar(
        sa.select(Position.title)
        .join(ConferenceRoleRow, ConferenceRoleRow.position_id == Position.id)
        .where(
            ConferenceRoleRow.conference_id == conference_id,
            ConferenceRoleRow.role == ConferenceRole.CHAIR,
        )
        .limit(1)
    )
    return found or ""


def unit_seats(session: Session, conference_id: int) -> list[tuple[str, Presence]]:
    """(name plate, presence) of the invited units, in the official order."""
    rows = session.execute(
        sa.select(Seat.name, Seat.presence)
        .where(Seat.conference_id == conference_id, Seat.kind == SeatKind.UNIT)
        .order_by(Seat.sort, Seat.id)
    )
    return [(name, presence) for name, presence in rows]


def open_reviews(session: Session, actor: Actor) -> list[tuple[Conference, int, int]]:
    """(conference, open candidates, all candidates) of those this person reviews, newest first;
    only those with open ones.
    """
    still = sa.func.sum(sa.case((Candidate.state == CandidateState.OPEN, 1), else_=0))
    rows = session.execute(
        sa.select(Conference, still, sa.func.count())
        .join(Candidate, Candidate.conference_id == Conference.id)
        .where(Candidate.state != CandidateState.STALE, conferences_to_review(session, actor))
        .group_by(Conference.id)
        .having(still > 0)
        .order_by(Conference.starts_at.desc())
        .limit(20)
    )
    return [(conference, int(open_), int(total)) for conference, open_, total in rows]


def counts_by_lateness(
    session: Session, actor: Actor, now: datetime, soon: datetime
) -> dict[Lateness, int]:
    """How many open assignments are late, due soon, in time, without a deadline."""
    lateness = lateness_sql(now, soon)
    rows = session.execute(
        sa.select(lateness, sa.func.count())
        .select_from(Assignment)
        .where(Assignment.state.in_(OPEN), sees_assignment(actor))
        .group_by(lateness)
    )
    return {Lateness(key): number for key, number in rows}


def longest_late(
    session: Session, actor: Actor, now: datetime, soon: datetime, limit: int
) -> list[Work]:
    """The assignments whose ball is with their unit and that are late for longest."""
    lateness = lateness_sql(now, soon)
    return _work(
        session,
        lateness,
        (
            Assignment.state.in_(WITH_UNIT),
            lateness == Lateness.LATE.value,
            sees_assignment(actor),
        ),
        limit,
    )


def owed(session: Session, actor: Actor, now: datetime, soon: datetime, limit: int) -> list[Work]:
    """What one's own units have to do, most urgent first; what has no deadline last."""
    return _work(
        session,
        lateness_sql(now, soon),
        (Assignment.state.in_(WITH_UNIT), Assignment.lead_unit_id.in_(my_units(actor))),
        limit,
    )


def count_owed(session: Session, actor: Actor) -> int:
    """How many assignments one's own units lead that are open."""
    query = sa.select(sa.func.count()).where(
        Assignment.state.in_(WITH_UNIT), Assignment.lead_unit_id.in_(my_units(actor))
    )
    return session.scalar(query.select_from(Assignment)) or 0


def _work(
    session: Session,
    lateness: sa.ColumnElement[str],
    conditions: Iterable[sa.ColumnElement[bool]],
    limit: int,
) -> list[Work]:
    rows = session.execute(
        sa.select(Assignment, Directive, Unit, lateness)
        .join(Directive, Assignment.directive_id == Directive.id)
        .join(Unit, Assignment.lead_unit_id == Unit.id)
        .where(*conditions)
        .order_by(Assignment.judged_at.is_(None), Assignment.judged_at, Assignment.id)
        .limit(limit)
    )
    return list(rows)


def in_state(
    session: Session, actor: Actor, state: AssignmentState
) -> tuple[int, Assignment | None, str]:
    """How many assignments are in `state`, the one that waits for longest, and its unit's short
    name.
    """
    conditions = (Assignment.state == state, sees_assignment(actor))
    number = session.scalar(sa.select(sa.func.count()).select_from(Assignment).where(*conditions))
    first = session.execute(
        sa.select(Assignment, Unit.short_name)
        .join(Unit, Assignment.lead_unit_id == Unit.id)
        .where(*conditions)
        .order_by(Assignment.handed_at, Assignment.id)
        .limit(1)
    ).first()
    return number or 0, first[0] if first else None, first[1] if first else ""


def count_drafts(session: Session, actor: Actor) -> int:
    """Draft directives this person sees: accepted, not yet issued."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Directive)
            .where(Directive.state == DirectiveState.DRAFT, sees_directive(actor))
        )
        or 0
    )


def decided_reports(
    session: Session, actor: Actor, limit: int
) -> Sequence[tuple[Report, Assignment, Directive]]:
    """What the Office decided of the reports of one's own units, newest first."""
    return session.execute(
        sa.select(Report, Assignment, Directive)
        .join(Assignment, Report.assignment_id == Assignment.id)
        .join(Directive, Assignment.directive_id == Directive.id)
        .where(
            Report.decided_at.is_not(None),
            Report.state.in_((ReportState.CONFIRMED, ReportState.RETURNED)),
            Assignment.lead_unit_id.in_(my_units(actor)),
        )
        .order_by(Report.decided_at.desc(), Report.id.desc())
        .limit(limit)
    ).all()
