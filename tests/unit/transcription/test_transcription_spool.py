"""What lies on disk after a kill is mended at the next start."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transcription.audio import RATE, decode
from transcription.contract.recording import GapReason, GapReport
from transcription.recorder.chunk_file import FRAME, ChunkFile
from transcription.recorder.spool import ChunkNote, Spool, TrackFolder, TrackNote, mend
from transcription.voiced import length_of

NOTE = TrackNote(7, "32152/5/pc#TR_1", "32152/5/pc", 1000)


@pytest.fixture
def folder(tmp_path: Path) -> TrackFolder:
    return Spool(tmp_path).open_track(NOTE)


def unfinished(folder: TrackFolder, sound_ms: int, noted_ms: int, cut: int = 0) -> bytes:
    """A chunk as a kill leaves it; `cut` octets are missing at the end."""
    folder.begin_chunk(ChunkNote(folder.note.chunks, 1000, noted_ms, ((1000, 1000 + noted_ms),)))
    path = folder.sound_path(folder.note.chunks - 1)
    file = ChunkFile(path)
    noise = np.random.default_rng(1).integers(-9000, 9000, FRAME, dtype=np.int16)
    for _ in range(sound_ms // 20):
        file.write(noise)
    written = path.read_bytes()
    file.close()
    path.write_bytes(written[: len(written) - cut])
    return written


def test_an_unfinished_chunk_is_cut_closed_and_as_long_as_its_map(
    folder: TrackFolder, tmp_path: Path
) -> None:
    unfinished(folder, 4400, 4000, cut=50)
    [broken] = mend(Spool(tmp_path))
    [chunk] = TrackFolder(folder.path, folder.note).chunks()
    assert chunk.closed
    sound = decode(folder.sound_path(0))
    assert abs(len(sound) * 1000 // RATE - length_of(chunk.voiced)) <= 1
    assert 2900 <= length_of(chunk.voiced) <= 3500
    assert broken.ends_ms == (chunk.end_ms,)
    assert chunk.end_ms == chunk.voiced[-1][1]


def test_sound_after_the_last_note_is_kept(folder: TrackFolder, tmp_path: Path) -> None:
    unfinished(folder, 4400, 3100)
    mend(Spool(tmp_path))
    [chunk] = folder.chunks()
    assert 3400 <= length_of(chunk.voiced) <= 4000


def test_a_chunk_that_holds_nothing_gives_its_number_back(
    folder: TrackFolder, tmp_path: Path
) -> None:
    unfinished(folder, 200, 200)
    spool = Spool(tmp_path)
    [broken] = mend(spool)
    assert broken.ends_ms == (1000,)
    assert spool.open_track(NOTE).note.chunks == 0
    assert spool.open_track(NOTE).chunks() == ()


def test_a_number_taken_without_a_file_gives_it_back(folder: TrackFolder, tmp_path: Path) -> None:
    folder.begin_chunk(ChunkNote(0, 1000, 20, ((1000, 1020),)))
    spool = Spool(tmp_path)
    mend(spool)
    assert spool.open_track(NOTE).note.chunks == 0


def test_closed_chunks_are_left_as_they_are(folder: TrackFolder, tmp_path: Path) -> None:
    unfinished(folder, 4500, 3980)
    mend(Spool(tmp_path))
    before = folder.sound_path(0).read_bytes()
    [broken] = mend(Spool(tmp_path))
    assert broken.ends_ms == ()
    assert folder.sound_path(0).read_bytes() == before


def test_a_torn_note_loses_only_itself(folder: TrackFolder, tmp_path: Path) -> None:
    (folder.path / "00000.json").write_text('{"index": 0, "sta')
    assert folder.chunks() == ()
    (folder.path / "track.json").write_text("{")
    assert list(Spool(tmp_path).tracks(7)) == []


def test_a_conference_is_forgotten_only_without_tracks(folder: TrackFolder, tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.keep_alive(7, 1234)
    spool.forget(7)
    assert spool.alive_ms(7) == 1234
    folder.remove()
    spool.forget(7)
    assert spool.conferences() == ()


def test_gaps_wait_on_disk(tmp_path: Path) -> None:
    gap = GapReport(7, None, 100, 900, GapReason.NETWORK, "")
    Spool(tmp_path).keep_gap(gap)
    [(path, kept)] = Spool(tmp_path).gaps(7)
    assert kept == gap
    assert path.exists()
