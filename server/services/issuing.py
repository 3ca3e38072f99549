"""A draft directive on its way out: edited, its units set, issued by order of a leader, discarded.

Issuing gives the number of the year, makes every assignment new with its original deadline (seq 1),
and writes one history row for the directive and one for each assignment, all in one transaction.
After it the text is not edited here any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.deadlines import guard_deadline
from server.domain.directives import (
    ASSIGNMENTS,
    CLOSED_STATES,
    DIRECTIVES,
    AssignmentState,
    DirectiveState,
    issuer_post,
    number_text,
)
from server.domain.errors import UserError
from server.domain.offices import PositionRole
from server.domain.permissions import OFFICE, forbidden
from server.domain.workdays import Calendar
from server.services.candidates import discard_draft, reopen_candidate
from server.services.context import ZONE, Context
from server.services.deadlines import TypedDeadline, deadline_of, typed
from server.storage.directives import (
    assignments_of,
    claim_version,
    deadline_columns,
    deadline_from_row,
    first_deadline,
    load_directive,
    next_number,
    source_of,
)
from server.storage.history import record
from server.storage.models import Assignment, Conference, Coordination, Directive, Position, Unit
from server.storage.workdays import load_calendar


@dataclass(frozen=True)
class DraftFields:
    """What a draft's form gives, whole."""

    title: str
    text: str
    expected_result: str
    deadline: TypedDeadline


@dataclass(frozen=True)
class Issued:
    """A directive after an action; `changed` False: it was so already."""

    directive_id: int
    state: DirectiveState
    number: str
    conference_id: int | None
    version: int
    changed: bool


def edit_directive(ctx: Context, directive_id: int, version: int, fields: DraftFields) -> Issued:
    """Set the words and the deadline of a draft; unchanged fields are no edit."""
    with ctx.write() as (session, actor):
        directive, post = _load(session, actor, directive_id)
        DIRECTIVES.move("edit", directive.state)
        new = _edits(session, directive, fields)
        old = {name: getattr(directive, name) for name in new}
        if not new:
            return _issued(directive, False)
        claim_version(session, directive, version)
        for name, value in new.items():
            setattr(directive, name, value)
        if "deadline_kind" in new:
            for assignment in assignments_of(session, directive.id):
                assignment.deadline_kind = directive.deadline_kind
                assignment.due_on, assignment.due_time = directive.due_on, directive.due_time
        data = {"old": _plain(old), "new": _plain(new)}
        _trace(session, ctx, actor, post, directive, "edit", data=data)
        return _issued(directive, True)


def set_units(
    ctx: Context,
    directive_id: int,
    version: int,
    leads: Sequence[int],
    coordinating: Sequence[int],
) -> Issued:
    """Make exactly these the lead and co-ordinating units. Of an issued directive units can only be
    added (`wrong_state`); the new lead's assignment is new at once.
    """
    with ctx.write() as (session, actor):
        directive, post = _load(session, actor, directive_id)
        live = {a.lead_unit_id: a for a in assignments_of(session, directive.id) if _live(a)}
        helping = {
            row.unit_id: row
            for row in session.scalars(
                sa.select(Coordination).where(Coordination.directive_id == directive.id)
            )
        }
        wanted = [unit_id for unit_id in dict.fromkeys(coordinating) if unit_id not in leads]
        acts = {
            "add_lead": [key for key in dict.fromkeys(leads) if key not in live],
            "remove_lead": [key for key in live if key not in leads],
            "add_coordinator": [key for key in wanted if key not in helping],
            "remove_coordinator": [key for key in helping if key not in wanted],
        }
        used = {action: keys for action, keys in acts.items() if keys}
        for action in used:
            DIRECTIVES.move(action, directive.state)
        if not used:
            return _issued(directive, False)
        if not leads:
            raise UserError("lead_missing")
        _check_units(session, [*acts["add_lead"], *acts["add_coordinator"]])
        claim_version(session, directive, version)
        for key in acts["remove_lead"]:
            session.delete(live[key])
        for key in acts["remove_coordinator"]:
            session.delete(helping[key])
        session.flush()
        added = [_draft_assignment(directive, key) for key in acts["add_lead"]]
        session.add_all(added)
        session.add_all(
            Coordination(directive_id=directive.id, unit_id=key) for key in acts["add_coordinator"]
        )
        session.flush()
        for action, keys in used.items():
            _trace(session, ctx, actor, post, directive, action, data={"units": keys})
        if directive.state is DirectiveState.ISSUED:
            directive.closed_at = None if added else directive.closed_at
            _hand_out(session, ctx, actor, post, directive, added, load_calendar(session))
        return _issued(directive, True)


def issue_directive(
    ctx: Context,
    directive_id: int,
    version: int,
    leader_position_id: int,
    *,
    past_confirmed: bool = False,
) -> Issued:
    """Issue by order of the leader who holds that position. Raises `lead_missing`,
    `deadline_missing`, `deadline_past`, `text_missing`.
    """
    with ctx.write() as (session, actor):
        directive, post = _load(session, actor, directive_id)
        move = DIRECTIVES.move("issue", directive.state)
        if not move.changed:
            return _issued(directive, False)
        leader = session.get(Position, leader_position_id)
        if leader is None or not leader.active or leader.role is not PositionRole.LEADER:
            raise UserError("invalid_field", field="leader", problem="unknown")
        if not directive.text.strip():
            raise UserError("text_missing")
        assignments = assignments_of(session, directive.id)
        if not assignments:
            raise UserError("lead_missing")
        calendar = load_calendar(session)
        chosen = True  # accepting asked for the kind; a draft cannot lose it
        guard_deadline(deadline_from_row(directive), chosen, ctx.today, calendar, past_confirmed)
        claim_version(session, directive, version)
        directive.leader_position_id = leader.id
        directive.year = ctx.today.year
        directive.number = next_number(session, directive.year)
        directive.state, directive.issued_at = move.new, ctx.now
        session.flush()
        _trace(
            session,
            ctx,
            actor,
            post,
            directive,
            "issue",
            old=move.old.value,
            data={"number": number_text(directive.year, directive.number), "leader": leader.id},
        )
        _hand_out(session, ctx, actor, post, directive, assignments, calendar)
        return _issued(directive, True)


