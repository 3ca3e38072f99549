"""The review page of a conference: its candidates, the one in hand beside its words, the drafts.

Reading only; decisions are in `candidates`, issuing in `issuing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.deadlines import DeadlineKind
from server.domain.directives import DirectiveState
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole
from server.domain.workdays import Calendar
from server.services.candidate_case import UnitRef, refs_of
from server.services.choices import UnitOption, unit_options
from server.services.context import ZONE, Context
from server.services.deadlines import TypedDeadline, Understood, typed, understood
from server.services.spoken import EvidencePiece, Turn, turns_around
from server.storage.assignments import history_of
from server.storage.directives import deadline_from_row
from server.storage.models import Candidate, CandidateUnit, Directive, Evidence, Unit
from server.storage.review import (
    candidates_of,
    evidence_of,
    load_reviewed,
    units_of,
)
from server.storage.workdays import load_calendar

DOUBT_BELOW = 97  # of 100; the matcher takes 90 and more, a sound-alike among them is marked
SURE_FROM = 0.8


@dataclass(frozen=True)
class CandidateLine:
    """A candidate in the list at the left; `lead` '' when none is resolved."""

    id: int
    n: int
    version: int
    state: CandidateState
    kind: CandidateKind
    lead: str
    title: str
    unclear: bool


@dataclass(frozen=True)
class Heard:
    """A body whose name the recogniser was unsure of, with what it may be."""

    role: CandidateUnitRole
    phrase: str
    resolved: bool
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CandidateCard:
    """The candidate in hand."""

    id: int
    n: int
    version: int
    state: CandidateState
    kind: CandidateKind
    title: str
    leads: tuple[str, ...]
    coordinating: tuple[str, ...]
    parties: tuple[tuple[CandidateUnitRole, str], ...]
    doubts: frozenset[str]
    heard: tuple[Heard, ...]
    deadline: TypedDeadline
    deadline_kind: DeadlineKind
    understood: Understood
    confidence: float
    reasons: tuple[str, ...]
    evidence: tuple[EvidencePiece, ...]
    decided_by: str
    decided_at: datetime | None
    reason: str
    directive_id: int | None
    directive_state: DirectiveState | None

    @property
    def sure(self) -> bool:
        """The machine was sure of it."""
        return self.confidence >= SURE_FROM


@dataclass(frozen=True)
class ReviewPage:
    """Everything the page shows."""

    conference_id: int
    title: str
    starts_at: datetime
    held_on: date
    lines: tuple[CandidateLine, ...]
    card: CandidateCard | None
    previous_id: int | None
    next_id: int | None
    turns: tuple[Turn, ...]
    options: tuple[UnitOption, ...]
    drafts: int
    just_decided: CandidateLine | None

    @property
    def decided(self) -> int:
        """Candidates that are not open any more."""
        return sum(line.state is not CandidateState.OPEN for line in self.lines)


def review_page(
    ctx: Context, conference_id: int, candidate_id: int | None = None, after: int | None = None
) -> ReviewPage:
    """The page, with the named candidate in hand, else the next open one (behind `after`, the one
    just decided). `not_found` for whoever is no reviewer.
    """
    with ctx.read() as (session, actor):
        conference, _ = load_reviewed(session, actor, conference_id)
        candidates = candidates_of(session, conference_id)
        units = units_of(session, [candidate.id for candidate in candidates])
        options = unit_options(session, ctx.today)
        labels = {option.value: option.label for option in options}
        short = {option.value: option.short for option in options}
        lines = tuple(
            _line(n, candidate, units[candidate.id], short)
            for n, candidate in enumerate(candidates, 1)
        )
        at = _place(candidates, candidate_id, after)
        held_on = conference.starts_at.astimezone(ZONE).date()
        card: CandidateCard | None = None
        turns: tuple[Turn, ...] = ()
        if at is not None:
            chosen = candidates[at]
            evidence = evidence_of(session, chosen.id)
            calendar = load_calendar(session)
            card = _card(session, ctx, chosen, at + 1, units[chosen.id], evidence, labels, calendar)
            turns = turns_around(session, conference_id, chosen.start_ms, evidence)
        return ReviewPage(
            conference.id,
            conference.title,
            conference.starts_at,
            held_on,
            lines,
            card,
            candidates[at - 1].id if at else None,
            candidates[at + 1].id if at is not None and at + 1 < len(candidates) else None,
            turns,
            options,
            _count_drafts(session, conference_id),
            next((line for line in lines if line.id == after), None),
        )


def _place(candidates: Sequence[Candidate], wanted: int | None, after: int | None) -> int | None:
    places = {candidate.id: n for n, candidate in enumerate(candidates)}
    if wanted in places:
        return places[wanted]
    still_open = [n for n, item in enumerate(candidates) if item.state is CandidateState.OPEN]
    behind = [n for n in still_open if n > places.get(after or 0, -1)]
    if behind or still_open:
        return (behind or still_open)[0]
    return places.get(after or 0, 0) if candidates else None


def _line(
    n: int, candidate: Candidate, units: Sequence[CandidateUnit], labels: Mapping[str, str]
) -> CandidateLine:
    role = (
        CandidateUnitRole.LEAD if candidate.kind is CandidateKind.TASK else CandidateUnitRole.FROM
    )
    refs = refs_of(units, role)
    lead = labels.get(str(refs[0]), "") if refs else ""
    missing = not refs or (
        candidate.deadline_kind is DeadlineKind.NONE and not candidate.deadline_chosen
    )
    unclear = candidate.kind is CandidateKind.TASK and (
        missing or candidate.confidence < SURE_FROM or any(_doubtful(unit) for unit in units)
    )
    return CandidateLine(
        candidate.id,
        n,
        candidate.version,
        candidate.state,
        candidate.kind,
        lead,
        candidate.title,
        unclear,
    )


def _doubtful(unit: CandidateUnit) -> bool:
    return unit.score is not None and unit.score < DOUBT_BELOW


def _card(
    session: Session,
    ctx: Context,
    c: Candidate,
    n: int,
    units: Sequence[CandidateUnit],
    evidence: Sequence[Evidence],
    labels: Mapping[str, str],
    calendar: Calendar,
) -> CandidateCard:
    deadline = deadline_from_row(c)
    entry = typed(deadline, c.deadline_chosen)
    history = history_of(session, [("candidate", c.id)])
    last = history[0] if history and c.state is not CandidateState.OPEN else None
    directive = session.get(Directive, c.directive_id) if c.directive_id else None
    return CandidateCard(
        id=c.id,
        n=n,
        version=c.version,
        state=c.state,
        kind=c.kind,
        title=c.title,
        leads=tuple(str(ref) for ref in refs_of(units, CandidateUnitRole.LEAD)),
        coordinating=tuple(str(ref) for ref in refs_of(units, CandidateUnitRole.COORDINATING)),
        parties=tuple(
            (unit.role, labels.get(str(UnitRef(unit.unit_id, unit.group_id)), unit.phrase))
            for unit in units
        ),
        doubts=frozenset(
            str(UnitRef(unit.unit_id, unit.group_id))
            for unit in units
            if _doubtful(unit) and (unit.unit_id or unit.group_id)
        ),
        heard=_heard(session, units),
        deadline=entry,
        deadline_kind=deadline.kind,
        understood=understood(deadline, ctx.today, calendar),
        confidence=c.confidence,
        reasons=tuple(str(reason) for reason in c.reasons),
        evidence=tuple(
            EvidencePiece(piece.track_id, piece.start_ms, piece.end_ms, piece.quote)
            for piece in evidence
        ),
        decided_by=last.who if last else "",
        decided_at=last.at if last else None,
        reason=(last.reason or "") if last else "",
        directive_id=c.directive_id,
        directive_state=directive.state if directive else None,
    )


def _heard(session: Session, units: Sequence[CandidateUnit]) -> tuple[Heard, ...]:
    """The names that want a second look, with their choices as picker values."""
    unsure = [unit for unit in units if _doubtful(unit) or (unit.unit_id or unit.group_id) is None]
    codes = {code for unit in unsure for code, _ in unit.choices or ()}
    known = {
        code: (f"u{key}", name)
        for key, code, name in session.execute(
            sa.select(Unit.id, Unit.code, Unit.name).where(Unit.code.in_(codes))
        )
    }
    return tuple(
        Heard(
            unit.role,
            unit.phrase,
            (unit.unit_id or unit.group_id) is not None,
            tuple(known[code] for code, _ in unit.choices or () if code in known),
        )
        for unit in unsure
    )


def _count_drafts(session: Session, conference_id: int) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                Directive.conference_id == conference_id, Directive.state == DirectiveState.DRAFT
            )
        )
        or 0
    )
