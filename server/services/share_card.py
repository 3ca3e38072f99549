"""One share in hand: its result, files, history, and what this person may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.directives import (
    ASSIGNMENTS,
    ReportState,
    Source,
    confirmer_post,
    separated,
)
from server.services.attachments import FileInfo, info
from server.services.context import Context
from server.services.shares import Share, original_due
from server.storage.assignments import HistoryLine, history_of, reports_of
from server.storage.attachments import files_of_reports


@dataclass(frozen=True)
class ReportCard:
    """A report that was sent. `number`: `214/BC-UBND` as written."""

    id: int
    state: ReportState
    text: str
    number: str
    result_on: date | None
    no_document: bool
    submitted_at: datetime | None
    by: str
    note: str
    files: tuple[FileInfo, ...]


@dataclass(frozen=True)
class ShareCard:
    """The share with its reports, newest first. `may_confirm`: has the right and is not barred by
    separation; `barred`: has the right, but submitted it himself or belongs to the unit.
    """

    share: Share
    first_due_on: date | None
    reports: tuple[ReportCard, ...]
    history: tuple[HistoryLine, ...]
    may_confirm: bool
    barred: bool

    @property
    def result(self) -> ReportCard | None:
        """The result that waits or was confirmed."""
        live = (ReportState.SENT, ReportState.CONFIRMED)
        return next((report for report in self.reports if report.state in live), None)


def share_card(
    session: Session, ctx: Context, actor: Actor, share: Share, source: Source
) -> ShareCard:
    """The card of a share that this person sees."""
    reports = reports_of(session, share.assignment_id)
    files = files_of_reports(session, [report.id for report, _ in reports])
    cards = tuple(
        ReportCard(
            report.id,
            report.state,
            report.text,
            "/".join(part for part in (report.result_number, report.result_symbol) if part),
            report.result_on,
            report.no_document,
            report.submitted_at,
            by,
            report.decision_note or "",
            tuple(info(row) for row in files[report.id]),
        )
        for report, by in reports
    )
    waits = ASSIGNMENTS.allows("confirm", share.state)
    right = waits and confirmer_post(actor, source) is not None
    sent = next((report for report, _ in reports if report.state is ReportState.SENT), None)
    free = separated(actor, sent.by_account_id if sent else None, share.unit_id)
    history = history_of(session, [("assignment", share.assignment_id)])
    return ShareCard(
        share,
        original_due(session, share.assignment_id),
        cards,
        tuple(history),
        may_confirm=right and free,
        barred=right and not free,
    )
