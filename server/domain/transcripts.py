"""Transcripts: runs and segments; what may be read, and what extraction is given.

Pure. Flagged segments are hidden and are never evidence; they stay in the transcript's table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from transcription.contract.clips import SegmentFlag as SegmentFlag

DOUBLE_OVERLAP: Final = 0.8
"""Two devices of one seat that overlap by this share of the shorter one said the same words."""


class RunState(StrEnum):
    """State of a transcript run; one current run a track."""

    BUILDING = "building"
    CURRENT = "current"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Spoken:
    """An unflagged segment of a current run, in ms of the meeting clock."""

    segment_id: int
    track_id: int
    start_ms: int
    end_ms: int
    confidence: float


def run_after_finish(run: int, current: int | None) -> RunState:
    """What a finished run becomes: current, unless a newer one is already."""
    return RunState.SUPERSEDED if current is not None and current > run else RunState.CURRENT


def without_doubles(segments: Sequence[Spoken]) -> list[Spoken]:
    """The segments of one seat, in time order, without what two of its devices heard twice: of a
    pair from different tracks that overlap by DOUBLE_OVERLAP the more confident one stays."""
    kept: list[Spoken] = []
    for segment in sorted(segments, key=lambda s: (-s.confidence, s.start_ms, s.segment_id)):
        if not any(_same_words(segment, other) for other in kept):
            kept.append(segment)
    return sorted(kept, key=lambda s: (s.start_ms, s.end_ms, s.segment_id))


def _same_words(a: Spoken, b: Spoken) -> bool:
    if a.track_id == b.track_id:
        return False
    shorter = min(a.end_ms - a.start_ms, b.end_ms - b.start_ms)
    overlap = min(a.end_ms, b.end_ms) - max(a.start_ms, b.start_ms)
    return overlap > 0 and overlap >= DOUBLE_OVERLAP * shorter
