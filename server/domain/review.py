"""Candidates that the machine found, and what a secretary decides about them."""

from __future__ import annotations

from enum import StrEnum


class CandidateState(StrEnum):
    """State of a candidate (model §2.9)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"
    SPLIT = "split"
    STALE = "stale"


class CandidateKind(StrEnum):
    """A task, or a request (kiến nghị)."""

    TASK = "task"
    REQUEST = "request"


class CandidateUnitRole(StrEnum):
    """A unit's part in a candidate."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    FROM = "from"
    TO = "to"


class RejectReason(StrEnum):
    """Why a candidate is no task."""

    REPORT = "report"
    PROMISE = "promise"
    PRAISE = "praise"
    RULE = "rule"
    REQUEST = "request"
    CONDUCT = "conduct"
    DUPLICATE = "duplicate"
    WRONG = "wrong"
    OTHER = "other"
