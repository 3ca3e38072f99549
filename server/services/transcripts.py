"""Transcripts as a worker makes them: the clips of a run, what was recognised, the swap.

A run is built beside the one that is read and becomes current in the transaction that makes its
job done. Segments are only ever added.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from server.domain.errors import CallerError
from server.domain.jobs import JOB, AttemptOutcome, ClipState, JobKind, JobState, charge
from server.domain.transcripts import RunState, SegmentFlag, run_after_finish
from server.services.context import Context
from server.services.jobs import Ended, end_attempt, held_job
from server.services.queueing import queue_extraction
from server.storage import queue as rows
from server.storage import transcripts
from server.storage.models import Clip, Conference, Job, Segment, TranscriptRun
from server.storage.received import Delivery, once
from transcription.contract import clips as told
from transcription.contract.link import Go, Skip, Started


def plan_clips(ctx: Context, token_id: int, job_id: int, plan: told.ClipPlan) -> told.StoredClips:
    """`PUT …/clips`: the run and its clips are made; a later attempt gets those that are there."""
    with ctx.write() as (session, _):
        job = _transcription(session, job_id, plan.lease, token_id)
        JOB.move("progress", job.state)
        if _run_of(session, job) is None:
            _make_run(ctx, session, job, plan)
        return told.StoredClips(
            tuple(
                told.StoredClip(c.start_ms, c.end_ms, told.ClipState(c.state.value), c.crashes)
                for c in rows.clips_of(session, job.id)
            )
        )


def _make_run(ctx: Context, session: Session, job: Job, plan: told.ClipPlan) -> None:
    session.add(
        TranscriptRun(
            track_id=job.track_id,
            run=int(job.payload["run"]),
            engine=plan.engine,
            model=plan.model,
            model_sha256=plan.model_sha256,
            params=plan.params,
            hotwords=plan.hotwords,
            state=RunState.BUILDING,
            at=ctx.now,
        )
    )
    for start, end in plan.clips:
        key = told.clip_key(start, end)
        session.add(
            Clip(job_id=job.id, clip_key=key, start_ms=start, end_ms=end, state=ClipState.TODO)
        )
    session.flush()


def start_clip(ctx: Context, token_id: int, body: Started) -> Go | Skip:
    """`started`: may this clip be given to the child? One that was given before and left no result
    has killed it, is charged, and at the second charge flagged and passed. A worker without the
    lease is told to skip: its end of the job will be refused.
    """
    with ctx.write() as (session, _):
        skip = Skip(body.job, body.clip)
        try:
            job = held_job(session, body.job, body.lease, token_id)
        except CallerError:
            return skip
        clip = rows.clip_of(session, job.id, body.clip)
        if job.state is not JobState.LEASED or clip is None or clip.state is not ClipState.TODO:
            return skip
        clip.crashes, clip.state = charge(clip.crashes, clip.started_lease is not None)
        if clip.state is ClipState.FLAGGED:
            clip.started_lease = None
            _mark_crashed(session, job, clip)
            _count(session, job)
            return skip
        clip.started_lease = body.lease
        return Go(body.job, body.clip)


def store_clip(
    ctx: Context, token_id: int, job_id: int, key: str, result: told.ClipResult
) -> dict[str, Any]:
    """`PUT …/clips/KEY`: what a clip gave. The same again changes nothing; something else is
    `idempotency_mismatch`, with an old lease `lease_lost`.
    """
    with ctx.write() as (session, _):
        job = _transcription(session, job_id, result.lease, token_id)
        clip = rows.clip_of(session, job.id, key)
        run = _run_of(session, job)
        if clip is None or run is None:
            raise CallerError("not_found")
        if clip.state is ClipState.TODO:
            JOB.move("progress", job.state)
            _keep_result(session, job, run, clip, result)
        elif not _same(session, run, clip, result):
            raise CallerError("idempotency_mismatch" if _live(job) else "lease_lost")
        elif not _live(job):
            raise CallerError("lease_lost")
        return {}


def _live(job: Job) -> bool:
    return job.state in (JobState.LEASED, JobState.DONE)


def _keep_result(
    session: Session, job: Job, run: TranscriptRun, clip: Clip, result: told.ClipResult
) -> None:
    numbers = [segment.n for segment in result.segments]
    if len(set(numbers)) != len(numbers):
        raise CallerError("bad_request", detail="segments: a number comes twice")
    session.add_all(_row_of(run, clip, segment) for segment in result.segments)
    clip.started_lease = None
    clip.state = ClipState.DONE
    if result.flag is not None:
        clip.state = ClipState.FLAGGED
        if not result.segments:
            _mark_crashed(session, job, clip)
    _count(session, job)


def _row_of(run: TranscriptRun, clip: Clip, segment: told.Segment) -> Segment:
    return Segment(
        run_id=run.id,
        clip_key=clip.clip_key,
        n=segment.n,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        text=segment.text,
        words=[word.to_json() for word in segment.words],
        confidence=segment.confidence,
        avg_logprob=segment.avg_logprob,
        no_speech=segment.no_speech,
        compression=segment.compression,
        flag=segment.flag,
    )


def _mark_crashed(session: Session, job: Job, clip: Clip) -> None:
    """A stretch that no child survives: an empty flagged segment, so that the transcript says so
    where it lies.
    """
    run = _run_of(session, job)
    assert run is not None, "a clip has a run"
    session.add(
        Segment(
            run_id=run.id,
            clip_key=clip.clip_key,
            n=0,
            start_ms=clip.start_ms,
            end_ms=clip.end_ms,
            text="",
            words=[],
            confidence=0.0,
            avg_logprob=0.0,
            no_speech=0.0,
            compression=0.0,
            flag=SegmentFlag.CRASHED_CLIP,
        )
    )


def _same(session: Session, run: TranscriptRun, clip: Clip, result: told.ClipResult) -> bool:
    if clip.state is ClipState.FLAGGED and not result.segments:
        return True
    stored = transcripts.segments_of_clip(session, run.id, clip.clip_key)
    return [_content(row) for row in stored] == [
        _content(_row_of(run, clip, segment))
        for segment in sorted(result.segments, key=lambda item: item.n)
    ]


def _content(row: Segment) -> tuple[object, ...]:
    return (row.n, row.start_ms, row.end_ms, row.text, row.words, row.flag, row.confidence)


def _count(session: Session, job: Job) -> None:
    session.flush()
    clips = rows.clips_of(session, job.id)
    job.total_ms = sum(clip.end_ms - clip.start_ms for clip in clips)
    job.done_ms = sum(c.end_ms - c.start_ms for c in clips if c.state is not ClipState.TODO)


def finish_job(
    ctx: Context, token_id: int, job_id: int, lease: int, delivery: Delivery | None
) -> Ended:
    """`POST …/finish`: a transcription becomes the one that is read; `clips_missing` while some
    are neither done nor flagged. An extraction is done by its PUT, and only told so again here.
    """
    queued = False
    with ctx.write() as (session, _):

        def effect() -> dict[str, Any]:
            nonlocal queued
            job = held_job(session, job_id, lease, token_id)
            if JOB.move("finish", job.state).changed:
                if job.kind is not JobKind.TRANSCRIBE:
                    raise CallerError("wrong_state", object="job", state="leased", action="finish")
                queued = _finish_transcription(ctx, session, job)
            return {}

        answer = once(session, delivery, ctx.now, effect)
    return Ended(answer, queued)


def _finish_transcription(ctx: Context, session: Session, job: Job) -> bool:
    run = _run_of(session, job)
    missing = rows.clips_todo(session, job.id)
    if run is None or missing:
        raise CallerError("clips_missing", n=missing)
    assert job.track_id is not None
    current = transcripts.current_run(session, job.track_id)
    state = run_after_finish(run.run, current.run if current else None)
    if current is not None and state is RunState.CURRENT:
        current.state = RunState.SUPERSEDED
        session.flush()
    run.state = state
    job.done_ms = job.total_ms
    end_attempt(ctx, session, job, "finish", AttemptOutcome.OK)
    conference = session.get_one(Conference, job.conference_id)
    return queue_extraction(session, ctx.now, conference) is not None


def _transcription(session: Session, job_id: int, lease: int, token_id: int) -> Job:
    job = held_job(session, job_id, lease, token_id)
    if job.kind is not JobKind.TRANSCRIBE:
        raise CallerError("not_found")
    return job


def _run_of(session: Session, job: Job) -> TranscriptRun | None:
    assert job.track_id is not None
    return transcripts.run_of(session, job.track_id, int(job.payload["run"]))
