"""Directives in rows: what one may see, loading with permission, numbers, deadlines, lateness.

Loading an object and checking that the caller may see it are one call; what one may not see is
`not_found`. Lists are conditions on the query, so that a row outside one's scope is never read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.deadlines import (
    NOT_COUNTED_STATES,
    OFFICE_STATES,
    DeadlineReason,
    DeadlineSet,
    Lateness,
)
from server.domain.directives import (
    MEETING_ROLES,
    UNIT_ROLES,
    AssignmentState,
    DirectiveState,
    Source,
)
from server.domain.errors import UserError
from server.domain.permissions import SEES_ALL
from server.storage.history import actor_columns
from server.storage.models import (
    Account,
    Assignment,
    Change,
    ConferenceRoleRow,
    Coordination,
    Deadline,
    Directive,
    Unit,
)
from server.storage.types import Instant

NUMBER_LOCK = 7_404_817_881  # any number that nobody else locks in this database
Condition = sa.ColumnElement[bool]


def my_units(actor: Actor) -> sa.Select[int]:
    """Ids of the units whose work this person sees: own units and those below them."""
    paths = [post.unit_path for post in actor.posts if post.role in UNIT_ROLES]
    below = [Unit.path.startswith(path, autoescape=True) for path in paths]
    return sa.select(Unit.id).where(sa.or_(*below) if below else sa.false())


def my_conferences(actor: Actor) -> sa.Select[int]:
    """Ids of the conferences in which this person is chair or meeting secretary."""
    return sa.select(ConferenceRoleRow.conference_id).where(
        ConferenceRoleRow.position_id.in_([post.position_id for post in actor.posts]),
        ConferenceRoleRow.role.in_(MEETING_ROLES),
    )


def coordinated_directives(actor: Actor) -> sa.Select[int]:
    """Ids of the directives that this person's units co-ordinate."""
    return sa.select(Coordination.directive_id).where(Coordination.unit_id.in_(my_units(actor)))


def sees_assignment(actor: Actor) -> Condition:
    """Which assignments this person sees: all, those of his conferences, and, once issued, those
    his units lead or co-ordinate.
    """
    if actor.post_with(*SEES_ALL):
        return sa.true()
    return sa.or_(
        Assignment.conference_id.in_(my_conferences(actor)),
        sa.and_(
            Assignment.state != AssignmentState.DRAFT,
            sa.or_(
                Assignment.lead_unit_id.in_(my_units(actor)),
                Assignment.directive_id.in_(coordinated_directives(actor)),
            ),
        ),
    )


def sees_directive(actor: Actor) -> Condition:
    """Which directives this person sees; drafts only where all or the conference's are seen."""
    if actor.post_with(*SEES_ALL):
        return sa.true()
    led = sa.select(Assignment.directive_id).where(Assignment.lead_unit_id.in_(my_units(actor)))
    return sa.or_(
        Directive.conference_id.in_(my_conferences(actor)),
        sa.and_(
            Directive.state.in_((DirectiveState.ISSUED, DirectiveState.WITHDRAWN)),
            sa.or_(Directive.id.in_(led), Directive.id.in_(coordinated_directives(actor))),
        ),
    )


def load_directive(
    session: Session, actor: Actor, directive_id: int, *, lock: bool = False
) -> Directive:
    """The directive, if this person may see it; else `not_found`."""
    query = sa.select(Directive).where(Directive.id == directive_id, sees_directive(actor))
    found = session.scalar(query.with_for_update(of=Directive) if lock else query)
    if found is None:
        raise UserError("not_found")
    return found


def load_assignment(
    session: Session, actor: Actor, assignment_id: int, *, lock: bool = False
) -> tuple[Assignment, Directive]:
    """The assignment with its directive, if this person may see it; else `not_found`."""
    query = (
        sa.select(Assignment, Directive)
        .join(Directive, Assignment.directive_id == Directive.id)
        .where(Assignment.id == assignment_id, sees_assignment(actor))
    )
    found = session.execute(query.with_for_update(of=Assignment) if lock else query).first()
    if found is None:
        raise UserError("not_found")
    return found[0], found[1]


def source_of(session: Session, directive: Directive) -> Source:
    """What the rights over a directive hang on."""
    roles = session.execute(
        sa.select(ConferenceRoleRow.position_id, ConferenceRoleRow.role).where(
            ConferenceRoleRow.conference_id == directive.conference_id
        )
    )
    return Source(directive.leader_position_id, tuple((pos, role) for pos, role in roles))


