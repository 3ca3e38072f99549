"""The step of issuing: a conference's drafts, and by whose order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.deadlines import DeadlineKind, Period
from server.domain.directives import DirectiveState
from server.domain.review import CandidateState
from server.domain.workdays import Calendar
from server.services.choices import chair_position, leader_options
from server.services.context import Context
from server.storage.directives import deadline_from_row
from server.storage.models import Assignment, Candidate, Coordination, Directive, Unit
from server.storage.review import load_reviewed
from server.storage.workdays import load_calendar


@dataclass(frozen=True)
class DraftLine:
    """A draft directive on its way to be issued."""

    directive_id: int
    version: int
    title: str
    leads: tuple[str, ...]
    coordinating: tuple[str, ...]
    deadline_kind: DeadlineKind
    due_on: date | None
    due_time: str | None
    phrase: str | None
    period: Period | None
    past: bool


@dataclass(frozen=True)
class DraftsPage:
    """The step of issuing: drafts, and by whose order."""

    conference_id: int
    title: str
    starts_at: datetime
    drafts: tuple[DraftLine, ...]
    leaders: tuple[tuple[int, str], ...]
    leader_id: int | None
    issued: int
    waiting: int


def drafts_page(ctx: Context, conference_id: int) -> DraftsPage:
    """The drafts of a conference, ready to be issued by order of its chair (or another leader)."""
    with ctx.read() as (session, actor):
        conference, _ = load_reviewed(session, actor, conference_id)
        drafts = list(
            session.scalars(
                sa.select(Directive)
                .where(
                    Directive.conference_id == conference_id,
                    Directive.state == DirectiveState.DRAFT,
                )
                .order_by(Directive.source_ms, Directive.id)
            )
        )
        leads, helpers = _names_of_drafts(session, [draft.id for draft in drafts])
        calendar = load_calendar(session)
        issued = session.scalar(
            sa.select(sa.func.count()).where(
                Directive.conference_id == conference_id,
                Directive.state == DirectiveState.ISSUED,
            )
        )
        waiting = session.scalar(
            sa.select(sa.func.count()).where(
                Candidate.conference_id == conference_id, Candidate.state == CandidateState.OPEN
            )
        )
        return DraftsPage(
            conference.id,
            conference.title,
            conference.starts_at,
            tuple(
                _draft_line(draft, leads[draft.id], helpers[draft.id], ctx.today, calendar)
                for draft in drafts
            ),
            leader_options(session),
            chair_position(session, conference_id),
            issued or 0,
            waiting or 0,
        )


def _names_of_drafts(
    session: Session, ids: Sequence[int]
) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    leads = session.execute(
        sa.select(Assignment.directive_id, Unit.short_name)
        .join(Unit, Assignment.lead_unit_id == Unit.id)
        .where(Assignment.directive_id.in_(ids))
        .order_by(Unit.sort, Unit.id)
    )
    helpers = session.execute(
        sa.select(Coordination.directive_id, Unit.short_name)
        .join(Unit, Coordination.unit_id == Unit.id)
        .where(Coordination.directive_id.in_(ids))
        .order_by(Unit.sort, Unit.id)
    )
    return _grouped(ids, leads), _grouped(ids, helpers)


def _grouped(ids: Sequence[int], rows: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    out: dict[int, list[str]] = {key: [] for key in ids}
    for key, name in rows:
        out[key].append(name)
    return {key: tuple(names) for key, names in out.items()}


def _draft_line(
    draft: Directive,
    leads: tuple[str, ...],
    coordinating: tuple[str, ...],
    today: date,
    calendar: Calendar,
) -> DraftLine:
    deadline = deadline_from_row(draft)
    due_at = deadline.due_at(calendar)
    return DraftLine(
        draft.id,
        draft.version,
        draft.title,
        leads,
        coordinating,
        draft.deadline_kind,
        draft.due_on,
        draft.due_time,
        draft.due_phrase,
        deadline.period,
        past=due_at is not None and calendar.day_of(due_at) < today,
    )
