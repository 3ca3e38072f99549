"""What messages of the worker link carry inside them; `link` has the messages themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transcription.contract.reading import ContractError, Fields, JsonObject


class BeatState(StrEnum):
    """What web says of a leased job in answer to a beat."""

    OK = "ok"
    LOST = "lost"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ModelName:
    """The speech model of a worker: its name for people and the SHA-256 of its `model.bin`."""

    name: str
    sha256: str

    @classmethod
    def parse(cls, fields: Fields) -> ModelName:
        return cls(fields.text("name"), fields.sha256("sha256"))

    def to_json(self) -> JsonObject:
        return {"name": self.name, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far one leased job is, in ms of speech (a job without speech: 0 of 0)."""

    job: int
    lease: int
    done_ms: int
    total_ms: int

    @classmethod
    def parse(cls, fields: Fields) -> JobProgress:
        whole = fields.whole
        return cls(whole("job"), whole("lease"), whole("done_ms"), whole("total_ms"))

    def to_json(self) -> JsonObject:
        return {
            "job": self.job,
            "lease": self.lease,
            "done_ms": self.done_ms,
            "total_ms": self.total_ms,
        }


@dataclass(frozen=True, slots=True)
class JobBeat:
    """What became of one job of a beat."""

    job: int
    state: BeatState

    @classmethod
    def parse(cls, fields: Fields) -> JobBeat:
        try:
            state = BeatState(fields.text("state"))
        except ValueError as error:
            raise ContractError(fields.at("state"), "is not ok, lost or cancelled") from error
        return cls(fields.whole("job"), state)

    def to_json(self) -> JsonObject:
        return {"job": self.job, "state": self.state.value}
