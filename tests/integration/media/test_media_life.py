"""Coming, going, coming back: removal, duplicates, resumption, time-outs, webhooks, the end."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import aiohttp
import jwt
import pytest
from livekit import api, rtc
from livekit.protocol import models
from livekit.protocol import rtc as signal_proto

from tests.fakes.faulty_network import TcpProxy
from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import Seats, until
from tests.fakes.media_webhooks import WebhookInbox
from tests.fakes.media_wire import WireClient, join_request

REASON = models.DisconnectReason
QUICK = {
    "GIAOBAN_MEDIA_RESUME_SECONDS": "1",
    "GIAOBAN_MEDIA_EMPTY_SECONDS": "1",
}


@pytest.fixture(scope="module")
def webhook_port() -> int:
    """A port for the inboxes of this module, one after the other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
async def inbox(webhook_port: int) -> AsyncIterator[WebhookInbox]:
    async with WebhookInbox(port=webhook_port) as box:
        yield box


@pytest.fixture(scope="module")
def quick(webhook_port: int) -> Iterator[MediaEngine]:
    """An engine with short time-outs that tells the inbox."""
    url = f"http://127.0.0.1:{webhook_port}/livekit/webhook"
    with MediaEngine(webhook_url=url, **QUICK) as running:
        yield running
        assert "Traceback" not in running.log()


async def validate(engine: MediaEngine, token: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{engine.http_url}/rtc/v1/validate", params={"access_token": token}) as response,
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return response.status, await response.text()


async def test_a_meeting_is_told_in_order(quick: MediaEngine, inbox: WebhookInbox) -> None:
    async with Seats(quick) as seats:
        an = await seats.join("an", "told", name="Xã Đầm Dơi")
        published = await an.play(440)
        await inbox.event("told", "track_published")
        await an.room.local_participant.unpublish_track(published.sid)
        await inbox.event("told", "track_unpublished")
        await an.close()
        await inbox.event("told", "room_finished")
    assert inbox.names("told") == [
        "room_started",
        "participant_joined",
        "track_published",
        "track_unpublished",
        "participant_left",
        "room_finished",
    ]
    joined, track, left = (inbox.of_room("told")[i] for i in (1, 2, 4))
    assert (joined.participant.identity, joined.participant.name) == ("an", "Xã Đầm Dơi")
    assert track.track.source == models.TrackSource.MICROPHONE
    assert left.participant.disconnect_reason == REASON.CLIENT_INITIATED
    assert left.participant.sid == joined.participant.sid
    assert len({e.id for e in inbox.events}) == len(inbox.events)


async def test_webhooks_are_repeated_until_they_are_taken_and_stay_in_order() -> None:
    async with (
        WebhookInbox(refuse=1) as inbox,
        MediaEngine(webhook_url=inbox.url) as engine,
        Seats(engine) as seats,
    ):
        await seats.join("an", "retry")
        await inbox.event("retry", "participant_joined")
        assert inbox.refused == 1
        assert inbox.names("retry") == ["room_started", "participant_joined"]


async def test_a_removed_participant_cannot_come_back_with_its_old_token(
    quick: MediaEngine, inbox: WebhookInbox
) -> None:
    token = quick.token("an", "removed")
    async with Seats(quick) as seats, quick.api() as server:
        binh = await seats.join("binh", "removed")
        an = await seats.join("an", "removed", token=token)
        await server.room.remove_participant(
            api.RoomParticipantIdentity(room="removed", identity="an")
        )
        assert (await an.event("disconnected"))[1] == REASON.PARTICIPANT_REMOVED
        await binh.event("participant_disconnected")
        left = await inbox.event("removed", "participant_left")
        assert left.participant.disconnect_reason == REASON.PARTICIPANT_REMOVED
        status, text = await validate(quick, token)
        assert (status, text) == (401, "participant was removed from the room")
        with pytest.raises(rtc.ConnectError):
            await seats.join("an", "removed", token=token)
        claims = jwt.decode(token, quick.secret, algorithms=["HS256"])
        later = {**claims, "nbf": claims["nbf"] + 5}
        await seats.join("an", "removed", token=jwt.encode(later, quick.secret))
        await seats.join("an", "another")


async def test_the_same_identity_again_puts_the_first_out(
    quick: MediaEngine, inbox: WebhookInbox
) -> None:
    async with Seats(quick) as seats:
        first = await seats.join("an", "twice")
        second = await seats.join("an", "twice")
        assert (await first.event("disconnected"))[1] == REASON.DUPLICATE_IDENTITY
        left = await inbox.event("twice", "participant_left")
        assert left.participant.disconnect_reason == REASON.DUPLICATE_IDENTITY
        assert second.room.isconnected()


async def test_a_lost_socket_is_resumed_and_sound_goes_on(quick: MediaEngine) -> None:
    binh = WireClient()
    async with Seats(quick) as seats:
        an = await seats.join("an", "resume")
        await an.play(440)
        await binh.connect(quick.url, quick.token("binh", "resume"), auto_subscribe=True)
        await until(lambda: len(binh.received) > 20, "sound")
        await binh.close_socket()
        before = len(binh.received)
        async with aiohttp.ClientSession() as http:
            params = {
                "access_token": quick.token("binh", "resume"),
                **join_request(reconnect=True, participant_sid=binh.sid),
            }
            async with http.ws_connect(f"{quick.url}/rtc/v1", params=params) as socket:
                kinds = [
                    signal_proto.SignalResponse.FromString(await socket.receive_bytes())
                    for _ in range(3)
                ]
                assert [k.WhichOneof("message") for k in kinds] == [
                    "reconnect",
                    "update",
                    "room_update",
                ]
                assert {p.identity for p in kinds[1].update.participants} == {"an", "binh"}
                # 50 packets a second: longer than the engine waits for a lost socket
                await until(lambda: len(binh.received) > before + 130, "sound goes on")
                assert "participant_disconnected" not in an.names()
    await binh.close()


async def test_the_sdk_resumes_after_its_socket_was_cut(engine: MediaEngine, seats: Seats) -> None:
    async with TcpProxy(engine.http_port) as proxy:
        an = await seats.join("an", "sdk-resume")
        binh = await seats.join("binh", "sdk-resume", url=proxy.url)
        await an.play(440)
        await binh.play(1000)
        await binh.hears("an", 440)
        proxy.cut()
        await binh.event("reconnected")
        binh.heard["an"].clear()
        an.heard["binh"].clear()
        await binh.hears("an", 440)
        await an.hears("binh", 1000)
        assert "participant_disconnected" not in an.names()


async def test_what_happened_during_a_lost_socket_is_told_afterwards(
    engine: MediaEngine, seats: Seats
) -> None:
    async with TcpProxy(engine.http_port) as proxy, engine.api() as server:
        an = await seats.join("an", "missed")
        binh = await seats.join("binh", "missed", url=proxy.url)
        published = await binh.play(1000)
        await an.hears("binh", 1000)
        proxy.cut()
        await server.room.mute_published_track(
            api.MuteRoomTrackRequest(
                room="missed", identity="binh", track_sid=published.sid, muted=True
            )
        )
        await an.event("track_muted")
        await binh.event("reconnected")
        await binh.event("track_muted")
        await an.silence("binh")
        assert "track_unmuted" not in an.names()


async def test_after_a_restart_of_the_engine_its_clients_come_back(inbox: WebhookInbox) -> None:
    first = MediaEngine(webhook_url=inbox.url)
    await asyncio.to_thread(first.start)
    async with Seats(first) as seats:
        an = await seats.join("an", "restart")
        binh = await seats.join("binh", "restart")
        await an.play(440)
        await binh.hears("an", 440)
        await asyncio.to_thread(first.stop)
        first.discard_log()
        async with MediaEngine(webhook_url=inbox.url, GIAOBAN_MEDIA_PORT=str(first.http_port)):
            await an.event("reconnected")
            await binh.event("reconnected")
            binh.heard["an"].clear()
            await binh.hears("an", 440)
            for seat in (an, binh):
                await seat.close()


async def test_resuming_somebody_unknown_asks_for_a_full_reconnect(quick: MediaEngine) -> None:
    params = {
        "access_token": quick.token("an", "unknown"),
        **join_request(reconnect=True, participant_sid="PA_gone"),
    }
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{quick.url}/rtc/v1", params=params) as socket,
    ):
        answer = signal_proto.SignalResponse.FromString(await socket.receive_bytes())
    assert answer.leave.action == signal_proto.LeaveRequest.RECONNECT


