"""How far a conference's recording has come, for pages; and what a secretary does about it.

Everything is derived when asked (model §2.7). Who may not hear the recording does not learn that
there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.errors import UserError
from server.domain.jobs import JOB, AttemptOutcome, ClipState, JobKind, JobState
from server.domain.meetings import IN_SESSION
from server.domain.permissions import OFFICE, forbidden
from server.domain.processing import Facts, JobFact, Stage, percent_of, stage_of
from server.domain.recordings import ChunkState, GapReason, RecorderEvent
from server.domain.review import CandidateState, reviewer_post
from server.services.context import Context
from server.services.jobs import end_attempt
from server.services.queueing import queue_extraction, queue_transcription, runs_to_read
from server.services.recordings import load_recorded
from server.storage import candidates, meetings, queue, recordings, transcripts
from server.storage.history import record
from server.storage.models import Chunk, Conference, Gap, Job, Track


@dataclass(frozen=True)
class TrackLine:
    """One track of the list. `seat` is the name plate; `job_state` None: nothing to transcribe."""

    track_id: int
    seat: str
    start_ms: int
    sound_ms: int
    closed: bool
    job_state: JobState | None
    percent: int
    unreadable: int


@dataclass(frozen=True)
class GapLine:
    """A stretch that nobody recorded; `seat` None: the whole conference."""

    start_ms: int
    end_ms: int | None
    reason: GapReason
    seat: str | None

    @property
    def seconds(self) -> int:
        """Its length, rounded up."""
        return -(-((self.end_ms or self.start_ms) - self.start_ms) // 1000)


@dataclass(frozen=True)
class FailedJob:
    """A job that failed for good, with the seat it is about (None: the extraction)."""

    job_id: int
    kind: JobKind
    seat: str | None
    code: str
    detail: str


@dataclass(frozen=True)
class Processing:
    """All that `speech/processing.html` shows. `percent`: of the speech, transcribed."""

    conference_id: int
    stage: Stage
    percent: int
    in_session: bool
    recorder_lost: bool
    seats: int
    chunks: int
    chunks_stored: int
    tracks: tuple[TrackLine, ...]
    gaps: tuple[GapLine, ...]
    failed: tuple[FailedJob, ...]
    unreadable: int
    model: str | None
    candidates: int
    decided: int
    extracted: bool
    may_retry: bool

    @property
    def moving(self) -> bool:
        """Whether it goes on by itself (the page asks again)."""
        return self.stage not in (Stage.NONE, Stage.READY, Stage.FAILED)


def processing_of(ctx: Context, conference_id: int, model_ready: bool = True) -> Processing:
    """Where the recording of a conference stands; `not_found` for who may not hear it.
    `model_ready`: some worker in line has a speech model, which only web knows (pages ask by
    `worker_link.hub.processing_for`).
    """
    with ctx.read() as (session, actor):
        conference = load_recorded(session, actor, conference_id)
        post = reviewer_post(actor, recordings.roles_in(session, conference_id))
        return _Reading(session, conference).processing(model_ready, post is not None)


class _Reading:
    """The rows of one conference, read once."""

    def __init__(self, session: Session, conference: Conference) -> None:
        self.session = session
        self.conference = conference
        self.tracks = recordings.tracks_of(session, conference.id)
        self.chunks = recordings.chunks_of_conference(session, conference.id)
        self.gaps = recordings.gaps_of(session, conference.id)
        self.jobs = queue.latest_jobs(session, conference.id)
        self.seats = {seat.id: seat.name for seat in meetings.seats_of(session, conference.id)}

    def processing(self, model_ready: bool, may_retry: bool) -> Processing:
        lines = tuple(self._line(track) for track in self.tracks)
        facts = Facts(
            in_session=self.conference.state in IN_SESSION,
            tracks=len(lines),
            open_tracks=sum(not line.closed for line in lines),
            jobs=[_fact(job) for job in self.jobs],
            extracted=self._extracted(),
            model_ready=model_ready,
        )
        all_chunks = [chunk for some in self.chunks.values() for chunk in some]
        found = candidates.candidates_of_conference(self.session, self.conference.id)
        shown = [c for c in found if c.state is not CandidateState.STALE]
        runs = transcripts.current_runs(self.session, self.conference.id)
        told = recordings.recorder_facts(self.session, self.conference.id)
        return Processing(
            conference_id=self.conference.id,
            stage=stage_of(facts),
            percent=percent_of(facts.jobs),
            in_session=facts.in_session,
            recorder_lost=facts.in_session and (not told or told[-1].event is RecorderEvent.LOST),
            seats=len({track.seat_id for track in self.tracks}),
            chunks=len(all_chunks),
            chunks_stored=sum(chunk.state is ChunkState.STORED for chunk in all_chunks),
            tracks=lines,
            gaps=tuple(self._gap(gap) for gap in self.gaps if not self._filled(gap)),
            failed=tuple(
                FailedJob(
                    job.id,
                    job.kind,
                    self._seat_of(job),
                    job.error_code or "",
                    job.error_detail or "",
                )
                for job in self.jobs
                if job.state is JobState.FAILED
            ),
            unreadable=sum(line.unreadable for line in lines),
            model=runs[-1].model if runs else None,
            candidates=len(shown),
            decided=sum(c.state is not CandidateState.OPEN for c in shown),
            extracted=facts.extracted,
            may_retry=may_retry,
        )

    def _line(self, track: Track) -> TrackLine:
        chunks = self.chunks.get(track.id, [])
        job = next((j for j in self.jobs if j.track_id == track.id), None)
        clips = queue.clips_of(self.session, job.id) if job else []
        return TrackLine(
            track_id=track.id,
            seat=self.seats.get(track.seat_id or 0, ""),
            start_ms=track.start_ms,
            sound_ms=sum(_sound_ms(chunk) for chunk in chunks),
            closed=recordings.closed(track, chunks, self.gaps),
            job_state=job.state if job else None,
            percent=percent_of([_fact(job)]) if job else 0,
            unreadable=sum(clip.state is ClipState.FLAGGED for clip in clips),
        )

    def _extracted(self) -> bool:
        done = [j for j in self.jobs if j.kind is JobKind.EXTRACT and j.state is JobState.DONE]
        if not done:
            return False
        runs = transcripts.current_runs(self.session, self.conference.id)
        return bool(done[-1].payload["runs"] == sorted(run.id for run in runs))

    def _gap(self, gap: Gap) -> GapLine:
        return GapLine(gap.start_ms, gap.end_ms, gap.reason, self.seats.get(gap.seat_id or 0))

    def _filled(self, gap: Gap) -> bool:
        """A chunk told lost that came after all."""
        if gap.reason is not GapReason.CHUNK_LOST or gap.track_id is None:
            return False
        return any(
            chunk.start_ms <= gap.start_ms
            and (gap.end_ms or gap.start_ms) <= chunk.start_ms + chunk.length_ms
            for chunk in self.chunks.get(gap.track_id, ())
            if chunk.state is ChunkState.STORED
        )

    def _seat_of(self, job: Job) -> str | None:
        track = next((t for t in self.tracks if t.id == job.track_id), None)
        return self.seats.get(track.seat_id or 0) if track else None


def _fact(job: Job) -> JobFact:
    return JobFact(job.kind, job.state, job.needs, job.done_ms, job.total_ms)


def _sound_ms(chunk: Chunk) -> int:
    return sum(end - start for start, end in chunk.voiced) if _here(chunk) else 0


def _here(chunk: Chunk) -> bool:
    return chunk.state is ChunkState.STORED


@dataclass(frozen=True)
class Queued:
    """What a secretary's act came to: how many jobs wait now because of it."""

    conference_id: int
    jobs: int


