"""Tracks, chunks and gaps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.recordings import ChunkState, GapReason, TrackSource
from server.storage.models.base import Base, enum_column, fk, pk
from server.storage.types import Json


class Track(Base):
    """What one published microphone left (đường ghi). Closed when `final_seq` is known and all is
    stored.
    """

    __tablename__ = "track"
    id: Mapped[int] = pk()
    conference_id: Mapped[int] = fk("conference")
    seat_id: Mapped[int | None] = fk("seat", index=True)
    source: Mapped[TrackSource] = enum_column(TrackSource)
    track_key: Mapped[str]
    codec: Mapped[str]
    start_ms: Mapped[int]
    final_seq: Mapped[int | None]
    __table_args__ = (sa.UniqueConstraint("conference_id", "track_key"),)


class Chunk(Base):
    """A piece of a track: [start_ms, start_ms+length_ms) on the meeting clock."""

    __tablename__ = "chunk"
    id: Mapped[int] = pk()
    track_id: Mapped[int] = fk("track")
    seq: Mapped[int]
    start_ms: Mapped[int]
    length_ms: Mapped[int]
    bytes: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str]
    voiced: Mapped[Any] = mapped_column(Json)
    state: Mapped[ChunkState] = enum_column(ChunkState)
    path: Mapped[str]
    __table_args__ = (sa.UniqueConstraint("track_id", "seq"),)


class Gap(Base):
    """A stretch that nobody recorded (khoảng không ghi được); its end is set once."""

    __tablename__ = "gap"
    id: Mapped[int] = pk()
    conference_id: Mapped[int] = fk("conference")
    track_id: Mapped[int | None] = fk("track")
    seat_id: Mapped[int | None] = fk("seat")
    start_ms: Mapped[int]
    end_ms: Mapped[int | None]
    reason: Mapped[GapReason] = enum_column(GapReason)
    detail: Mapped[str | None]
    __table_args__ = (
        sa.Index(
            "uq_gap",
            "conference_id",
            sa.text("coalesce(track_id, 0)"),
            "start_ms",
            unique=True,
        ),
    )
