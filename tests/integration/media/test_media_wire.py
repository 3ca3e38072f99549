"""Packets through the engine one by one: numbers, repair, rights that hold against a bad client."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from livekit import api
from livekit.protocol import models, rtc

from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import until
from tests.fakes.media_wire import VP8, WireClient

Connect = Callable[..., Awaitable[WireClient]]
KEYFRAME, INTERFRAME = b"\x10\x00", b"\x10\x01"


def vp8(picture: int, frame: bytes) -> bytes:
    """A payload with a 15-bit picture id."""
    return b"\x90\x80" + struct.pack("!H", 0x8000 | picture) + frame[1:] + b"picture"


@pytest.fixture
async def connect(engine: MediaEngine) -> AsyncIterator[Connect]:
    """Connects wire clients and closes them."""
    clients: list[WireClient] = []

    async def one(identity: str, room: str, auto: bool = True, **grants: Any) -> WireClient:
        client = WireClient()
        clients.append(client)
        token = engine.token(identity, room, **grants)
        await client.connect(engine.url, token, auto_subscribe=auto)
        return client

    yield one
    for client in clients:
        await client.close()


async def receiving(client: WireClient, track_sid: str) -> int:
    """The SSRC of a track, once a section carries it."""
    ssrc: int = await until(lambda: client.ssrc_of(track_sid), "section for the track")
    return ssrc


async def audio_flows(sender: WireClient, mid: str, receiver: WireClient, ssrc: int) -> int:
    """Send audio until it arrives; the next free sequence number."""
    for sequence in range(1000):
        sender.send_rtp(7, sequence, 960 * sequence, b"sound", mid=mid)
        await asyncio.sleep(0.02)
        if receiver.packets_of(ssrc):
            return sequence + 1
    raise AssertionError("no sound arrives")


def numbers(packets: list[bytes]) -> list[int]:
    """Sequence numbers relative to the first."""
    all_of = [struct.unpack_from("!H", p, 2)[0] for p in packets]
    return [(n - all_of[0]) & 0xFFFF for n in all_of]


def feedback(compound: bytes) -> tuple[int, int, int]:
    """(packet type, format, media ssrc) of an RTCP feedback packet."""
    return compound[1], compound[0] & 31, struct.unpack_from("!I", compound, 8)[0]


async def test_padding_is_swallowed_and_leaves_no_hole(connect: Connect) -> None:
    sender, receiver = await connect("an", "padding"), await connect("binh", "padding")
    sid, mid = await sender.publish("cam", "video")
    ssrc = await receiving(receiver, sid)
    receiver.received.clear()

    def send(sequence: int, payload: bytes, padding: int = 0) -> None:
        sender.send_rtp(
            9, sequence, 3000, payload, payload_type=VP8, mid=mid, padding=padding, marker=True
        )

    send(100, vp8(1, KEYFRAME))
    send(101, b"", padding=200)
    send(102, b"", padding=200)
    send(104, vp8(3, INTERFRAME))  # 103 is late
    send(105, b"", padding=50)
    send(106, vp8(4, INTERFRAME))
    send(103, vp8(2, INTERFRAME))
    packets = await until(
        lambda: (p := receiver.packets_of(ssrc)) and len(p) == 4 and p, "four packets"
    )
    assert numbers(packets) == [0, 2, 3, 1]
    pictures = [struct.unpack_from("!H", p, 14)[0] & 0x7FFF for p in packets]
    assert pictures == [1, 3, 4, 2]


async def test_a_subscriber_gets_nothing_before_a_key_frame_and_asks_for_one(
    connect: Connect,
) -> None:
    sender, receiver = await connect("an", "keyframe"), await connect("binh", "keyframe")
    sid, mid = await sender.publish("cam", "video")
    ssrc = await receiving(receiver, sid)
    for sequence in range(5):
        sender.send_rtp(9, sequence, 0, vp8(sequence, INTERFRAME), payload_type=VP8, mid=mid)
    sender.send_rtp(9, 5, 0, vp8(5, KEYFRAME), payload_type=VP8, mid=mid)
    await until(lambda: receiver.packets_of(ssrc), "the key frame")
    assert any(feedback(r) == (206, 1, 9) for r in sender.reported)
    first = receiver.packets_of(ssrc)[0]
    assert struct.unpack_from("!H", first, 14)[0] & 0x7FFF == 5


async def test_what_a_subscriber_lost_is_sent_again_with_the_same_numbers(
    connect: Connect,
) -> None:
    sender, receiver = await connect("an", "nack"), await connect("binh", "nack")
    sid, mid = await sender.publish("cam", "video")
    ssrc = await receiving(receiver, sid)
    for sequence in range(10):
        frame = INTERFRAME if sequence else KEYFRAME
        sender.send_rtp(9, sequence, 0, vp8(sequence, frame), payload_type=VP8, mid=mid)
    await until(lambda: len(receiver.packets_of(ssrc)) == 10, "ten packets")
    third = struct.unpack_from("!H", receiver.packets_of(ssrc)[3], 2)[0]
    for _ in range(3):
        receiver.send_rtcp(struct.pack("!BBHIIHH", 0x81, 205, 3, 1, ssrc, third, 0))
    # the replay window of SRTP has seen it before; asked three times at once, it comes once
    await until(lambda: receiver.repeated, "the packet again")
    receiver.send_rtcp(struct.pack("!BBHIIHH", 0x81, 205, 3, 1, ssrc, third + 5, 0))
    await until(lambda: receiver.repeated > 1, "another packet")
    assert receiver.repeated == 2


async def test_the_engine_asks_a_publisher_again_for_what_is_missing(connect: Connect) -> None:
    sender, receiver = await connect("an", "upstream"), await connect("binh", "upstream")
    sid, mid = await sender.publish("cam", "video")
    ssrc = await receiving(receiver, sid)
    sender.send_rtp(9, 0, 0, vp8(0, KEYFRAME), payload_type=VP8, mid=mid)
    sender.send_rtp(9, 2, 0, vp8(2, INTERFRAME), payload_type=VP8, mid=mid)
    await until(lambda: len(receiver.packets_of(ssrc)) == 2, "two packets")
    await until(lambda: [feedback(r) for r in sender.reported].count((205, 1, 9)) >= 3, "NACKs")
    sender.send_rtp(9, 1, 0, vp8(1, INTERFRAME), payload_type=VP8, mid=mid)
    await until(lambda: len(receiver.packets_of(ssrc)) == 3, "the repaired packet")
    assert numbers(receiver.packets_of(ssrc)) == [0, 2, 1]


async def test_sound_of_a_muted_track_is_dropped_though_its_client_goes_on(
    engine: MediaEngine, connect: Connect
) -> None:
    sender, receiver = await connect("an", "hush"), await connect("binh", "hush")
    sid, mid = await sender.publish("mic")
    ssrc = await receiving(receiver, sid)
    sequence = await audio_flows(sender, mid, receiver, ssrc)
    async with engine.api() as server:
        request = api.MuteRoomTrackRequest(room="hush", identity="an", track_sid=sid, muted=True)
        await server.room.mute_published_track(request)
    told = await sender.told("mute")
    assert told.sid == sid
    assert told.muted
    await receiver.told("update", lambda u: any(t.muted for p in u.participants for t in p.tracks))
    receiver.received.clear()
    for n in range(sequence, sequence + 20):
        sender.send_rtp(7, n, 960 * n, b"sound", mid=mid)
    await sender.ask(mute=rtc.MuteTrackRequest(sid=sid, muted=False))
    await receiver.told(
        "update", lambda u: u.participants[0].version > 3 and not u.participants[0].tracks[0].muted
    )
    for n in range(sequence + 20, sequence + 23):
        sender.send_rtp(7, n, 960 * n, b"again", mid=mid)
    packets = await until(lambda: receiver.packets_of(ssrc), "sound after the mute")
    assert packets[0].endswith(b"again")


async def test_a_track_that_was_not_granted_is_never_forwarded(connect: Connect) -> None:
    sender = await connect("an", "refused", can_publish_sources=["camera"])
    receiver = await connect("binh", "refused")
    await sender.ask(
        add_track=rtc.AddTrackRequest(
            cid="mic", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
        )
    )
    refusal = await sender.told("request_response")
    assert refusal.reason == rtc.RequestResponse.NOT_ALLOWED
    assert refusal.add_track.cid == "mic"
    mid = await sender.offer_section("audio", "mic")
    answer = await sender.told("answer", lambda a: a.id == 2)
    assert mid not in answer.mid_to_track_id
    for sequence in range(20):
        sender.send_rtp(7, sequence, 960 * sequence, b"sound", mid=mid)
    granted, camera = await sender.publish("cam", "video")
    ssrc = await receiving(receiver, granted)
    sender.send_rtp(9, 0, 0, vp8(0, KEYFRAME), payload_type=VP8, mid=camera)
    await until(lambda: receiver.packets_of(ssrc), "the camera")
    assert len(receiver.received) == len(receiver.packets_of(ssrc))


async def test_a_taken_right_ends_the_track_at_once_and_refuses_the_next(
    engine: MediaEngine, connect: Connect
) -> None:
    sender, receiver = await connect("an", "taken"), await connect("binh", "taken")
    sid, mid = await sender.publish("mic")
    ssrc = await receiving(receiver, sid)
    sequence = await audio_flows(sender, mid, receiver, ssrc)
    permission = models.ParticipantPermission(
        can_subscribe=True, can_publish=True, can_publish_sources=[models.TrackSource.CAMERA]
    )
    async with engine.api() as server:
        info = await server.room.update_participant(
            api.UpdateParticipantRequest(room="taken", identity="an", permission=permission)
        )
    assert not info.tracks
    assert (await sender.told("track_unpublished")).track_sid == sid
    await sender.told(
        "update",
        lambda u: (
            u.participants[0].sid == sender.sid
            and list(u.participants[0].permission.can_publish_sources)
            == [models.TrackSource.CAMERA]
            and not u.participants[0].permission.can_publish_data
        ),
    )
    await receiver.told("update", lambda u: u.participants[0].is_publisher is False)
    receiver.received.clear()
    for n in range(sequence, sequence + 20):
        sender.send_rtp(7, n, 960 * n, b"sound", mid=mid)
    await sender.ask(
        add_track=rtc.AddTrackRequest(
            cid="mic2", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
        )
    )
    refusal = await sender.told("request_response")
    assert refusal.reason == rtc.RequestResponse.NOT_ALLOWED
    assert not receiver.received


async def test_without_the_right_to_subscribe_nothing_is_received(connect: Connect) -> None:
    sender = await connect("an", "deaf")
    deaf = await connect("binh", "deaf", can_subscribe=False)
    hearing = await connect("chi", "deaf")
    sid, mid = await sender.publish("mic")
    await deaf.ask(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=True))
    ssrc = await receiving(hearing, sid)
    await audio_flows(sender, mid, hearing, ssrc)
    assert deaf.ssrc_of(sid) == 0
    assert not deaf.received


async def test_sender_reports_reach_subscribers(connect: Connect) -> None:
    sender, receiver = await connect("an", "reports"), await connect("binh", "reports")
    sid, mid = await sender.publish("mic")
    ssrc = await receiving(receiver, sid)
    await audio_flows(sender, mid, receiver, ssrc)
    sender.send_rtcp(struct.pack("!BBHIQIII", 0x80, 200, 6, 7, 1 << 40, 960, 10, 100))
    report = (await until(lambda: receiver.reported, "the report"))[0]
    assert report[1] == 200
    assert struct.unpack_from("!IQ", report, 4) == (ssrc, 1 << 40)
