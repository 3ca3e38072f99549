"""Clips of a transcription and what was recognised in them: segments and words.

Shapes of the tables `clip` and `segment`; who flags and why: `transcription.engines.guards`.
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
    whole_number,
)


class SegmentFlag(StrEnum):
    """Why a segment is hidden; a flagged one is kept, and is never evidence."""

    NO_SPEECH = "no_speech"
    COMPRESSION = "compression"
    LOGPROB = "logprob"
    REPEAT = "repeat"
    PHRASE = "phrase"
    ECHO = "echo"
    CRASHED_CLIP = "crashed_clip"


class ClipState(StrEnum):
    """State of a clip at web."""

    TODO = "todo"
    DONE = "done"
    FLAGGED = "flagged"


def clip_key(start_ms: int, end_ms: int) -> str:
    """The name of a clip in addresses and messages: `start_ms-end_ms`."""
    return f"{start_ms}-{end_ms}"


def stretch_from_clip_key(key: str) -> Stretch:
    """The pair of `clip_key`; ContractError for anything else."""
    start, dash, end = key.partition("-")
    if not (dash and start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        raise ContractError("clip", "is not start_ms-end_ms")
    if int(start) >= int(end) or key != clip_key(int(start), int(end)):
        raise ContractError("clip", "is not start_ms-end_ms")
    return int(start), int(end)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: start on the meeting clock, length in ms, confidence 0 to 100."""

    text: str
    start_ms: int
    length_ms: int
    confidence: int

    @classmethod
    def parse(cls, item: object, where: str) -> Word:
        if not isinstance(item, list) or len(item) != 4 or not isinstance(item[0], str):
            raise ContractError(where, "is not [text, start_ms, length_ms, confidence]")
        confidence = whole_number(item[3], where, 0)
        if confidence > 100:
            raise ContractError(where, "has a confidence above 100")
        start_ms, length_ms = whole_number(item[1], where, 0), whole_number(item[2], where, 0)
        return cls(item[0], start_ms, length_ms, confidence)

    def to_json(self) -> list[object]:
        return [self.text, self.start_ms, self.length_ms, self.confidence]


@dataclass(frozen=True, slots=True)
class Segment:
    """One recognised passage of a clip. `n` counts from 0 within the clip; `confidence` is 0 to 1
    (mean of its words); `avg_logprob`, `no_speech`, `compression` are the engine's own measures."""

    n: int
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]
    confidence: float
    avg_logprob: float
    no_speech: float
    compression: float
    flag: SegmentFlag | None

    @classmethod
    def parse(cls, fields: Fields) -> Segment:
        start_ms = fields.whole("start_ms")
        words = tuple(
            Word.parse(item, f"{fields.at('words')}[{n}]")
            for n, item in enumerate(fields.items("words"))
        )
        confidence = fields.number("confidence")
        if not 0 <= confidence <= 1:
            raise ContractError(fields.at("confidence"), "is not within 0 and 1")
        return cls(
            fields.whole("n"),
            start_ms,
            fields.whole("end_ms", start_ms),
            fields.text("text"),
            words,
            confidence,
            fields.number("avg_logprob"),
            fields.number("no_speech"),
            fields.number("compression"),
            flag_or_none(fields, "flag"),
        )

    def to_json(self) -> JsonObject:
        return {
            "n": self.n,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "text": self.text,
            "words": [word.to_json() for word in self.words],
            "confidence": self.confidence,
            "avg_logprob": self.avg_logprob,
            "no_speech": self.no_speech,
            "compression": self.compression,
            "flag": self.flag.value if self.flag else None,
        }


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """Body of `PUT /worker/jobs/J/clips`: how this run is made and where it is cut. A later attempt
    of the job gets the list stored first (`StoredClips`) and goes on from it."""

    lease: int
    engine: str
    model: str
    model_sha256: str
    params: JsonObject
    hotwords: str
    clips: tuple[Stretch, ...]

    @classmethod
    def parse(cls, fields: Fields) -> ClipPlan:
        return cls(
            fields.whole("lease"),
            fields.text("engine"),
            fields.text("model"),
            fields.sha256("model_sha256"),
            fields.mapping("params"),
            fields.text("hotwords"),
            fields.stretches("clips"),
        )

    def to_json(self) -> JsonObject:
        return {
            "lease": self.lease,
            "engine": self.engine,
            "model": self.model,
            "model_sha256": self.model_sha256,
            "params": self.params,
            "hotwords": self.hotwords,
            "clips": json_from_stretches(self.clips),
        }


@dataclass(frozen=True, slots=True)
class StoredClip:
    """One clip as web has it; `crashes`: how often it was charged with a dead child. The worker
    decodes a charged clip alone, so that no other is charged with it."""

    start_ms: int
    end_ms: int
    state: ClipState
    crashes: int = 0

    @property
    def key(self) -> str:
        """The clip's name in addresses and messages."""
        return clip_key(self.start_ms, self.end_ms)

    @classmethod
    def parse(cls, fields: Fields) -> StoredClip:
        try:
            state = ClipState(fields.text("state"))
        except ValueError as error:
            raise ContractError(fields.at("state"), "is no state of a clip") from error
        start_ms = fields.whole("start_ms")
        end_ms = fields.whole("end_ms", start_ms + 1)
        return cls(start_ms, end_ms, state, fields.whole_or_none("crashes") or 0)

    def to_json(self) -> JsonObject:
        return {
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "state": self.state.value,
            "crashes": self.crashes,
        }


@dataclass(frozen=True, slots=True)
class StoredClips:
    """Answer to ClipPlan: `{clips: [{start_ms, end_ms, state, crashes}]}`, in time order."""

    clips: tuple[StoredClip, ...]

    @classmethod
    def parse(cls, fields: Fields) -> StoredClips:
        return cls(tuple(StoredClip.parse(item) for item in fields.each("clips")))

    def to_json(self) -> JsonObject:
        return {"clips": [clip.to_json() for clip in self.clips]}


@dataclass(frozen=True, slots=True)
class ClipResult:
    """Body of `PUT /worker/jobs/J/clips/KEY`. No speech: no segments. `flag` is set when the whole
    clip was given up (`crashed_clip`)."""

    lease: int
    flag: SegmentFlag | None
    segments: tuple[Segment, ...]

    @classmethod
    def parse(cls, fields: Fields) -> ClipResult:
        return cls(
            fields.whole("lease"),
            flag_or_none(fields, "flag"),
            tuple(Segment.parse(item) for item in fields.each("segments")),
        )

    def to_json(self) -> JsonObject:
        return {
            "lease": self.lease,
            "flag": self.flag.value if self.flag else None,
            "segments": [segment.to_json() for segment in self.segments],
        }


def flag_or_none(fields: Fields, name: str) -> SegmentFlag | None:
    """A segment flag, or None when null or missing."""
    text = fields.text_or_none(name)
    if text is None:
        return None
    try:
        return SegmentFlag(text)
    except ValueError as error:
        raise ContractError(fields.at(name), "is no flag of a segment") from error
