"""The VP8 payload descriptor (RFC 7741 §4.2): key frame or not, and the numbers a switch rewrites.

Nothing of the picture is decoded: of its header only the key-frame bit (RFC 6386 §9.1) is read.
"""

from __future__ import annotations

from typing import NamedTuple

PICTURE_ID_MASK = 0x7FFF


class Descriptor(NamedTuple):
    """Offsets are into the payload; 0 = field absent (the first byte is never one of them)."""

    starts_keyframe: bool
    picture_id: int
    picture_id_at: int
    picture_id_bytes: int
    tl0_at: int


PLAIN = Descriptor(False, 0, 0, 0, 0)
"""Of a payload without numbers, or one that is too short to be VP8."""


def parse(payload: bytes) -> Descriptor:
    """Descriptor of one RTP payload; PLAIN where it breaks off."""
    try:
        return _parse(payload)
    except IndexError:
        return PLAIN


def _parse(payload: bytes) -> Descriptor:
    first, at = payload[0], 1
    picture_id = picture_id_at = picture_id_bytes = tl0_at = 0
    if first & 0x80:
        extended, at = payload[1], 2
        if extended & 0x80:
            picture_id_at, picture_id, picture_id_bytes = at, payload[at] & 0x7F, 1
            if payload[at] & 0x80:
                picture_id, picture_id_bytes = picture_id << 8 | payload[at + 1], 2
            at += picture_id_bytes
        if extended & 0x40:
            tl0_at, at = at, at + 1
        if extended & 0x30:
            at += 1
    starts_frame = first & 0x10 and not first & 0x07
    keyframe = bool(starts_frame) and not payload[at] & 0x01
    if tl0_at >= len(payload):
        raise IndexError
    return Descriptor(keyframe, picture_id, picture_id_at, picture_id_bytes, tl0_at)


def shifted(payload: bytes, descriptor: Descriptor, picture_shift: int, tl0_shift: int) -> bytes:
    """Payload with picture id and TL0PICIDX lowered: a switch of layers reads as one stream."""
    out = bytearray(payload)
    at = descriptor.picture_id_at
    if at:
        value = (descriptor.picture_id - picture_shift) & PICTURE_ID_MASK
        if descriptor.picture_id_bytes == 2:
            out[at], out[at + 1] = 0x80 | value >> 8, value & 0xFF
        else:
            out[at] = value & 0x7F
    if descriptor.tl0_at:
        out[descriptor.tl0_at] = (out[descriptor.tl0_at] - tl0_shift) & 0xFF
    return bytes(out)
