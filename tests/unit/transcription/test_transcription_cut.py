"""Cutting into clips, block by block, with a detector of our own."""

from __future__ import annotations

import numpy as np

from transcription.audio import RATE, Samples
from transcription.contract.reading import Stretch
from transcription.vad import BLOCK_MS, cut

LONGEST = 28_000


class Meeting:
    """Sound whose speech is known; detects like the real one, but exactly."""

    def __init__(self, speech: list[Stretch], length_ms: int) -> None:
        self.length_ms = length_ms
        self._sound = np.zeros(length_ms * RATE // 1000, dtype=np.int8)
        for start, end in speech:
            self._sound[start * RATE // 1000 : end * RATE // 1000] = 1
        self.read_ms: list[int] = []

    async def read(self, start_ms: int, end_ms: int) -> Samples:
        self.read_ms.append(end_ms - start_ms)
        return self._sound[start_ms * RATE // 1000 : end_ms * RATE // 1000].astype(np.int16)

    async def detect(self, samples: Samples) -> list[Stretch]:
        edges = np.flatnonzero(np.diff(np.pad(samples, 1)))
        return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


async def test_clips_are_where_somebody_speaks() -> None:
    meeting = Meeting([(1000, 5000), (6000, 9000)], 20_000)
    assert await cut((0, 20_000), LONGEST, meeting.read, meeting.detect) == [
        (1000, 5000),
        (6000, 9000),
    ]


async def test_silence_gives_no_clip() -> None:
    meeting = Meeting([], 20_000)
    assert await cut((0, 20_000), LONGEST, meeting.read, meeting.detect) == []


async def test_speech_over_a_blocks_end_is_not_cut_there() -> None:
    over = (BLOCK_MS - 3000, BLOCK_MS + 4000)
    meeting = Meeting([(1000, 5000), over], BLOCK_MS + 60_000)
    clips = await cut((0, meeting.length_ms), LONGEST, meeting.read, meeting.detect)
    assert clips == [(1000, 5000), over]
    assert max(meeting.read_ms) <= BLOCK_MS


async def test_a_clip_that_is_too_long_is_cut_in_equal_parts() -> None:
    meeting = Meeting([(0, 70_000)], 70_000)
    clips = await cut((0, 70_000), LONGEST, meeting.read, meeting.detect)
    assert len(clips) == 3
    assert all(end - start <= LONGEST for start, end in clips)
    assert clips[0][0] == 0
    assert clips[-1][1] == 70_000
    assert all(a[1] == b[0] for a, b in zip(clips, clips[1:], strict=False))


async def test_speech_without_any_pause_ends_all_the_same() -> None:
    meeting = Meeting([(0, 2 * BLOCK_MS)], 2 * BLOCK_MS)
    clips = await cut((0, 2 * BLOCK_MS), LONGEST, meeting.read, meeting.detect)
    assert sum(end - start for start, end in clips) == 2 * BLOCK_MS
