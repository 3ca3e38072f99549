"""The server API, called with livekit-api as web does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from livekit import api, rtc

from tests.fakes.media_counters import counted, counter
from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import Seats, until

DISCONNECT = rtc.DisconnectReason


@pytest.fixture
async def server(engine: MediaEngine) -> AsyncIterator[api.RoomService]:
    async with engine.api() as client:
        yield client.room


async def refused(call: Any) -> str:
    """Code of the error that a call ends with."""
    with pytest.raises(api.ServerError) as error:
        await call
    code: str = error.value.code
    return code


async def post(engine: MediaEngine, method: str, token: str, body: bytes = b"") -> tuple[int, Any]:
    """A bare Twirp call: status and JSON answer."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            f"{engine.http_url}/twirp/livekit.RoomService/{method}",
            data=body,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/protobuf"},
        ) as response,
    ):
        return response.status, json.loads(await response.read())


async def test_rooms_are_made_listed_and_deleted(server: api.RoomService, seats: Seats) -> None:
    made = await server.create_room(api.CreateRoomRequest(name="made", metadata="m"))
    assert (made.name, made.metadata) == ("made", "m")
    listed = (await server.list_rooms(api.ListRoomsRequest(names=["made"]))).rooms
    assert [r.sid for r in listed] == [made.sid]
    an = await seats.join("an", "made")
    await server.delete_room(api.DeleteRoomRequest(room="made"))
    assert (await an.event("disconnected"))[1] == DISCONNECT.ROOM_DELETED
    assert not (await server.list_rooms(api.ListRoomsRequest(names=["made"]))).rooms
    assert await refused(server.delete_room(api.DeleteRoomRequest(room="made"))) == "not_found"


async def test_participants_are_listed_with_their_tracks(
    server: api.RoomService, seats: Seats
) -> None:
    an = await seats.join("an", "listed", name="Xã Đầm Dơi", attributes={"seat": "dam-doi"})
    recorder = await seats.join("recorder/1", "listed", hidden=True)
    published = await an.play(440)
    await recorder.event("track_published")
    listed = await server.list_participants(api.ListParticipantsRequest(room="listed"))
    assert sorted(p.identity for p in listed.participants) == ["an", "recorder/1"]
    one = await server.get_participant(api.RoomParticipantIdentity(room="listed", identity="an"))
    assert (one.name, one.attributes["seat"]) == ("Xã Đầm Dơi", "dam-doi")
    assert [t.sid for t in one.tracks] == [published.sid]
    rooms = (await server.list_rooms(api.ListRoomsRequest(names=["listed"]))).rooms
    assert (rooms[0].num_participants, rooms[0].num_publishers) == (1, 1)


async def test_a_mute_silences_and_a_remote_unmute_is_refused(
    engine: MediaEngine, server: api.RoomService, seats: Seats
) -> None:
    an, binh = await seats.join("an", "mute"), await seats.join("binh", "mute")
    published = await an.play(440)
    await binh.hears("an", 440)

    def request(muted: bool) -> api.MuteRoomTrackRequest:
        return api.MuteRoomTrackRequest(
            room="mute", identity="an", track_sid=published.sid, muted=muted
        )

    told = await counter(engine, "mutes_told", "events")
    answer = await server.mute_published_track(request(True))
    assert answer.track.muted
    await binh.event("track_muted")
    await an.event("track_muted")
    await binh.silence("an")
    assert await refused(server.mute_published_track(request(False))) == "failed_precondition"
    # The SDK repeats a mute to the server from a task of its own, which must not overtake this.
    await counted(engine, "mutes_told", told + 1, "events")
    published.track.unmute()
    await binh.hears("an", 440)


