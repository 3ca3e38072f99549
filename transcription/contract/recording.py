"""What the recorder tells web over HTTP: tracks, chunks, gaps.

It must not know files or sockets; `transcription.recorder` writes the files, web stores them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transcription.contract.reading import (
    ContractError,
    Fields,
    JsonObject,
    Stretch,
    json_from_stretches,
)

PART_LIMIT = 1024 * 1024
"""Bytes of one PUT of a chunk at most."""
JSON_LIMIT = 8 * 1024 * 1024
"""Bytes of one JSON body at most."""


class ChunkState(StrEnum):
    """State of a chunk at web (its full life: model.md 2.6)."""

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


@dataclass(frozen=True, slots=True)
class OpenTrack:
    """Body of `POST /worker/tracks`. `track_key` is `identity#track-sid`; the same key again gives
    the same track. The seat comes from the first part of `identity`."""

    conference: int
    track_key: str
    identity: str
    codec: str
    start_ms: int

    @classmethod
    def parse(cls, fields: Fields) -> OpenTrack:
        return cls(
            fields.whole("conference"),
            fields.text("track_key"),
            fields.text("identity"),
            fields.text("codec"),
            fields.whole("start_ms"),
        )

    def to_json(self) -> JsonObject:
        return {
            "conference": self.conference,
            "track_key": self.track_key,
            "identity": self.identity,
            "codec": self.codec,
            "start_ms": self.start_ms,
        }


@dataclass(frozen=True, slots=True)
class TrackOpened:
    """Answer to OpenTrack: the track's id and the first chunk number that web does not have."""

    track: int
    next_seq: int

    @classmethod
    def parse(cls, fields: Fields) -> TrackOpened:
        return cls(fields.whole("track"), fields.whole("next_seq"))

    def to_json(self) -> JsonObject:
        return {"track": self.track, "next_seq": self.next_seq}


@dataclass(frozen=True, slots=True)
class Announce:
    """Body of `POST /worker/tracks/T/chunks/N`. The file holds the `voiced` stretches end to end;
    [start_ms, start_ms + length_ms) is the time the chunk answers for, silence included."""

    start_ms: int
    length_ms: int
    bytes: int
    sha256: str
    voiced: tuple[Stretch, ...]

    @classmethod
    def parse(cls, fields: Fields) -> Announce:
        announce = cls(
            fields.whole("start_ms"),
            fields.whole("length_ms"),
            fields.whole("bytes", 1),
            fields.sha256("sha256"),
            fields.stretches("voiced"),
        )
        inside = announce.voiced == () or (
            announce.start_ms <= announce.voiced[0][0]
            and announce.voiced[-1][1] <= announce.start_ms + announce.length_ms
        )
        if not inside:
            raise ContractError(fields.at("voiced"), "lies outside the chunk")
        return announce

    def to_json(self) -> JsonObject:
        return {
            "start_ms": self.start_ms,
            "length_ms": self.length_ms,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "voiced": json_from_stretches(self.voiced),
        }


@dataclass(frozen=True, slots=True)
class ChunkAnswer:
    """Answer to announce and to every PUT. `sha256` is given once the chunk is stored: only then,
    and only with the same hash, may the recorder delete its file."""

    state: ChunkState
    received: int
    sha256: str | None = None

    @classmethod
    def parse(cls, fields: Fields) -> ChunkAnswer:
        try:
            state = ChunkState(fields.text("state"))
        except ValueError as error:
            raise ContractError(fields.at("state"), "is no state of a chunk") from error
        sha256 = fields.sha256("sha256") if fields.has("sha256") else None
        return cls(state, fields.whole("received"), sha256)

    def to_json(self) -> JsonObject:
        answer: JsonObject = {"state": self.state.value, "received": self.received}
        if self.sha256 is not None:
            answer["sha256"] = self.sha256
        return answer


@dataclass(frozen=True, slots=True)
class FinalSeq:
    """Body of `POST /worker/tracks/T/final`: the last chunk's number, -1 when there is none."""

    final_seq: int

    @classmethod
    def parse(cls, fields: Fields) -> FinalSeq:
        return cls(fields.whole("final_seq", -1))

    def to_json(self) -> JsonObject:
        return {"final_seq": self.final_seq}


@dataclass(frozen=True, slots=True)
class GapReport:
    """Body of `POST /worker/gaps`. `track` None: the whole conference was not recorded then."""

    conference: int
    track: int | None
    start_ms: int
    end_ms: int
    reason: GapReason
    detail: str

    @classmethod
    def parse(cls, fields: Fields) -> GapReport:
        try:
            reason = GapReason(fields.text("reason"))
        except ValueError as error:
            raise ContractError(fields.at("reason"), "is no reason of a gap") from error
        start_ms = fields.whole("start_ms")
        return cls(
            fields.whole("conference"),
            fields.whole_or_none("track"),
            start_ms,
            fields.whole("end_ms", start_ms),
            reason,
            fields.text_or_none("detail") or "",
        )

    def to_json(self) -> JsonObject:
        return {
            "conference": self.conference,
            "track": self.track,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "reason": self.reason.value,
            "detail": self.detail,
        }
