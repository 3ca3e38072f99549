"""Hostile and broken input: each is refused or dropped and counted, and nobody else notices."""

from __future__ import annotations

import base64
import gzip
import os
import re
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import jwt
import pytest
from aioice import stun
from livekit.protocol import models, rtc

from tests.fakes.media_counters import counted, counter
from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import Seat, Seats, until
from tests.fakes.media_wire import WireClient, join_request


@pytest.fixture
async def witnesses(seats: Seats) -> AsyncIterator[tuple[Seat, Seat]]:
    """Two seats in the same room as the culprit; one hears the other before and after."""
    an, binh = await seats.join("an", "same"), await seats.join("binh", "same")
    await an.play(440)
    await binh.hears("an", 440)
    yield an, binh
    binh.heard["an"].clear()
    await binh.hears("an", 440)
    assert not {"reconnecting", "disconnected"} & {*an.names(), *binh.names()}


@asynccontextmanager
async def raw_socket(engine: MediaEngine, **join: Any) -> AsyncIterator[Any]:
    """A joined signalling socket of a culprit in the witnesses' room, past its join response."""
    params = {"access_token": engine.token("culprit", "same"), **join_request(**join)}
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(f"{engine.url}/rtc/v1", params=params) as ws:
            first = rtc.SignalResponse.FromString(await ws.receive_bytes())
            assert first.HasField("join")
            yield ws


async def sent_away(ws: Any) -> None:
    """The culprit is told to leave, and its socket is closed."""
    left = False
    async for message in ws:
        response = rtc.SignalResponse.FromString(message.data)
        if response.HasField("leave"):
            assert response.leave.action == rtc.LeaveRequest.DISCONNECT
            left = True
    assert left


