"""What parent and child say to each other: a JSON head, then samples, each with its length before.

Pure bytes; both sides import it. Times inside are seconds from the start of the clip.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
LENGTHS = struct.Struct("<II")
"""Octets of the head, octets of the samples."""


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word as the engine gives it; probability 0 to 1."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class RawSegment:
    """A segment as the engine gives it, seconds within its clip."""

    start: float
    end: float
    text: str
    words: tuple[RawWord, ...]
    avg_logprob: float
    no_speech: float
    compression: float


def packed(head: dict[str, Any], samples: list[Samples] | None = None) -> bytes:
    """One message."""
    body = b"".join(part.tobytes() for part in samples or [])
    text = json.dumps(head, ensure_ascii=False).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def json_from_raw(segment: RawSegment) -> dict[str, Any]:
    """The pair of `raw_from_json`."""
    return {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "words": [[w.text, w.start, w.end, w.probability] for w in segment.words],
        "avg_logprob": segment.avg_logprob,
        "no_speech": segment.no_speech,
        "compression": segment.compression,
    }


def raw_from_json(data: dict[str, Any]) -> RawSegment:
    """The pair of `json_from_raw`."""
    return RawSegment(
        data["start"],
        data["end"],
        data["text"],
        tuple(RawWord(*word) for word in data["words"]),
        data["avg_logprob"],
        data["no_speech"],
        data["compression"],
    )
