"""Tracks, chunks and gaps of a recording."""

from __future__ import annotations

from enum import StrEnum


class TrackSource(StrEnum):
    """Where a track's sound comes from."""

    RECORDER = "recorder"
    UPLOAD = "upload"
    MIX = "mix"
    TEXT = "text"


class ChunkState(StrEnum):
    """State of a chunk (model §2.6); a chunk without a row is unknown."""

    ANNOUNCED = "announced"
    RECEIVING = "receiving"
    STORED = "stored"
    EXPIRED = "expired"


class GapReason(StrEnum):
    """Why a stretch was not recorded."""

    RECORDER_DOWN = "recorder_down"
    NETWORK = "network"
    DISK_FULL = "disk_full"
    CHUNK_LOST = "chunk_lost"
