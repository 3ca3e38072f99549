"""Jobs as they travel: payloads, and how a worker ends one.

The life of a job (claim, lease, attempts) belongs to web's queue, not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from transcription.contract.reading import Fields, JsonObject
from transcription.contract.recording import Announce

CHILD_CRASHED = "child_crashed"
"""Code of a failure: the recognition process died where no clip can be charged."""


class JobKind(StrEnum):
    """What a job makes."""

    TRANSCRIBE = "transcribe"
    EXTRACT = "extract"
    MIX = "mix"


class Need(StrEnum):
    """What a worker must have to claim a job."""

    MODEL = "model"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ChunkRef(Announce):
    """A stored chunk of the track to transcribe: as it was announced, with its number."""

    seq: int = field(kw_only=True)

    @classmethod
    def of(cls, seq: int, told: Announce) -> ChunkRef:
        """The chunk of this announcement."""
        return cls(told.start_ms, told.length_ms, told.bytes, told.sha256, told.voiced, seq=seq)

    @classmethod
    def parse(cls, fields: Fields) -> ChunkRef:
        return cls.of(fields.whole("seq"), Announce.parse(fields))

    def to_json(self) -> JsonObject:
        return {"seq": self.seq, **Announce.to_json(self)}


@dataclass(frozen=True, slots=True)
class TranscribePayload:
    """Payload of a transcribe job: one track, its chunks in order. `seat` is None for an upload.
    `hotwords`: names of this meeting, most important first; the engine's profile decides how many
    it takes (none for the demo model)."""

    track: int
    seat: int | None
    run: int
    language: str
    hotwords: tuple[str, ...]
    chunks: tuple[ChunkRef, ...]

    @classmethod
    def parse(cls, fields: Fields) -> TranscribePayload:
        return cls(
            fields.whole("track"),
            fields.whole_or_none("seat"),
            fields.whole("run"),
            fields.text("language"),
            fields.texts("hotwords"),
            tuple(ChunkRef.parse(item) for item in fields.each("chunks")),
        )

    def to_json(self) -> JsonObject:
        return {
            "track": self.track,
            "seat": self.seat,
            "run": self.run,
            "language": self.language,
            "hotwords": list(self.hotwords),
            "chunks": [chunk.to_json() for chunk in self.chunks],
        }


@dataclass(frozen=True, slots=True)
class ExtractPayload:
    """Payload of an extract job; the input itself is fetched (`GET /worker/jobs/J/extraction`)."""

    conference: int

    @classmethod
    def parse(cls, fields: Fields) -> ExtractPayload:
        return cls(fields.whole("conference"))

    def to_json(self) -> JsonObject:
        return {"conference": self.conference}


@dataclass(frozen=True, slots=True)
class JobEnd:
    """Body of `POST /worker/jobs/J/finish` and `/release`."""

    lease: int

    @classmethod
    def parse(cls, fields: Fields) -> JobEnd:
        return cls(fields.whole("lease"))

    def to_json(self) -> JsonObject:
        return {"lease": self.lease}


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Body of `POST /worker/jobs/J/fail`. `permanent`: trying again cannot help."""

    lease: int
    permanent: bool
    code: str
    detail: str

    @classmethod
    def parse(cls, fields: Fields) -> JobFailure:
        return cls(
            fields.whole("lease"),
            fields.truth("permanent"),
            fields.text("code"),
            fields.text("detail"),
        )

    def to_json(self) -> JsonObject:
        return {
            "lease": self.lease,
            "permanent": self.permanent,
            "code": self.code,
            "detail": self.detail,
        }
