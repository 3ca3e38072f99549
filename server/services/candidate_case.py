"""A candidate under decision: loaded with permission, its fields set, its trace left.

The parts that every decision shares. What the decisions are is in `candidates`. The machine's
`proposal` is never touched; `edited` names the fields a person set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.errors import UserError
from server.domain.review import CANDIDATES, CandidateState, CandidateUnitRole, RejectReason
from server.services.context import ZONE, Context
from server.services.deadlines import TypedDeadline, deadline_of, typed
from server.storage.directives import deadline_columns, deadline_from_row
from server.storage.history import record
from server.storage.models import Candidate, CandidateUnit, Conference
from server.storage.org import active_units, groups_in_order
from server.storage.review import claim_candidate, decide, load_candidate, units_of
from server.storage.workdays import load_calendar


@dataclass(frozen=True)
class UnitRef:
    """A unit or a group, one of them: `u12`, `g3` in forms."""

    unit_id: int | None = None
    group_id: int | None = None

    def __str__(self) -> str:
        return f"u{self.unit_id}" if self.unit_id is not None else f"g{self.group_id}"

    @classmethod
    def parse(cls, text: str) -> UnitRef:
        """The reference of a form's value; `invalid_field` for anything else."""
        if len(text) > 1 and text[1:].isdecimal() and text[0] in "ug":
            key = int(text[1:])
            return cls(unit_id=key) if text[0] == "u" else cls(group_id=key)
        raise UserError("invalid_field", field="unit", problem="unknown")


@dataclass(frozen=True)
class Fields:
    """The working fields of a candidate as the form gives them, whole."""

    title: str
    leads: tuple[UnitRef, ...]
    coordinating: tuple[UnitRef, ...]
    deadline: TypedDeadline


@dataclass
class Case:
    """A candidate under decision, with who decides and what was before."""

    session: Session
    actor: Actor
    post: Post
    ctx: Context
    candidate: Candidate
    conference: Conference
    units: list[CandidateUnit]
    before: dict[str, Any]

    @property
    def held_on(self) -> date:
        """The local day of the conference: words are counted from it."""
        return self.conference.starts_at.astimezone(ZONE).date()


def open_case(ctx: Context, session: Session, actor: Actor, candidate_id: int) -> Case:
    """The candidate for its reviewer; else `not_found`."""
    candidate, conference, post = load_candidate(session, actor, candidate_id)
    return case_of(ctx, session, actor, post, candidate, conference)


def case_of(
    ctx: Context,
    session: Session,
    actor: Actor,
    post: Post,
    candidate: Candidate,
    conference: Conference,
) -> Case:
    """The case of a candidate that is loaded already."""
    units = units_of(session, [candidate.id])[candidate.id]
    before = snapshot(candidate, units)
    return Case(session, actor, post, ctx, candidate, conference, units, before)


def snapshot(candidate: Candidate, units: Sequence[CandidateUnit]) -> dict[str, Any]:
    """The working fields as plain values, for `decision.before` and `.after`."""
    deadline = deadline_from_row(candidate)
    return {
        "state": candidate.state.value,
        "kind": candidate.kind.value,
        "title": candidate.title,
        "units": [[u.role.value, u.phrase, u.unit_id, u.group_id] for u in units],
        "deadline": {
            "kind": deadline.kind.value,
            "due_on": deadline.due_on.isoformat() if deadline.due_on else None,
            "due_time": deadline.due_time,
            "phrase": deadline.phrase,
            "event_text": deadline.event_text,
            "recurrence": deadline.recurrence,
            "chosen": candidate.deadline_chosen,
        },
    }


def refs_of(units: Sequence[CandidateUnit], role: CandidateUnitRole) -> tuple[UnitRef, ...]:
    """The resolved units and groups of one role."""
    return tuple(
        UnitRef(unit.unit_id, unit.group_id)
        for unit in units
        if unit.role is role and (unit.unit_id is not None or unit.group_id is not None)
    )


def apply_fields(case: Case, fields: Fields, version: int, seconds: int) -> bool:
    """Set what differs; True when something did (then the version is claimed)."""
    c, session = case.candidate, case.session
    fields = replace(fields, title=" ".join(fields.title.split()))
    if not fields.title:
        raise UserError("invalid_field", field="title", problem="empty")
    roles = {
        CandidateUnitRole.LEAD: fields.leads,
        CandidateUnitRole.COORDINATING: fields.coordinating,
    }
    moved = [role for role, refs in roles.items() if set(refs) != set(refs_of(case.units, role))]
    changed = [role.value for role in moved]
    if fields.title != c.title:
        changed.append("title")
    if fields.deadline != typed(deadline_from_row(c), c.deadline_chosen):
        changed.append("deadline")
    if not changed:
        return False
    move = CANDIDATES.move("edit", c.state)
    claim_candidate(session, c, version)
    c.title = fields.title
    if "deadline" in changed:
        calendar = load_calendar(session)
        deadline, chosen = deadline_of(fields.deadline, case.held_on, calendar)
        for name, value in deadline_columns(deadline).items():
            setattr(c, name, value)
        c.deadline_chosen = chosen
    for role in moved:
        _set_units(case, role, roles[role])
    c.edited = sorted({*c.edited, *changed})
    c.state = move.new
    leave_trace(case, "edit", move.old, seconds, data={"fields": changed})
    case.before = snapshot(c, case.units)
    return True


def _set_units(case: Case, role: CandidateUnitRole, refs: Sequence[UnitRef]) -> None:
    """Make exactly these the units of a role; rows that stay keep the words they were heard by."""
    session = case.session
    kept = set()
    for unit in [unit for unit in case.units if unit.role is role]:
        ref = UnitRef(unit.unit_id, unit.group_id)
        if ref in refs and ref not in kept:
            kept.add(ref)
            continue
        case.units.remove(unit)
        session.delete(unit)
    names = {UnitRef(unit_id=u.id): u.name for u in active_units(session, case.ctx.today)}
    names |= {UnitRef(group_id=g.id): g.name for g in groups_in_order(session)}
    for ref in dict.fromkeys(refs):
        if ref in kept:
            continue
        if ref not in names:
            raise UserError("invalid_field", field="unit", problem="unknown")
        unit = CandidateUnit(
            candidate_id=case.candidate.id,
            role=role,
            phrase=names[ref],
            unit_id=ref.unit_id,
            group_id=ref.group_id,
            choices=[],
        )
        session.add(unit)
        case.units.append(unit)


def leave_trace(
    case: Case,
    action: str,
    old: CandidateState,
    seconds: int,
    *,
    reason: RejectReason | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """One `change` row and one `decision` row."""
    c = case.candidate
    record(
        case.session,
        ("candidate", c.id),
        action,
        actor=case.actor,
        now=case.ctx.now,
        post=case.post,
        parent=("conference", c.conference_id),
        old=old.value,
        new=c.state.value,
        reason=note or (reason.value if reason else None),
        data=data,
    )
    decide(
        case.session,
        c,
        action,
        actor=case.actor,
        post=case.post,
        now=case.ctx.now,
        seconds=max(0, min(seconds, 86_400)),
        before=case.before,
        after=snapshot(c, case.units),
        reason_code=reason.value if reason else None,
    )
