"""Frames to chunks: what is silent, where a chunk ends, what the map says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transcription.audio import RATE, decode
from transcription.recorder.chunk_file import Samples
from transcription.recorder.spool import ChunkNote, Spool, TrackFolder, TrackNote
from transcription.recorder.track_writer import CLOSE_MS, PAUSE_MS, TAIL_MS, TrackWriter
from transcription.voiced import length_of

START = 50_000
BLOCK_MS = 60


class Stream:
    """Plays sound and silence into a writer, block by block, in simulated time."""

    def __init__(self, writer: TrackWriter, at_ms: int = START) -> None:
        self.writer, self.at_ms = writer, at_ms
        self.late_ms = 0

    def play(self, length_ms: int, level: int = 8000) -> None:
        for _ in range(length_ms // BLOCK_MS):
            block = np.full(BLOCK_MS * RATE // 1000, level, dtype=np.int16)
            block[::2] = -block[::2]
            self._give(block)

    def lose(self, length_ms: int) -> None:
        """Time goes by and nothing comes."""
        self.at_ms += length_ms

    def _give(self, block: Samples) -> None:
        self.at_ms += BLOCK_MS
        self.writer.take(block, self.at_ms + self.late_ms)


@pytest.fixture
def folder(tmp_path: Path) -> TrackFolder:
    return Spool(tmp_path).open_track(TrackNote(7, "32152/5/pc#TR_1", "32152/5/pc", START))


@pytest.fixture
def stream(folder: TrackFolder) -> Stream:
    return Stream(TrackWriter(folder, START, 300))


def ended(stream: Stream) -> tuple[ChunkNote, ...]:
    stream.writer.end(stream.at_ms)
    chunks = stream.writer.folder.chunks()
    assert all(chunk.closed for chunk in chunks)
    for chunk in chunks:
        sound = decode(stream.writer.folder.sound_path(chunk.index))
        assert abs(len(sound) * 1000 // RATE - length_of(chunk.voiced)) <= 1
    return chunks


def test_silence_alone_writes_no_file(stream: Stream) -> None:
    stream.play(6000, level=0)
    assert ended(stream) == ()


def test_a_short_pause_stays_in_the_file(stream: Stream) -> None:
    stream.play(600)
    stream.play(PAUSE_MS - 100, level=0)
    stream.play(600)
    [chunk] = ended(stream)
    assert chunk.voiced == ((START, stream.at_ms),)


def test_a_long_pause_is_in_the_map_only(stream: Stream) -> None:
    stream.play(600)
    stream.play(3000, level=0)
    stream.play(600)
    [chunk] = ended(stream)
    assert chunk.voiced == (
        (START, START + 600 + TAIL_MS),
        (START + 3600, START + 4200),
    )


def test_silence_before_the_first_sound_belongs_to_the_first_chunk(stream: Stream) -> None:
    stream.play(3000, level=0)
    stream.play(600)
    [chunk] = ended(stream)
    assert chunk.start_ms == START
    assert chunk.voiced == ((START + 3000, START + 3600),)


def test_chunks_tile_the_track_and_lose_no_sample(folder: TrackFolder) -> None:
    stream = Stream(TrackWriter(folder, START, 1))
    stream.play(4200)
    chunks = ended(stream)
    assert len(chunks) == 5
    assert chunks[0].start_ms == START
    for before, after in zip(chunks, chunks[1:], strict=False):
        assert before.end_ms == after.start_ms
    assert sum(length_of(chunk.voiced) for chunk in chunks) == 4200
    assert [chunk.index for chunk in chunks] == [0, 1, 2, 3, 4]


def test_long_silence_closes_the_chunk_so_that_it_is_safe_at_web(stream: Stream) -> None:
    stream.play(600)
    stream.play(CLOSE_MS + 1200, level=0)
    [chunk] = stream.writer.folder.chunks()
    assert chunk.closed
    stream.play(600)
    first, second = ended(stream)
    assert first.end_ms == second.start_ms


def test_a_muted_seat_is_silent_whatever_comes(stream: Stream) -> None:
    stream.play(600)
    stream.writer.muted_since_ms = stream.at_ms
    stream.play(3000)
    [chunk] = ended(stream)
    assert START + 600 <= chunk.voiced[-1][1] <= START + 600 + 2 * TAIL_MS + 20


def test_frames_that_never_came_start_a_new_stretch_in_the_right_place(stream: Stream) -> None:
    stream.play(6000)
    stream.lose(5000)
    stream.play(6000)
    [chunk] = ended(stream)
    assert len(chunk.voiced) == 2
    assert abs(chunk.voiced[-1][1] - stream.at_ms) <= 20
    assert 0 <= chunk.voiced[0][1] - (START + 6000) <= 1000
    assert chunk.voiced[0][1] <= chunk.voiced[1][0]


def test_frames_that_come_late_for_a_moment_move_nothing(stream: Stream) -> None:
    stream.play(3000)
    stream.late_ms = 700
    stream.play(600)
    stream.late_ms = 0
    stream.play(3000)
    [chunk] = ended(stream)
    assert chunk.voiced == ((START, stream.at_ms),)


def test_a_stall_of_the_recorder_is_caught_up_in_place(stream: Stream) -> None:
    stream.play(3000)
    stalled_until = stream.at_ms + 5000
    for _ in range(5000 // BLOCK_MS):
        stream.late_ms = stalled_until - stream.at_ms - BLOCK_MS
        stream.play(BLOCK_MS)
    stream.late_ms = 0
    stream.play(3000)
    [chunk] = ended(stream)
    assert chunk.voiced == ((START, stream.at_ms),)


def test_paused_writes_nothing_and_goes_on_where_told(stream: Stream) -> None:
    stream.play(600)
    stream.writer.end(stream.at_ms)
    stream.writer.paused = True
    stream.play(3000)
    stream.writer.go_on_from(stream.at_ms)
    stream.writer.paused = False
    began = stream.at_ms
    stream.play(600)
    first, second = ended(stream)
    assert first.end_ms == START + 600
    assert second.start_ms == began


def test_odd_block_sizes_lose_no_sample(folder: TrackFolder) -> None:
    writer = TrackWriter(folder, START, 300)
    for n in range(1, 101):
        writer.take(np.full(441, 5000, dtype=np.int16), START + n * 441 * 1000 // RATE)
    writer.end(START + 44100 * 1000 // RATE)
    [chunk] = folder.chunks()
    assert length_of(chunk.voiced) == 44100 // 320 * 20
