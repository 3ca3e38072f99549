"""Uploaded files in rows: where they belong, and who may fetch them.

A file that belongs to nothing yet is its uploader's alone; a file of a report is seen by whoever
sees the assignment, a draft's only by the unit that writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.directives import ReportState
from server.domain.errors import UserError
from server.storage.directives import my_units, sees_assignment, sees_directive
from server.storage.history import actor_columns
from server.storage.models import Assignment, Attachment, AttachmentLink, Directive, Report


def stored_path(sha256: str) -> str:
    """Where a file with this hash lies in the store: the same bytes are kept once."""
    return f"attachments/{sha256[:2]}/{sha256}"


def add_attachment(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sha256: str,
    size: int,
    name: str,
    media_type: str,
) -> Attachment:
    """The row of a file that lies in the store already."""
    row = Attachment(
        sha256=sha256,
        bytes=size,
        name=name,
        media_type=media_type,
        path=stored_path(sha256),
        at=now,
        **actor_columns(actor),
    )
    session.add(row)
    session.flush()
    return row


def load_attachment(session: Session, actor: Actor, attachment_id: int) -> Attachment:
    """The file, if this person may fetch it; else `not_found`."""
    link = AttachmentLink
    of_report = (
        sa.select(link.attachment_id)
        .join(Report, link.report_id == Report.id)
        .join(Assignment, Report.assignment_id == Assignment.id)
        .where(
            sees_assignment(actor),
            sa.or_(
                Report.state != ReportState.DRAFT,
                Report.unit_id.in_(my_units(actor)),
                Report.unit_id.in_(actor.unit_ids),
            ),
        )
    )
    of_directive = (
        sa.select(link.attachment_id)
        .join(Directive, link.directive_id == Directive.id)
        .where(sees_directive(actor))
    )
    loose = sa.and_(
        Attachment.by_account_id == actor.account_id,
        Attachment.id.not_in(sa.select(link.attachment_id)),
    )
    found = session.scalar(
        sa.select(Attachment).where(
            Attachment.id == attachment_id,
            sa.or_(Attachment.id.in_(of_report), Attachment.id.in_(of_directive), loose),
        )
    )
    if found is None:
        raise UserError("not_found")
    return found


def set_files(
    session: Session, actor: Actor, report: Report, attachment_ids: Sequence[int]
) -> None:
    """Make exactly these the files of a draft report; files one may not fetch are `not_found`."""
    for key in attachment_ids:
        load_attachment(session, actor, key)
    session.execute(sa.delete(AttachmentLink).where(AttachmentLink.report_id == report.id))
    session.add_all(
        AttachmentLink(attachment_id=key, report_id=report.id, sort=n)
        for n, key in enumerate(attachment_ids)
    )


def files_of_reports(session: Session, report_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The files of each report in their order."""
    out: dict[int, list[Attachment]] = {key: [] for key in report_ids}
    rows = session.execute(
        sa.select(AttachmentLink.report_id, Attachment)
        .join(Attachment, AttachmentLink.attachment_id == Attachment.id)
        .where(AttachmentLink.report_id.in_(list(out)))
        .order_by(AttachmentLink.sort)
    )
    for report_id, attachment in rows:
        if report_id is not None:
            out[report_id].append(attachment)
    return out
