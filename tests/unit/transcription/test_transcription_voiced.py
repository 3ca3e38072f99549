"""From a second of the file to the meeting clock and back, over the silence that is not written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transcription.voiced import (
    Voiced,
    cut_at_length,
    file_ms,
    fit_to_length,
    join_touching,
    length_of,
    meeting_ms,
)

VOICED: Voiced = ((1000, 2000), (5000, 5500), (9000, 12000))


@st.composite
def maps(draw: st.DrawFn) -> Voiced:
    """Stretches with silence between them."""
    at, stretches = 0, []
    for _ in range(draw(st.integers(1, 6))):
        start = at + draw(st.integers(1, 5000))
        at = start + draw(st.integers(1, 5000))
        stretches.append((start, at))
    return tuple(stretches)


def test_the_file_holds_the_stretches_end_to_end() -> None:
    assert length_of(VOICED) == 4500
    assert meeting_ms(VOICED, 0) == 1000
    assert meeting_ms(VOICED, 999) == 1999
    assert meeting_ms(VOICED, 1000) == 5000
    assert meeting_ms(VOICED, 1500) == 9000
    assert meeting_ms(VOICED, 4500) == 12000
    assert file_ms(VOICED, 9000) == 1500


def test_silence_is_the_seam_that_follows() -> None:
    assert file_ms(VOICED, 0) == 0
    assert file_ms(VOICED, 3000) == 1000
    assert file_ms(VOICED, 20000) == 4500


@given(maps(), st.data())
def test_there_and_back_is_the_same_moment(voiced: Voiced, data: st.DataObject) -> None:
    moment = data.draw(st.integers(0, length_of(voiced) - 1))
    assert file_ms(voiced, meeting_ms(voiced, moment)) == moment


@given(maps(), st.data())
def test_a_cut_map_is_as_long_as_the_cut_file(voiced: Voiced, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, length_of(voiced) + 100))
    cut = cut_at_length(voiced, length)
    assert length_of(cut) == min(length, length_of(voiced))
    assert cut[:-1] == voiced[: max(0, len(cut) - 1)]
    assert all(part[0] == whole[0] for part, whole in zip(cut, voiced, strict=False))


@given(maps(), st.integers(1, 40000))
def test_a_map_is_fitted_to_a_shorter_or_a_longer_file(voiced: Voiced, length: int) -> None:
    assert length_of(fit_to_length(voiced, length)) == length


def test_stretches_that_touch_become_one() -> None:
    assert join_touching([(0, 10), (10, 20), (25, 30)]) == ((0, 20), (25, 30))
