"""A recorder that breaks off, comes back, or never does: nothing waits for ever."""

from __future__ import annotations

import pytest

from server.domain.jobs import JobState
from server.domain.recordings import GapReason, RecorderEvent
from server.services.jobs import queue_due_extractions
from server.services.recorders import (
    give_up,
    recorder_lost,
    recorder_stopped,
    recorder_writes,
    wanted,
)
from server.services.recordings import announce_chunk, close_track, put_chunk, report_gap
from server.storage.models import Change, Gap, Job, Track
from tests.integration.speech.speech_cast import CHUNK, Speech, announce
from transcription.contract.recording import GapReason as ToldReason
from transcription.contract.recording import GapReport


def gaps(speech: Speech) -> list[tuple[int, int | None, GapReason]]:
    return [(g.start_ms, g.end_ms, g.reason) for g in speech.all(Gap)]


def test_a_line_that_broke_and_came_back_lost_nothing(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 1_000)
    speech.house.clock.forward(seconds=60)
    recorder_lost(speech.recorder, speech.conference_id)
    speech.house.clock.forward(seconds=60)
    recorder_writes(speech.recorder, speech.conference_id, 1_000)
    speech.house.clock.forward(seconds=60)
    speech.end()
    recorder_stopped(speech.recorder, speech.conference_id)
    assert gaps(speech) == []


def test_a_recorder_that_began_late_leaves_a_gap(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 30_000)
    speech.house.clock.forward(seconds=60)
    speech.end()
    recorder_stopped(speech.recorder, speech.conference_id)
    assert gaps(speech) == [(0, 30_000, GapReason.RECORDER_DOWN)]


def test_a_recorder_that_was_killed_and_lost_its_disk_leaves_the_gap_to_web(
    speech: Speech,
) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    speech.house.clock.forward(seconds=60)
    recorder_lost(speech.recorder, speech.conference_id)
    speech.house.clock.forward(seconds=40)
    recorder_writes(speech.recorder, speech.conference_id, 95_000)
    speech.house.clock.forward(seconds=60)
    speech.end()
    recorder_stopped(speech.recorder, speech.conference_id)
    assert gaps(speech) == [(60_000, 95_000, GapReason.RECORDER_DOWN)]


