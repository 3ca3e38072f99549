"""The messages of the worker link's socket (`GET /worker/socket`, JSON text, `type` in each).

Both directions, one frozen dataclass a message. `worker_message` reads what a recorder or worker
says, `web_message` what web says. It must not know sockets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from transcription.contract.link_parts import BeatState as BeatState
from transcription.contract.link_parts import JobBeat as JobBeat
from transcription.contract.link_parts import JobProgress as JobProgress
from transcription.contract.link_parts import ModelName as ModelName
from transcription.contract.reading import (
    ContractError,
    Fields,
    JsonObject,
    fields_from_text,
    text_from_instant,
)

VERSION = 1
CLOSE_VERSION = 4400
"""Close code: web speaks another version of the link."""
CLOSE_TOKEN = 4401
"""Close code: the token is unknown, ended, or lacks the scope."""
PING_S = 10
"""Both sides send a WebSocket ping this often."""
DEAD_S = 30
"""Nothing heard for this long: the line is broken."""
SOCKET_LIMIT = 256 * 1024
"""Bytes of one socket message."""
BEAT_S = 20
"""A worker beats this often for the jobs it holds."""
LEASE_S = 60
"""A beat that is answered `ok` makes the lease this long from then on."""
CLAIM_S = 30
"""A worker without work asks this often, whether or not a hint came."""


class UnknownMessage(ContractError):
    """A `type` that this side does not know: log it and go on, the other side may be newer."""


# --- said by recorder and worker ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """First message of a recorder or worker. `model` is None without a sound speech model."""

    type: ClassVar[str] = "hello"
    v: int
    name: str
    model: ModelName | None

    @classmethod
    def parse(cls, fields: Fields) -> Hello:
        model = ModelName.parse(fields.fields("model")) if fields.has("model") else None
        return cls(fields.whole("v"), fields.text("name"), model)

    def to_json(self) -> JsonObject:
        model = self.model.to_json() if self.model else None
        return {"type": self.type, "v": self.v, "name": self.name, "model": model}


@dataclass(frozen=True, slots=True)
class Recording:
    """Recorder: in the room and writing without a break since `at_ms`."""

    type: ClassVar[str] = "recording"
    conference: int
    at_ms: int

    @classmethod
    def parse(cls, fields: Fields) -> Recording:
        return cls(fields.whole("conference"), fields.whole("at_ms"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "conference": self.conference, "at_ms": self.at_ms}


@dataclass(frozen=True, slots=True)
class _OfConference:
    """A message about one conference."""

    type: ClassVar[str]
    conference: int

    @classmethod
    def parse(cls, fields: Fields) -> Self:
        return cls(fields.whole("conference"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "conference": self.conference}


@dataclass(frozen=True, slots=True)
class Stopped(_OfConference):
    """Recorder: all chunks of the conference stored, all tracks closed."""

    type: ClassVar[str] = "stopped"


@dataclass(frozen=True, slots=True)
class Claim:
    """Worker asks for a job; `able` holds `model` when it has a sound speech model."""

    type: ClassVar[str] = "claim"
    able: tuple[str, ...]

    @classmethod
    def parse(cls, fields: Fields) -> Claim:
        return cls(fields.texts("able"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "able": list(self.able)}


@dataclass(frozen=True, slots=True)
class Beat:
    """Worker: these jobs are alive."""

    type: ClassVar[str] = "beat"
    jobs: tuple[JobProgress, ...]

    @classmethod
    def parse(cls, fields: Fields) -> Beat:
        return cls(tuple(JobProgress.parse(item) for item in fields.each("jobs")))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "jobs": [job.to_json() for job in self.jobs]}


@dataclass(frozen=True, slots=True)
class Started:
    """Worker is about to give clip `clip` (its key) to the child; waits for `go` or `skip`.

    Web remembers it until the clip's result comes. A second `started` of a clip without a result
    between means that the child (or the worker) died on it: web charges the clip (`crashes` + 1),
    and at the second charge flags it and says `skip`. `release` forgets the marks uncharged.
    """

    type: ClassVar[str] = "started"
    job: int
    lease: int
    clip: str

    @classmethod
    def parse(cls, fields: Fields) -> Started:
        return cls(fields.whole("job"), fields.whole("lease"), fields.text("clip"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "job": self.job, "lease": self.lease, "clip": self.clip}


# --- said by web -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Welcome:
    """Answer to hello; `now_at` is web's clock."""

    type: ClassVar[str] = "welcome"
    v: int
    now_at: datetime

    @classmethod
    def parse(cls, fields: Fields) -> Welcome:
        return cls(fields.whole("v"), fields.instant("now_at"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "v": self.v, "now_at": text_from_instant(self.now_at)}


@dataclass(frozen=True, slots=True)
class Record:
    """Recorder is to join this conference's room; sent again after every hello while it is live."""

    type: ClassVar[str] = "record"
    conference: int
    url: str
    token: str
    clock_zero_at: datetime

    @classmethod
    def parse(cls, fields: Fields) -> Record:
        return cls(
            fields.whole("conference"),
            fields.text("url"),
            fields.text("token"),
            fields.instant("clock_zero_at"),
        )

    def to_json(self) -> JsonObject:
        return {
            "type": self.type,
            "conference": self.conference,
            "url": self.url,
            "token": self.token,
            "clock_zero_at": text_from_instant(self.clock_zero_at),
        }


@dataclass(frozen=True, slots=True)
class Stop(_OfConference):
    """The conference has ended; also told after a later hello, until `stopped` came."""

    type: ClassVar[str] = "stop"


@dataclass(frozen=True, slots=True)
class JobOffer:
    """A job for this worker. `payload` is read by `transcription.contract.jobs` for its kind."""

    type: ClassVar[str] = "job"
    job: int
    kind: str
    lease: int
    lease_until_at: datetime
    payload: JsonObject

    @classmethod
    def parse(cls, fields: Fields) -> JobOffer:
        return cls(
            fields.whole("job"),
            fields.text("kind"),
            fields.whole("lease"),
            fields.instant("lease_until_at"),
            fields.mapping("payload"),
        )

    def to_json(self) -> JsonObject:
        return {
            "type": self.type,
            "job": self.job,
            "kind": self.kind,
            "lease": self.lease,
            "lease_until_at": text_from_instant(self.lease_until_at),
            "payload": self.payload,
        }


@dataclass(frozen=True, slots=True)
class _Bare:
    """A message without content."""

    type: ClassVar[str]

    @classmethod
    def parse(cls, _fields: Fields) -> Self:
        return cls()

    def to_json(self) -> JsonObject:
        return {"type": self.type}


@dataclass(frozen=True, slots=True)
class NoJob(_Bare):
    """Answer to claim: nothing waits for such a worker."""

    type: ClassVar[str] = "none"


@dataclass(frozen=True, slots=True)
class Work(_Bare):
    """Hint: a job waits; a worker with nothing to do claims now."""

    type: ClassVar[str] = "work"


@dataclass(frozen=True, slots=True)
class BeatAnswer:
    """Answer to beat, one entry a job; `ok` = the lease runs LEASE_S from now."""

    type: ClassVar[str] = "beat"
    jobs: tuple[JobBeat, ...]

    @classmethod
    def parse(cls, fields: Fields) -> BeatAnswer:
        return cls(tuple(JobBeat.parse(item) for item in fields.each("jobs")))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "jobs": [job.to_json() for job in self.jobs]}


