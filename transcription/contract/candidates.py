"""What goes into extraction and what comes out: the shapes of the worker link (design §9).

`ExtractionInput` is the answer of `GET /worker/jobs/J/extraction`, `ExtractionResult` the body of
its PUT (beside the lease). A `Candidate` is stored whole as `proposal` and never changed. Unknown
JSON fields are ignored; a missing needed one raises `KeyError` or `ValueError`. No rule lives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from transcription.contract.roster import Roster

ASSIGNMENT = "assignment"
REPORTED_ASSIGNMENT = "reported_assignment"
REQUEST = "request"

LEAD = "lead"
COORDINATING = "coordinating"
FROM = "from"
TO = "to"


@dataclass(frozen=True, slots=True)
class InputWord:
    """`start_ms` on the meeting clock; confidence 0–100 (shape of `segment.words`)."""

    text: str
    start_ms: int
    length_ms: int
    confidence: int

    @classmethod
    def from_json(cls, data: list[Any]) -> InputWord:
        text, start_ms, length_ms, confidence = data
        return cls(str(text), int(start_ms), int(length_ms), round(float(confidence)))

    def to_json(self) -> list[Any]:
        return [self.text, self.start_ms, self.length_ms, self.confidence]


@dataclass(frozen=True, slots=True)
class InputSegment:
    track: int | None
    start_ms: int
    end_ms: int
    text: str
    words: tuple[InputWord, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> InputSegment:
        track = data.get("track")
        return cls(
            track=None if track is None else int(track),
            start_ms=int(data["start_ms"]),
            end_ms=int(data["end_ms"]),
            text=str(data["text"]),
            words=tuple(InputWord.from_json(word) for word in data.get("words") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "track": self.track,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "text": self.text,
            "words": [word.to_json() for word in self.words],
        }


@dataclass(frozen=True, slots=True)
class InputLane:
    """One seat's (or text's) unflagged segments in time order. `speaker_role`: chair, co_chair,
    secretary, unit, or None when unknown; `unit` is the code of the seat's unit."""

    lane: str
    unit: str | None = None
    speaker_role: str | None = None
    segments: tuple[InputSegment, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> InputLane:
        return cls(
            lane=str(data["lane"]),
            unit=data.get("unit") or None,
            speaker_role=data.get("speaker_role") or None,
            segments=tuple(InputSegment.from_json(item) for item in data.get("segments") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "lane": self.lane,
            "unit": self.unit,
            "speaker_role": self.speaker_role,
            "segments": [segment.to_json() for segment in self.segments],
        }


@dataclass(frozen=True, slots=True)
class InputFloor:
    """A floor turn. `end_ms` None: still open."""

    start_ms: int
    end_ms: int | None
    unit: str | None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> InputFloor:
        end_ms = data.get("end_ms")
        return cls(
            int(data["start_ms"]), None if end_ms is None else int(end_ms), data.get("unit") or None
        )

    def to_json(self) -> dict[str, Any]:
        return {"start_ms": self.start_ms, "end_ms": self.end_ms, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off, and days declared working though they fall on a weekend."""

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorkCalendar:
        return cls(
            frozenset(date.fromisoformat(day) for day in data.get("holidays") or ()),
            frozenset(date.fromisoformat(day) for day in data.get("working") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "working": sorted(day.isoformat() for day in self.working),
        }

    def is_working(self, day: date) -> bool:
        return day in self.working or (day.weekday() < 5 and day not in self.holidays)


@dataclass(frozen=True, slots=True)
class ExtractionInput:
    """A conference as the extraction job gets it. `conference` None: no stable keys are made."""

    held_on: date
    lanes: tuple[InputLane, ...]
    roster: Roster = field(default_factory=Roster)
    conference: int | None = None
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    floor: tuple[InputFloor, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ExtractionInput:
        conference = data.get("conference")
        return cls(
            held_on=date.fromisoformat(str(data["held_on"])),
            lanes=tuple(InputLane.from_json(lane) for lane in data.get("lanes") or ()),
            roster=Roster.from_json(data.get("roster") or {}),
            conference=None if conference is None else int(conference),
            calendar=WorkCalendar.from_json(data.get("calendar") or {}),
            floor=tuple(InputFloor.from_json(turn) for turn in data.get("floor") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "conference": self.conference,
            "held_on": self.held_on.isoformat(),
            "calendar": self.calendar.to_json(),
            "roster": self.roster.to_json(),
            "floor": [turn.to_json() for turn in self.floor],
            "lanes": [lane.to_json() for lane in self.lanes],
        }


@dataclass(frozen=True, slots=True)
class CandidateUnit:
    """A body as said (`phrase`) and what it resolved to: a unit `code`, or a `group` code, or
    neither (then `choices` may hold ≤ 3 pairs of code and score 0–100 for the secretary)."""

    role: str
    phrase: str
    code: str | None = None
    group: str | None = None
    score: int | None = None
    choices: tuple[tuple[str, int], ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CandidateUnit:
        score = data.get("score")
        return cls(
            role=str(data["role"]),
            phrase=str(data["phrase"]),
            code=data.get("code") or None,
            group=data.get("group") or None,
            score=None if score is None else round(float(score)),
            choices=tuple((str(code), round(float(s))) for code, s in data.get("choices") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "phrase": self.phrase,
            "code": self.code,
            "group": self.group,
            "score": self.score,
            "choices": [[code, score] for code, score in self.choices],
        }


@dataclass(frozen=True, slots=True)
class CandidateDeadline:
    """The deadline set of model §1.7. `kind`: dated, recurring, event, standing, none. dated ⇔
    `due_on`; `due_time` is local HH:MM; `counted`: days or working_days when N days were said."""

    kind: str = "none"
    due_on: date | None = None
    due_time: str | None = None
    precision: str | None = None
    counted: str | None = None
    phrase: str | None = None
    rule: str | None = None
    event_text: str | None = None
    recurrence: Mapping[str, Any] | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CandidateDeadline:
        due_on = data.get("due_on")
        return cls(
            kind=str(data.get("kind") or "none"),
            due_on=date.fromisoformat(due_on) if due_on else None,
            due_time=data.get("due_time") or None,
            precision=data.get("precision") or None,
            counted=data.get("counted") or None,
            phrase=data.get("phrase") or None,
            rule=data.get("rule") or None,
            event_text=data.get("event_text") or None,
            recurrence=data.get("recurrence") or None,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "due_time": self.due_time,
            "precision": self.precision,
            "counted": self.counted,
            "phrase": self.phrase,
            "rule": self.rule,
            "event_text": self.event_text,
            "recurrence": dict(self.recurrence) if self.recurrence else None,
        }


@dataclass(frozen=True, slots=True)
class CandidateEvidence:
    """Verbatim words of one segment. In a text lane `track` is None and ms are code points."""

    track: int | None
    start_ms: int
    end_ms: int
    quote: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CandidateEvidence:
        track = data.get("track")
        return cls(
            None if track is None else int(track),
            int(data["start_ms"]),
            int(data["end_ms"]),
            str(data["quote"]),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "track": self.track,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task or a request found. `task` is verbatim, `title` the cleaned text for the draft;
    `confidence` 0–1; `quote_start`/`quote_end` are code points of the passage as given."""

    lane: str
    kind: str
    task: str
    title: str
    units: tuple[CandidateUnit, ...]
    deadline: CandidateDeadline
    evidence: tuple[CandidateEvidence, ...]
    confidence: float
    reasons: tuple[str, ...] = ()
    stable_key: str = ""
    quote: str = ""
    quote_start: int = 0
    quote_end: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Candidate:
        kind = str(data["kind"])
        return cls(
            lane=str(data["lane"]),
            kind=kind,
            task=str(data["request"] if kind == REQUEST and "request" in data else data["task"]),
            title=str(data.get("title") or ""),
            units=tuple(CandidateUnit.from_json(unit) for unit in data.get("units") or ()),
            deadline=CandidateDeadline.from_json(data.get("deadline") or {}),
            evidence=tuple(CandidateEvidence.from_json(e) for e in data.get("evidence") or ()),
            confidence=float(data.get("confidence") or 0.0),
            reasons=tuple(str(reason) for reason in data.get("reasons") or ()),
            stable_key=str(data.get("stable_key") or ""),
            quote=str(data.get("quote") or ""),
            quote_start=int(data.get("quote_start") or 0),
            quote_end=int(data.get("quote_end") or 0),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "stable_key": self.stable_key,
            "lane": self.lane,
            "kind": self.kind,
            "request" if self.kind == REQUEST else "task": self.task,
            "title": self.title,
            "units": [unit.to_json() for unit in self.units],
            "deadline": self.deadline.to_json(),
            "evidence": [item.to_json() for item in self.evidence],
            "confidence": self.confidence,
            "reasons": list(self.reasons),
            "quote": self.quote,
            "quote_start": self.quote_start,
            "quote_end": self.quote_end,
        }

    def of_role(self, role: str) -> tuple[CandidateUnit, ...]:
        return tuple(unit for unit in self.units if unit.role == role)


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    tasks: tuple[Candidate, ...] = ()
    requests: tuple[Candidate, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ExtractionResult:
        return cls(
            tuple(Candidate.from_json(item) for item in data.get("tasks") or ()),
            tuple(Candidate.from_json(item) for item in data.get("requests") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "tasks": [item.to_json() for item in self.tasks],
            "requests": [item.to_json() for item in self.requests],
        }
