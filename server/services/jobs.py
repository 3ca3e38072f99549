"""The queue of machine work: what is enqueued when, and what a worker, the scheduler and a
secretary do with a job.

A lease is the id of an attempt; whatever comes with another one is `lease_lost`. A worker's death
costs one attempt; a child's death is charged to its clip (`services.transcripts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.domain.errors import CallerError
from server.domain.jobs import (
    JOB,
    LEASE,
    AttemptOutcome,
    JobKind,
    JobState,
    Need,
    next_try,
    passing_failure,
)
from server.services.context import Context
from server.services.queueing import extraction_due, queue_extraction
from server.storage import queue as rows
from server.storage import recordings
from server.storage.models import Conference, Job
from server.storage.received import Delivery, once
from transcription.contract.jobs import CHILD_CRASHED, JobFailure
from transcription.contract.link import BeatState, JobBeat, JobOffer, JobProgress

EXTRACTION_AFTER = timedelta(days=7)
"""How long after its end a conference is looked at for an extraction that nobody queued."""


@dataclass(frozen=True)
class Ended:
    """A job's end was taken; `queued`: work waits for another worker now."""

    answer: dict[str, Any]
    queued: bool = False


def claim_job(ctx: Context, token_id: int, able: Sequence[str]) -> JobOffer | None:
    """The next job that this worker can do, leased to it; None when there is none."""
    needs = [Need.NONE, *([Need.MODEL] if Need.MODEL in able else [])]
    with ctx.write() as (session, _):
        job = rows.claim(session, needs, token_id, ctx.now)
        if job is None:
            return None
        assert job.lease_id is not None
        assert job.lease_until_at is not None
        return JobOffer(job.id, job.kind.value, job.lease_id, job.lease_until_at, job.payload)


def beat(ctx: Context, token_id: int, jobs: Sequence[JobProgress]) -> tuple[JobBeat, ...]:
    """A worker is alive: every job that it still holds is leased for LEASE more."""
    answers = []
    with ctx.write() as (session, _):
        for progress in jobs:
            try:
                job = held_job(session, progress.job, progress.lease, token_id)
            except CallerError:
                answers.append(JobBeat(progress.job, BeatState.LOST))
                continue
            if job.state is JobState.LEASED:
                job.lease_until_at = ctx.now + LEASE
                if progress.total_ms:
                    job.total_ms = progress.total_ms
                    job.done_ms = min(progress.done_ms, progress.total_ms)
            cancelled = job.state is JobState.CANCELLED
            lost = BeatState.CANCELLED if cancelled else BeatState.LOST
            state = BeatState.OK if job.state is JobState.LEASED else lost
            answers.append(JobBeat(progress.job, state))
    return tuple(answers)


def held_job(session: Session, job_id: int, lease: int, token_id: int) -> Job:
    """The job whose current lease this is and whose holder this token; `not_found`, `lease_lost`.

    A job that is over keeps its last lease, so that a repeated `finish` is known as such.
    """
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise CallerError("not_found")
    attempt = rows.attempt_of(session, lease)
    if job.lease_id != lease or attempt is None or attempt.token_id != token_id:
        raise CallerError("lease_lost")
    return job


def end_attempt(
    ctx: Context,
    session: Session,
    job: Job,
    action: str,
    outcome: AttemptOutcome,
    detail: str | None = None,
) -> bool:
    """Apply an ending action of the table to a leased job and close its attempt; False where the
    table says that there is nothing to do.
    """
    move = JOB.move(action, job.state)
    if not move.changed:
        return False
    attempt = rows.attempt_of(session, job.lease_id) if job.lease_id is not None else None
    if attempt is not None and attempt.ended_at is None:
        attempt.ended_at, attempt.outcome, attempt.detail = ctx.now, outcome, detail
    job.state = move.new
    job.lease_until_at = None
    if move.new is JobState.WAITING:
        job.lease_id = None
    else:
        job.finished_at = ctx.now
    session.flush()
    return True


def fail_job(
    ctx: Context, token_id: int, job_id: int, body: JobFailure, delivery: Delivery | None
) -> Ended:
    """`POST …/fail`: passing trouble waits longer each time, a permanent one ends the job."""
    queued = False
    with ctx.write() as (session, _):

        def effect() -> dict[str, Any]:
            nonlocal queued
            job = held_job(session, job_id, body.lease, token_id)
            job.error_code, job.error_detail = body.code, body.detail
            outcome = (
                AttemptOutcome.CRASHED if body.code == CHILD_CRASHED else AttemptOutcome.FAILED
            )
            if body.permanent:
                end_attempt(ctx, session, job, "fail_permanent", outcome, body.detail)
            else:
                _try_again(ctx, session, job, outcome, body.detail)
            queued = _after_failure(ctx, session, job)
            return {}

        answer = once(session, delivery, ctx.now, effect)
    return Ended(answer, queued)


def _try_again(
    ctx: Context, session: Session, job: Job, outcome: AttemptOutcome, detail: str | None
) -> None:
    action = passing_failure(job.attempts, job.max_attempts)
    if end_attempt(ctx, session, job, action, outcome, detail):
        job.not_before_at = next_try(ctx.now, job.attempts)


def _after_failure(ctx: Context, session: Session, job: Job) -> bool:
    """A transcription that failed for good is a gap; the rest goes on to be read."""
    if job.state is not JobState.FAILED or job.kind is not JobKind.TRANSCRIBE:
        return False
    conference = session.get_one(Conference, job.conference_id)
    return queue_extraction(session, ctx.now, conference) is not None


def release_job(
    ctx: Context, token_id: int, job_id: int, lease: int, delivery: Delivery | None
) -> Ended:
    """`POST …/release`: the worker stops in order; nothing is charged, to no clip either."""
    with ctx.write() as (session, _):

        def effect() -> dict[str, Any]:
            job = held_job(session, job_id, lease, token_id)
            if end_attempt(ctx, session, job, "release", AttemptOutcome.RELEASED):
                job.attempts -= 1
                rows.forget_marks(session, job.id)
            return {}

        return Ended(once(session, delivery, ctx.now, effect), queued=True)


def lapse_leases(ctx: Context) -> int:
    """The due scan: jobs whose worker was not heard for a lease go back, or fail at their last
    attempt. Returns how many. Two schedulers at once do it once.
    """
    with ctx.write() as (session, _):
        lapsed = rows.leases_lapsed(session, ctx.now)
        for job_id in lapsed:
            job = session.get_one(Job, job_id)
            job.error_code, job.error_detail = "lease_lapsed", None
            _try_again(ctx, session, job, AttemptOutcome.EXPIRED, None)
            _after_failure(ctx, session, job)
        return len(lapsed)


def queue_due_extractions(ctx: Context) -> int:
    """Queue what became due by the end of a conference, when its last transcription was through
    before. Returns how many.
    """
    since = ctx.now - EXTRACTION_AFTER
    with ctx.read() as (session, _):
        ended = recordings.conferences_ended_since(session, since)
        due = [c.id for c in ended if extraction_due(session, c) is not None]
    if not due:
        return 0
    with ctx.write() as (session, _):
        found = [session.get_one(Conference, key) for key in due]
        return sum(queue_extraction(session, ctx.now, c) is not None for c in found)


def work_waits(ctx: Context) -> bool:
    """Whether some job could be claimed now (workers are told so)."""
    with ctx.read() as (session, _):
        return rows.waits(session, ctx.now)
