"""Machine work: leased jobs, their attempts and clips."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    """What a job does."""

    TRANSCRIBE = "transcribe"
    EXTRACT = "extract"
    MIX = "mix"


class JobNeeds(StrEnum):
    """What a worker must have to claim a job."""

    MODEL = "model"
    NONE = "none"


class JobState(StrEnum):
    """State of a job (model §2.8)."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptOutcome(StrEnum):
    """How an attempt ended."""

    OK = "ok"
    CRASHED = "crashed"
    FAILED = "failed"
    EXPIRED = "expired"
    RELEASED = "released"
    CANCELLED = "cancelled"


class ClipState(StrEnum):
    """State of a clip of a transcription."""

    TODO = "todo"
    DONE = "done"
    FLAGGED = "flagged"
