"""Messages of the worker link: read back as they were written, what is wrong is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.contract import link
from transcription.contract.clips import (
    ClipPlan,
    ClipResult,
    ClipState,
    Segment,
    SegmentFlag,
    StoredClip,
    StoredClips,
    Word,
    clip_key,
    stretch_from_clip_key,
)
from transcription.contract.jobs import (
    ChunkRef,
    ExtractPayload,
    JobEnd,
    JobFailure,
    TranscribePayload,
)
from transcription.contract.reading import (
    ContractError,
    Fields,
    fields_from_text,
    instant_from_text,
    text_from_instant,
)
from transcription.contract.recording import (
    Announce,
    ChunkAnswer,
    ChunkState,
    FinalSeq,
    GapReason,
    GapReport,
    OpenTrack,
    TrackOpened,
)
from transcription.contract.refusal import Refusal

SHA = "ab" * 32
AT = datetime(2025, 9, 24, 1, 12, 34, 567000, tzinfo=UTC)

FROM_WORKER: list[link.WorkerMessage] = [
    link.Hello(1, "máy 1", link.ModelName("demo", SHA)),
    link.Hello(1, "máy 1", None),
    link.Recording(7, 1500),
    link.Stopped(7),
    link.Claim(("model",)),
    link.Claim(()),
    link.Beat((link.JobProgress(1, 2, 30, 40),)),
    link.Started(1, 2, "100-200"),
]
FROM_WEB: list[link.WebMessage] = [
    link.Welcome(1, AT),
    link.Record(7, "ws://127.0.0.1:7880", "token", AT),
    link.Stop(7),
    link.JobOffer(1, "transcribe", 2, AT, {"track": 1}),
    link.NoJob(),
    link.Work(),
    link.BeatAnswer((link.JobBeat(1, link.BeatState.LOST),)),
    link.Go(1, "100-200"),
    link.Skip(1, "100-200"),
]
SEGMENT = Segment(
    0, 100, 900, "Rõ.", (Word("Rõ.", 100, 800, 97),), 0.97, -0.2, 0.01, 1.1, SegmentFlag.REPEAT
)
BODIES = [
    OpenTrack(7, "32152/5/pc#TR_1", "32152/5/pc", "opus", 0),
    TrackOpened(1, 0),
    Announce(100, 900, 1234, SHA, ((100, 400), (600, 1000))),
    ChunkAnswer(ChunkState.RECEIVING, 17),
    ChunkAnswer(ChunkState.STORED, 1234, SHA),
    FinalSeq(-1),
    GapReport(7, None, 100, 900, GapReason.RECORDER_DOWN, ""),
    GapReport(7, 3, 100, 900, GapReason.CHUNK_LOST, "đĩa hỏng"),
    TranscribePayload(
        1, None, 2, "vi", ("Đầm Dơi",), (ChunkRef(100, 900, 12, SHA, ((100, 400),), seq=0),)
    ),
    ExtractPayload(7),
    JobEnd(3),
    JobFailure(3, True, "file_corrupt", "…"),
    ClipPlan(3, "faster-whisper", "demo", SHA, {"beam": 5}, "", ((100, 900), (900, 1000))),
    StoredClips((StoredClip(100, 900, ClipState.TODO, 1),)),
    ClipResult(3, None, (SEGMENT,)),
    ClipResult(3, SegmentFlag.CRASHED_CLIP, ()),
    Refusal("offset_mismatch", "Tiếp từ byte 17.", 17),
]


@pytest.mark.parametrize("message", FROM_WORKER, ids=lambda m: m.type)
def test_what_a_worker_says_is_read_back_equal(message: link.WorkerMessage) -> None:
    assert link.worker_message(link.text_of(message)) == message


@pytest.mark.parametrize("message", FROM_WEB, ids=lambda m: m.type)
def test_what_web_says_is_read_back_equal(message: link.WebMessage) -> None:
    assert link.web_message(link.text_of(message)) == message


@pytest.mark.parametrize("body", BODIES, ids=lambda b: type(b).__name__)
def test_a_body_is_read_back_equal(body: object) -> None:
    text = json.dumps(body.to_json())  # type: ignore[attr-defined]
    assert type(body).parse(fields_from_text(text)) == body  # type: ignore[attr-defined]


def test_unknown_fields_are_ignored() -> None:
    text = json.dumps({**link.Stop(7).to_json(), "reason": "new"})
    assert link.web_message(text) == link.Stop(7)


def test_an_unknown_type_is_told_apart_from_a_broken_message() -> None:
    with pytest.raises(link.UnknownMessage):
        link.web_message('{"type": "sing"}')
    with pytest.raises(ContractError) as broken:
        link.web_message('{"type": "stop", "conference": "7"}')
    assert broken.value.field == "conference"
    assert not isinstance(broken.value, link.UnknownMessage)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sha256": "AB" * 32}, "sha256"),
        ({"bytes": 0}, "bytes"),
        ({"start_ms": -1}, "start_ms"),
        ({"length_ms": True}, "length_ms"),
        ({"voiced": [[400, 100]]}, "voiced[0]"),
        ({"voiced": [[100, 400], [300, 500]]}, "voiced[1]"),
        ({"voiced": [[100, 5000]]}, "voiced"),
        ({"voiced": None}, "voiced"),
    ],
)
def test_a_wrong_announcement_names_the_field(change: dict[str, object], field: str) -> None:
    good = Announce(100, 900, 1234, SHA, ((100, 400),)).to_json()
    with pytest.raises(ContractError) as wrong:
        Announce.parse(Fields({**good, **change}))
    assert wrong.value.field == field


def test_a_word_with_a_confidence_above_100_is_refused() -> None:
    body = ClipResult(3, None, (SEGMENT,)).to_json()
    body["segments"][0]["words"][0][3] = 101  # type: ignore[index]
    with pytest.raises(ContractError) as wrong:
        ClipResult.parse(Fields(body))
    assert wrong.value.field == "segments[0].words[0]"


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_clip_key_gives_its_stretch_back(start: int, length: int) -> None:
    assert stretch_from_clip_key(clip_key(start, start + length)) == (start, start + length)


@pytest.mark.parametrize(
    "key", ["", "1", "1-", "-1-2", "2-1", "1-1", "01-2", "1-2-3", "a-b", "١-٢"]
)
def test_anything_else_is_no_clip_key(key: str) -> None:
    with pytest.raises(ContractError):
        stretch_from_clip_key(key)


def test_instants_keep_milliseconds_and_need_a_zone() -> None:
    assert text_from_instant(AT) == "2025-09-24T01:12:34.567Z"
    assert instant_from_text("2025-09-24T08:12:34.567+07:00") == AT
    with pytest.raises(ContractError):
        instant_from_text("2025-09-24T08:12:34")


@given(st.text() | st.binary())
def test_no_text_breaks_the_reader(text: str | bytes) -> None:
    with pytest.raises(ContractError):
        link.worker_message(text)