def assignments_of(session: Session, directive_id: int) -> list[Assignment]:
    """The assignments of a directive in the official order of their units."""
    return list(
        session.scalars(
            sa.select(Assignment)
            .join(Unit, Assignment.lead_unit_id == Unit.id)
            .where(Assignment.directive_id == directive_id)
            .order_by(Unit.sort, Unit.id)
        )
    )


def claim_version(session: Session, row: Directive | Assignment, version: int | None) -> None:
    """Take the row for this transaction: version + 1, if it still has `version` (any, if None).

    Raises `stale_version` with who changed it when. Of two writers exactly one wins.
    """
    kind = type(row)
    if version is None:
        version = row.version
    done = session.execute(
        sa.update(kind)
        .where(kind.id == row.id, kind.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise stale(session, kind.__tablename__, row.id)
    session.refresh(row, ["version"])


def stale(session: Session, subject_kind: str, subject_id: int) -> UserError:
    """`stale_version` with who and when, from the newest history row of the subject."""
    found = session.execute(
        sa.select(Change.at, Account.display_name, Change.by_agent)
        .outerjoin(Account, Change.by_account_id == Account.id)
        .where(Change.subject_kind == subject_kind, Change.subject_id == subject_id)
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    at, name, agent = found or (None, None, None)
    return UserError("stale_version", who=name or agent or "", when=at)


def next_number(session: Session, year: int) -> int:
    """The next free number of the year. SQLite has one writer at a time; PostgreSQL takes a lock
    that ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(NUMBER_LOCK)))
    highest = session.scalar(sa.select(sa.func.max(Directive.number)).where(Directive.year == year))
    return (highest or 0) + 1


def deadline_columns(deadline: DeadlineSet) -> dict[str, Any]:
    """The deadline columns that directive, deadline and candidate rows share."""
    return {
        "deadline_kind": deadline.kind,
        "due_on": deadline.due_on,
        "due_time": deadline.due_time,
        "precision": deadline.precision,
        "counted": deadline.counted,
        "due_phrase": deadline.phrase,
        "due_rule": deadline.rule,
        "event_text": deadline.event_text,
        "recurrence": deadline.recurrence,
    }


def deadline_from_row(row: Any) -> DeadlineSet:
    """The deadline columns of a directive, deadline or candidate row as one value."""
    return DeadlineSet(
        kind=row.deadline_kind,
        due_on=row.due_on,
        due_time=row.due_time,
        precision=row.precision,
        counted=row.counted,
        phrase=row.due_phrase,
        rule=row.due_rule,
        event_text=row.event_text,
        recurrence=row.recurrence,
    )


def first_deadline(
    session: Session,
    assignment: Assignment,
    deadline: DeadlineSet,
    due_at: datetime | None,
    now: datetime,
    actor: Actor,
    post: Post,
) -> None:
    """Give an assignment its original deadline: seq 1, due = judged."""
    assignment.deadline_kind = deadline.kind
    assignment.due_on, assignment.due_time = deadline.due_on, deadline.due_time
    assignment.due_at = assignment.judged_at = due_at
    assignment.deadline_seq = 1
    session.add(
        Deadline(
            assignment_id=assignment.id,
            seq=1,
            due_at=due_at,
            judged_at=due_at,
            reason=DeadlineReason.ISSUED,
            asked_at=now,
            at=now,
            **deadline_columns(deadline),
            **actor_columns(actor, post),
        )
    )


def lateness_sql(now: datetime, soon: datetime) -> sa.Case[str]:
    """The twin of `domain.deadlines.lateness`: the same comparisons as a CASE over assignment."""
    a = Assignment
    at_office = a.state.in_(OFFICE_STATES)
    reached = sa.case(
        (sa.and_(at_office, a.handed_at.is_not(None)), a.handed_at), else_=sa.literal(now, Instant)
    )
    late = reached > a.judged_at
    waiting = a.state.in_((AssignmentState.SUBMITTED, AssignmentState.REFUSED))
    return sa.case(
        (a.state.in_(NOT_COUNTED_STATES), Lateness.NOT_COUNTED.value),
        (a.judged_at.is_(None), Lateness.NO_DEADLINE.value),
        (sa.and_(a.state == AssignmentState.DONE, late), Lateness.DONE_LATE.value),
        (a.state == AssignmentState.DONE, Lateness.DONE_IN_TIME.value),
        (late, Lateness.LATE.value),
        (sa.and_(~waiting, a.judged_at <= soon), Lateness.DUE_SOON.value),
        else_=Lateness.IN_TIME.value,
    )


def names_of(session: Session, unit_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(name, short name) of the units."""
    rows = session.execute(
        sa.select(Unit.id, Unit.name, Unit.short_name).where(Unit.id.in_(set(unit_ids)))
    )
    return {key: (name, short) for key, name, short in rows}
