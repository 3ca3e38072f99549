"""RTCP (RFC 3550 §6, RFC 4585 feedback, REMB): parse a compound, write what we send.

Unknown packet types and broken tails are skipped: one odd report must not cost the others. Profile
extensions behind report blocks are ignored.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
_NACK, _PLI, _FIR, _AFB = 1, 1, 4, 15
_REMB = b"REMB"
MAX_REPORTS = 31


@dataclass(frozen=True)
class ReportBlock:
    """One reception report: `fraction_lost` in 1/256, `jitter` in clock units, `delay` in
    1/65536 s."""

    ssrc: int
    fraction_lost: int
    total_lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True)
class SenderReport:
    """`ntp` is the 64-bit NTP time of `timestamp`."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True)
class Nack:
    """Sequence numbers that the receiver of `media_ssrc` misses."""

    media_ssrc: int
    lost: tuple[int, ...]


@dataclass(frozen=True)
class KeyframeRequest:
    """PLI or FIR."""

    media_ssrc: int


Packet = SenderReport | Nack | KeyframeRequest


def parse(data: bytes) -> list[Packet]:
    """What we act on of a compound packet; [] for garbage."""
    found: list[Packet] = []
    at = 0
    while at + 4 <= len(data):
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            break
        found += _packets(kind, first & 31, data[at + 4 : end])
        at = end
    return found


def _packets(kind: int, count: int, body: bytes) -> list[Packet]:
    if kind == SR and len(body) >= 24:
        return [SenderReport(*struct.unpack_from("!IQIII", body))]
    if kind == RTPFB and count == _NACK and len(body) >= 12:
        return [Nack(int.from_bytes(body[4:8], "big"), _lost(body[8:]))]
    if kind == PSFB and count == _PLI and len(body) >= 8:
        return [KeyframeRequest(int.from_bytes(body[4:8], "big"))]
    if kind == PSFB and count == _FIR:
        return [
            KeyframeRequest(int.from_bytes(body[i : i + 4], "big"))
            for i in range(8, len(body) - 7, 8)
        ]
    return []


def _lost(entries: bytes) -> tuple[int, ...]:
    lost = []
    for i in range(0, len(entries) - 3, 4):
        first, mask = struct.unpack_from("!HH", entries, i)
        lost.append(first)
        lost += [(first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return tuple(lost)


def sender_report(report: SenderReport, cname: str) -> bytes:
    """Sender report with the CNAME that lets a receiver play several streams in step."""
    head = struct.pack("!BBH", 0x80, SR, 6)
    body = struct.pack(
        "!IQIII",
        report.ssrc,
        report.ntp,
        report.timestamp & 0xFFFFFFFF,
        report.packets & 0xFFFFFFFF,
        report.octets & 0xFFFFFFFF,
    )
    return head + body + _description(report.ssrc, cname)


def _description(ssrc: int, cname: str) -> bytes:
    name = cname.encode()[:255]
    chunk = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    chunk += bytes(-len(chunk) % 4)
    return struct.pack("!BBH", 0x81, SDES, len(chunk) // 4) + chunk


def receiver_report(blocks: list[ReportBlock], ssrc: int = 1) -> bytes:
    """Receiver report of at most MAX_REPORTS blocks."""
    blocks = blocks[:MAX_REPORTS]
    out = struct.pack("!BBHI", 0x80 | len(blocks), RR, 1 + 6 * len(blocks), ssrc)
    for b in blocks:
        lost = max(-0x800000, min(0x7FFFFF, b.total_lost)) & 0xFFFFFF
        out += struct.pack(
            "!IIIIII",
            b.ssrc,
            b.fraction_lost << 24 | lost,
            b.highest & 0xFFFFFFFF,
            b.jitter & 0xFFFFFFFF,
            b.last_report,
            b.delay & 0xFFFFFFFF,
        )
    return out


def nack(media_ssrc: int, lost: list[int], ssrc: int = 1) -> bytes:
    """Generic NACK (RFC 4585 §6.2.1); `lost` in ascending order modulo 2^16."""
    entries: list[list[int]] = []
    for number in lost:
        ahead = (number - entries[-1][0]) & 0xFFFF if entries else 0
        if entries and 1 <= ahead <= 16:
            entries[-1][1] |= 1 << (ahead - 1)
        else:
            entries.append([number, 0])
    body = b"".join(struct.pack("!HH", first, mask) for first, mask in entries)
    return _feedback(RTPFB, _NACK, ssrc, media_ssrc, body)


def pli(media_ssrc: int, ssrc: int = 1) -> bytes:
    """Picture loss indication (RFC 4585 §6.3.1): asks for a key frame."""
    return _feedback(PSFB, _PLI, ssrc, media_ssrc, b"")


def remb(bits_per_second: int, ssrcs: list[int], ssrc: int = 1) -> bytes:
    """Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03)."""
    exponent = max(0, bits_per_second.bit_length() - 18)
    mantissa = bits_per_second >> exponent
    body = _REMB + struct.pack("!I", len(ssrcs[:255]) << 24 | exponent << 18 | mantissa)
    return _feedback(
        PSFB, _AFB, ssrc, 0, body + b"".join(struct.pack("!I", s) for s in ssrcs[:255])
    )


def _feedback(kind: int, fmt: int, ssrc: int, media_ssrc: int, body: bytes) -> bytes:
    return struct.pack("!BBHII", 0x80 | fmt, kind, 2 + len(body) // 4, ssrc, media_ssrc) + body
