"""Leased jobs: who holds one, what an attempt costs, what a dead child costs."""

from __future__ import annotations

import threading

import pytest

from server.domain.errors import GiaoBanError
from server.domain.jobs import AttemptOutcome, ClipState, JobState
from server.domain.transcripts import RunState, SegmentFlag
from server.services.jobs import beat, claim_job, fail_job, lapse_leases, release_job
from server.services.processing import cancel_job, retry_job, transcribe_again
from server.services.transcripts import finish_job
from server.storage.models import Attempt, Change, Clip, Job, Segment, TranscriptRun
from server.storage.received import Delivery
from tests.integration.speech.speech_cast import SHA, Speech, segment
from tests.people import NAM_CAN
from transcription.contract.clips import SegmentFlag as ToldFlag
from transcription.contract.jobs import JobFailure
from transcription.contract.link import BeatState, JobOffer, JobProgress


def refused(code: str):
    return pytest.raises(GiaoBanError, check=lambda error: error.code == code)


def beat_of(speech: Speech, offer: JobOffer, done: int = 0, total: int = 0) -> BeatState:
    progress = JobProgress(offer.job, offer.lease, done, total)
    return beat(speech.worker, speech.worker_id, [progress])[0].state


def fail(speech: Speech, offer: JobOffer, permanent: bool = False, code: str = "trouble") -> None:
    body = JobFailure(offer.lease, permanent, code, "what happened")
    fail_job(speech.worker, speech.worker_id, offer.job, body, None)


def test_a_job_is_leased_for_a_minute_with_its_payload(speech: Speech) -> None:
    track = speech.closed_track()
    offer = speech.claim()
    assert offer.kind == "transcribe"
    assert offer.payload["track"] == track
    assert offer.payload["hotwords"] == ["Trung tâm", "Xã đầm dơi", "Xã năm căn"]
    assert (offer.lease_until_at - speech.house.now).total_seconds() == 60
    attempt = speech.one(Attempt)
    assert (attempt.id, attempt.n, attempt.token_id) == (offer.lease, 1, speech.worker_id)


def test_a_worker_without_a_model_gets_no_transcription(speech: Speech) -> None:
    speech.closed_track()
    assert claim_job(speech.worker, speech.worker_id, ()) is None
    assert speech.job("transcribe:1:1").attempts == 0


def test_a_leased_job_is_offered_to_nobody_else(speech: Speech) -> None:
    speech.closed_track()
    speech.claim()
    assert claim_job(speech.worker, speech.worker_id, ("model",)) is None


def test_of_workers_that_race_for_a_job_one_gets_it(speech: Speech) -> None:
    speech.closed_track()
    speech.closed_track(NAM_CAN, "TR_2")
    offers: list[JobOffer | None] = []
    gate = threading.Barrier(6)

    def work() -> None:
        gate.wait()
        offers.append(claim_job(speech.worker, speech.worker_id, ("model",)))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [offer for offer in offers if offer is not None]
    assert len(offers) == 6
    assert len({offer.job for offer in got}) == len(got) == 2


