"""Writes one chunk: Ogg Opus, flushed page by page, so that a kill loses at most the last second.

Knows frames and files; what time it is and what counts as silence is told by `track_writer`.
"""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE = 16000
"""Samples a second of everything the recorder writes (what recognition takes)."""
FRAME = RATE // 50
"""Samples of one Opus frame: 20 ms."""
BIT_RATE = 28000
MUXER = {"page_duration": "500000", "flush_packets": "1"}
"""page_duration is in µs. FFmpeg holds the last whole page back until the next one is full, so half
a second a page keeps what a kill loses at about one."""

Samples = NDArray[np.int16]


class ChunkFile:
    """An open Ogg Opus file, mono, 16 kHz in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._container = av.open(str(path), "w", format="ogg", options=dict(MUXER))
        self._stream = self._container.add_stream("libopus", rate=RATE)
        self._stream.layout = "mono"
        self._stream.format = "s16"
        self._stream.bit_rate = BIT_RATE
        self._written = 0

    @property
    def length_ms(self) -> int:
        """Sound given so far."""
        return self._written * 1000 // RATE

    def write(self, frame: Samples) -> None:
        """One frame of FRAME samples."""
        assert frame.shape == (FRAME,)
        packed = av.AudioFrame.from_ndarray(frame.reshape(1, -1), format="s16", layout="mono")
        packed.sample_rate = RATE
        packed.pts = self._written
        self._written += FRAME
        for packet in self._stream.encode(packed):
            self._container.mux(packet)

    def close(self) -> None:
        """Ends the file and puts it on the disk for good."""
        for packet in self._stream.encode(None):
            self._container.mux(packet)
        self._container.close()
        sync_file(self.path)


def sync_file(path: Path) -> None:
    """Waits until the file's content is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