async def refusal(engine: MediaEngine, **params: str) -> tuple[int, str]:
    """Status and text of a refused join."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{engine.http_url}/rtc/v1", params=params) as response,
    ):
        return response.status, await response.text()


# --- tokens


async def test_an_unknown_or_broken_token_is_refused_with_a_text(engine: MediaEngine) -> None:
    foreign = jwt.encode({"iss": "x", "sub": "an", "exp": 1 << 40}, "y" * 32)
    for token in ("", "nonsense", foreign):
        status, text = await refusal(engine, access_token=token, **join_request())
        assert status == 401
        assert "access token" in text


async def test_an_expired_token_is_refused_with_a_text(engine: MediaEngine) -> None:
    claims = jwt.decode(engine.token("an", "x"), engine.secret, algorithms=["HS256"])
    old = jwt.encode({**claims, "exp": claims["nbf"] - 3600}, engine.secret)
    assert await refusal(engine, access_token=old, **join_request()) == (
        401,
        "access token has expired",
    )


async def test_a_token_without_a_room_is_refused(engine: MediaEngine) -> None:
    claims = {"iss": engine.key, "sub": "an", "exp": 1 << 40, "video": {"roomList": True}}
    token = jwt.encode(claims, engine.secret)
    status, _ = await refusal(engine, access_token=token, **join_request())
    assert status == 403


async def test_the_older_protocol_is_refused_with_a_clear_text(engine: MediaEngine) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(
            f"{engine.http_url}/rtc", params={"access_token": engine.token("a", "b")}
        ) as answer,
    ):
        assert answer.status == 501
        assert "/rtc/v1" in await answer.text()


# --- join requests


async def test_a_gzip_bomb_is_refused(engine: MediaEngine) -> None:
    bomb = rtc.WrappedJoinRequest(
        compression=rtc.WrappedJoinRequest.GZIP, join_request=gzip.compress(bytes(50 << 20))
    )
    raw = base64.urlsafe_b64encode(bomb.SerializeToString()).decode()
    status, text = await refusal(engine, access_token=engine.token("an", "x"), join_request=raw)
    assert (status, text) == (400, "join_request is too long or cut off")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "!!!",
        base64.urlsafe_b64encode(os.urandom(300)).decode(),
        base64.urlsafe_b64encode(
            rtc.WrappedJoinRequest(
                compression=rtc.WrappedJoinRequest.GZIP, join_request=b"not gzip"
            ).SerializeToString()
        ).decode(),
    ],
)
async def test_an_unreadable_join_request_is_refused(engine: MediaEngine, raw: str) -> None:
    params = {"access_token": engine.token("an", "x"), "join_request": raw}
    status, text = await refusal(engine, **params)
    assert status == 400
    assert "join_request" in text


# --- signalling messages


async def test_an_oversized_message_costs_its_client_the_place(
    engine: MediaEngine, witnesses: tuple[Seat, Seat]
) -> None:
    before = await counter(engine, "signal_oversized")
    async with raw_socket(engine) as ws:
        await ws.send_bytes(bytes((1 << 20) + 1))
        async for _ in ws:
            pass
    await counted(engine, "signal_oversized", before + 1)


async def test_a_malformed_message_costs_its_client_the_place(
    engine: MediaEngine, witnesses: tuple[Seat, Seat]
) -> None:
    before = await counter(engine, "signal_malformed")
    async with raw_socket(engine) as ws:
        await ws.send_bytes(b"\xff\xff\xff\xff")
        await sent_away(ws)
    assert await counter(engine, "signal_malformed") == before + 1


async def test_text_instead_of_protobuf_costs_its_client_the_place(
    engine: MediaEngine, witnesses: tuple[Seat, Seat]
) -> None:
    async with raw_socket(engine) as ws:
        await ws.send_str("{}")
        await sent_away(ws)


async def test_a_flood_of_messages_costs_its_client_the_place(
    engine: MediaEngine, witnesses: tuple[Seat, Seat]
) -> None:
    before = await counter(engine, "signal_rate")
    ping = rtc.SignalRequest(ping=1).SerializeToString()
    async with raw_socket(engine) as ws:
        for _ in range(1000):
            await ws.send_bytes(ping)
        await sent_away(ws)
    assert await counter(engine, "signal_rate") == before + 1


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "garbage",
        "v=0\r\nm=audio 9 x\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n",
        "m=tea 9 UDP 1\r\na=mid:0\r\na=ice-ufrag:a\r\na=fingerprint:sha-256 00\r\n",
        "\r\n".join(f"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{i}" for i in range(5000)),
    ],
)
async def test_an_offer_that_makes_no_sense_costs_its_client_the_place(
    engine: MediaEngine, witnesses: tuple[Seat, Seat], sdp: str
) -> None:
    before = await counter(engine, "signal_sdp")
    async with raw_socket(engine) as ws:
        offer = rtc.SessionDescription(type="offer", sdp=sdp)
        await ws.send_bytes(rtc.SignalRequest(offer=offer).SerializeToString())
        await sent_away(ws)
    assert await counter(engine, "signal_sdp") == before + 1


async def test_a_request_that_means_nothing_is_counted_and_ignored(engine: MediaEngine) -> None:
    before = await counter(engine, "signal_unknown")
    async with raw_socket(engine) as ws:
        for request in (
            rtc.SignalRequest(),
            rtc.SignalRequest(simulate=rtc.SimulateScenario(node_failure=True)),
            rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid="TR_none", muted=True)),
            rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=["TR_no"])),
            rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_no"])),
            rtc.SignalRequest(ping=5),
        ):
            await ws.send_bytes(request.SerializeToString())
        answer = rtc.SignalResponse.FromString(await ws.receive_bytes())
        assert answer.WhichOneof("message") == "pong"
    assert await counter(engine, "signal_unknown") == before + 2


async def test_more_tracks_than_sensible_are_refused(engine: MediaEngine) -> None:
    async with raw_socket(engine) as ws:
        for n in range(20):
            request = rtc.AddTrackRequest(
                cid=f"c{n}", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
            )
            await ws.send_bytes(rtc.SignalRequest(add_track=request).SerializeToString())
        answers = [rtc.SignalResponse.FromString(await ws.receive_bytes()) for _ in range(20)]
    refused = [a.request_response.reason for a in answers if a.HasField("request_response")]
    assert refused == [rtc.RequestResponse.LIMIT_EXCEEDED] * 4


# --- datagrams


def throw(engine: MediaEngine, *datagrams: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for datagram in datagrams:
            sock.sendto(datagram, ("127.0.0.1", engine.udp_port))


async def test_garbage_datagrams_are_dropped_and_counted(
    engine: MediaEngine, witnesses: tuple[Seat, Seat]
) -> None:
    unknown = await counter(engine, "unknown_address")
    malformed = await counter(engine, "stun_malformed")
    throw(
        engine,
        b"",
        b"\x80" + os.urandom(200),
        b"\x16" + os.urandom(100),
        b"\x50" + os.urandom(10),
        b"\x00\x01",
        b"\x00\x01\x00\x04\x21\x12\xa4\x42" + bytes(12) + b"\x80\x28\x00\x00",
        b"\x00" + os.urandom(60),
        os.urandom(1601),
    )
    await counted(engine, "unknown_address", unknown + 3)
    await counted(engine, "stun_malformed", malformed + 3)


async def test_stun_with_a_wrong_password_is_not_answered(engine: MediaEngine) -> None:
    client = WireClient()
    await client.connect(engine.url, engine.token("an", "stun"))
    ufrag = re.search(r"a=ice-ufrag:(\S+)", client.answer)
    assert ufrag is not None
    before = await counter(engine, "stun_integrity")
    for user, key in ((f"{ufrag[1]}:x", b"wrong"), ("nobody:x", b"wrong")):
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = user
        request.add_message_integrity(key)
        throw(engine, bytes(request))
    await counted(engine, "stun_integrity", before + 2)
    await client.close()


async def test_garbage_from_a_known_address_is_dropped_and_counted(engine: MediaEngine) -> None:
    culprit, witness = WireClient(), WireClient()
    await culprit.connect(engine.url, engine.token("an", "known"))
    await witness.connect(engine.url, engine.token("binh", "known"), auto_subscribe=True)
    sid, mid = await culprit.publish("mic")
    ssrc = await until(lambda: witness.ssrc_of(sid), "section")
    forged, unknown = await counter(engine, "srtp"), await counter(engine, "rtp_unknown")
    for size in (1, 3, 12, 100, 1500):
        culprit.send((b"\x80\x60" + os.urandom(size))[:size])
        culprit.send(b"\x16" + os.urandom(size - 1))
        culprit.send(b"\x80\xc8" + os.urandom(size))
    culprit.send_rtp(5, 1, 1, b"unknown track", mid="99")
    culprit.send_rtp(6, 1, 1, b"wrong type", payload_type=3)
    culprit.send_rtcp(b"\x81\xcd\x00\x01" + os.urandom(4))
    culprit.send_rtcp(struct.pack("!BBHII", 0x8F, 206, 2, 1, 1))
    await counted(engine, "srtp", forged + 2)
    await counted(engine, "rtp_unknown", unknown + 2)
    for sequence in range(10):
        culprit.send_rtp(7, sequence, 960 * sequence, b"sound", mid=mid)
    await until(lambda: witness.packets_of(ssrc), "sound after garbage")
    await culprit.close()
    await witness.close()