@dataclass(frozen=True, slots=True)
class _ClipAnswer:
    """Answer to started."""

    type: ClassVar[str]
    job: int
    clip: str

    @classmethod
    def parse(cls, fields: Fields) -> Self:
        return cls(fields.whole("job"), fields.text("clip"))

    def to_json(self) -> JsonObject:
        return {"type": self.type, "job": self.job, "clip": self.clip}


@dataclass(frozen=True, slots=True)
class Go(_ClipAnswer):
    """The clip may be given to the child; from here on a dead child is charged to it."""

    type: ClassVar[str] = "go"


@dataclass(frozen=True, slots=True)
class Skip(_ClipAnswer):
    """The clip is done or flagged already (it killed the child twice): pass it."""

    type: ClassVar[str] = "skip"


WorkerMessage = Hello | Recording | Stopped | Claim | Beat | Started
WebMessage = Welcome | Record | Stop | JobOffer | NoJob | Work | BeatAnswer | Go | Skip

_WORKER_TYPES: dict[str, type[WorkerMessage]] = {
    kind.type: kind for kind in (Hello, Recording, Stopped, Claim, Beat, Started)
}
_WEB_TYPES: dict[str, type[WebMessage]] = {
    kind.type: kind for kind in (Welcome, Record, Stop, JobOffer, NoJob, Work, BeatAnswer, Go, Skip)
}


def worker_message(text: str | bytes) -> WorkerMessage:
    """A message of recorder or worker; ContractError, or UnknownMessage for a new `type`."""
    fields = fields_from_text(text)
    kind = _WORKER_TYPES.get(fields.text("type"))
    if kind is None:
        raise UnknownMessage("type", f"{fields.text('type')!r} is unknown")
    return kind.parse(fields)


def web_message(text: str | bytes) -> WebMessage:
    """A message of web; ContractError, or UnknownMessage for a new `type`."""
    fields = fields_from_text(text)
    kind = _WEB_TYPES.get(fields.text("type"))
    if kind is None:
        raise UnknownMessage("type", f"{fields.text('type')!r} is unknown")
    return kind.parse(fields)


def text_of(message: WorkerMessage | WebMessage) -> str:
    """The JSON text of a message, its diacritics as they are."""
    return json.dumps(message.to_json(), ensure_ascii=False, separators=(",", ":"))
