"""Forwarding without a network: what a subscriber is sent of which packet, under which numbers."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from livekit.protocol import models, rtc

from server.media import rtcp, rtp, vp8
from server.media.forward import forward, pass_sender_report, resend
from server.media.tracks import Downlink, Layer, Track


class Box:
    """An outbox that keeps (ssrc, sequence, timestamp, payload) instead of sending."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, int, int, bytes]] = []

    def queue(self, handle: Any, address: Any, header: bytes, payload: bytes) -> None:
        _, _, sequence, timestamp, ssrc = struct.unpack("!BBHII", header)
        self.sent.append((ssrc, sequence, timestamp, payload))

    def of(self, downlink: Downlink) -> list[tuple[int, int, bytes]]:
        return [(s, t, p) for ssrc, s, t, p in self.sent if ssrc == downlink.ssrc]


class Endpoint:
    """An address and an SRTP session that nobody looks at."""

    address = handle = object()


class Stage:
    """One track, its publisher's RTCP, and subscribers."""

    def __init__(self, kind: Any) -> None:
        self.box = Box()
        self.asked: list[bytes] = []
        request = rtc.AddTrackRequest(cid="c", type=kind, source=models.TrackSource.CAMERA)
        self.track = Track("TR_1", request, self.asked.append)
        self.now = 100.0

    def layer(self, index: int = 0, ssrc: int = 1) -> Layer:
        return self.track.add_layer(index, ssrc, self.now)

    def subscriber(self) -> Downlink:
        downlink = Downlink(self.track, "PA_1")
        downlink.sender = downlink.endpoint = Endpoint()  # type: ignore[assignment]
        self.track.attach(downlink, self.now)
        return downlink

    def send(self, layer: Layer, sequence: int, payload: bytes, timestamp: int = 0) -> None:
        packet = rtp.pack_header(0x80, 96, sequence, timestamp, layer.ssrc) + payload
        header = rtp.parse(packet)
        assert header is not None
        forward(layer, packet, header, self.now, self.box)  # type: ignore[arg-type]


def picture(number: int, key: bool = False, tl0: int = 0) -> bytes:
    return b"\x90\xc0" + struct.pack("!HB", 0x8000 | number, tl0) + bytes([not key]) + b"data"


def ids(sent: list[tuple[int, int, bytes]]) -> list[int]:
    return [vp8.parse(p).picture_id for _, _, p in sent]


@pytest.fixture
def video() -> Stage:
    return Stage(models.TrackType.VIDEO)


@pytest.fixture
def audio() -> Stage:
    return Stage(models.TrackType.AUDIO)


def test_sound_flows_from_the_first_packet(audio: Stage) -> None:
    layer, an = audio.layer(), audio.subscriber()
    audio.send(layer, 65535, b"a", 10)
    audio.send(layer, 0, b"b", 970)
    (s1, t1, a), (s2, t2, b) = audio.box.of(an)
    assert (a, b) == (b"a", b"b")
    assert ((s2 - s1) & 0xFFFF, t2 - t1) == (1, 960)


def test_a_first_number_leaves_room_before_the_wrap(audio: Stage) -> None:
    layer = audio.layer()
    people = [audio.subscriber() for _ in range(50)]
    audio.send(layer, 65000, b"a")
    assert all(audio.box.of(d)[0][0] < 0x8000 for d in people)


def test_a_picture_begins_with_a_key_frame_which_is_asked_for(video: Stage) -> None:
    layer, an = video.layer(), video.subscriber()
    video.send(layer, 1, picture(1))
    assert not video.box.of(an)
    assert video.asked == [rtcp.pli(1)]
    video.send(layer, 2, picture(2, key=True))
    video.send(layer, 3, picture(3))
    assert ids(video.box.of(an)) == [2, 3]


def test_who_joins_later_starts_at_the_next_key_frame_and_costs_others_nothing(
    video: Stage,
) -> None:
    layer, an = video.layer(), video.subscriber()
    video.send(layer, 1, picture(1, key=True))
    binh = video.subscriber()
    video.send(layer, 2, picture(2))
    video.send(layer, 3, picture(3, key=True))
    assert ids(video.box.of(an)) == [1, 2, 3]
    assert ids(video.box.of(binh)) == [3]


def test_a_switch_of_layers_reads_as_one_stream(video: Stage) -> None:
    low, high = video.layer(0, 1), video.layer(1, 2)
    an = video.subscriber()
    an.highest_quality = 0
    video.track.choose_layers(video.now)
    video.send(low, 500, picture(100, key=True, tl0=7), 1000)
    video.send(low, 501, picture(101, tl0=8), 4000)
    an.highest_quality = 1
    video.track.choose_layers(video.now)
    video.now += 0.1
    video.send(high, 9000, picture(3), 777)
    video.send(low, 502, picture(102, tl0=9), 7000)
    video.now += 0.1
    video.send(high, 9001, picture(4, key=True, tl0=90), 70000)
    video.send(low, 503, picture(103, tl0=10), 10000)
    video.send(high, 9002, picture(5, tl0=91), 73000)
    sent = video.box.of(an)
    first = sent[0][0]
    assert [s - first for s, _, _ in sent] == [0, 1, 2, 3, 4]
    assert ids(sent) == [100, 101, 102, 103, 104]
    assert [p[4] for _, _, p in sent] == [7, 8, 9, 10, 11]
    assert sent[3][1] - sent[2][1] == pytest.approx(9000, abs=1)  # 0.1 s of 90 kHz
    assert sent[4][1] - sent[3][1] == 3000


