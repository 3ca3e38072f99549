"""The room's task: stored, then rights, then told; silence of the media server; rebuilding."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from server.domain.meetings import ConferenceState, Strategy
from server.live import room as live_room
from server.live.hub import Hub
from server.live.messages import Listener
from server.services import attendance, floor, meetings
from tests.fakes.media_client import FakeMedia
from tests.meeting import identity, join, knock, live, presence, seat_id
from tests.people import DAM_DOI, NAM_CAN, House

CAMERA, SPEAKING = ("camera",), ("camera", "microphone", "screen_share", "screen_share_audio")


@pytest.fixture
def media() -> FakeMedia:
    return FakeMedia()


@pytest.fixture
async def hub(
    house: House, media: FakeMedia, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Hub]:
    """A hub on the house, looking around very often."""
    monkeypatch.setattr(live_room, "TICK_S", 0.02)
    monkeypatch.setattr(live_room, "RECONCILE_S", 0.1)

    async def run(service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        return service(house.program("media"), *args, **kw)

    hub = Hub(run, media, house.clock)  # type: ignore[arg-type]
    yield hub
    await hub.close()


def peopled(house: House, media: FakeMedia, **changes: object) -> int:
    """In session, Đầm Dơi and Năm Căn in the room, the chair too."""
    made = live(house, DAM_DOI, NAM_CAN, **changes)
    for code, who in (("UBT", "anh"), (DAM_DOI, "khai"), (NAM_CAN, "tam")):
        knock(house, made, who)
        join(house, made, code, who, f"PA_{identity(house, code, who)}")
        media.arrive(identity(house, code, who), SPEAKING if code == "UBT" else CAMERA)
    return made


async def heard(listener: Listener) -> dict[str, Any]:
    text = await asyncio.wait_for(listener.queue.get(), 5)
    assert text is not None
    value: dict[str, Any] = json.loads(text)
    return value


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not check():  # noqa: ASYNC110 - what is waited for is in the database
            await asyncio.sleep(0.01)


async def test_a_page_gets_the_whole_then_only_what_changed(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    page = Listener()
    hub.attach(made, page)
    whole = await heard(page)
    assert (whole["type"], len(whole["seats"])) == ("state", 3)
    floor.grant_floor(house.context("anh"), made, seat_id(house, made, DAM_DOI))
    await hub.acted(made)
    change = await heard(page)
    assert change["type"] == "delta"
    assert change["from"] == whole["version"]
    assert change["version"] > whole["version"]
    assert change["seats"] == []
    assert change["meeting"]["turns"][0]["seat"] == seat_id(house, made, DAM_DOI)


async def test_rights_are_set_before_pages_are_told(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    page = Listener()
    hub.attach(made, page)
    await heard(page)
    floor.grant_floor(house.context("anh"), made, seat_id(house, made, DAM_DOI))
    media.asked.clear()
    told_when: list[int] = []
    tell = page.tell

    def watch(text: str) -> None:
        told_when.append(len(media.asked))
        tell(text)

    page.tell = watch  # type: ignore[method-assign]
    settled = await hub.acted(made)
    assert settled.media
    assert media.asked == [("permit", identity(house, DAM_DOI, "khai"), *SPEAKING)]
    assert told_when == [1]


async def test_only_what_differs_is_set_and_an_old_tokens_rights_are_corrected(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    await hub.acted(made)
    assert media.asked == []
    media.arrive(identity(house, NAM_CAN, "tam"), SPEAKING)
    await hub.acted(made)
    assert media.asked == [("permit", identity(house, NAM_CAN, "tam"), "camera")]


async def test_an_act_while_media_is_silent_is_stored_said_and_made_up_for(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    await hub.acted(made)
    page = Listener()
    hub.attach(made, page)
    await heard(page)
    media.down = True
    floor.grant_floor(house.context("anh"), made, seat_id(house, made, DAM_DOI))
    assert not (await hub.acted(made)).media
    told = await heard(page)
    assert told["meeting"]["turns"]
    assert told["meeting"]["media"] is False
    media.down = False
    await until(lambda: ("permit", identity(house, DAM_DOI, "khai"), *SPEAKING) in media.asked)
    assert (await heard(page))["meeting"]["media"] is True


async def test_muting_closes_open_microphones_but_never_the_chairs(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media, strategy=Strategy.OPEN)
    chair, khai = identity(house, "UBT", "anh"), identity(house, DAM_DOI, "khai")
    for who in (chair, khai):
        media.arrive(who, media.people[who].sources, microphones=1)
    muted = floor.mute_all(house.context("anh"), made)
    await hub.acted(made, muted.seats)
    assert [call[:2] for call in media.asked if call[0] == "mute"] == [("mute", khai)]


async def test_a_mute_that_media_missed_is_done_when_it_is_back(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media, strategy=Strategy.OPEN)
    khai = identity(house, DAM_DOI, "khai")
    media.arrive(khai, ("camera", "microphone"), microphones=1)
    await hub.acted(made)
    media.down = True
    muted = floor.mute_seat(house.context("anh"), made, seat_id(house, made, DAM_DOI))
    await hub.acted(made, muted.seats)
    media.down = False
    await until(lambda: any(call[:2] == ("mute", khai) for call in media.asked))


async def test_at_the_end_every_seat_is_removed_and_the_recorder_is_left_to_go(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    media.arrive("recorder/2")
    meetings.end_conference(house.context("anh"), made)
    await hub.acted(made)
    assert set(media.people) == {"recorder/2"}


async def test_a_seat_sent_out_is_removed_from_the_room(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    attendance.remove_seat(house.context("anh"), made, seat_id(house, made, DAM_DOI))
    await hub.acted(made)
    assert identity(house, DAM_DOI, "khai") not in media.people
    assert identity(house, NAM_CAN, "tam") in media.people


async def test_missed_arrivals_and_departures_are_healed_by_looking_around(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = live(house, DAM_DOI, NAM_CAN)
    media.arrive(identity(house, DAM_DOI, "khai"), CAMERA)
    await hub.acted(made)
    await until(lambda: presence(house, made, DAM_DOI) == "in")
    house.clock.forward(seconds=30)
    media.people.clear()
    await until(lambda: presence(house, made, DAM_DOI) == "away")
    house.clock.forward(seconds=61)
    await until(lambda: presence(house, made, DAM_DOI) == "left")


async def test_followers_hear_of_start_and_end_and_a_new_hub_knows_running_meetings(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    told: list[tuple[int, ConferenceState]] = []
    made = peopled(house, media)
    hub.on_conference_state(lambda number, state: told.append((number, state)))
    await hub.start()
    await until(lambda: told == [(made, ConferenceState.LIVE)])
    meetings.end_conference(house.context("anh"), made)
    await hub.acted(made)
    assert told == [(made, ConferenceState.LIVE), (made, ConferenceState.ENDED)]


async def test_pages_are_told_whether_it_is_recorded(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    page = Listener()
    hub.attach(made, page)
    assert (await heard(page))["meeting"]["recording"] is False
    hub.set_recording(made, True)
    assert (await heard(page))["meeting"]["recording"] is True


async def test_a_page_too_slow_is_cut_off_and_the_others_go_on(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    slow, quick = Listener(), Listener()
    hub.attach(made, slow)
    hub.attach(made, quick)
    await heard(quick)
    for number in range(300):
        hub.set_recording(made, number % 2 == 0)
        await heard(quick)
    assert slow.cut
    assert not quick.cut


async def test_a_meeting_that_is_over_and_unwatched_leaves_no_task(
    house: House, hub: Hub, media: FakeMedia
) -> None:
    made = peopled(house, media)
    await hub.acted(made)
    meetings.end_conference(house.context("anh"), made)
    await hub.acted(made)
    await until(lambda: not hub._tasks)
