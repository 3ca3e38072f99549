"""The whole way with nothing faked: seat → media engine → recorder → web → worker → candidate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from livekit import rtc

from server.domain.jobs import JobState
from server.domain.recordings import RecorderEvent
from server.storage.models import Candidate, Change, Conference, Evidence, Gap, Job, Segment, Track
from server.web.worker_link.hub import LINK
from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import Seat, Seats
from tests.fakes.voices import NORTH, RATE, meeting
from tests.integration.speech.speech_cast import Speech, begin
from tests.integration.transcription.programs import Program
from tests.people import RECORDER_TOKEN, WORKER_TOKEN, House, house_in

TASK = "Giao Sở Y tế chuẩn bị thuốc và vật tư y tế, trước ngày mùng mười tháng mười một."
WAIT_SECONDS = 60.0
BLOCK = RATE // 100


@pytest.fixture(scope="module")
def engine() -> Iterator[MediaEngine]:
    with MediaEngine() as engine:
        yield engine


@pytest.fixture
def house(tmp_path: Path, engine: MediaEngine) -> Iterator[House]:
    for house in house_in(tmp_path):
        house.clock.now = datetime.now(UTC)
        house.settings = replace(
            house.settings,
            livekit_url=engine.url,
            livekit_key=engine.key,
            livekit_secret=engine.secret,
        )
        yield house


@asynccontextmanager
async def served(house: House) -> AsyncIterator[tuple[web.Application, str]]:
    """The house's web on a free port."""
    runner = web.AppRunner(house.app(), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.app, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def until(good: Callable[[], Any], what: str) -> Any:
    """Asks again until it is there."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while not (value := good()):  # noqa: ASYNC110 - rows wake nobody
                await asyncio.sleep(0.1)
            return value
    except TimeoutError:
        raise AssertionError(f"never came: {what}") from None


async def say(seat: Seat, sound: np.ndarray) -> None:
    """The seat speaks, in real time, and gives its microphone back."""
    source = rtc.AudioSource(RATE, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    publication = await seat.room.local_participant.publish_track(track, options)
    async with asyncio.timeout(WAIT_SECONDS):
        await publication.wait_for_subscription()
    for at in range(0, len(sound) - BLOCK, BLOCK):
        block = sound[at : at + BLOCK].tobytes()
        await source.capture_frame(rtc.AudioFrame(block, RATE, 1, BLOCK))
    await source.wait_for_playout()
    await seat.room.local_participant.unpublish_track(publication.sid)


def recorder_writes(speech: Speech) -> bool:
    return any(change.action == RecorderEvent.RECORDING for change in speech.all(Change))


async def test_what_the_chair_says_becomes_a_candidate_with_its_second(
    house: House, engine: MediaEngine, tmp_path: Path
) -> None:
    speech = begin(house)
    sound, [(first, _)] = meeting([TASK], [NORTH])
    async with served(house) as (app, url), Seats(engine) as seats:
        home = tmp_path / "home"
        home.mkdir()
        recorder = Program(
            "recorder",
            home,
            GIAOBAN_WEB_URL=url,
            GIAOBAN_RECORDER_TOKEN=RECORDER_TOKEN,
            GIAOBAN_HOME=str(home),
            GIAOBAN_SPOOL_FLOOR_MB="0",
        )
        worker = Program(
            "worker",
            home,
            GIAOBAN_WEB_URL=url,
            GIAOBAN_WORKER_TOKEN=WORKER_TOKEN,
            GIAOBAN_ASR_MODEL="demo",
        )
        async with recorder, worker:
            await until(lambda: recorder_writes(speech), "the recorder in the room")
            room = speech.one(Conference).room_name
            identity = f"VPUB/{house.account_id('anh')}/pc"
            seat = await seats.join(identity, room, auto_subscribe=False)
            await say(seat, sound)
            house.clock.forward(seconds=20)
            speech.end()
            app[LINK].poke()
            await until(lambda: speech.all(Candidate), "the candidate")

    [track] = speech.all(Track)
    assert track.track_key.startswith(f"{identity}#")
    [segment] = speech.all(Segment)
    assert segment.text == TASK.lower().replace(",", "").replace(".", "")
    assert abs(segment.words[0][1] - (track.start_ms + first * 1000)) < 700
    [candidate] = speech.all(Candidate)
    assert candidate.due_on is not None
    assert (candidate.due_on.month, candidate.due_on.day) == (11, 10)
    [evidence] = speech.all(Evidence)
    assert evidence.start_ms == segment.start_ms
    assert {job.state for job in speech.all(Job)} == {JobState.DONE}
    assert [gap.reason for gap in speech.all(Gap)] == []
