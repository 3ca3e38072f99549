"""Cuts sound into clips at pauses, block by block, so that an hour needs no more memory than ten
minutes.

The detector itself runs in the recognition child; this only walks over the sound. Pure but for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from transcription.audio import RATE, Samples
from transcription.contract.reading import Stretch

BLOCK_MS = 10 * 60 * 1000
NEAR_END_MS = 1000
"""Speech this near to a block's end may go on in the next block."""

Read = Callable[[int, int], Awaitable[Samples]]
"""Sound from one ms to another."""
Detect = Callable[[Samples], Awaitable[list[Stretch]]]
"""Where somebody speaks, in samples."""


async def cut(stretch: Stretch, longest_ms: int, read: Read, detect: Detect) -> list[Stretch]:
    """The clips of one unbroken stretch of sound, in ms; none longer than `longest_ms`, none beyond
    the stretch."""
    start_ms, end_ms = stretch
    clips: list[Stretch] = []
    at = start_ms
    while at < end_ms:
        block_end = min(end_ms, at + BLOCK_MS)
        found = [
            (at + first * 1000 // RATE, min(block_end, at + last * 1000 // RATE))
            for first, last in await detect(await read(at, block_end))
        ]
        goes_on = block_end < end_ms and found and found[-1][1] > block_end - NEAR_END_MS
        if goes_on and found[-1][0] > at:
            block_end = found.pop()[0]
        clips += found
        at = block_end
    return [part for clip in clips for part in _split(clip, longest_ms)]


def _split(clip: Stretch, longest_ms: int) -> list[Stretch]:
    """A clip that is too long, in equal parts."""
    start, end = clip
    if end <= start:
        return []
    parts = -(-(end - start) // longest_ms)
    borders = [start + (end - start) * n // parts for n in range(parts + 1)]
    return list(zip(borders, borders[1:], strict=False))
