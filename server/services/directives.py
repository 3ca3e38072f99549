"""The Office's desk: lists of assignments by state and lateness, one directive with all its shares.

Reading only; what happens to a directive is in `issuing`, to one share in `assignments`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.deadlines import DeadlineKind, Lateness, Period, period_of, soon_until, worst
from server.domain.directives import (
    DIRECTIVES,
    OPEN_STATES,
    AssignmentState,
    DirectiveState,
    Urgency,
    issuer_post,
    number_text,
)
from server.domain.recordings import listener_post
from server.domain.review import reviewer_post
from server.services.choices import UnitOption, chair_position, leader_options, unit_options
from server.services.context import Context
from server.services.deadlines import TypedDeadline, typed
from server.services.share_card import ShareCard, share_card
from server.services.shares import Order, Share, shares, with_coordinators
from server.services.spoken import EvidencePiece
from server.storage.assignments import HistoryLine, history_of
from server.storage.directives import (
    deadline_from_row,
    lateness_sql,
    load_directive,
    sees_assignment,
    source_of,
)
from server.storage.models import (
    Assignment,
    Conference,
    Coordination,
    Directive,
    Evidence,
    Position,
    Unit,
)
from server.storage.review import evidence_of
from server.storage.workdays import load_calendar

PAGE = 100


@dataclass(frozen=True)
class Filter:
    """What the desk shows: a state, a lateness, a unit, a conference, words of the title; without
    state and lateness all open ones.
    """

    state: AssignmentState | None = None
    lateness: Lateness | None = None
    unit_id: int | None = None
    conference_id: int | None = None
    words: str = ""
    offset: int = 0


@dataclass(frozen=True)
class Desk:
    """A page of the desk. `counts`: open assignments by state, lateness and in all (`open`) under
    the same filter; `units`: how many units those of the page's view belong to.
    """

    lines: tuple[Share, ...]
    counts: dict[str, int]
    units: int
    more: bool
    unit_name: str
    conference: str


@dataclass(frozen=True)
class DirectivePage:
    """One directive with the shares that this person sees, one of them in hand."""

    id: int
    version: int
    number: str
    title: str
    text: str
    expected_result: str
    urgency: Urgency
    state: DirectiveState
    lateness: Lateness
    deadline_kind: DeadlineKind
    due_on: date | None
    due_time: str | None
    due_phrase: str | None
    event_text: str | None
    period: Period | None
    issued_at: datetime | None
    leader: str
    conference_id: int | None
    conference: str
    conference_at: datetime | None
    evidence: tuple[EvidencePiece, ...]
    shares: tuple[Share, ...]
    coordinating: tuple[str, ...]
    card: ShareCard | None
    history: tuple[HistoryLine, ...]
    may_issue: bool
    may_edit: bool
    may_review: bool
    may_hear: bool
    draft: Draft | None


@dataclass(frozen=True)
class Draft:
    """What the form of a draft offers."""

    deadline: TypedDeadline
    leads: tuple[str, ...]
    helpers: tuple[str, ...]
    options: tuple[UnitOption, ...]
    leaders: tuple[tuple[int, str], ...]
    leader_id: int | None
    past: bool


def desk(ctx: Context, wanted: Filter) -> Desk:
    """A page of assignments, most urgent first."""
    with ctx.read() as (session, actor):
        calendar = load_calendar(session)
        soon = soon_until(ctx.today, calendar)
        base = _filtered(actor, wanted)
        view = _view(wanted, ctx.now, soon)
        found = shares(
            session,
            ctx.now,
            calendar,
            sa.and_(base, view),
            *_order(wanted.state),
            limit=PAGE + 1,
            offset=wanted.offset,
        )
        units = session.scalar(
            sa.select(sa.func.count(sa.distinct(Assignment.lead_unit_id)))
            .join(Directive, Assignment.directive_id == Directive.id)
            .where(base, view)
        )
        unit = session.get(Unit, wanted.unit_id) if wanted.unit_id else None
        conference = session.get(Conference, wanted.conference_id) if wanted.conference_id else None
        return Desk(
            tuple(with_coordinators(session, found[:PAGE])),
            _counts(session, base, ctx.now, soon),
            units or 0,
            len(found) > PAGE,
            unit.name if unit else "",
            conference.title if conference else "",
        )


def directive_page(ctx: Context, directive_id: int, share_id: int | None = None) -> DirectivePage:
    """The directive; `not_found` for whom it is hidden from. Units see only their own shares, or
    all of a directive they co-ordinate.
    """
    with ctx.read() as (session, actor):
        d = load_directive(session, actor, directive_id)
        calendar = load_calendar(session)
        found = shares(
            session,
            ctx.now,
            calendar,
            sa.and_(Assignment.directive_id == d.id, sees_assignment(actor)),
            Unit.sort,
        )
        found = with_coordinators(session, found)
        source = source_of(session, d)
        may_issue = issuer_post(actor, source) is not None
        chosen = next((share for share in found if share.assignment_id == share_id), None)
        if chosen is None and len(found) == 1 and d.state is DirectiveState.ISSUED:
            chosen = found[0]
        leader = session.get(Position, d.leader_position_id) if d.leader_position_id else None
        conference = session.get(Conference, d.conference_id) if d.conference_id else None
        due_at = deadline_from_row(d).due_at(calendar)
        past = due_at is not None and due_at < ctx.now
        return DirectivePage(
            id=d.id,
            version=d.version,
            number=number_text(d.year, d.number),
            title=d.title,
            text=d.text,
            expected_result=d.expected_result or "",
            urgency=d.urgency,
            state=d.state,
            lateness=worst([share.lateness for share in found]),
            deadline_kind=d.deadline_kind,
            due_on=d.due_on,
            due_time=d.due_time,
            due_phrase=d.due_phrase,
            event_text=d.event_text,
            period=period_of(d.recurrence),
            issued_at=d.issued_at,
            leader=leader.title if leader else "",
            conference_id=d.conference_id,
            conference=conference.title if conference else "",
            conference_at=conference.starts_at if conference else None,
            evidence=evidence_pieces(session, d),
            shares=tuple(found),
            coordinating=_helpers(session, d.id),
            card=share_card(session, ctx, actor, chosen, source) if chosen else None,
            history=tuple(history_of(session, [("directive", d.id)])),
            may_issue=may_issue,
            may_edit=may_issue and DIRECTIVES.allows("edit", d.state),
            may_review=reviewer_post(actor, source.conference_roles) is not None,
            may_hear=listener_post(actor, source.conference_roles) is not None,
            draft=(
                _draft(session, ctx, d, past)
                if may_issue and d.state is DirectiveState.DRAFT
                else None
            ),
        )


def evidence_pieces(session: Session, directive: Directive) -> tuple[EvidencePiece, ...]:
    """The words a directive rests on."""
    if directive.candidate_id is None:
        return ()
    found: list[Evidence] = evidence_of(session, directive.candidate_id)
    return tuple(EvidencePiece(e.track_id, e.start_ms, e.end_ms, e.quote) for e in found)


def _filtered(actor: Actor, wanted: Filter) -> sa.ColumnElement[bool]:
    clauses = [sees_assignment(actor)]
    if wanted.unit_id is not None:
        clauses.append(Assignment.lead_unit_id == wanted.unit_id)
    if wanted.conference_id is not None:
        clauses.append(Assignment.conference_id == wanted.conference_id)
    words = wanted.words.strip()
    if words:
        # The databases' own lower() leaves Đ, Ê … as they are, so the spellings are made here.
        spellings = {words, words.lower(), words[:1].upper() + words[1:]}
        clauses.append(
            sa.or_(*(Directive.title.contains(text, autoescape=True) for text in spellings))
        )
    return sa.and_(*clauses)


def _view(wanted: Filter, now: datetime, soon: datetime) -> sa.ColumnElement[bool]:
    clauses = []
    if wanted.state is not None:
        clauses.append(Assignment.state == wanted.state)
    else:
        clauses.append(Assignment.state.in_(OPEN_STATES))
    if wanted.lateness is not None:
        clauses.append(lateness_sql(now, soon) == wanted.lateness.value)
    return sa.and_(*clauses)


def _order(state: AssignmentState | None) -> tuple[Order, ...]:
    if state is AssignmentState.DONE:
        return (Assignment.closed_at.desc(),)
    if state is AssignmentState.SUBMITTED:
        return (Assignment.handed_at.asc(),)
    return (Assignment.judged_at.asc().nulls_last(), Unit.sort.asc())


def _counts(
    session: Session, base: sa.ColumnElement[bool], now: datetime, soon: datetime
) -> dict[str, int]:
    # Grouped by its name: PostgreSQL takes the same CASE with other parameters for another one.
    late = lateness_sql(now, soon).label("how")
    rows = session.execute(
        sa.select(Assignment.state, late, sa.func.count())
        .join(Directive, Assignment.directive_id == Directive.id)
        .where(base, Assignment.state.in_(OPEN_STATES))
        .group_by(Assignment.state, sa.literal_column("how"))
    )
    counts: Counter[str] = Counter()
    for state, how, count in rows:
        for name in ("open", state.value, how):
            counts[name] += count
    return dict(counts)


def _helpers(session: Session, directive_id: int) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            sa.select(Unit.name)
            .join(Coordination, Coordination.unit_id == Unit.id)
            .where(Coordination.directive_id == directive_id)
            .order_by(Unit.sort, Unit.id)
        )
    )


def _draft(session: Session, ctx: Context, d: Directive, past: bool) -> Draft:
    leads = session.scalars(
        sa.select(Assignment.lead_unit_id).where(Assignment.directive_id == d.id)
    )
    helpers = session.scalars(
        sa.select(Coordination.unit_id).where(Coordination.directive_id == d.id)
    )
    return Draft(
        deadline=typed(deadline_from_row(d), chosen=True),
        leads=tuple(f"u{key}" for key in leads),
        helpers=tuple(f"u{key}" for key in helpers),
        options=unit_options(session, ctx.today),
        leaders=leader_options(session),
        leader_id=d.leader_position_id or chair_position(session, d.conference_id),
        past=past,
    )
