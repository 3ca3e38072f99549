"""Processing, transcript and playback as people meet them: derived, permitted, heard."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from server.domain.errors import GiaoBanError
from server.domain.jobs import JobState
from server.domain.processing import Stage
from server.services.jobs import fail_job, queue_due_extractions
from server.services.processing import extract_again, processing_of, transcribe_again
from server.services.recorders import recorder_lost, recorder_writes
from server.services.recordings import close_track, report_gap
from server.services.transcript_pages import transcript_of
from tests.integration.conftest import Served
from tests.integration.speech.speech_cast import Speech, announce, begin, segment
from transcription.contract.candidates import ExtractionResult
from transcription.contract.clips import SegmentFlag
from transcription.contract.jobs import JobFailure
from transcription.contract.recording import GapReason, GapReport
from transcription.recorder.chunk_file import FRAME, RATE, ChunkFile


def refused(code: str):
    return pytest.raises(GiaoBanError, check=lambda error: error.code == code)


def stage(speech: Speech, model_ready: bool = True) -> Stage:
    ctx = speech.house.context("hoa")
    return processing_of(ctx, speech.conference_id, model_ready).stage


def over(speech: Speech) -> None:
    speech.house.clock.forward(seconds=60)
    speech.end()
    queue_due_extractions(speech.house.program("worker"))


def beeps(path: Path, seconds: int = 4) -> bytes:
    """A chunk with 100 ms of a tone at every half second past a whole one."""
    chunk = ChunkFile(path)
    at = np.arange(RATE * seconds) / RATE
    tone = np.where(at % 1 >= 0.5, np.sin(2 * np.pi * 600 * at), 0) * (at % 1 < 0.6)
    pcm = (tone * 16_000).astype(np.int16)
    for begin_at in range(0, len(pcm), FRAME):
        chunk.write(pcm[begin_at : begin_at + FRAME])
    chunk.close()
    return path.read_bytes()


def starts_of_tones(wav: bytes) -> list[int]:
    """Where the tones of a WAV file begin, in ms."""
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    loud = np.flatnonzero(np.abs(sound.astype(int)) > 2_000)
    firsts = [loud[0], *loud[1:][np.diff(loud) > RATE // 10]] if len(loud) else []
    return [int(first) * 1000 // RATE for first in firsts]


def near(found: list[int], wanted: list[int]) -> bool:
    return len(found) == len(wanted) and all(
        abs(a - b) <= 5 for a, b in zip(found, wanted, strict=True)
    )


# --- stages --------------------------------------------------------------------------------------


def test_a_recording_goes_from_nothing_to_ready(speech: Speech) -> None:
    assert stage(speech) is Stage.NONE
    track = speech.open_track()
    assert stage(speech) is Stage.RECORDING
    speech.end()
    assert stage(speech) is Stage.UPLOADING
    speech.store_chunk(track)
    close_track(speech.recorder, track, 0, None)
    assert stage(speech) is Stage.RECORDED
    assert stage(speech, model_ready=False) is Stage.WAITING_MODEL
    offer = speech.claim()
    assert stage(speech, model_ready=False) is Stage.TRANSCRIBING
    speech.plan(offer, (0, 4_300), (4_300, 10_000))
    speech.store_clip(offer, clip=(0, 4_300))
    seen = processing_of(speech.house.context("hoa"), speech.conference_id)
    assert (seen.stage, seen.percent) == (Stage.TRANSCRIBING, 43)
    speech.store_clip(offer, segment(0, 5_000, "xong"), clip=(4_300, 10_000))
    speech.finish(offer)
    assert stage(speech) is Stage.EXTRACTING
    extraction = speech.claim("none")
    assert stage(speech) is Stage.EXTRACTING
    from server.services.extraction import store_extraction

    store_extraction(
        speech.worker, speech.worker_id, extraction.job, extraction.lease, ExtractionResult()
    )
    ready = processing_of(speech.house.context("hoa"), speech.conference_id)
    assert (ready.stage, ready.percent, ready.moving) == (Stage.READY, 100, False)


def test_a_fault_is_shown_with_its_job(speech: Speech) -> None:
    speech.closed_track()
    speech.end()
    offer = speech.claim()
    body = JobFailure(offer.lease, True, "bad_input", "no sound in it")
    fail_job(speech.worker, speech.worker_id, offer.job, body, None)
    seen = processing_of(speech.house.context("hoa"), speech.conference_id)
    assert (seen.stage, seen.may_retry) == (Stage.FAILED, True)
    assert [(f.job_id, f.seat, f.code) for f in seen.failed] == [
        (offer.job, "Xã đầm dơi", "bad_input")
    ]
    assert not processing_of(speech.house.context("anh"), speech.conference_id).may_retry


def test_again_after_ready_goes_back_and_through(speech: Speech) -> None:
    hoa = speech.house.context("hoa")
    with refused("nothing_recorded"):
        transcribe_again(hoa, speech.conference_id)
    speech.closed_track()
    with refused("wrong_state"):
        extract_again(hoa, speech.conference_id)
    speech.transcribe("một")
    over(speech)
    from server.services.extraction import store_extraction

    offer = speech.claim("none")
    store_extraction(speech.worker, speech.worker_id, offer.job, offer.lease, ExtractionResult())
    hoa = speech.house.context("hoa")
    assert extract_again(hoa, speech.conference_id).jobs == 1
    assert stage(speech) is Stage.EXTRACTING
    assert extract_again(hoa, speech.conference_id).jobs == 0
    assert transcribe_again(hoa, speech.conference_id).jobs == 1
    assert stage(speech) is Stage.RECORDED


def test_the_recorder_that_is_away_is_known(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    speech.open_track()
    ctx = speech.house.context("anh")
    assert not processing_of(ctx, speech.conference_id).recorder_lost
    speech.house.clock.forward(seconds=5)
    recorder_lost(speech.recorder, speech.conference_id)
    assert processing_of(ctx, speech.conference_id).recorder_lost


@pytest.mark.parametrize("who", ["khai", "bich", "dung", "thu"])
def test_who_may_not_hear_does_not_learn_that_there_is_a_recording(
    speech: Speech, who: str
) -> None:
    speech.closed_track()
    ctx = speech.house.context(who)
    for ask in (processing_of, transcript_of, transcribe_again, extract_again):
        with refused("not_found"):
            ask(ctx, speech.conference_id)


def test_the_transcript_hides_what_is_doubtful_and_names_what_is_missing(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    speech.store_clip(
        offer, segment(0, 1_000, "rõ"), segment(1, 2_000, "subscribe", SegmentFlag.PHRASE)
    )
    speech.finish(offer)
    gap = GapReport(speech.conference_id, None, 20_000, 25_000, GapReason.NETWORK, "")
    report_gap(speech.recorder, gap, None)
    said = transcript_of(speech.house.context("minh"), speech.conference_id)
    assert [(x.start_ms, x.seat, x.text, x.missing) for x in said.lines] == [
        (1_000, "Xã đầm dơi", "rõ", None),
        (20_000, None, None, "network"),
    ]
    assert said.hidden == 1


# --- pages and sound -----------------------------------------------------------------------------


@pytest.fixture
def heard(served: Served, tmp_path: Path) -> tuple[Speech, int]:
    """A conference with real sound: 1 s–3 s and 11 s–13 s of the meeting were voiced."""
    speech = begin(served.house)
    data = beeps(tmp_path / "chunk.ogg")
    body = announce(data, 0, 15_000, voiced=((1_000, 3_000), (11_000, 13_000)))
    track = speech.open_track()
    speech.store_chunk(track, 0, data, body)
    close_track(speech.recorder, track, 0, None)
    return speech, track


async def test_a_span_plays_at_the_second_of_the_meeting(
    served: Served, heard: tuple[Speech, int]
) -> None:
    _, track = heard
    hoa = await served.as_("hoa")
    answer = await hoa.get(f"/tracks/{track}/audio?from_ms=2000&to_ms=12500")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/wav")
    assert len(answer.body) == 44 + 10_500 * 32
    # The file's second tone lies at 2.5 s of the meeting, its third, after the silence, at 11.5 s.
    assert near(starts_of_tones(answer.body), [500, 9_500])


async def test_a_player_may_ask_for_a_part(served: Served, heard: tuple[Speech, int]) -> None:
    _, track = heard
    anh = await served.as_("anh")
    address = f"/tracks/{track}/audio?from_ms=0&to_ms=1000"
    part = await anh.get(address, headers={"Range": "bytes=0-43"})
    assert (part.status, part.body[:4], len(part.body)) == (206, b"RIFF", 44)
    assert part.headers["Content-Range"] == "bytes 0-43/32044"
    tail = await anh.get(address, headers={"Range": "bytes=-10"})
    assert tail.headers["Content-Range"] == "bytes 32034-32043/32044"
    beyond = await anh.get(address, headers={"Range": "bytes=40000-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, "bytes */32044")
    same = await anh.get(address, headers={"If-None-Match": part.headers["ETag"]})
    assert (same.status, same.body) == (304, b"")


@pytest.mark.parametrize(
    "query", ["from_ms=5&to_ms=5", "from_ms=x", "from_ms=-1", "from_ms=0&to_ms=600001"]
)
async def test_a_span_that_is_none_is_refused(
    served: Served, heard: tuple[Speech, int], query: str
) -> None:
    hoa = await served.as_("hoa")
    headers = {"Accept": "application/json"}
    answer = await hoa.get(f"/tracks/{heard[1]}/audio?{query}", headers=headers)
    assert (answer.status, answer.json()["code"]) == (422, "invalid_field")


async def test_a_file_that_is_gone_is_named(served: Served, heard: tuple[Speech, int]) -> None:
    speech, track = heard
    for path in speech.house.files.root.rglob("*.ogg"):
        path.write_bytes(b"no sound")
    hoa = await served.as_("hoa")
    answer = await hoa.get(f"/tracks/{track}/audio", headers={"Accept": "application/json"})
    assert (answer.status, answer.json()["code"]) == (500, "file_corrupt")


@pytest.mark.parametrize("who", ["khai", "thu", "dung"])
async def test_sound_is_hidden_from_who_may_not_hear(
    served: Served, heard: tuple[Speech, int], who: str
) -> None:
    speech, track = heard
    browser = await served.as_(who)
    for path in (
        f"/tracks/{track}/audio",
        f"/conferences/{speech.conference_id}/transcript",
        f"/conferences/{speech.conference_id}/processing",
    ):
        assert (await browser.get(path)).status == 404


async def test_nobody_hears_without_signing_in(served: Served, heard: tuple[Speech, int]) -> None:
    answer = await served.visitor().get(f"/tracks/{heard[1]}/audio")
    assert (answer.status, answer.location[:9]) == (303, "/sign-in?")


async def test_the_page_says_that_a_model_is_missing_and_how_to_get_one(
    served: Served, heard: tuple[Speech, int]
) -> None:
    speech, _ = heard
    speech.end()
    hoa = await served.as_("hoa")
    page = await hoa.get(f"/conferences/{speech.conference_id}/processing")
    assert page.status == 200
    assert "Chờ mô hình chép lời" in page.text
    assert "giaoban asr install" in page.text
    assert "data-moving" in page.text


async def test_a_secretary_reads_the_transcript_and_asks_for_it_again(
    served: Served, heard: tuple[Speech, int]
) -> None:
    speech, track = heard
    speech.transcribe("giao xã Đầm Dơi báo cáo")
    over(speech)
    hoa = await served.as_("hoa")
    page = await hoa.get(f"/conferences/{speech.conference_id}/transcript")
    assert page.status == 200
    assert "giao xã Đầm Dơi báo cáo" in page.text
    assert f'data-track="{track}"' in page.text
    asked = await hoa.post(f"/conferences/{speech.conference_id}/transcription")
    assert (asked.status, asked.location) == (
        303,
        f"/conferences/{speech.conference_id}/transcript",
    )
    assert speech.job(f"transcribe:{track}:2").state is JobState.WAITING
    anh = await served.as_("anh")
    assert "Chép lời lại" not in (await anh.get(asked.location)).text


async def test_a_failed_job_is_retried_from_the_page(
    served: Served, heard: tuple[Speech, int]
) -> None:
    speech, _ = heard
    offer = speech.claim()
    body = JobFailure(offer.lease, True, "bad_input", "x")
    fail_job(speech.worker, speech.worker_id, offer.job, body, None)
    over(speech)
    hoa = await served.as_("hoa")
    page = await hoa.get(f"/conferences/{speech.conference_id}/transcript")
    assert f'action="/jobs/{offer.job}/retry"' in page.text
    answer = await hoa.post(f"/jobs/{offer.job}/retry")
    assert answer.status == 303
    assert speech.all(type(speech.job("transcribe:1:1")))[0].state is JobState.WAITING
    assert (await (await served.as_("khai")).post(f"/jobs/{offer.job}/retry")).status == 404
    assert (await (await served.as_("anh")).post(f"/jobs/{offer.job}/retry")).status == 403
    cancelled = await hoa.post(f"/jobs/{offer.job}/cancellation")
    assert cancelled.status == 303
    assert speech.job("transcribe:1:1").state is JobState.CANCELLED
