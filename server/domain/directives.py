"""Directives (nhiệm vụ) and their assignments: states and the enums of their rows."""

from __future__ import annotations

from enum import StrEnum


class DirectiveState(StrEnum):
    """State of a directive (model §2.10)."""

    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"


class AssignmentState(StrEnum):
    """State of an assignment (model §2.11)."""

    DRAFT = "draft"
    NEW = "new"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Urgency(StrEnum):
    """Thường, khẩn, hỏa tốc."""

    NORMAL = "normal"
    URGENT = "urgent"
    EXPRESS = "express"


class DirectiveSource(StrEnum):
    """Where a directive comes from."""

    CONFERENCE = "conference"
    DOCUMENT = "document"
    ORAL = "oral"
    IMPORT = "import"


class ReportKind(StrEnum):
    """Kind of a report."""

    PROGRESS = "progress"
    RESULT = "result"
    CONTRIBUTION = "contribution"


class ReportState(StrEnum):
    """State of a report."""

    DRAFT = "draft"
    SENT = "sent"
    RECALLED = "recalled"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