def test_a_gap_that_the_recorder_told_is_not_told_again(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    speech.house.clock.forward(seconds=60)
    recorder_lost(speech.recorder, speech.conference_id)
    own = GapReport(
        speech.conference_id, None, 58_500, 95_000, ToldReason.RECORDER_DOWN, "restarted"
    )
    report_gap(speech.recorder, own, None)
    recorder_writes(speech.recorder, speech.conference_id, 95_000)
    speech.house.clock.forward(seconds=60)
    speech.end()
    recorder_stopped(speech.recorder, speech.conference_id)
    assert gaps(speech) == [(58_500, 95_000, GapReason.RECORDER_DOWN)]


def test_a_recorder_that_never_comes_back_is_given_up_after_ten_minutes(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    track = speech.open_track()
    speech.store_chunk(track, 0)
    announce_chunk(speech.recorder, track, 1, announce(start_ms=10_000))
    put_chunk(speech.recorder, track, 1, 0, CHUNK[:50])
    speech.house.clock.forward(seconds=30)
    recorder_lost(speech.recorder, speech.conference_id)
    speech.house.clock.forward(seconds=30)
    speech.end()
    scheduler = speech.house.program("worker")
    assert not give_up(scheduler, recorder_away=True)
    speech.house.clock.forward(seconds=601)
    assert not give_up(speech.house.program("worker"), recorder_away=False)
    assert give_up(speech.house.program("worker"), recorder_away=True)
    assert not give_up(speech.house.program("worker"), recorder_away=True)
    assert speech.one(Track).final_seq == 0
    assert gaps(speech) == [
        (10_000, 20_000, GapReason.CHUNK_LOST),
        (30_000, 60_000, GapReason.RECORDER_DOWN),
    ]
    assert speech.job(f"transcribe:{track}:1").state is JobState.WAITING
    assert speech.one(Change, Change.action == RecorderEvent.GIVEN_UP).by_agent == "worker"


def test_a_recorder_of_its_own_that_is_gone_is_given_up_though_others_are_in_line(
    speech: Speech,
) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    speech.house.clock.forward(seconds=60)
    speech.end()
    speech.house.clock.forward(seconds=700)
    worker = speech.house.program("worker")
    give_up(worker, False, frozenset({speech.conference_id + 1}))
    assert not speech.all(Change, Change.action == RecorderEvent.GIVEN_UP)
    give_up(worker, False, frozenset({speech.conference_id}))
    assert speech.one(Change, Change.action == RecorderEvent.GIVEN_UP)


def test_what_a_given_up_recorder_brings_later_is_taken_and_transcribed(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    track = speech.open_track()
    speech.store_chunk(track, 0)
    recorder_lost(speech.recorder, speech.conference_id)
    speech.house.clock.forward(seconds=60)
    speech.end()
    speech.house.clock.forward(seconds=700)
    give_up(speech.house.program("worker"), recorder_away=True)
    speech.transcribe("phần đầu")
    speech.store_chunk(track, 1)
    assert close_track(speech.recorder, track, 1, None).queued
    assert [c["seq"] for c in speech.job(f"transcribe:{track}:2").payload["chunks"]] == [0, 1]
    assert wanted(speech.recorder).stop == (speech.conference_id,)
    recorder_stopped(speech.recorder, speech.conference_id)
    assert wanted(speech.recorder).stop == ()


def test_a_conference_that_nobody_recorded_is_one_gap(speech: Speech) -> None:
    speech.house.clock.forward(minutes=30)
    speech.end()
    speech.house.clock.forward(minutes=11)
    assert not give_up(speech.house.program("worker"), recorder_away=False)
    assert gaps(speech) == [(0, 30 * 60_000, GapReason.RECORDER_DOWN)]
    assert not speech.all(Job)


def test_stopped_closes_what_the_recorder_left_open(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    track = speech.open_track()
    speech.store_chunk(track, 0)
    speech.house.clock.forward(seconds=60)
    speech.end()
    assert recorder_stopped(speech.recorder, speech.conference_id)
    assert speech.one(Track).final_seq == 0
    assert len(speech.all(Job)) == 1


def test_a_hole_in_the_numbers_is_a_gap_where_it_lies(speech: Speech) -> None:
    recorder_writes(speech.recorder, speech.conference_id, 0)
    track = speech.open_track()
    speech.store_chunk(track, 0)
    speech.store_chunk(track, 2)
    speech.house.clock.forward(seconds=30)
    speech.end()
    recorder_stopped(speech.recorder, speech.conference_id)
    assert gaps(speech) == [(10_000, 20_000, GapReason.CHUNK_LOST)]
    chunks = speech.job(f"transcribe:{track}:1").payload["chunks"]
    assert [chunk["seq"] for chunk in chunks] == [0, 2]


def test_the_same_word_twice_is_remembered_once(speech: Speech) -> None:
    for _ in range(2):
        recorder_writes(speech.recorder, speech.conference_id, 500)
    assert len(speech.all(Change, Change.action == RecorderEvent.RECORDING)) == 1


def test_what_is_live_is_to_be_recorded_and_what_ended_to_be_stopped(speech: Speech) -> None:
    assert wanted(speech.recorder).record == (speech.conference_id,)
    recorder_writes(speech.recorder, speech.conference_id, 0)
    speech.end()
    speech.house.clock.forward(seconds=1)
    assert wanted(speech.recorder) == type(wanted(speech.recorder))((), (speech.conference_id,))


def test_an_extraction_due_by_the_end_is_queued_once(speech: Speech) -> None:
    speech.closed_track()
    speech.transcribe("xong trước khi kết thúc")
    assert queue_due_extractions(speech.house.program("worker")) == 0
    speech.house.clock.forward(seconds=1)
    speech.end()
    assert queue_due_extractions(speech.house.program("worker")) == 1
    assert queue_due_extractions(speech.house.program("worker")) == 0
    assert speech.job(f"extract:{speech.conference_id}:1").needs.value == "none"


@pytest.mark.parametrize("permanent", [True, False])
def test_a_failed_transcription_is_a_gap_and_the_rest_is_read(
    speech: Speech, permanent: bool
) -> None:
    from server.services.jobs import fail_job
    from transcription.contract.jobs import JobFailure

    speech.closed_track()
    second = speech.closed_track(sid="TR_2")
    speech.end()
    speech.transcribe("có lời")
    offer = speech.claim()
    assert offer.payload["track"] == second
    body = JobFailure(offer.lease, permanent, "bad_input", "")
    ended = fail_job(speech.worker, speech.worker_id, offer.job, body, None)
    assert ended.queued is permanent
    extracts = [job for job in speech.all(Job) if job.kind.value == "extract"]
    assert len(extracts) == permanent
