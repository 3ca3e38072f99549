"""Việc của xã: what a unit leads, helps with and has finished, and one piece of work to report
on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.deadlines import Lateness
from server.domain.directives import (
    ASSIGNMENTS,
    CLOSED_STATES,
    OFFICE_ROLES,
    OPEN_STATES,
    unit_post,
)
from server.domain.permissions import UNIT, forbidden
from server.domain.recordings import listener_post
from server.services.attachments import FileInfo, info
from server.services.context import Context
from server.services.directives import evidence_pieces
from server.services.share_card import ShareCard, share_card
from server.services.shares import Share, shares, with_coordinators
from server.services.spoken import EvidencePiece
from server.storage.assignments import newest_draft
from server.storage.attachments import files_of_reports
from server.storage.directives import (
    coordinated_directives,
    load_assignment,
    my_units,
    source_of,
)
from server.storage.models import Assignment, Unit
from server.storage.workdays import load_calendar

VIEWS = ("lead", "helping", "done")
DONE_SHOWN = 100


@dataclass(frozen=True)
class WorkPage:
    """A unit's work in one view; `counts` of each view."""

    unit: str
    view: str
    lines: tuple[Share, ...]
    counts: dict[str, int]

    def with_lateness(self, *values: Lateness) -> int:
        """How many lines are so late."""
        return sum(line.lateness in values for line in self.lines)


@dataclass(frozen=True)
class DraftReport:
    """What the form starts with: the unit's draft, or empty."""

    client_key: str
    text: str
    number: str
    result_on: date | None
    no_document: bool
    files: tuple[FileInfo, ...]


@dataclass(frozen=True)
class WorkItem:
    """One piece of work for the unit that leads it, or to read for one that helps."""

    card: ShareCard
    text: str
    expected_result: str
    evidence: tuple[EvidencePiece, ...]
    coordinating: tuple[str, ...]
    leader: str
    issued_at: datetime | None
    ours: bool
    may_hear: bool
    may_receive: bool
    may_report: bool
    draft: DraftReport | None


def unit_work(ctx: Context, view: str = "lead") -> WorkPage:
    """The unit's page; `forbidden` for somebody who holds no post in a unit with work."""
    with ctx.read() as (session, actor):
        units = acting_units(actor)
        if view not in VIEWS:
            view = "lead"
        calendar = load_calendar(session)
        conditions = {
            "lead": sa.and_(Assignment.lead_unit_id.in_(units), Assignment.state.in_(OPEN_STATES)),
            "helping": sa.and_(
                Assignment.directive_id.in_(coordinated_directives(actor)),
                Assignment.state.in_(OPEN_STATES),
            ),
            "done": sa.and_(
                Assignment.lead_unit_id.in_(units), Assignment.state.in_(CLOSED_STATES)
            ),
        }
        order = (
            Assignment.closed_at.desc()
            if view == "done"
            else Assignment.judged_at.asc().nulls_last()
        )
        found = shares(session, ctx.now, calendar, conditions[view], order, limit=DONE_SHOWN)
        counts = {
            name: session.scalar(sa.select(sa.func.count()).where(condition)) or 0
            for name, condition in conditions.items()
        }
        return WorkPage(
            _unit_name(session, actor), view, tuple(with_coordinators(session, found)), counts
        )


def work_item(ctx: Context, assignment_id: int, new_key: str) -> WorkItem:
    """One piece of work; another unit's is `not_found`. `new_key`: the client key of a form that is
    opened for the first time.
    """
    with ctx.read() as (session, actor):
        assignment, directive = load_assignment(session, actor, assignment_id)
        calendar = load_calendar(session)
        found = shares(session, ctx.now, calendar, Assignment.id == assignment.id)
        share = with_coordinators(session, found)[0]
        unit = session.get_one(Unit, assignment.lead_unit_id)
        ours = unit_post(actor, unit.id, unit.path) is not None
        may_report = ours and ASSIGNMENTS.allows("submit_result", assignment.state)
        source = source_of(session, directive)
        return WorkItem(
            card=share_card(session, ctx, actor, share, source),
            text=directive.text,
            expected_result=directive.expected_result or "",
            evidence=evidence_pieces(session, directive),
            coordinating=share.coordinating,
            leader=share.leader,
            issued_at=assignment.issued_at,
            ours=ours,
            may_hear=listener_post(actor, source.conference_roles) is not None,
            may_receive=ours and ASSIGNMENTS.allows("receive", assignment.state),
            may_report=may_report,
            draft=_draft_report(session, assignment.id, new_key) if may_report else None,
        )


def acting_units(actor: Actor) -> sa.Select[int]:
    """Units for which this person acts: own units and those below; the Office for its people."""
    offices = [post.unit_id for post in actor.posts if post.role in OFFICE_ROLES]
    if not offices and not actor.post_with(*UNIT):
        raise forbidden(*UNIT)
    return sa.select(Unit.id).where(
        sa.or_(Unit.id.in_(my_units(actor)), Unit.id.in_(offices) if offices else sa.false())
    )


def _unit_name(session: Session, actor: Actor) -> str:
    post = actor.post_with(*UNIT, *OFFICE_ROLES)
    return session.get_one(Unit, post.unit_id).short_name if post else ""


def _draft_report(session: Session, assignment_id: int, new_key: str) -> DraftReport:
    row = newest_draft(session, assignment_id)
    if row is None:
        return DraftReport(new_key, "", "", None, False, ())
    files = files_of_reports(session, [row.id])[row.id]
    return DraftReport(
        row.client_key,
        row.text,
        "/".join(part for part in (row.result_number, row.result_symbol) if part),
        row.result_on,
        row.no_document,
        tuple(info(file) for file in files),
    )
