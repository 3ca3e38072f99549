"""The spool's way to web: what is deleted when, and what happens to what does not get through."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.web_link import Chunk, Track, WebLink
from transcription.contract.recording import Announce, ChunkState, GapReason, GapReport, OpenTrack
from transcription.recorder.chunk_file import FRAME, ChunkFile
from transcription.recorder.spool import ChunkNote, Spool, TrackFolder, TrackNote
from transcription.recorder.uploader import Uploader
from transcription.server_link.http import LinkHttp

CONFERENCE = 7


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
async def uploader(link: WebLink, spool: Spool) -> AsyncIterator[Uploader]:
    async with LinkHttp(link.settings) as http:
        uploader = Uploader(spool, http)
        task = asyncio.create_task(uploader.run())
        yield uploader
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def track(spool: Spool, sid: str = "TR_1", chunks: int = 1, ended: bool = True) -> TrackFolder:
    """A track with closed chunks of one second."""
    folder = spool.open_track(TrackNote(CONFERENCE, f"32152/5/pc#{sid}", "32152/5/pc", 1000))
    noise = np.random.default_rng(1).integers(-9000, 9000, FRAME, dtype=np.int16)
    for n in range(chunks):
        start = 1000 + 1000 * n
        note = ChunkNote(folder.note.chunks, start, 1000, ((start, start + 1000),))
        folder.begin_chunk(note)
        file = ChunkFile(folder.sound_path(note.index))
        for _ in range(50):
            file.write(noise)
        file.close()
        folder.close_chunk(note)
    folder.keep_ended(ended)
    return folder


async def test_a_track_arrives_is_closed_and_leaves_the_disk(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    folder = track(spool, chunks=3)
    await uploader.until_delivered(CONFERENCE)
    [arrived] = link.tracks.values()
    assert arrived.closed
    assert arrived.final_seq == 2
    assert not folder.path.exists()


async def test_a_track_without_sound_is_closed_with_nothing(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    track(spool, chunks=0)
    await uploader.until_delivered(CONFERENCE)
    assert link.tracks[1].final_seq == -1


async def test_a_running_track_keeps_its_folder_and_goes_on(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    folder = track(spool, ended=False)
    uploader.nudge()
    await link.until(lambda: not folder.chunks(), "the first chunk gone from here")
    assert folder.path.exists()
    track(spool, ended=True)
    await uploader.until_delivered(CONFERENCE)
    assert sorted(link.tracks[1].chunks) == [0, 1]
    assert link.tracks[1].closed


async def test_a_lost_disk_goes_on_with_the_number_that_web_names(
    link: WebLink, spool: Spool, uploader: Uploader, tmp_path: Path
) -> None:
    track(spool, chunks=2, ended=False)
    uploader.nudge()
    await link.until(lambda: len(link.tracks) and len(link.tracks[1].chunks) == 2, "two chunks")
    other = Spool(tmp_path / "other")
    async with LinkHttp(link.settings) as http:
        second = Uploader(other, http)
        task = asyncio.create_task(second.run())
        track(other, chunks=1)
        await second.until_delivered(CONFERENCE)
        task.cancel()
    assert sorted(link.tracks[1].chunks) == [0, 1, 2]
    assert link.tracks[1].closed


@pytest.mark.parametrize("status", [500, 503, 507, 408, 429])
async def test_trouble_that_passes_is_outwaited(
    link: WebLink, spool: Spool, uploader: Uploader, status: int
) -> None:
    link.fail_next("/chunks/0", status)
    track(spool)
    await uploader.until_delivered(CONFERENCE)
    assert link.tracks[1].closed


async def test_what_arrived_altered_is_sent_again_from_the_start(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    link.alter_next_part = True
    track(spool)
    await uploader.until_delivered(CONFERENCE)
    assert link.tracks[1].closed
    assert link.requests.count(("PUT", "/worker/tracks/1/chunks/0")) == 2


async def test_half_a_chunk_at_web_is_gone_on_from(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    folder = track(spool)
    folder.keep_opened(1, 0)
    [note] = folder.chunks()
    announce = Announce(note.start_ms, note.length_ms, note.bytes, note.sha256, note.voiced)
    half = folder.sound_path(0).read_bytes()[: note.bytes // 2]
    opened = OpenTrack(CONFERENCE, folder.note.track_key, folder.note.identity, "opus", 1000)
    link.tracks[1] = Track(1, opened, {0: Chunk(announce, half, ChunkState.RECEIVING)})
    await uploader.until_delivered(CONFERENCE)
    assert link.tracks[1].closed
    assert link.requests.count(("PUT", "/worker/tracks/1/chunks/0")) == 1


async def test_a_chunk_that_web_knows_otherwise_stays_here_and_others_go_on(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    folder = track(spool, "TR_1", ended=False)
    uploader.nudge()
    await link.until(lambda: not folder.chunks(), "the first track's chunk")
    track(spool, "TR_1", chunks=1)
    link.tracks[1].chunks[1] = link.tracks[1].chunks[0]
    object.__setattr__(link.tracks[1].chunks[0].announce, "sha256", "00" * 32)
    track(spool, "TR_2")
    await uploader.until_delivered(CONFERENCE)
    assert len(folder.chunks()) == 1
    assert folder.sound_path(1).exists()
    assert link.tracks[2].closed


async def test_nothing_is_deleted_for_a_stored_answer_with_another_hash(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    folder = track(spool)
    real = link._chunk_answer

    def lie(chunk: object) -> object:
        response = real(chunk)  # type: ignore[arg-type]
        response.text = response.text.replace(folder.chunks()[0].sha256, "00" * 32)
        return response

    link._chunk_answer = lie  # type: ignore[method-assign,assignment]
    await uploader.until_delivered(CONFERENCE)
    assert folder.sound_path(0).exists()


async def test_a_file_that_rotted_here_becomes_a_gap_and_is_kept_aside(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    folder = track(spool)
    path = folder.sound_path(0)
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    await uploader.until_delivered(CONFERENCE)
    [gap] = link.gaps
    assert gap == GapReport(
        CONFERENCE, 1, 1000, 2000, GapReason.CHUNK_LOST, "the file changed on the recorder's disk"
    )
    assert len(list((spool.path / "damaged").iterdir())) == 1


async def test_a_gap_noted_on_disk_is_told_once(
    link: WebLink, spool: Spool, uploader: Uploader
) -> None:
    gap = GapReport(CONFERENCE, None, 100, 900, GapReason.NETWORK, "")
    spool.keep_gap(gap)
    await uploader.until_delivered(CONFERENCE)
    assert link.gaps == [gap]
    assert spool.gaps(CONFERENCE) == ()
