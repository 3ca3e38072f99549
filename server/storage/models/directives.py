"""Directives, assignments, their deadlines, reports and files, and the work calendar."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.deadlines import DeadlineKind, DeadlineReason
from server.domain.directives import (
    AssignmentState,
    DirectiveSource,
    DirectiveState,
    ReportKind,
    ReportState,
    Urgency,
)
from server.domain.workdays import WorkDayKind
from server.storage.models.base import (
    ActorColumns,
    Base,
    DeadlineColumns,
    deadline_checks,
    enum_column,
    fk,
    pk,
)


class Directive(DeadlineColumns, Base):
    """A directive (nhiệm vụ, ý kiến chỉ đạo); its deadline set is what new leads get."""

    __tablename__ = "directive"
    id: Mapped[int] = pk()
    year: Mapped[int]
    number: Mapped[int | None]
    title: Mapped[str]
    text: Mapped[str]
    expected_result: Mapped[str | None]
    leader_position_id: Mapped[int | None] = fk("position")
    urgency: Mapped[Urgency] = enum_column(Urgency, default=Urgency.NORMAL)
    source: Mapped[DirectiveSource] = enum_column(DirectiveSource)
    conference_id: Mapped[int | None] = fk("conference", index=True)
    candidate_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("candidate.id", ondelete="RESTRICT", use_alter=True), index=True
    )
    source_track_id: Mapped[int | None] = fk("track")
    source_ms: Mapped[int | None]
    state: Mapped[DirectiveState] = enum_column(DirectiveState)
    issued_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        *deadline_checks(),
        sa.UniqueConstraint("year", "number"),
        sa.Index("ix_directive_leader", "leader_position_id", "issued_at"),
        sa.Index(
            "uq_directive_candidate",
            "candidate_id",
            unique=True,
            sqlite_where=sa.text("state <> 'discarded'"),
            postgresql_where=sa.text("state <> 'discarded'"),
        ),
    )


class Assignment(Base):
    """One lead unit's share of a directive (phần việc). Lateness is derived, never stored."""

    __tablename__ = "assignment"
    id: Mapped[int] = pk()
    directive_id: Mapped[int] = fk("directive", on_delete="CASCADE")
    lead_unit_id: Mapped[int] = fk("unit")
    period_key: Mapped[str] = mapped_column(default="")
    state: Mapped[AssignmentState] = enum_column(AssignmentState)
    deadline_kind: Mapped[DeadlineKind] = enum_column(DeadlineKind)
    due_on: Mapped[date | None]
    due_time: Mapped[str | None]
    due_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    deadline_seq: Mapped[int] = mapped_column(default=0)
    handed_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)
    extensions: Mapped[int] = mapped_column(default=0)
    conference_id: Mapped[int | None] = fk("conference")
    leader_position_id: Mapped[int | None] = fk("position")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        sa.Index(
            "uq_assignment_live",
            "directive_id",
            "lead_unit_id",
            "period_key",
            unique=True,
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'merged')"),
            postgresql_where=sa.text("state NOT IN ('withdrawn', 'merged')"),
        ),
        sa.Index("ix_assignment_unit", "lead_unit_id", "issued_at", "id"),
        sa.Index("ix_assignment_directive", "directive_id", "lead_unit_id"),
    )


class Deadline(ActorColumns, DeadlineColumns, Base):
    """The history of an assignment's deadline; seq 1 is the original date. Append-only."""

    __tablename__ = "deadline"
    assignment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="RESTRICT"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    reason: Mapped[DeadlineReason] = enum_column(DeadlineReason)
    heals: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint("by_account_id IS NOT NULL OR by_agent IS NOT NULL", name="actor"),
        *deadline_checks(),
    )


class Coordination(Base):
    """A co-ordinating unit (phối hợp), with one lead or with every lead."""

    __tablename__ = "coordination"
    id: Mapped[int] = pk()
    directive_id: Mapped[int] = fk("directive", on_delete="CASCADE")
    assignment_id: Mapped[int | None] = fk("assignment", on_delete="CASCADE")
    unit_id: Mapped[int] = fk("unit", index=True)
    __table_args__ = (
        sa.Index(
            "uq_coordination",
            "directive_id",
            sa.text("coalesce(assignment_id, 0)"),
            "unit_id",
            unique=True,
        ),
    )


class Report(ActorColumns, Base):
    """A report of a unit (báo cáo). Sent text is never edited."""

    __tablename__ = "report"
    id: Mapped[int] = pk()
    assignment_id: Mapped[int] = fk("assignment")
    unit_id: Mapped[int] = fk("unit")
    kind: Mapped[ReportKind] = enum_column(ReportKind)
    text: Mapped[str]
    result_number: Mapped[str | None]
    result_symbol: Mapped[str | None]
    result_on: Mapped[date | None]
    no_document: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ReportState] = enum_column(ReportState)
    received_at: Mapped[datetime | None]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    client_key: Mapped[str]
    decided_by_account_id: Mapped[int | None] = fk("account")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        sa.CheckConstraint("by_account_id IS NOT NULL OR by_agent IS NOT NULL", name="actor"),
        sa.UniqueConstraint("unit_id", "client_key"),
        sa.Index("ix_report_assignment", "assignment_id", "id"),
        sa.Index(
            "uq_report_live_result",
            "assignment_id",
            unique=True,
            sqlite_where=sa.text("kind = 'result' AND state IN ('sent', 'confirmed')"),
            postgresql_where=sa.text("kind = 'result' AND state IN ('sent', 'confirmed')"),
        ),
    )


class Attachment(ActorColumns, Base):
    """An uploaded file (tệp): bytes in the file store, SHA-256 and type here."""

    __tablename__ = "attachment"
    id: Mapped[int] = pk()
    sha256: Mapped[str] = mapped_column(index=True)
    bytes: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    path: Mapped[str]
    at: Mapped[datetime]


class AttachmentLink(Base):
    """Where a file belongs: exactly one owner."""

    __tablename__ = "attachment_link"
    id: Mapped[int] = pk()
    attachment_id: Mapped[int] = fk("attachment")
    conference_id: Mapped[int | None] = fk("conference", on_delete="CASCADE", index=True)
    directive_id: Mapped[int | None] = fk("directive", on_delete="CASCADE", index=True)
    report_id: Mapped[int | None] = fk("report", on_delete="CASCADE", index=True)
    sort: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        sa.CheckConstraint(
            "CASE WHEN conference_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN directive_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN report_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_owner",
        ),
    )


class WorkDay(Base):
    """A day that is not what its weekday says (lịch làm việc)."""

    __tablename__ = "work_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[WorkDayKind] = enum_column(WorkDayKind)
    name: Mapped[str]
