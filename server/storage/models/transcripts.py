"""Transcript runs and segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.transcripts import RunState, SegmentFlag
from server.storage.models.base import Base, enum_column, fk, pk
from server.storage.types import Json


class TranscriptRun(Base):
    """One recognition of one track (lần nhận dạng), with what it was made by."""

    __tablename__ = "transcript_run"
    id: Mapped[int] = pk()
    track_id: Mapped[int] = fk("track")
    run: Mapped[int]
    engine: Mapped[str]
    model: Mapped[str]
    model_sha256: Mapped[str]
    params: Mapped[Any] = mapped_column(Json)
    hotwords: Mapped[str]
    state: Mapped[RunState] = enum_column(RunState)
    at: Mapped[datetime]
    __table_args__ = (
        sa.UniqueConstraint("track_id", "run"),
        sa.Index(
            "uq_transcript_run_current",
            "track_id",
            unique=True,
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        ),
    )


class Segment(Base):
    """A stretch of recognised words on the meeting clock. Append-only; flagged = hidden, never
    evidence.
    """

    __tablename__ = "segment"
    id: Mapped[int] = pk()
    run_id: Mapped[int] = fk("transcript_run")
    clip_key: Mapped[str]
    n: Mapped[int]
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    text: Mapped[str]
    words: Mapped[Any] = mapped_column(Json)
    confidence: Mapped[float]
    avg_logprob: Mapped[float]
    no_speech: Mapped[float]
    compression: Mapped[float]
    flag: Mapped[SegmentFlag | None] = enum_column(SegmentFlag)
    __table_args__ = (
        sa.UniqueConstraint("run_id", "clip_key", "n"),
        sa.Index("ix_segment_run_start", "run_id", "start_ms"),
    )
