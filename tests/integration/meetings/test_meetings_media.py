"""The right to speak, enforced by the real media engine against seats on the `livekit` SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from livekit import rtc

from server.services import meetings, meetings_pages
from server.services.attendance import NOTICE_VERSION
from server.web.live_socket import media_access
from tests.fakes.media_seat import leave
from tests.integration.conftest import Browser
from tests.meeting import live, presence, seat_id
from tests.people import DAM_DOI, NAM_CAN
from tests.running import Running, until

pytestmark = pytest.mark.slow


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """Web and the media engine, with webhooks between them."""
    async with Running(tmp_path, GIAOBAN_MEDIA_RESUME_SECONDS="1") as running:
        yield running


class Seats:
    """A running meeting with the chair and two communes in the room."""

    def __init__(self, running: Running, number: int) -> None:
        self.running, self.number = running, number
        self.browsers: dict[str, Browser] = {}
        self.rooms: dict[str, rtc.Room] = {}

    async def enter(self, who: str) -> None:
        browser = self.browsers[who] = await self.running.served.as_(who)
        self.rooms[who] = await self.running.enter(browser, self.number, NOTICE_VERSION)

    async def act(self, name: str, code: str | None = None) -> dict[str, Any]:
        seat = {} if code is None else {"seat": seat_id(self.running.house, self.number, code)}
        answer = await self.browsers["anh"].post_json(f"/conferences/{self.number}/{name}", seat)
        assert answer.status == 200, answer.text
        value: dict[str, Any] = answer.json()
        return value

    def permission(self, who: str) -> list[int]:
        return sorted(self.rooms[who].local_participant.permissions.can_publish_sources)


MICROPHONE = rtc.TrackSource.SOURCE_MICROPHONE
GONE = rtc.ConnectionState.CONN_DISCONNECTED


@pytest.fixture
async def seats(running: Running) -> AsyncIterator[Seats]:
    """anh, khai (Đầm Dơi) and tam (Năm Căn) are in."""
    meeting = Seats(running, live(running.house, DAM_DOI, NAM_CAN))
    for who in ("anh", "khai", "tam"):
        await meeting.enter(who)
    house, number = running.house, meeting.number
    for code in ("UBT", DAM_DOI, NAM_CAN):
        await until(f"{code} present", lambda c=code: presence(house, number, c) == "in")
    yield meeting
    for room in meeting.rooms.values():
        await leave(room)


async def publish(room: rtc.Room) -> rtc.LocalTrackPublication:
    source = rtc.AudioSource(48000, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=MICROPHONE)
    async with asyncio.timeout(12):
        return await room.local_participant.publish_track(track, options)


def open_microphones(room: rtc.Room) -> list[str]:
    """Identities whose microphone this room hears as open."""
    return [
        person.identity.split("/")[0]
        for person in room.remote_participants.values()
        for publication in person.track_publications.values()
        if publication.source == MICROPHONE and not publication.muted
    ]


async def test_the_floor_opens_the_microphone_and_taking_it_back_closes_it(seats: Seats) -> None:
    khai, anh = seats.rooms["khai"], seats.rooms["anh"]
    assert MICROPHONE not in seats.permission("khai")
    granted = await seats.act("grant", DAM_DOI)
    assert granted["media"] is True
    await until("the right to speak", lambda: MICROPHONE in seats.permission("khai"))
    await publish(khai)
    await until("the chair to hear it", lambda: open_microphones(anh) == [DAM_DOI])
    await seats.act("take_back")
    await until("silence", lambda: open_microphones(anh) == [])
    await until("the right to be gone", lambda: MICROPHONE not in seats.permission("khai"))


async def test_inviting_another_moves_the_right_and_muting_closes_it(seats: Seats) -> None:
    anh = seats.rooms["anh"]
    await seats.act("grant", DAM_DOI)
    await until("the first right", lambda: MICROPHONE in seats.permission("khai"))
    await publish(seats.rooms["khai"])
    await until("the first voice", lambda: open_microphones(anh) == [DAM_DOI])
    await seats.act("grant", NAM_CAN)
    await until("the second right", lambda: MICROPHONE in seats.permission("tam"))
    await publish(seats.rooms["tam"])
    await until("the second voice alone", lambda: open_microphones(anh) == [NAM_CAN])
    await seats.act("mute", NAM_CAN)
    await until("the mute", lambda: open_microphones(anh) == [])


async def test_the_end_takes_everybody_out_and_keeps_the_attendance(seats: Seats) -> None:
    house = seats.running.house
    await seats.act("end")
    for who, room in seats.rooms.items():
        await until(f"{who} out", lambda r=room: r.connection_state == GONE)
    page = meetings_pages.see_conference(house.context("hoa"), seats.number)
    assert {seat.code for seat, line in page.attendance if line.first_at} == {
        "UBT",
        DAM_DOI,
        NAM_CAN,
    }
    again = await seats.browsers["khai"].post_json(f"/conferences/{seats.number}/token")
    assert again.status == 409


async def test_leaving_is_told_at_once_and_an_old_token_brings_no_old_rights(seats: Seats) -> None:
    house, number = seats.running.house, seats.number
    await seats.act("grant", DAM_DOI)
    token = await seats.browsers["khai"].post_json(f"/conferences/{number}/token")
    await seats.act("take_back")
    await leave(seats.rooms["khai"])
    await until("left", lambda: presence(house, number, DAM_DOI) == "left")
    knocked = await seats.browsers["khai"].post_json(f"/conferences/{number}/knock")
    assert knocked.status == 200
    room = seats.rooms["khai"] = rtc.Room()
    await room.connect(token.json()["url"], token.json()["token"])
    await until("the rights of now", lambda: MICROPHONE not in seats.permission("khai"))


async def test_a_seat_sent_out_is_disconnected_and_its_token_opens_nothing(seats: Seats) -> None:
    number = seats.number
    token = await seats.browsers["khai"].post_json(f"/conferences/{number}/token")
    await seats.act("remove", DAM_DOI)
    await until("out", lambda: seats.rooms["khai"].connection_state == GONE)
    validate = f"{seats.running.engine.http_url}/rtc/validate"
    query = {"access_token": token.json()["token"]}
    async with aiohttp.ClientSession() as http, http.get(validate, params=query) as answer:
        assert answer.status == 401


async def test_the_recorder_is_hidden_and_counts_for_nobody(seats: Seats) -> None:
    running, number = seats.running, seats.number
    access = meetings.recorder_access(
        running.house.program("worker:2"), media_access(running.house.settings), number
    )
    recorder = rtc.Room()
    await recorder.connect(running.engine.url, access.token, rtc.RoomOptions(auto_subscribe=False))
    await until("its view of three", lambda: len(recorder.remote_participants) == 3)
    assert all("recorder" not in one for one in seats.rooms["anh"].remote_participants)
    page = meetings_pages.see_conference(running.house.context("hoa"), number)
    assert page.present() == 2
    await leave(recorder)
