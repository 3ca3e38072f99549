"""How far a conference's recording has come (model §2.7): derived, stored nowhere.

Pure. The first state that matches wins. Where the model's order and its event table differ, the
event table holds: a transcription under way shows as transcribing although others still wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.domain.jobs import JobKind, JobState, Need


class Stage(StrEnum):
    """Where the recording stands."""

    NONE = "none"
    RECORDING = "recording"
    UPLOADING = "uploading"
    FAILED = "failed"
    WAITING_MODEL = "waiting_model"
    RECORDED = "recorded"
    TRANSCRIBING = "transcribing"
    EXTRACTING = "extracting"
    READY = "ready"


@dataclass(frozen=True)
class JobFact:
    """The latest job of a track, or the latest extraction of the conference."""

    kind: JobKind
    state: JobState
    needs: Need
    done_ms: int
    total_ms: int


@dataclass(frozen=True)
class Facts:
    """All that the stage depends on. `jobs`: the latest job of each track and the latest
    extraction; `extracted`: the last finished extraction read the runs that are current."""

    in_session: bool
    tracks: int
    open_tracks: int
    jobs: Sequence[JobFact]
    extracted: bool
    model_ready: bool


def stage_of(facts: Facts) -> Stage:
    """The stage; see the module's text for the order."""
    if facts.tracks == 0:
        return Stage.NONE
    if facts.in_session:
        return Stage.RECORDING
    if facts.open_tracks:
        return Stage.UPLOADING
    return _work_stage(facts)


def _work_stage(facts: Facts) -> Stage:
    active = {JobState.WAITING, JobState.LEASED}
    speech = [job for job in facts.jobs if job.kind is JobKind.TRANSCRIBE]
    live = [job for job in facts.jobs if job.state in active]
    if not live:
        if any(job.state is JobState.FAILED for job in facts.jobs):
            return Stage.FAILED
        return Stage.READY if facts.extracted else Stage.RECORDED
    if any(job.state is JobState.LEASED for job in speech):
        return Stage.TRANSCRIBING
    waiting = [job for job in speech if job.state is JobState.WAITING]
    if not waiting:
        return Stage.EXTRACTING
    if not facts.model_ready and any(job.needs is Need.MODEL for job in waiting):
        return Stage.WAITING_MODEL
    begun = any(job.done_ms or job.state is JobState.DONE for job in speech)
    return Stage.TRANSCRIBING if begun else Stage.RECORDED


def percent_of(jobs: Sequence[JobFact]) -> int:
    """Share of the speech that is transcribed, 0–100: Σ done_ms / Σ total_ms of the transcriptions,
    rounded down; 100 only when nothing is left."""
    speech = [job for job in jobs if job.kind is JobKind.TRANSCRIBE]
    total = sum(job.total_ms for job in speech)
    if total == 0:
        return 100 if speech and all(job.state is JobState.DONE for job in speech) else 0
    done = sum(job.total_ms if job.state is JobState.DONE else job.done_ms for job in speech)
    return min(100, done * 100 // total)
