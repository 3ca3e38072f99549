"""The recorder in a real room of the real media engine, with web's link faked on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from livekit import api

from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import Seats
from tests.fakes.web_link import Track, WebLink
from tests.integration.transcription.programs import Program
from transcription.contract.link import Recording, Stopped
from transcription.contract.recording import ChunkState, GapReason
from transcription.voiced import length_of

CONFERENCE = 7
ROOM = "c-7"
SEAT = "32152/5/pc"
RATE = 16000


@pytest.fixture(scope="module")
def engine() -> Iterator[MediaEngine]:
    with MediaEngine() as engine:
        yield engine


@pytest.fixture
def web(link: WebLink) -> WebLink:
    return link


@pytest.fixture
async def seats(engine: MediaEngine) -> AsyncIterator[Seats]:
    async with Seats(engine) as seats:
        yield seats


class RecorderProcess(Program):
    """`python -m transcription recorder` with a spool of its own."""

    def __init__(self, web: WebLink, home: Path, **settings: str) -> None:
        self.home = home
        given = {
            "GIAOBAN_WEB_URL": web.url,
            "GIAOBAN_RECORDER_TOKEN": web.token,
            "GIAOBAN_HOME": str(home),
            "GIAOBAN_SPOOL_FLOOR_MB": "0",
        }
        super().__init__("recorder", home, **(given | settings))

    def spooled(self) -> list[Path]:
        return sorted((self.home / "spool").glob("*/*/*.ogg"))

    def noted(self) -> list[dict[str, Any]]:
        """What the recorder has noted of the chunks that lie here, every second anew."""
        found = []
        for path in sorted((self.home / "spool").glob("*/*/[0-9]*.json")):
            with contextlib.suppress(FileNotFoundError):
                found.append(json.loads(path.read_text()))
        return found

    def sound_ms(self) -> int:
        return sum(end - start for note in self.noted() for start, end in note["voiced"])

    def silence_ms(self) -> int:
        """How long it has been silent, as noted."""
        notes = [note for note in self.noted() if note["voiced"]]
        return max((n["start_ms"] + n["length_ms"] - n["voiced"][-1][1] for n in notes), default=0)


def decoded(data: bytes) -> np.ndarray:
    """The sound of an Ogg file, 16 kHz mono."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    parts = []
    with av.open(io.BytesIO(data)) as container:
        for frame in container.decode(audio=0):
            parts += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(parts)


def loudest_hz(samples: np.ndarray) -> float:
    window = samples.astype(float) * np.hanning(len(samples))
    return float(np.argmax(np.abs(np.fft.rfft(window))) * RATE / len(samples))


def stored(track: Track) -> list[int]:
    return [n for n, chunk in track.chunks.items() if chunk.state is ChunkState.STORED]


async def record(web: WebLink, engine: MediaEngine, zero_at: datetime) -> None:
    token = engine.token(
        "recorder/1", ROOM, hidden=True, recorder=True, can_publish=False, can_publish_data=False
    )
    await web.record(CONFERENCE, engine.url, token, zero_at)


def ms_since(zero_at: datetime) -> int:
    return round((datetime.now(UTC) - zero_at) / timedelta(milliseconds=1))