def discard_directive(ctx: Context, directive_id: int, version: int) -> Issued:
    """Discard a draft; the candidate it came from is open again."""
    with ctx.write() as (session, actor):
        directive, post = _load(session, actor, directive_id)
        move = DIRECTIVES.move("discard", directive.state)
        if not move.changed:
            return _issued(directive, False)
        claim_version(session, directive, version)
        discard_draft(session, ctx, actor, post, directive)
        if directive.candidate_id is not None:
            reopen_candidate(session, ctx, actor, post, directive.candidate_id)
        return _issued(directive, True)


def _load(session: Session, actor: Actor, directive_id: int) -> tuple[Directive, Post]:
    directive = load_directive(session, actor, directive_id, lock=True)
    post = issuer_post(actor, source_of(session, directive))
    if post is None:
        raise forbidden(*OFFICE)
    return directive, post


def _edits(session: Session, directive: Directive, fields: DraftFields) -> dict[str, Any]:
    """The columns that the form changes."""
    words = {
        "title": " ".join(fields.title.split()),
        "text": fields.text.strip(),
        "expected_result": fields.expected_result.strip() or None,
    }
    for name in ("title", "text"):
        if not words[name]:
            raise UserError("invalid_field", field=name, problem="empty")
    new = {name: value for name, value in words.items() if value != getattr(directive, name)}
    if fields.deadline != typed(deadline_from_row(directive), chosen=True):
        conference = (
            session.get(Conference, directive.conference_id) if directive.conference_id else None
        )
        if conference is None:
            raise UserError("deadline_missing")
        held_on = conference.starts_at.astimezone(ZONE).date()
        deadline, chosen = deadline_of(fields.deadline, held_on, load_calendar(session))
        if not chosen:
            raise UserError("deadline_missing")
        new |= deadline_columns(deadline)
    return new


def _hand_out(
    session: Session,
    ctx: Context,
    actor: Actor,
    post: Post,
    directive: Directive,
    assignments: Sequence[Assignment],
    calendar: Calendar,
) -> None:
    """Assignments → new, each with its deadline and its history row."""
    deadline = deadline_from_row(directive)
    due_at = deadline.due_at(calendar)
    for assignment in assignments:
        move = ASSIGNMENTS.move("issue", assignment.state)
        assignment.state, assignment.issued_at = move.new, ctx.now
        assignment.conference_id = directive.conference_id
        assignment.leader_position_id = directive.leader_position_id
        claim_version(session, assignment, None)
        first_deadline(session, assignment, deadline, due_at, ctx.now, actor, post)
        record(
            session,
            ("assignment", assignment.id),
            "issue",
            actor=actor,
            now=ctx.now,
            post=post,
            parent=("directive", directive.id),
            old=move.old.value,
            new=move.new.value,
        )


def _live(assignment: Assignment) -> bool:
    return assignment.state not in (AssignmentState.WITHDRAWN, AssignmentState.MERGED)


def _draft_assignment(directive: Directive, unit_id: int) -> Assignment:
    return Assignment(
        directive_id=directive.id,
        lead_unit_id=unit_id,
        state=AssignmentState.DRAFT,
        deadline_kind=directive.deadline_kind,
        due_on=directive.due_on,
        due_time=directive.due_time,
        conference_id=directive.conference_id,
        leader_position_id=directive.leader_position_id,
    )


def _check_units(session: Session, unit_ids: Sequence[int]) -> None:
    known = set(
        session.scalars(
            sa.select(Unit.id).where(Unit.id.in_(unit_ids), Unit.active_to_on.is_(None))
        )
    )
    if known != set(unit_ids):
        raise UserError("invalid_field", field="unit", problem="unknown")


def _trace(
    session: Session,
    ctx: Context,
    actor: Actor,
    post: Post,
    directive: Directive,
    action: str,
    *,
    old: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    conference_id = directive.conference_id
    record(
        session,
        ("directive", directive.id),
        action,
        actor=actor,
        now=ctx.now,
        post=post,
        parent=("conference", conference_id) if conference_id else None,
        old=old or directive.state.value,
        new=directive.state.value,
        data=data,
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON can hold."""
    return {
        name: value if isinstance(value, (str, int, dict, type(None))) else str(value)
        for name, value in values.items()
    }


def _issued(directive: Directive, changed: bool) -> Issued:
    number = number_text(directive.year, directive.number)
    return Issued(
        directive.id, directive.state, number, directive.conference_id, directive.version, changed
    )


def close_if_done(session: Session, ctx: Context, directive: Directive) -> None:
    """`closed_at` is given while every assignment is done, withdrawn or merged."""
    open_left = session.scalar(
        sa.select(sa.func.count())
        .select_from(Assignment)
        .where(Assignment.directive_id == directive.id, Assignment.state.not_in(CLOSED_STATES))
    )
    directive.closed_at = None if open_left else ctx.now