async def test_an_update_changes_what_it_names_and_replaces_the_permission(
    server: api.RoomService, seats: Seats
) -> None:
    an = await seats.join("an", "update", attributes={"seat": "x", "role": "unit"})
    binh = await seats.join("binh", "update")
    request = api.UpdateParticipantRequest(
        room="update",
        identity="an",
        name="Bình",
        metadata="m",
        attributes={"role": "", "hand": "1"},
    )
    info = await server.update_participant(request)
    assert (info.name, info.metadata) == ("Bình", "m")
    assert dict(info.attributes) == {"seat": "x", "hand": "1"}
    assert info.permission.can_publish
    await until(lambda: binh.room.remote_participants["an"].name == "Bình", "the new name")
    await until(lambda: an.room.local_participant.attributes.get("hand") == "1", "own attributes")


async def test_a_message_reaches_those_it_is_for(server: api.RoomService, seats: Seats) -> None:
    an, binh = await seats.join("an", "data"), await seats.join("binh", "data")

    async def send(text: str, *identities: str) -> None:
        await server.send_data(
            api.SendDataRequest(
                room="data", data=text.encode(), topic="t", destination_identities=identities
            )
        )

    await send("one", "binh")
    await send("all")
    packet = (await an.event("data_received"))[1]
    assert (packet.data, packet.topic) == (b"all", "t")
    await until(lambda: binh.names().count("data_received") == 2, "both messages")


async def test_room_metadata_reaches_all(server: api.RoomService, seats: Seats) -> None:
    an = await seats.join("an", "meta")
    await server.update_room_metadata(api.UpdateRoomMetadataRequest(room="meta", metadata="x"))
    await an.event("room_metadata_changed")
    assert an.room.metadata == "x"


async def test_what_does_not_exist_is_not_found(server: api.RoomService, seats: Seats) -> None:
    await seats.join("an", "there")
    who = api.RoomParticipantIdentity
    assert await refused(server.get_participant(who(room="nowhere", identity="an"))) == "not_found"
    assert await refused(server.get_participant(who(room="there", identity="x"))) == "not_found"
    assert await refused(server.remove_participant(who(room="there", identity="x"))) == "not_found"
    mute = api.MuteRoomTrackRequest(room="there", identity="an", track_sid="TR_x", muted=True)
    assert await refused(server.mute_published_track(mute)) == "not_found"


async def test_each_method_wants_its_grant(engine: MediaEngine) -> None:
    joining = engine.token("an", "x")
    for method in ("ListRooms", "CreateRoom", "DeleteRoom", "ListParticipants", "SendData"):
        status, error = await post(engine, method, joining)
        assert (status, error["code"]) == (403, "permission_denied")
    admin = api.AccessToken(engine.key, engine.secret).with_grants(
        api.VideoGrants(room_admin=True, room="mine")
    )
    body = api.ListParticipantsRequest(room="other").SerializeToString()
    status, error = await post(engine, "ListParticipants", admin.to_jwt(), body)
    assert (status, error["code"]) == (403, "permission_denied")


async def test_bad_calls_are_answered_as_twirp_errors(engine: MediaEngine) -> None:
    status, error = await post(engine, "ListRooms", "nonsense")
    assert (status, error["code"]) == (401, "unauthenticated")
    token = api.AccessToken(engine.key, engine.secret).with_grants(
        api.VideoGrants(room_list=True, room_create=True)
    )
    status, error = await post(engine, "ListRooms", token.to_jwt(), b"\xff\xff\xff")
    assert (status, error["code"]) == (400, "malformed")
    status, error = await post(engine, "Nothing", token.to_jwt())
    assert (status, error["code"]) == (404, "bad_route")
    status, error = await post(engine, "CreateRoom", token.to_jwt())
    assert (status, error["code"]) == (400, "invalid_argument")


async def test_the_api_speaks_json_too(engine: MediaEngine, seats: Seats) -> None:
    await seats.join("an", "json")
    token = api.AccessToken(engine.key, engine.secret).with_grants(
        api.VideoGrants(room_admin=True, room="json")
    )
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            f"{engine.http_url}/twirp/livekit.RoomService/ListParticipants",
            json={"room": "json"},
            headers={"Authorization": f"Bearer {token.to_jwt()}"},
        ) as response,
    ):
        assert [p["identity"] for p in (await response.json())["participants"]] == ["an"]