def test_a_beat_makes_the_lease_a_minute_from_now_and_tells_progress(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    now = speech.house.clock.forward(seconds=50)
    assert beat_of(speech, offer, 4_000, 10_000) is BeatState.OK
    job = speech.job("transcribe:1:1")
    assert (job.lease_until_at - now).total_seconds() == 60
    assert (job.done_ms, job.total_ms) == (4_000, 10_000)


def test_a_lapsed_lease_goes_back_to_wait_and_everything_of_it_is_lost(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    assert lapse_leases(speech.house.program("scheduler")) == 0
    now = speech.house.clock.forward(seconds=61)
    assert lapse_leases(speech.house.program("scheduler")) == 1
    assert lapse_leases(speech.house.program("scheduler")) == 0
    job = speech.job("transcribe:1:1")
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    assert (job.not_before_at - now).total_seconds() == 30
    assert speech.one(Attempt).outcome is AttemptOutcome.EXPIRED
    assert beat_of(speech, offer) is BeatState.LOST
    for act in (
        lambda: speech.plan(offer),
        lambda: speech.store_clip(offer, segment(0, 0, "muộn")),
        lambda: speech.finish(offer),
        lambda: fail(speech, offer),
    ):
        with refused("lease_lost"):
            act()
    assert not speech.all(Segment)


def test_an_old_lease_changes_nothing_while_another_holds_the_job(speech: Speech) -> None:
    speech.closed_track()
    old = speech.claim()
    speech.plan(old)
    speech.house.clock.forward(seconds=61)
    lapse_leases(speech.house.program("scheduler"))
    speech.house.clock.forward(seconds=31)
    new = speech.claim()
    assert new.lease != old.lease
    with refused("lease_lost"):
        speech.store_clip(old, segment(0, 0, "cũ"))
    assert speech.start_clip(old) == "skip"
    assert speech.job("transcribe:1:1").lease_id == new.lease


def test_a_lease_belongs_to_the_token_that_claimed_it(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    with refused("lease_lost"):
        finish_job(speech.worker, speech.recorder_id, offer.job, offer.lease, None)


def test_three_dead_workers_fail_the_job_for_good(speech: Speech) -> None:
    speech.closed_track()
    waits = []
    for _ in range(3):
        speech.claim()
        now = speech.house.clock.forward(seconds=61)
        lapse_leases(speech.house.program("scheduler"))
        waits.append((speech.job("transcribe:1:1").not_before_at - now).total_seconds())
        speech.house.clock.forward(seconds=600)
    job = speech.job("transcribe:1:1")
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert waits[:2] == [30, 120]
    assert claim_job(speech.worker, speech.worker_id, ("model",)) is None


def test_passing_trouble_waits_and_a_permanent_one_ends_the_job(speech: Speech) -> None:
    speech.closed_track()
    fail(speech, speech.claim())
    job = speech.job("transcribe:1:1")
    assert (job.state, job.error_code) == (JobState.WAITING, "trouble")
    assert claim_job(speech.worker, speech.worker_id, ("model",)) is None
    speech.house.clock.forward(seconds=30)
    offer = speech.claim()
    fail(speech, offer, permanent=True, code="bad_input")
    job = speech.job("transcribe:1:1")
    assert (job.state, job.error_code) == (JobState.FAILED, "bad_input")
    fail(speech, offer, permanent=True, code="bad_input")
    assert [a.outcome for a in speech.all(Attempt)] == [AttemptOutcome.FAILED] * 2


def test_a_repeated_failure_counts_once(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    body = JobFailure(offer.lease, False, "child_crashed", "signal 11")
    once = Delivery("token:2", "fail-1", "h")
    for _ in range(2):
        fail_job(speech.worker, speech.worker_id, offer.job, body, once)
    assert speech.one(Attempt).outcome is AttemptOutcome.CRASHED
    assert speech.job("transcribe:1:1").attempts == 1


def test_a_release_charges_nobody(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    assert speech.start_clip(offer) == "go"
    release_job(speech.worker, speech.worker_id, offer.job, offer.lease, None)
    job = speech.job("transcribe:1:1")
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert speech.one(Attempt).outcome is AttemptOutcome.RELEASED
    again = speech.claim()
    assert speech.start_clip(again) == "go"
    with speech.rows() as session:
        assert session.get_one(Clip, (again.job, "0-10000")).crashes == 0


def test_a_clip_that_kills_its_child_twice_is_flagged_and_the_rest_goes_on(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    clips = ((0, 4_000), (4_000, 10_000))
    speech.plan(offer, *clips)
    assert speech.start_clip(offer, *clips[0]) == "go"
    assert speech.start_clip(offer, *clips[0]) == "go"
    assert [clip.crashes for clip in speech.plan(offer, *clips).clips] == [1, 0]
    assert speech.start_clip(offer, *clips[0]) == "skip"
    assert speech.start_clip(offer, *clips[1]) == "go"
    speech.store_clip(offer, segment(0, 5_000, "vẫn còn"), clip=clips[1])
    speech.finish(offer)
    flags = [(s.clip_key, s.flag) for s in speech.all(Segment)]
    assert flags == [("0-4000", SegmentFlag.CRASHED_CLIP), ("4000-10000", None)]
    assert speech.job("transcribe:1:1").state is JobState.DONE


def test_a_result_between_two_starts_charges_nobody(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    assert speech.start_clip(offer) == "go"
    speech.store_clip(offer)
    assert speech.start_clip(offer) == "skip"
    assert speech.plan(offer).clips[0].crashes == 0


def test_a_later_attempt_gets_the_stored_clips_with_their_states(speech: Speech) -> None:
    speech.closed_track()
    first = speech.claim()
    speech.plan(first, (0, 4_000), (4_000, 10_000))
    speech.store_clip(first, segment(0, 100, "một"), clip=(0, 4_000))
    release_job(speech.worker, speech.worker_id, first.job, first.lease, None)
    second = speech.claim()
    stored = speech.plan(second, (0, 10_000))
    assert [(c.key, c.state.value) for c in stored.clips] == [
        ("0-4000", "done"),
        ("4000-10000", "todo"),
    ]


def test_a_clips_result_is_kept_once(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    said = segment(0, 1_000, "giao xã Đầm Dơi")
    speech.store_clip(offer, said)
    speech.store_clip(offer, said)
    assert [s.text for s in speech.all(Segment)] == ["giao xã Đầm Dơi"]
    with refused("idempotency_mismatch"):
        speech.store_clip(offer, segment(0, 1_000, "giao xã Năm Căn"))
    speech.finish(offer)
    speech.store_clip(offer, said)
    assert len(speech.all(Segment)) == 1


def test_a_result_for_a_clip_that_is_none_is_not_found(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    with refused("not_found"):
        speech.store_clip(offer, clip=(1, 2))


def test_segments_with_one_number_twice_are_refused_whole(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    with refused("bad_request"):
        speech.store_clip(offer, segment(0, 0, "a"), segment(0, 500, "b"))
    assert not speech.all(Segment)


def test_a_clip_given_up_by_the_worker_is_flagged(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    speech.store_clip(offer, flag=ToldFlag.CRASHED_CLIP)
    speech.store_clip(offer, flag=ToldFlag.CRASHED_CLIP)
    assert speech.one(Segment).flag is SegmentFlag.CRASHED_CLIP
    with speech.rows() as session:
        assert session.get_one(Clip, (offer.job, "0-10000")).state is ClipState.FLAGGED


def test_a_job_with_clips_left_cannot_be_finished(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    with refused("clips_missing"):
        speech.finish(offer)
    speech.plan(offer, (0, 4_000), (4_000, 10_000))
    speech.store_clip(offer, clip=(0, 4_000))
    with refused("clips_missing") as caught:
        speech.finish(offer)
    assert caught.value.params["n"] == 1
    assert speech.job("transcribe:1:1").state is JobState.LEASED


def test_finishing_makes_the_run_the_one_that_is_read(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.transcribe("một hai ba")
    run = speech.one(TranscriptRun)
    assert (run.state, run.run, run.model_sha256) == (RunState.CURRENT, 1, SHA)
    speech.finish(offer)
    job = speech.job("transcribe:1:1")
    assert (job.state, job.done_ms) == (JobState.DONE, job.total_ms)
    assert speech.one(Attempt).outcome is AttemptOutcome.OK


def test_a_second_run_takes_the_place_of_the_first_in_one_step(speech: Speech) -> None:
    speech.closed_track()
    speech.transcribe("bản một")
    speech.end()
    hoa = speech.house.context("hoa")
    assert transcribe_again(hoa, speech.conference_id).jobs == 1
    assert transcribe_again(hoa, speech.conference_id).jobs == 0
    speech.transcribe("bản hai")
    assert [r.state for r in speech.all(TranscriptRun)] == [RunState.SUPERSEDED, RunState.CURRENT]


def test_retry_gives_a_failed_job_all_its_attempts_again(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    fail(speech, offer, permanent=True)
    hoa = speech.house.context("hoa")
    assert retry_job(hoa, offer.job).jobs == 1
    job = speech.job("transcribe:1:1")
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    change = speech.one(Change, Change.subject_kind == "job")
    assert (change.old_state, change.new_state) == ("failed", "waiting")
    speech.claim()
    assert retry_job(hoa, offer.job).jobs == 0


def test_retry_lets_a_waiting_job_be_claimed_at_once(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    fail(speech, offer)
    retry_job(speech.house.context("lan"), offer.job)
    assert speech.claim().job == offer.job


def test_retry_of_a_finished_job_is_refused(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.transcribe("xong")
    with refused("wrong_state"):
        retry_job(speech.house.context("hoa"), offer.job)


@pytest.mark.parametrize(
    ("who", "code"),
    [("anh", "forbidden"), ("khai", "not_found"), ("thu", "not_found"), ("dung", "not_found")],
)
def test_only_secretaries_retry_and_others_do_not_learn_of_it(
    speech: Speech, who: str, code: str
) -> None:
    speech.closed_track()
    offer = speech.claim()
    fail(speech, offer, permanent=True)
    with refused(code):
        retry_job(speech.house.context(who), offer.job)
    assert speech.job("transcribe:1:1").state is JobState.FAILED


def test_a_cancelled_job_tells_its_worker_at_the_next_beat(speech: Speech) -> None:
    speech.closed_track()
    offer = speech.claim()
    speech.plan(offer)
    cancel_job(speech.house.context("hoa"), offer.job)
    assert beat_of(speech, offer) is BeatState.CANCELLED
    with refused("lease_lost"):
        speech.store_clip(offer)
    assert speech.one(Attempt).outcome is AttemptOutcome.CANCELLED
    assert not retry_job(speech.house.context("hoa"), offer.job).jobs == 0


def test_a_beat_for_a_job_that_never_was_is_lost(speech: Speech) -> None:
    answer = beat(speech.worker, speech.worker_id, [JobProgress(77, 1, 0, 0)])
    assert answer[0].state is BeatState.LOST


def test_every_job_is_queued_once_for_the_same_sound(speech: Speech) -> None:
    track = speech.closed_track()
    with speech.rows() as session:
        from server.services.queueing import queue_transcription
        from server.storage.models import Track

        assert queue_transcription(session, speech.house.now, session.get_one(Track, track)) is None
    assert len(speech.all(Job)) == 1