def retry_job(ctx: Context, job_id: int) -> Queued:
    """A failed or cancelled job waits again with all its attempts; a waiting one may be claimed at
    once; one under way is left alone. A finished one is `wrong_state`: a new run instead.
    """
    with ctx.write() as (session, actor):
        job, post = _load_job(session, actor, job_id)
        move = JOB.move("retry", job.state)
        if not move.changed:
            return Queued(job.conference_id, 0)
        if move.old is not JobState.WAITING:
            job.attempts, job.lease_id, job.finished_at = 0, None, None
        job.state = move.new
        job.not_before_at = ctx.now
        _record(session, ctx, actor, post, job, "retry", move.old)
        return Queued(job.conference_id, 1)


def cancel_job(ctx: Context, job_id: int) -> Queued:
    """Take a job off the queue; the worker that holds it hears it at its next beat."""
    with ctx.write() as (session, actor):
        job, post = _load_job(session, actor, job_id)
        old = job.state
        if end_attempt(ctx, session, job, "cancel", AttemptOutcome.CANCELLED):
            _record(session, ctx, actor, post, job, "cancel", old)
            conference = session.get_one(Conference, job.conference_id)
            if job.kind is JobKind.TRANSCRIBE:
                queue_extraction(session, ctx.now, conference)
        return Queued(job.conference_id, 0)


