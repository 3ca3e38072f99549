"""Sound out of stored chunks: a span of the meeting clock as 16 kHz mono.

A chunk's file holds its voiced stretches end to end; where nobody spoke there is silence, so a
moment of the span is always the same moment of the meeting. Only what the span needs is decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from server.domain.errors import OperatorError

RATE = 16_000
BYTES_A_MS = RATE // 1000 * 2
WAV_HEAD = 44
SEEK_BEFORE_S = 0.1
"""Opus needs 80 ms of what comes before to sound right (RFC 7845, 4.6)."""

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class StoredSound:
    """A chunk's file and the stretches of the meeting clock that it holds, end to end."""

    path: Path
    voiced: Sequence[tuple[int, int]]


def wav_of_span(chunks: Iterable[StoredSound], from_ms: int, to_ms: int) -> bytes:
    """The span [from_ms, to_ms) as a WAV file, exactly that long; `file_corrupt` when a chunk's
    file is missing or no sound.
    """
    out: Samples = np.zeros((to_ms - from_ms) * RATE // 1000, dtype=np.int16)
    for chunk in chunks:
        before = 0
        for start, end in chunk.voiced:
            begin, stop = max(start, from_ms), min(end, to_ms)
            if begin < stop:
                file_ms = before + begin - start
                part = decode(chunk.path, file_ms, file_ms + stop - begin)
                at = (begin - from_ms) * RATE // 1000
                out[at : at + len(part)] = part[: len(out) - at]
            before += end - start
    return wav_head(len(out)) + out.tobytes()


def wav_head(samples: int) -> bytes:
    """The head of a WAV file: PCM, mono, 16 bit, RATE."""
    size = samples * 2
    return struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16
    ) + struct.pack("<4sI", b"data", size)


def decode(path: Path, from_ms: int, to_ms: int) -> Samples:
    """The milliseconds [from_ms, to_ms) of an Ogg Opus file; shorter when the file is."""
    try:
        with av.open(str(path)) as container:
            return _decode(container, from_ms, to_ms)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise OperatorError("file_corrupt", name=path.name) from error


def _decode(container: av.container.InputContainer, from_ms: int, to_ms: int) -> Samples:
    stream = container.streams.audio[0]
    if from_ms > SEEK_BEFORE_S * 1000:
        target = from_ms / 1000 - SEEK_BEFORE_S
        container.seek(int(target / float(stream.time_base)), stream=stream)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    parts: list[Samples] = []
    first: float | None = None
    for frame in container.decode(stream):
        if first is None:
            first = float(frame.time or 0.0)
        if float(frame.time or 0.0) * 1000 >= to_ms:
            break
        parts += [out.to_ndarray().reshape(-1) for out in resampler.resample(frame)]
    parts += [out.to_ndarray().reshape(-1) for out in resampler.resample(None)]
    if first is None or not parts:
        return np.zeros(0, dtype=np.int16)
    sound: Samples = np.concatenate(parts)
    skip = round((from_ms / 1000 - first) * RATE)
    wanted = (to_ms - from_ms) * RATE // 1000
    return sound[max(0, skip) : max(0, skip) + wanted]
