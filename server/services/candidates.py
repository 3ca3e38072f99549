"""What a secretary does with a candidate: edit, accept, reject, undo.

Each leaves one `change` row and one `decision` row (before, after, seconds looked at it), our
evaluation data. The machine's `proposal` is never touched; `edited` names the fields a person set,
so that re-extraction leaves them alone. Issuing is not here: accepting makes a draft only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.deadlines import guard_deadline
from server.domain.directives import (
    DIRECTIVES,
    AssignmentState,
    DirectiveSource,
    DirectiveState,
)
from server.domain.errors import UserError
from server.domain.review import (
    CANDIDATES,
    CandidateKind,
    CandidateState,
    CandidateUnitRole,
    RejectReason,
    guard_evidence,
)
from server.services.candidate_case import (
    Case,
    Fields,
    apply_fields,
    case_of,
    leave_trace,
    open_case,
    refs_of,
)
from server.services.context import Context
from server.storage.directives import (
    assignments_of,
    claim_version,
    deadline_columns,
    deadline_from_row,
)
from server.storage.history import record
from server.storage.models import Assignment, Candidate, Conference, Coordination, Directive
from server.storage.org import groups_in_order, members_of_group
from server.storage.review import claim_candidate, evidence_facts, evidence_of
from server.storage.workdays import load_calendar

TITLE_LENGTH = 160


@dataclass(frozen=True)
class Outcome:
    """What an action came to; `changed` False: it was so already."""

    candidate_id: int
    conference_id: int
    state: CandidateState
    version: int
    changed: bool
    directive_id: int | None = None


def edit_candidate(
    ctx: Context, candidate_id: int, version: int, fields: Fields, seconds: int = 0
) -> Outcome:
    """Set the working fields; unchanged fields are no edit."""
    with ctx.write() as (session, actor):
        case = open_case(ctx, session, actor, candidate_id)
        changed = apply_fields(case, fields, version, seconds)
        return _outcome(case, changed)


def accept_candidate(
    ctx: Context,
    candidate_id: int,
    version: int,
    fields: Fields | None = None,
    *,
    without: Sequence[int] = (),
    past_confirmed: bool = False,
    seconds: int = 0,
) -> Outcome:
    """Make a draft directive of a task. `fields` are edits made on the way, `without` the units
    unticked of a group. Raises `lead_missing`, `deadline_missing`, `deadline_past`,
    `evidence_flagged`, `wrong_state` for a request (its table comes later).
    """
    with ctx.write() as (session, actor):
        case = open_case(ctx, session, actor, candidate_id)
        c = case.candidate
        move = CANDIDATES.move("accept", c.state)
        if not move.changed:
            return _outcome(case, False)
        if c.kind is CandidateKind.REQUEST:
            raise UserError("wrong_state", object="request", state=c.state.value, action="accept")
        if fields is None or not apply_fields(case, fields, version, seconds):
            claim_candidate(session, c, version)
        leads = _fan_out(case, CandidateUnitRole.LEAD, without)
        if not leads:
            raise UserError("lead_missing")
        calendar = load_calendar(session)
        deadline = deadline_from_row(c)
        guard_deadline(deadline, c.deadline_chosen, ctx.today, calendar, past_confirmed)
        evidence = evidence_of(session, c.id)
        guard_evidence(evidence_facts(session, evidence))
        c.state = move.new
        directive = _draft(case, leads, _fan_out(case, CandidateUnitRole.COORDINATING, without))
        c.directive_id = directive.id
        leave_trace(case, "accept", move.old, seconds, data={"directive": directive.id})
        return _outcome(case, True)


def reject_candidate(
    ctx: Context,
    candidate_id: int,
    version: int,
    reason: RejectReason,
    *,
    note: str = "",
    seconds: int = 0,
) -> Outcome:
    """Say that it is no task, and why."""
    with ctx.write() as (session, actor):
        case = open_case(ctx, session, actor, candidate_id)
        move = CANDIDATES.move("reject", case.candidate.state)
        if not move.changed:
            return _outcome(case, False)
        claim_candidate(session, case.candidate, version)
        case.candidate.state = move.new
        leave_trace(case, "reject", move.old, seconds, reason=reason, note=note.strip())
        return _outcome(case, True)


def undo_candidate(ctx: Context, candidate_id: int, version: int, seconds: int = 0) -> Outcome:
    """Open it again; the draft directive that accepting made is discarded. Raises
    `already_issued`.
    """
    with ctx.write() as (session, actor):
        case = open_case(ctx, session, actor, candidate_id)
        c = case.candidate
        directive = session.get(Directive, c.directive_id) if c.directive_id else None
        if directive is not None and directive.state is not DirectiveState.DRAFT:
            raise UserError("already_issued")
        move = CANDIDATES.move("undo", c.state)
        if not move.changed:
            return _outcome(case, False)
        claim_candidate(session, c, version)
        if directive is not None:
            discard_draft(session, ctx, actor, case.post, directive)
        c.state, c.directive_id = move.new, None
        leave_trace(case, "undo", move.old, seconds)
        return _outcome(case, True)


def _outcome(case: Case, changed: bool) -> Outcome:
    c = case.candidate
    return Outcome(c.id, c.conference_id, c.state, c.version, changed, c.directive_id)


def discard_draft(
    session: Session, ctx: Context, actor: Actor, post: Post, directive: Directive
) -> None:
    """Discard a draft directive: its assignments' rows go. The candidate is the caller's."""
    move = DIRECTIVES.move("discard", directive.state)
    claim_version(session, directive, None)
    directive.state = move.new
    for assignment in assignments_of(session, directive.id):
        session.delete(assignment)
    record(
        session,
        ("directive", directive.id),
        "discard",
        actor=actor,
        now=ctx.now,
        post=post,
        old=move.old.value,
        new=move.new.value,
    )


def reopen_candidate(
    session: Session, ctx: Context, actor: Actor, post: Post, candidate_id: int
) -> None:
    """The draft made of it was discarded: open it again."""
    candidate = session.get(Candidate, candidate_id)
    if candidate is None:
        return
    conference = session.get_one(Conference, candidate.conference_id)
    case = case_of(ctx, session, actor, post, candidate, conference)
    move = CANDIDATES.move("draft_discarded", candidate.state)
    claim_candidate(session, candidate, candidate.version)
    candidate.state, candidate.directive_id = move.new, None
    leave_trace(case, "draft_discarded", move.old, 0)


def _fan_out(case: Case, role: CandidateUnitRole, without: Sequence[int]) -> list[int]:
    """The unit ids of a role, groups opened into their members less the unticked ones."""
    groups = {group.id: group for group in groups_in_order(case.session)}
    out: dict[int, None] = {}
    for ref in refs_of(case.units, role):
        if ref.unit_id is not None:
            out[ref.unit_id] = None
        elif ref.group_id is not None:
            members = members_of_group(case.session, groups[ref.group_id], case.ctx.today)
            out.update(dict.fromkeys(unit.id for unit in members if unit.id not in without))
    return list(out)


def _draft(case: Case, leads: Sequence[int], coordinating: Sequence[int]) -> Directive:
    """The draft directive of an accepted candidate, with its draft assignments."""
    c, session, ctx = case.candidate, case.session, case.ctx
    evidence = evidence_of(session, c.id)
    deadline = deadline_from_row(c)
    directive = Directive(
        year=ctx.today.year,
        title=shorten(c.title),
        text=c.title,
        leader_position_id=None,
        source=DirectiveSource.CONFERENCE,
        conference_id=c.conference_id,
        candidate_id=c.id,
        source_track_id=evidence[0].track_id if evidence else None,
        source_ms=evidence[0].start_ms if evidence else c.start_ms,
        state=DirectiveState.DRAFT,
        **deadline_columns(deadline),
    )
    session.add(directive)
    session.flush()
    session.add_all(
        Assignment(
            directive_id=directive.id,
            lead_unit_id=unit_id,
            state=AssignmentState.DRAFT,
            deadline_kind=deadline.kind,
            due_on=deadline.due_on,
            due_time=deadline.due_time,
            conference_id=c.conference_id,
        )
        for unit_id in leads
    )
    session.add_all(
        Coordination(directive_id=directive.id, unit_id=unit_id)
        for unit_id in coordinating
        if unit_id not in leads
    )
    record(
        session,
        ("directive", directive.id),
        "draft",
        actor=case.actor,
        now=ctx.now,
        post=case.post,
        parent=("conference", c.conference_id),
        new=DirectiveState.DRAFT.value,
        data={"candidate": c.id, "leads": list(leads)},
    )
    return directive


def shorten(text: str, length: int = TITLE_LENGTH) -> str:
    """A title of at most `length` characters, cut between words."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