def test_a_layer_that_falls_silent_is_left_for_one_that_is_sent(video: Stage) -> None:
    low, high = video.layer(0, 1), video.layer(1, 2)
    an = video.subscriber()
    video.send(high, 1, picture(1, key=True))
    assert an.layer is high
    video.now += 2
    video.send(low, 1, picture(1))
    video.track.choose_layers(video.now)
    video.send(low, 2, picture(2, key=True))
    assert an.layer is low


def test_what_is_disabled_is_not_sent_and_goes_on_without_a_hole(video: Stage) -> None:
    layer, an = video.layer(), video.subscriber()
    video.send(layer, 1, picture(1, key=True))
    video.track.detach(an)
    for n in range(2, 50):
        video.send(layer, n, picture(n))
    video.track.attach(an, video.now)
    video.send(layer, 50, picture(50, key=True))
    (s1, _, _), (s2, _, _) = video.box.of(an)
    assert s2 == s1 + 1


def test_a_mute_drops_sound_and_leaves_no_hole(audio: Stage) -> None:
    layer, an = audio.layer(), audio.subscriber()
    audio.send(layer, 1, b"a", 0)
    audio.track.set_muted(True)
    audio.send(layer, 2, b"secret", 960)
    audio.track.set_muted(False)
    audio.send(layer, 3, b"c", 1920)
    sent = audio.box.of(an)
    assert [p for _, _, p in sent] == [b"a", b"c"]
    assert sent[1][0] - sent[0][0] == 1
    assert sent[1][1] - sent[0][1] == 1920


def test_after_a_mute_a_picture_starts_with_a_key_frame(video: Stage) -> None:
    layer, an = video.layer(), video.subscriber()
    video.send(layer, 1, picture(1, key=True))
    video.track.set_muted(True)
    video.send(layer, 2, picture(2, key=True))
    video.track.set_muted(False)
    video.send(layer, 3, picture(3))
    video.send(layer, 4, picture(4, key=True))
    assert ids(video.box.of(an)) == [1, 4]


def test_a_repair_finds_the_packet_on_either_side_of_padding(video: Stage) -> None:
    layer, an = video.layer(), video.subscriber()
    video.send(layer, 1, picture(1, key=True))
    video.send(layer, 2, b"")
    video.send(layer, 3, picture(2))
    before, after = (s for s, _, _ in video.box.of(an))
    assert after == before + 1
    video.box.sent.clear()
    assert resend(an, (before, after), video.now, video.box) == 2  # type: ignore[arg-type]
    assert ids(video.box.of(an)) == [1, 2]
    assert [s for s, _, _ in video.box.of(an)] == [before, after]


def test_a_repair_of_what_was_sent_before_a_switch_is_not_answered(video: Stage) -> None:
    low, high = video.layer(0, 1), video.layer(1, 2)
    an = video.subscriber()
    an.highest_quality = 0
    video.track.choose_layers(video.now)
    video.send(low, 1, picture(1, key=True))
    lost = video.box.of(an)[0][0]
    an.highest_quality = 1
    video.track.choose_layers(video.now)
    video.send(high, 1, picture(1, key=True))
    assert resend(an, (lost,), video.now, video.box) == 0  # type: ignore[arg-type]


def test_a_late_packet_from_before_ones_start_is_not_sent(video: Stage) -> None:
    layer, an = video.layer(), video.subscriber()
    video.send(layer, 2, picture(2, key=True))
    video.send(layer, 1, picture(1))
    assert ids(video.box.of(an)) == [2]


def test_loss_upstream_is_asked_for_and_given_up_for_a_key_frame(video: Stage) -> None:
    layer = video.layer()
    video.subscriber()
    video.send(layer, 1, picture(1, key=True))
    video.asked.clear()
    video.send(layer, 4, picture(4))
    layer.repair(video.now)
    assert video.asked == [rtcp.nack(1, [2, 3])]
    for _ in range(30):
        video.now += 0.1
        layer.repair(video.now)
    assert rtcp.pli(1) in video.asked


def test_sound_is_never_asked_for_again(audio: Stage) -> None:
    layer = audio.layer()
    audio.subscriber()
    audio.send(layer, 1, b"a")
    audio.send(layer, 4, b"b")
    layer.repair(audio.now)
    assert not audio.asked


def test_sender_reports_are_told_in_the_subscribers_numbers(video: Stage) -> None:
    low, high = video.layer(0, 1), video.layer(1, 2)
    an = video.subscriber()
    an.highest_quality = 0
    video.track.choose_layers(video.now)
    video.send(low, 1, picture(1, key=True), 1000)
    an.highest_quality = 1
    video.track.choose_layers(video.now)
    video.now += 1
    video.send(high, 1, picture(1, key=True), 5)
    report = rtcp.SenderReport(2, 1 << 40, 5, 1, 1)
    ((who, raw),) = pass_sender_report(high, report, video.now)
    (told,) = rtcp.parse(raw)
    assert who is an
    assert isinstance(told, rtcp.SenderReport)
    assert told.timestamp == video.box.of(an)[-1][1]
    assert (told.ssrc, told.ntp, told.packets) == (an.ssrc, 1 << 40, 2)


def test_a_subscriber_that_left_gets_nothing_more(video: Stage) -> None:
    layer, an, binh = video.layer(), video.subscriber(), video.subscriber()
    video.send(layer, 1, picture(1, key=True))
    video.track.detach(an)
    video.send(layer, 2, picture(2))
    assert len(video.box.of(an)) == 1
    assert len(video.box.of(binh)) == 2
    assert not video.track.waiting
