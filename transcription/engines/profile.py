"""How a model wants to be used: the settings of recognition that depend on the model.

Pure data. A model is known by the SHA-256 of its `model.bin`; an unknown one is a real Whisper.
"""

from __future__ import annotations

from dataclasses import dataclass

DEMO_SHA256 = "4dc085c0341e3c5be8a060b1b87b5ad61482670cf8d95b1caf18aef17cd7a716"
"""The model carried in `transcription/models/demo`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`hotword_tokens`: how much of the meeting's names goes into the prompt (0: none; it only
    harms the demo model). `batch`: clips decoded at once, at first. `threads` 0: the engine's own
    choice. Clips are cut at pauses of `pause_ms`, padded by `pad_ms`, at most `longest_ms`."""

    name: str
    beam: int = 5
    batch: int = 8
    hotword_tokens: int = 150
    threads: int = 0
    pause_ms: int = 400
    pad_ms: int = 200
    longest_ms: int = 28_000


REAL = Profile("whisper")
DEMO = Profile("demo", batch=4, hotword_tokens=0, threads=1)


def profile_of(model_sha256: str) -> Profile:
    """The profile of a model."""
    return DEMO if model_sha256 == DEMO_SHA256 else REAL