async def test_a_turn_arrives_whole_on_the_meeting_clock(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    zero_at = datetime.now(UTC) - timedelta(minutes=10)
    async with RecorderProcess(web, tmp_path) as recorder:
        await web.until(lambda: web.hellos, "hello")
        await record(web, engine, zero_at)
        await web.until(lambda: web.messages(Recording), "recording")
        seat = await seats.join(SEAT, ROOM)
        began_ms = ms_since(zero_at)
        publication = await seat.play(440)
        sounding_ms = ms_since(zero_at)
        await web.until(lambda: recorder.sound_ms() >= 2000, "two seconds")
        await seat.room.local_participant.unpublish_track(publication.sid)
        ended_ms = ms_since(zero_at)
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")
        assert recorder.spooled() == []

    [track] = web.tracks.values()
    assert track.closed
    assert track.opened.conference == CONFERENCE
    assert track.opened.identity == SEAT
    assert track.opened.track_key == f"{SEAT}#{publication.sid}"
    [chunk] = track.chunks.values()
    voiced = chunk.announce.voiced
    samples = decoded(chunk.data)
    assert abs(len(samples) * 1000 // RATE - length_of(voiced)) <= 1
    assert loudest_hz(samples) == pytest.approx(440, abs=2)
    assert began_ms - 20 <= voiced[0][0] <= sounding_ms + 250
    assert abs(voiced[-1][1] - ended_ms) <= 250
    assert web.gaps == []


async def test_silence_is_not_in_the_file_but_in_the_map(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    zero_at = datetime.now(UTC)
    async with RecorderProcess(web, tmp_path) as recorder:
        await record(web, engine, zero_at)
        await web.until(lambda: web.messages(Recording), "recording")
        seat = await seats.join(SEAT, ROOM)
        publication = await seat.play(440)
        await web.until(lambda: recorder.sound_ms() >= 900, "sound")
        publication.track.mute()
        muted_ms = ms_since(zero_at)
        await web.until(lambda: recorder.silence_ms() >= 1000, "silence")
        sound_ms = recorder.sound_ms()
        publication.track.unmute()
        unmuted_ms = ms_since(zero_at)
        await web.until(lambda: recorder.sound_ms() >= sound_ms + 500, "sound again")
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")

    [track] = web.tracks.values()
    [chunk] = track.chunks.values()
    first, second = chunk.announce.voiced
    assert muted_ms - 100 <= first[1] <= muted_ms + 700
    assert abs(second[0] - unmuted_ms) <= 150
    assert len(decoded(chunk.data)) * 1000 // RATE == pytest.approx(
        length_of(chunk.announce.voiced), abs=1
    )


async def test_a_kill_loses_two_seconds_at_most_and_leaves_a_gap(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    zero_at = datetime.now(UTC)
    recorder = RecorderProcess(web, tmp_path)
    async with recorder:
        await record(web, engine, zero_at)
        await web.until(lambda: web.messages(Recording), "recording")
        seat = await seats.join(SEAT, ROOM)
        publication = await seat.play(440)
        await web.until(lambda: recorder.sound_ms() >= 3000, "three seconds")
        await recorder.end(signal.SIGKILL)
        killed_ms = ms_since(zero_at)
        assert recorder.spooled()
        web.heard.clear()
        await recorder.start()
        [back] = await web.until(lambda: web.messages(Recording), "recording again")
        await web.until(
            lambda: any(not n["closed"] and n["length_ms"] > 900 for n in recorder.noted()),
            "sound again",
        )
        await seat.room.local_participant.unpublish_track(publication.sid)
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")

    [track] = web.tracks.values()
    assert track.closed
    first, second = track.chunks[0].announce, track.chunks[1].announce
    lost_ms = killed_ms - first.voiced[-1][1]
    assert 0 <= lost_ms <= 2000
    assert loudest_hz(decoded(track.chunks[0].data)) == pytest.approx(440, abs=2)
    assert abs(len(decoded(track.chunks[0].data)) * 1000 // RATE - length_of(first.voiced)) <= 2
    assert second.start_ms >= back.at_ms
    [gap] = web.gaps
    assert gap.reason is GapReason.RECORDER_DOWN
    assert gap.track is None
    assert gap.start_ms == first.start_ms + first.length_ms
    assert gap.end_ms == back.at_ms


async def test_an_ordered_end_loses_nothing_and_the_next_start_sends_it(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    recorder = RecorderProcess(web, tmp_path)
    async with recorder:
        zero_at = datetime.now(UTC)
        await record(web, engine, zero_at)
        await web.until(lambda: web.messages(Recording), "recording")
        seat = await seats.join(SEAT, ROOM)
        await seat.play(440)
        await web.until(lambda: recorder.sound_ms() >= 900, "sound")
        await web.shut()
        assert await recorder.end(signal.SIGTERM) == 0
        assert len(recorder.spooled()) == 1
        await web.start()
        web.records.clear()
        web.stops.add(CONFERENCE)
        await recorder.start()
        await web.until(lambda: web.messages(Stopped), "stopped")
        assert recorder.spooled() == []
    [track] = web.tracks.values()
    assert track.closed


async def test_what_arrives_altered_is_sent_again(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    web.alter_next_part = True
    web.fail_next("/chunks/", 503)
    async with RecorderProcess(web, tmp_path, GIAOBAN_CHUNK_S="1"):
        await record(web, engine, datetime.now(UTC))
        seat = await seats.join(SEAT, ROOM)
        await seat.play(440)
        await web.until(lambda: any(len(stored(t)) >= 2 for t in web.tracks.values()), "chunks")
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")
    [track] = web.tracks.values()
    assert track.closed
    spans = [track.chunks[n].announce for n in sorted(track.chunks)]
    for before, after in zip(spans, spans[1:], strict=False):
        assert before.start_ms + before.length_ms == after.start_ms
    whole = np.concatenate([decoded(track.chunks[n].data) for n in sorted(track.chunks)])
    assert loudest_hz(whole) == pytest.approx(440, abs=2)


async def test_a_wrong_token_ends_the_program_with_a_reason(web: WebLink, tmp_path: Path) -> None:
    recorder = RecorderProcess(web, tmp_path, GIAOBAN_RECORDER_TOKEN="wrong")
    await recorder.start()
    assert recorder.process is not None
    async with asyncio.timeout(15):
        assert await recorder.process.wait() == 78
    assert "token" in recorder.log()


async def test_the_line_comes_back_and_recording_went_on(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    async with RecorderProcess(web, tmp_path):
        await record(web, engine, datetime.now(UTC))
        [first] = await web.until(lambda: web.messages(Recording), "recording")
        await web.cut()
        await web.until(lambda: len(web.messages(Recording)) == 2, "recording, told again")
        assert web.messages(Recording)[1] == first
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")
    assert web.gaps == []


async def test_thrown_out_of_the_room_it_comes_back_and_names_the_gap(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    zero_at = datetime.now(UTC)
    async with RecorderProcess(web, tmp_path) as recorder:
        await record(web, engine, zero_at)
        await web.until(lambda: web.messages(Recording), "recording")
        seat = await seats.join(SEAT, ROOM)
        await seat.play(440)
        await web.until(lambda: recorder.sound_ms() >= 900, "sound")
        broke_ms = ms_since(zero_at)
        async with engine.api() as server:
            await server.room.remove_participant(
                api.RoomParticipantIdentity(room=ROOM, identity="recorder/1")
            )
        # The old token is dead from the removal on; web mints another, which is of a later second.
        await web.until(lambda: len(web.hellos) > 1 or ms_since(zero_at) > broke_ms + 1100, "1 s")
        await record(web, engine, zero_at)
        [back] = await web.until(
            lambda: [m for m in web.messages(Recording) if m.at_ms > broke_ms], "back"
        )
        [gap] = await web.until(lambda: web.gaps, "the gap")
        await web.until(
            lambda: any(not n["closed"] and n["length_ms"] > 500 for n in recorder.noted()),
            "sound again",
        )
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")
    assert gap.reason is GapReason.NETWORK
    assert gap.end_ms == back.at_ms
    assert abs(gap.start_ms - broke_ms) < 1000
    [track] = web.tracks.values()
    assert track.closed
    first, second = track.chunks[0].announce, track.chunks[1].announce
    assert abs(first.start_ms + first.length_ms - gap.start_ms) <= 250
    assert second.start_ms >= gap.end_ms


async def test_a_nearly_full_disk_stops_the_writing_and_says_so(
    web: WebLink, engine: MediaEngine, seats: Seats, tmp_path: Path
) -> None:
    async with RecorderProcess(web, tmp_path, GIAOBAN_SPOOL_FLOOR_MB="9999999") as recorder:
        await record(web, engine, datetime.now(UTC))
        await web.until(lambda: web.messages(Recording), "recording")
        seat = await seats.join(SEAT, ROOM)
        await seat.play(440)
        await web.until(lambda: web.tracks, "the track")
        await web.stop(CONFERENCE)
        await web.until(lambda: web.messages(Stopped), "stopped")
        assert recorder.spooled() == []
    [gap] = web.gaps
    assert gap.reason is GapReason.DISK_FULL
    [track] = web.tracks.values()
    assert track.final_seq == -1