async def test_a_socket_lost_for_good_is_told_as_such(
    quick: MediaEngine, inbox: WebhookInbox
) -> None:
    an = WireClient()
    await an.connect(quick.url, quick.token("an", "lost"))
    await inbox.event("lost", "participant_joined")
    await an.close_socket()
    left = await inbox.event("lost", "participant_left")
    assert left.participant.disconnect_reason == REASON.SIGNAL_CLOSE
    await an.close()


async def test_a_client_whose_media_died_is_sent_away(inbox: WebhookInbox) -> None:
    impatient = {"GIAOBAN_MEDIA_PEER_TIMEOUT_SECONDS": "1"}
    async with MediaEngine(webhook_url=inbox.url, **impatient) as engine:
        an = WireClient()
        await an.connect(engine.url, engine.token("an", "dead"))
        an.stop_media()
        leave = await an.told("leave")
        assert leave.reason == REASON.CONNECTION_TIMEOUT
        left = await inbox.event("dead", "participant_left")
        assert left.participant.disconnect_reason == REASON.CONNECTION_TIMEOUT
        await an.close()


async def test_the_engine_ends_orderly_and_says_so(inbox: WebhookInbox) -> None:
    engine = MediaEngine(webhook_url=inbox.url)
    await asyncio.to_thread(engine.start)
    async with Seats(engine) as seats:
        an = await seats.join("an", "end")
        await inbox.event("end", "participant_joined")
        assert await asyncio.to_thread(engine.stop, signal.SIGINT) == 0
        await until(lambda: {"disconnected", "reconnecting"} & set(an.names()), "the end is seen")
    assert inbox.names("end")[-2:] == ["participant_left", "room_finished"]
    assert "Traceback" not in engine.log()
    engine.discard_log()


async def test_a_wrong_setting_stops_the_start_with_its_name() -> None:
    engine = MediaEngine(GIAOBAN_LIVEKIT_SECRET="short")
    with pytest.raises(RuntimeError, match="GIAOBAN_LIVEKIT_SECRET has 5 characters"):
        await asyncio.to_thread(engine.start)


async def test_health_and_metrics_are_served(engine: MediaEngine, seats: Seats) -> None:
    await seats.join("an", "metrics")
    async with aiohttp.ClientSession() as http:
        for path, text in (("healthz", "ok"), ("readyz", "ready")):
            async with http.get(f"{engine.http_url}/{path}") as response:
                assert (response.status, await response.text()) == (200, text)
        async with http.get(f"{engine.http_url}/metrics") as response:
            text = await response.text()
    assert re.search(r"giaoban_media_participants [1-9]", text)
    assert "giaoban_media_packets_forwarded_total" in text
