"""Reports and history of an assignment in rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.directives import ReportKind, ReportState
from server.storage.history import Subject
from server.storage.models import Account, Change, Position, Report, Tenure, Unit


@dataclass(frozen=True)
class HistoryLine:
    """One history row with the names that stood behind it then."""

    at: datetime
    subject_kind: str
    action: str
    old_state: str | None
    new_state: str | None
    reason: str | None
    data: dict[str, Any]
    who: str
    unit: str


def history_of(session: Session, subjects: Iterable[Subject]) -> list[HistoryLine]:
    """History of the subjects, newest first, with who (name or program) and the post's
    unit.
    """
    clauses = [
        sa.and_(Change.subject_kind == kind, Change.subject_id == key) for kind, key in subjects
    ]
    rows = session.execute(
        sa.select(Change, Account.display_name, Unit.short_name)
        .outerjoin(Account, Change.by_account_id == Account.id)
        .outerjoin(Tenure, Change.by_tenure_id == Tenure.id)
        .outerjoin(Position, Tenure.position_id == Position.id)
        .outerjoin(Unit, Position.unit_id == Unit.id)
        .where(sa.or_(*clauses) if clauses else sa.false())
        .order_by(Change.id.desc())
    )
    return [
        HistoryLine(
            c.at,
            c.subject_kind,
            c.action,
            c.old_state,
            c.new_state,
            c.reason,
            c.data or {},
            name or c.by_agent or "",
            unit or "",
        )
        for c, name, unit in rows
    ]


def report_of_key(session: Session, unit_id: int, client_key: str) -> Report | None:
    """The report that this form made before."""
    return session.scalar(
        sa.select(Report).where(Report.unit_id == unit_id, Report.client_key == client_key)
    )


def live_result(session: Session, assignment_id: int) -> Report | None:
    """The result that was sent or confirmed."""
    return session.scalar(
        sa.select(Report).where(
            Report.assignment_id == assignment_id,
            Report.kind == ReportKind.RESULT,
            Report.state.in_((ReportState.SENT, ReportState.CONFIRMED)),
        )
    )


def newest_draft(session: Session, assignment_id: int) -> Report | None:
    """The draft that the unit saved last."""
    return session.scalar(
        sa.select(Report)
        .where(Report.assignment_id == assignment_id, Report.state == ReportState.DRAFT)
        .order_by(Report.id.desc())
        .limit(1)
    )


def reports_of(session: Session, assignment_id: int) -> list[tuple[Report, str]]:
    """The sent reports of an assignment, newest first, with who sent each."""
    rows = session.execute(
        sa.select(Report, Account.display_name)
        .outerjoin(Account, Report.by_account_id == Account.id)
        .where(Report.assignment_id == assignment_id, Report.state != ReportState.DRAFT)
        .order_by(Report.id.desc())
    )
    return [(report, name or "") for report, name in rows]