def transcribe_again(ctx: Context, conference_id: int) -> Queued:
    """A new run of every closed track; what waits or runs already is left alone. Nothing recorded:
    `nothing_recorded`; while in session: `wrong_state`.
    """
    with ctx.write() as (session, actor):
        conference, post = _load_finished(session, actor, conference_id, "transcribe_again")
        tracks = recordings.tracks_of(session, conference_id)
        open_ids = {track.id for track in recordings.open_tracks(session, conference_id)}
        jobs = [
            queue_transcription(session, ctx.now, track, again=True)
            for track in tracks
            if track.id not in open_ids
        ]
        return _asked(session, ctx, actor, post, conference, "transcribe_again", jobs)


def extract_again(ctx: Context, conference_id: int) -> Queued:
    """Read the current transcript again; while something is still to come it waits for that."""
    with ctx.write() as (session, actor):
        conference, post = _load_finished(session, actor, conference_id, "extract_again")
        due = runs_to_read(session, conference) is not None
        job = queue_extraction(session, ctx.now, conference, again=True) if due else None
        return _asked(session, ctx, actor, post, conference, "extract_again", [job])


def _asked(
    session: Session,
    ctx: Context,
    actor: Actor,
    post: Post,
    conference: Conference,
    action: str,
    jobs: Sequence[Job | None],
) -> Queued:
    queued = [job.key for job in jobs if job is not None]
    if queued:
        record(
            session,
            ("conference", conference.id),
            action,
            actor=actor,
            now=ctx.now,
            post=post,
            data={"jobs": queued},
        )
    return Queued(conference.id, len(queued))


def _load_finished(
    session: Session, actor: Actor, conference_id: int, action: str
) -> tuple[Conference, Post]:
    conference = load_recorded(session, actor, conference_id)
    post = _reviewer(session, actor, conference_id)
    if not recordings.tracks_of(session, conference_id):
        raise UserError("nothing_recorded")
    if conference.state not in recordings.OVER:
        raise UserError(
            "wrong_state", object="conference", state=conference.state.value, action=action
        )
    return conference, post


def _load_job(session: Session, actor: Actor, job_id: int) -> tuple[Job, Post]:
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise UserError("not_found")
    load_recorded(session, actor, job.conference_id)
    return job, _reviewer(session, actor, job.conference_id)


def _reviewer(session: Session, actor: Actor, conference_id: int) -> Post:
    post = reviewer_post(actor, recordings.roles_in(session, conference_id))
    if post is None:
        raise forbidden(*OFFICE)
    return post


def _record(
    session: Session, ctx: Context, actor: Actor, post: Post, job: Job, action: str, old: JobState
) -> None:
    record(
        session,
        ("job", job.id),
        action,
        actor=actor,
        now=ctx.now,
        post=post,
        parent=("conference", job.conference_id),
        old=old.value,
        new=job.state.value,
    )
