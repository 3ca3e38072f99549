"""RTP packets as bytes (RFC 3550 §5.1) with header extensions (RFC 8285): read, never copied apart.

Every function takes hostile input: what does not add up is None, never an exception.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

HEADER_BYTES = 12
_HEAD = struct.Struct("!BBHII")
_U16_PAIR = struct.Struct("!HH")
_ONE_BYTE, _TWO_BYTE = 0xBEDE, 0x1000


class Header(NamedTuple):
    """One parsed packet; offsets are into the packet, extensions empty when start == end."""

    marker: int
    """0 or 0x80."""
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload_start: int
    payload_end: int
    """== payload_start for a packet of padding only."""
    extension_profile: int
    extension_start: int
    extension_end: int


def parse(packet: bytes) -> Header | None:
    """Header of an RTP packet, or None if it is not one."""
    size = len(packet)
    if size < HEADER_BYTES:
        return None
    first, second, sequence, timestamp, ssrc = _HEAD.unpack_from(packet)
    if first >> 6 != 2:
        return None
    start, end = HEADER_BYTES + 4 * (first & 15), size
    profile = extension_start = extension_end = 0
    if first & 0x10:
        if start + 4 > size:
            return None
        profile, words = _U16_PAIR.unpack_from(packet, start)
        extension_start = start + 4
        start = extension_end = extension_start + 4 * words
    if first & 0x20:
        if not packet[-1]:
            return None
        end -= packet[-1]
    if start > end:
        return None
    return Header(
        second & 0x80,
        second & 0x7F,
        sequence,
        timestamp,
        ssrc,
        start,
        end,
        profile,
        extension_start,
        extension_end,
    )


def extensions(packet: bytes, header: Header) -> Iterator[tuple[int, bytes]]:
    """(id, value) of each header extension, one-byte or two-byte; stops where it breaks off."""
    at, end, profile = header.extension_start, header.extension_end, header.extension_profile
    two_bytes = profile & 0xFFF0 == _TWO_BYTE
    if not two_bytes and profile != _ONE_BYTE:
        return
    while at < end:
        first = packet[at]
        if first == 0:
            at += 1
            continue
        if two_bytes:
            if at + 2 > end:
                return
            number, length, at = first, packet[at + 1], at + 2
        else:
            number, length, at = first >> 4, (first & 15) + 1, at + 1
            if number == 15:
                return
        if at + length > end:
            return
        yield number, packet[at : at + length]
        at += length


def extension(packet: bytes, header: Header, number: int) -> bytes | None:
    """Value of the extension with this id, None if absent."""
    if number:
        for found, value in extensions(packet, header):
            if found == number:
                return value
    return None


def is_rtcp(second_byte: int) -> bool:
    """RFC 5761 §4: RTCP packet types 192-223 seen as marker plus payload type 64-95."""
    return 64 <= second_byte & 0x7F < 96


pack_header = _HEAD.pack
"""(first byte, marker | payload type, sequence, timestamp, ssrc) → 12 bytes."""
