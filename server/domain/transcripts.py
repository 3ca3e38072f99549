"""Transcripts: runs and segments."""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """State of a transcript run; one current run a track."""

    BUILDING = "building"
    CURRENT = "current"
    SUPERSEDED = "superseded"


class SegmentFlag(StrEnum):
    """Why a segment is hidden and no evidence."""

    NO_SPEECH = "no_speech"
    COMPRESSION = "compression"
    LOGPROB = "logprob"
    REPEAT = "repeat"
    PHRASE = "phrase"
    ECHO = "echo"
    CRASHED_CLIP = "crashed_clip"
