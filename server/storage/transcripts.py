"""Transcript runs and segments in rows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.transcripts import RunState
from server.storage.models import Segment, Track, TranscriptRun


def run_of(session: Session, track_id: int, run: int) -> TranscriptRun | None:
    """One run of a track."""
    return session.scalar(
        sa.select(TranscriptRun).where(TranscriptRun.track_id == track_id, TranscriptRun.run == run)
    )


def current_run(session: Session, track_id: int) -> TranscriptRun | None:
    """The run that is read."""
    return session.scalar(
        sa.select(TranscriptRun).where(
            TranscriptRun.track_id == track_id, TranscriptRun.state == RunState.CURRENT
        )
    )


def current_runs(session: Session, conference_id: int) -> list[TranscriptRun]:
    """The run that is read, of each track of the conference."""
    query = (
        sa.select(TranscriptRun)
        .join(Track, TranscriptRun.track_id == Track.id)
        .where(Track.conference_id == conference_id, TranscriptRun.state == RunState.CURRENT)
    )
    return list(session.scalars(query.order_by(TranscriptRun.id)))


def segments_of_clip(session: Session, run_id: int, clip_key: str) -> list[Segment]:
    """What a clip gave."""
    query = sa.select(Segment).where(Segment.run_id == run_id, Segment.clip_key == clip_key)
    return list(session.scalars(query.order_by(Segment.n)))


def current_segments(session: Session, conference_id: int) -> list[tuple[Segment, Track]]:
    """Segments of the current runs with their tracks, in time order, flagged ones too."""
    query = (
        sa.select(Segment, Track)
        .join(TranscriptRun, Segment.run_id == TranscriptRun.id)
        .join(Track, TranscriptRun.track_id == Track.id)
        .where(Track.conference_id == conference_id, TranscriptRun.state == RunState.CURRENT)
        .order_by(Segment.start_ms, Segment.id)
    )
    return [(segment, track) for segment, track in session.execute(query)]
