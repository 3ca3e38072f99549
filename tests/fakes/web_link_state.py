"""What the fake of web's link keeps of tracks, chunks and jobs, and how it refuses.

As far as worker and recorder can see them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from transcription.contract import link
from transcription.contract.clips import ClipPlan, ClipResult, StoredClip
from transcription.contract.jobs import JobFailure
from transcription.contract.recording import Announce, ChunkState, OpenTrack
from transcription.contract.refusal import Refusal


@dataclass
class Chunk:
    announce: Announce
    data: bytes = b""
    state: ChunkState = ChunkState.ANNOUNCED


@dataclass
class Track:
    id: int
    opened: OpenTrack
    chunks: dict[int, Chunk] = field(default_factory=dict)
    final_seq: int | None = None

    @property
    def closed(self) -> bool:
        return self.final_seq is not None and all(
            n in self.chunks and self.chunks[n].state is ChunkState.STORED
            for n in range(self.final_seq + 1)
        )


@dataclass
class Job:
    id: int
    kind: str
    payload: dict[str, Any]
    needs: str = "none"
    state: str = "waiting"
    lease: int = 0
    plan: ClipPlan | None = None
    clips: dict[str, StoredClip] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    results: dict[str, ClipResult] = field(default_factory=dict)
    extraction_input: dict[str, Any] | None = None
    extraction: dict[str, Any] | None = None
    failure: JobFailure | None = None
    progress: list[link.JobProgress] = field(default_factory=list)
    cancelled: bool = False


class RefusedError(Exception):
    def __init__(self, status: int, refusal: Refusal) -> None:
        self.status, self.refusal = status, refusal


def refuse(status: int, code: str, received: int | None = None) -> RefusedError:
    return RefusedError(status, Refusal(code, code, received))
