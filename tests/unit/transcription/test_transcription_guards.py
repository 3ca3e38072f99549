"""What the engine made up is flagged; what people say is not."""

from __future__ import annotations

import unicodedata

import pytest

from transcription.contract.clips import SegmentFlag
from transcription.engines.guards import flag_by_measures, invented_stretches, repeats_phrase
from transcription.engines.segments import segments_from_raw
from transcription.engines.wire import RawSegment, RawWord


def raw(text: str, logprob: float = -0.2, no_speech: float = 0.0, ratio: float = 1.2) -> RawSegment:
    words = tuple(RawWord(w, n * 0.3, n * 0.3 + 0.25, 0.9) for n, w in enumerate(text.split()))
    return RawSegment(0.0, words[-1].end if words else 1.0, text, words, logprob, no_speech, ratio)


@pytest.mark.parametrize(
    ("logprob", "no_speech", "ratio", "flag"),
    [
        (-0.2, 0.9, 1.2, None),
        (-1.1, 0.61, 1.2, SegmentFlag.NO_SPEECH),
        (-0.2, 0.0, 2.5, SegmentFlag.COMPRESSION),
        (-1.2, 0.0, 1.2, None),
        (-1.31, 0.0, 1.2, SegmentFlag.LOGPROB),
    ],
)
def test_the_engines_own_measures(
    logprob: float, no_speech: float, ratio: float, flag: SegmentFlag | None
) -> None:
    assert flag_by_measures("giao xã rà soát hộ nghèo", logprob, no_speech, ratio) is flag


@pytest.mark.parametrize("answer", ["Vâng.", "Rõ", "có", "Dạ rõ!"])
def test_short_answers_are_never_dropped_for_their_measures(answer: str) -> None:
    assert flag_by_measures(answer, -2.0, 0.9, 0.5) is None


def test_a_phrase_three_times_in_a_row_is_a_loop() -> None:
    assert repeats_phrase("ủy ban nhân ủy ban nhân ủy ban nhân dân".split())
    assert not repeats_phrase("ủy ban nhân ủy ban nhân dân".split())
    assert flag_by_measures("xin cảm ơn xin cảm ơn xin cảm ơn", -0.1, 0, 1.5) is SegmentFlag.REPEAT


def test_three_units_named_in_full_are_no_loop() -> None:
    text = "giao ủy ban nhân dân xã a ủy ban nhân dân xã b ủy ban nhân dân xã c"
    assert not repeats_phrase(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "Hãy subscribe cho kênh Ghiền Mì Gõ để không bỏ lỡ những video hấp dẫn",
        "Hãy đăng ký kênh để ủng hộ kênh của mình nhé",
        "Cảm ơn các bạn đã theo dõi và hẹn gặp lại",
        "Hẹn gặp lại các bạn trong những video tiếp theo",
    ],
)
def test_known_inventions_are_found_whole(text: str) -> None:
    words = text.split()
    assert invented_stretches(words) == [(0, len(words))]


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn các đồng chí đã theo dõi hội nghị",
        "Đề nghị các xã đăng ký kênh thông tin với Sở trước ngày mười lăm",
        "Xin hẹn gặp lại các đồng chí ở hội nghị sau",
    ],
)
def test_what_is_said_in_a_conference_is_no_invention(text: str) -> None:
    assert invented_stretches(text.split()) == []


def test_an_invention_glued_before_speech_is_cut_off_and_the_speech_stays() -> None:
    invention = "Hãy subscribe cho kênh Ghiền Mì Gõ để không bỏ lỡ những video hấp dẫn"
    speech = "giao xã Đầm Dơi rà soát"
    first, second = segments_from_raw([raw(f"{invention} {speech}")], 10_000, 20_000)
    assert (first.text, first.flag) == (invention, SegmentFlag.PHRASE)
    assert (second.text, second.flag) == (speech, None)
    assert [first.n, second.n] == [0, 1]
    assert first.end_ms <= second.start_ms
    assert second.words[0].start_ms == 10_000 + len(invention.split()) * 300


def test_segments_lie_in_their_clip_and_carry_the_words_confidence() -> None:
    [segment] = segments_from_raw([raw("giao xã Đầm Dơi")], 5_000, 5_900)
    assert segment.start_ms == 5_000
    assert segment.end_ms == 5_900
    assert all(word.start_ms + word.length_ms <= 5_900 for word in segment.words)
    assert segment.confidence == pytest.approx(0.9)


def test_text_is_composed_and_empty_text_gives_no_segment() -> None:
    decomposed = unicodedata.normalize("NFD", "Đầm Dơi")
    assert segments_from_raw([raw(""), raw(decomposed)], 0, 9000)[0].text == "Đầm Dơi"
