"""A track's sound on the meeting clock, from its chunks; only a few of them decoded at a time.

Knows files and the voiced map; where the chunks come from is told by the caller.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np

from transcription.audio import RATE, NotSound, Samples, decode
from transcription.contract.jobs import ChunkRef
from transcription.contract.reading import Stretch
from transcription.digest import sha256_of
from transcription.voiced import Voiced, file_ms, join_touching, length_of

log = logging.getLogger(__name__)

DECODED = 3
"""Chunks kept decoded: five minutes each, 10 MB."""
FETCHES = 3


class ChunkDamaged(Exception):
    """A chunk does not have the hash that web names, however often it is fetched."""


class TrackAudio:
    """The sound of one track. `folder` is for the chunk files while the job runs."""

    def __init__(self, chunks: Sequence[ChunkRef], folder: Path) -> None:
        self._chunks = [chunk for chunk in chunks if chunk.voiced]
        self._folder = folder
        self._decoded: OrderedDict[int, Samples] = OrderedDict()

    @property
    def stretches(self) -> Voiced:
        """The unbroken stretches of sound: what clips are cut from."""
        return join_touching(part for chunk in self._chunks for part in chunk.voiced)

    async def fetch(self, download: Callable[[int, Path], Awaitable[None]]) -> None:
        """Gets every chunk's file by `download(seq, path)`."""
        for chunk in self._chunks:
            path = self._path(chunk)
            for _ in range(FETCHES):
                await download(chunk.seq, path)
                if await asyncio.to_thread(sha256_of, path) == chunk.sha256:
                    break
                log.warning("chunk %d came with another hash", chunk.seq)
            else:
                raise ChunkDamaged(f"chunk {chunk.seq}")

    async def read(self, start_ms: int, end_ms: int) -> Samples:
        """Sound from one ms of the meeting clock to another; zero where the chunks hold none."""
        return await asyncio.to_thread(self._read, start_ms, end_ms)

    def _read(self, start_ms: int, end_ms: int) -> Samples:
        sound = np.zeros((end_ms - start_ms) * RATE // 1000, dtype=np.int16)
        for chunk in self._chunks:
            if chunk.start_ms >= end_ms or chunk.start_ms + chunk.length_ms <= start_ms:
                continue
            samples = self._samples(chunk)
            for stretch in chunk.voiced:
                _lay(sound, start_ms, end_ms, samples, chunk.voiced, stretch)
        return sound

    def _samples(self, chunk: ChunkRef) -> Samples:
        found = self._decoded.get(chunk.seq)
        if found is None:
            try:
                found = decode(self._path(chunk))
            except NotSound as error:
                log.warning("chunk %d can't be decoded (%s): silence", chunk.seq, error)
                found = np.zeros(0, dtype=np.int16)
            missing = length_of(chunk.voiced) - len(found) * 1000 // RATE
            if missing > 20:
                log.warning("chunk %d is %d ms shorter than its map", chunk.seq, missing)
            self._decoded[chunk.seq] = found
            while len(self._decoded) > DECODED:
                self._decoded.popitem(last=False)
        self._decoded.move_to_end(chunk.seq)
        return found

    def _path(self, chunk: ChunkRef) -> Path:
        return self._folder / f"{chunk.seq:05d}.ogg"


def _lay(
    sound: Samples,
    start_ms: int,
    end_ms: int,
    samples: Samples,
    voiced: Voiced,
    stretch: Stretch,
) -> None:
    """Copies the part of a stretch that lies in [start_ms, end_ms) to its place."""
    first, last = max(start_ms, stretch[0]), min(end_ms, stretch[1])
    if first >= last:
        return
    source = file_ms(voiced, first) * RATE // 1000
    part = samples[source : source + (last - first) * RATE // 1000]
    at = (first - start_ms) * RATE // 1000
    sound[at : at + len(part)] = part
