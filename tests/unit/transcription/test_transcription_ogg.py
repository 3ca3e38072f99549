"""Where a broken Ogg Opus file still holds: found without decoding, true to the decoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transcription.audio import RATE, decode
from transcription.recorder.chunk_file import FRAME, ChunkFile
from transcription.recorder.ogg import WholePart, pages, whole_part

SECONDS = 3


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of a tone, as the recorder writes them."""
    path = tmp_path_factory.mktemp("ogg") / "whole.ogg"
    file = ChunkFile(path)
    tone = (np.sin(2 * np.pi * 440 * np.arange(SECONDS * RATE) / RATE) * 12000).astype(np.int16)
    for n in range(0, len(tone), FRAME):
        file.write(tone[n : n + FRAME])
    file.close()
    return path.read_bytes()


def test_a_whole_file_is_kept_whole(whole: bytes) -> None:
    assert whole_part(whole) == WholePart(len(whole), SECONDS * 1000)


def test_a_file_cut_anywhere_is_kept_to_its_last_whole_page(whole: bytes, tmp_path: Path) -> None:
    borders = [page.end for page in pages(whole)]
    assert len(borders) >= 2 + 2 * SECONDS
    for cut in range(borders[2], len(whole), 997):
        part = whole_part(whole[:cut])
        assert part.bytes == max(border for border in borders if border <= cut)
        path = tmp_path / "cut.ogg"
        path.write_bytes(whole[: part.bytes])
        assert abs(len(decode(path)) * 1000 // RATE - part.length_ms) <= 1


def test_a_page_is_written_each_half_second(whole: bytes) -> None:
    granules = [page.granule for page in pages(whole)][2:]
    assert all(b - a <= 24000 for a, b in zip(granules, granules[1:], strict=False))


def test_a_changed_octet_ends_the_good_part(whole: bytes) -> None:
    third = list(pages(whole))[3]
    broken = bytearray(whole)
    broken[third.start + 100] ^= 1
    assert whole_part(bytes(broken)).bytes == third.start


@pytest.mark.parametrize("data", [b"", b"OggS", b"nothing of the kind" * 10])
def test_what_is_no_ogg_holds_nothing(data: bytes) -> None:
    assert whole_part(data) == WholePart(0, 0)


def test_heads_alone_hold_nothing(whole: bytes) -> None:
    heads = list(pages(whole))[1].end
    assert whole_part(whole[:heads]) == WholePart(0, 0)
