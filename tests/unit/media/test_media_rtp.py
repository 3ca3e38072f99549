"""RTP and RTCP as bytes: what is read, what is written, and that nothing hostile raises."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media import rtcp, rtp


def packet(
    payload: bytes = b"payload", *, extension: bytes = b"", profile: int = 0xBEDE, padding: int = 0
) -> bytes:
    first = 0x80 | (0x10 if extension else 0) | (0x20 if padding else 0)
    out = struct.pack("!BBHII", first, 0x80 | 96, 1000, 90000, 0xDEADBEEF)
    if extension:
        extension += bytes(-len(extension) % 4)
        out += struct.pack("!HH", profile, len(extension) // 4) + extension
    out += payload
    return out + bytes(padding - 1) + bytes([padding]) if padding else out


def test_a_plain_packet_is_read() -> None:
    header = rtp.parse(packet())
    assert header is not None
    assert header[:5] == (0x80, 96, 1000, 90000, 0xDEADBEEF)
    assert packet()[header.payload_start : header.payload_end] == b"payload"


def test_contributing_sources_are_skipped() -> None:
    raw = bytearray(packet())
    raw[0] |= 2
    raw[12:12] = bytes(8)
    header = rtp.parse(bytes(raw))
    assert header is not None
    assert header.payload_start == 20


def test_padding_alone_leaves_no_payload() -> None:
    header = rtp.parse(packet(b"", padding=200))
    assert header is not None
    assert header.payload_start == header.payload_end


@pytest.mark.parametrize(
    ("extension", "profile"),
    [
        (b"\x41ab" + b"\x00" + b"\x90c", 0xBEDE),
        (b"\x04\x02ab" + b"\x00" + b"\x09\x01c", 0x1000),
    ],
)
def test_extensions_of_both_forms_are_found_by_number(extension: bytes, profile: int) -> None:
    raw = packet(extension=extension, profile=profile)
    header = rtp.parse(raw)
    assert header is not None
    assert rtp.extension(raw, header, 4) == b"ab"
    assert rtp.extension(raw, header, 9) == b"c"
    assert rtp.extension(raw, header, 5) is None
    assert rtp.extension(raw, header, 0) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x80" * 11,
        b"\x00" + packet()[1:],
        b"\x8f" + packet()[1:],
        b"\x90" + packet()[1:12] + b"\xbe",
        b"\x90" + packet()[1:12] + b"\xbe\xde\xff\xff",
        packet()[:12] + b"",
    ][:-1],
)
def test_what_is_not_a_packet_is_none(raw: bytes) -> None:
    assert rtp.parse(raw) is None


def test_padding_longer_than_the_packet_is_refused() -> None:
    assert rtp.parse(packet(b"", padding=3)[:-1] + b"\xff") is None
    assert rtp.parse(packet(b"", padding=3)[:-1] + b"\x00") is None


@given(st.binary(max_size=80))
def test_any_bytes_are_a_packet_or_none(raw: bytes) -> None:
    header = rtp.parse(raw)
    if header is not None:
        assert header.payload_start <= header.payload_end <= len(raw)
        for number, value in rtp.extensions(raw, header):
            assert 0 < number < 256
            assert len(value) <= len(raw)


@given(st.binary(max_size=60))
def test_any_extension_bytes_are_walked_to_their_end(extension: bytes) -> None:
    for profile in (0xBEDE, 0x1000, 0x1234):
        raw = packet(extension=extension or b"\0", profile=profile)
        header = rtp.parse(raw)
        assert header is not None
        list(rtp.extensions(raw, header))


@given(st.binary(max_size=120))
def test_any_bytes_are_a_compound_or_nothing(raw: bytes) -> None:
    for found in rtcp.parse(raw):
        assert isinstance(found, rtcp.SenderReport | rtcp.Nack | rtcp.KeyframeRequest)


@given(st.sets(st.integers(0, 0xFFFF), min_size=1, max_size=60))
def test_a_nack_says_what_it_was_told(lost: set[int]) -> None:
    (parsed,) = rtcp.parse(rtcp.nack(77, sorted(lost)))
    assert isinstance(parsed, rtcp.Nack)
    assert parsed.media_ssrc == 77
    assert set(parsed.lost) == lost


def test_a_nack_over_the_wrap_stays_in_one_entry() -> None:
    raw = rtcp.nack(77, [65534, 65535, 0, 1])
    assert len(raw) == 16
    assert rtcp.parse(raw) == [rtcp.Nack(77, (65534, 65535, 0, 1))]


def test_pli_and_fir_are_requests_for_a_key_frame() -> None:
    fir = struct.pack("!BBHIIIIII", 0x84, 206, 6, 1, 0, 5, 0, 6, 0)
    assert rtcp.parse(rtcp.pli(9) + fir) == [
        rtcp.KeyframeRequest(9),
        rtcp.KeyframeRequest(5),
        rtcp.KeyframeRequest(6),
    ]


def test_a_sender_report_survives_the_way_and_names_its_source() -> None:
    report = rtcp.SenderReport(5, 1 << 40, 90000, 10, 1000)
    raw = rtcp.sender_report(report, "PA_x")
    assert rtcp.parse(raw) == [report]
    assert b"PA_x" in raw
    assert len(raw) % 4 == 0


def test_a_report_with_a_profile_extension_does_not_cost_what_follows() -> None:
    odd = rtcp.receiver_report([]) + b"odd!"
    odd = odd[:2] + struct.pack("!H", len(odd) // 4 - 1) + odd[4:]
    assert rtcp.parse(odd + rtcp.pli(9)) == [rtcp.KeyframeRequest(9)]


def test_negative_loss_is_written_in_24_bits() -> None:
    block = rtcp.ReportBlock(5, 0, -3, 100, 0, 0, 0)
    raw = rtcp.receiver_report([block])
    assert raw[12:16] == b"\x00\xff\xff\xfd"


@given(st.integers(1, 10**9))
def test_a_remb_never_says_more_and_at_most_a_little_less(rate: int) -> None:
    raw = rtcp.remb(rate, [1, 2])
    assert raw[12:16] == b"REMB"
    count, exponent = raw[16], raw[17] >> 2
    mantissa = int.from_bytes(raw[17:20], "big") & 0x3FFFF
    assert count == 2
    said = mantissa << exponent
    assert rate * 0.99 < said <= rate
