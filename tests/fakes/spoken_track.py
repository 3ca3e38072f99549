"""A stored track for worker tests: sentences spoken by espeak, written as the recorder writes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.fakes.voices import ACCENTS, RATE, meeting
from tests.fakes.web_link import Chunk, Track, WebLink
from transcription.contract.jobs import ChunkRef, TranscribePayload
from transcription.contract.recording import Announce, ChunkState, OpenTrack
from transcription.recorder.chunk_file import FRAME, ChunkFile


@dataclass(frozen=True)
class Spoken:
    """`starts_ms`: where each sentence begins on the meeting clock."""

    track: Track
    starts_ms: tuple[int, ...]
    payload: dict[str, Any]


def spoken_track(
    link: WebLink,
    folder: Path,
    chunks: Sequence[Sequence[str]],
    start_ms: int = 600_000,
    silence_ms: int = 30_000,
    hotwords: tuple[str, ...] = (),
) -> Spoken:
    """Puts a track at web: one chunk for each list of sentences, `silence_ms` of unwritten silence
    after the first sound of every chunk."""
    opened = OpenTrack(7, "32152/5/pc#TR_1", "32152/5/pc", "opus", start_ms)
    track = link.tracks[1] = Track(1, opened)
    starts: list[int] = []
    at = start_ms
    refs = []
    for seq, sentences in enumerate(chunks):
        sound, times = meeting(sentences, ACCENTS[seq % 3 :] + ACCENTS[: seq % 3])
        sound = np.pad(sound, (0, -len(sound) % FRAME))
        path = folder / f"{seq}.ogg"
        file = ChunkFile(path)
        for n in range(0, len(sound), FRAME):
            file.write(sound[n : n + FRAME])
        file.close()
        data = path.read_bytes()
        length_ms = len(sound) * 1000 // RATE
        announce = Announce(
            at,
            length_ms + silence_ms,
            len(data),
            hashlib.sha256(data).hexdigest(),
            ((at, at + length_ms),),
        )
        track.chunks[seq] = Chunk(announce, data, ChunkState.STORED)
        starts += [at + round(first * 1000) for first, _ in times]
        refs.append(ChunkRef.of(seq, announce))
        at += length_ms + silence_ms
    track.final_seq = len(chunks) - 1
    payload = TranscribePayload(1, 3, 1, "vi", hotwords, tuple(refs))
    return Spoken(track, tuple(starts), payload.to_json())
