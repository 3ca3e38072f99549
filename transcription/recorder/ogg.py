"""Reads the pages of an Ogg Opus file (RFC 3533, RFC 7845), to find where a broken one still holds.

Only what recovery needs: page borders, checksums, the granule position. It must not decode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CAPTURE = b"OggS"
HEADER = 27
OPUS_RATE = 48000
"""Granule positions of Opus count samples at this rate, whatever was encoded."""


@dataclass(frozen=True, slots=True)
class Page:
    """One whole page with a right checksum: bytes [start, end) of the file."""

    start: int
    end: int
    granule: int


@dataclass(frozen=True, slots=True)
class WholePart:
    """The part of a file that can be kept: its bytes, and the sound in it in ms (rounded down)."""

    bytes: int
    length_ms: int


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = ((value << 1) ^ 0x04C11DB7) if value & 0x80000000 else value << 1
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_TABLE = _crc_table()


def crc(data: bytes) -> int:
    """Ogg's CRC-32 (RFC 3533, 6: polynomial 0x04c11db7, no reflection, starts at 0)."""
    value = 0
    for byte in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _TABLE[(value >> 24) ^ byte]
    return value


def pages(data: bytes) -> Iterator[Page]:
    """The whole pages from the start of the file; ends at the first that is cut or damaged."""
    at = 0
    while data[at : at + 4] == CAPTURE and len(data) >= at + HEADER:
        count = data[at + 26]
        lacing = data[at + HEADER : at + HEADER + count]
        end = at + HEADER + count + sum(lacing)
        if len(lacing) < count or end > len(data):
            return
        page = data[at:end]
        stored = int.from_bytes(page[22:26], "little")
        if crc(page[:22] + b"\0\0\0\0" + page[26:]) != stored:
            return
        yield Page(at, end, int.from_bytes(page[6:14], "little", signed=True))
        at = end


def whole_part(data: bytes) -> WholePart:
    """What of an Ogg Opus file is sound up to its last whole page; 0 bytes when that is nothing.

    The first two pages are head and tags (RFC 7845, 3); pre-skip comes off the granule (4.2).
    """
    found = list(pages(data))
    if len(found) < 3 or b"OpusHead" not in data[: found[0].end]:
        return WholePart(0, 0)
    head = data.index(b"OpusHead", 0, found[0].end)
    pre_skip = int.from_bytes(data[head + 10 : head + 12], "little")
    timed = [page for page in found[2:] if page.granule >= 0]
    if not timed:
        return WholePart(0, 0)
    samples = max(0, timed[-1].granule - pre_skip)
    length_ms = samples * 1000 // OPUS_RATE
    return WholePart(timed[-1].end, length_ms) if length_ms else WholePart(0, 0)
