"""What is enqueued when: a transcription as a track closes, one extraction when all is through.

Called within the transaction of whatever made it due, so nothing is queued twice and nothing is
forgotten. The key of a job says what it is about; the payload says what it was made from, which is
how a second call knows that there is nothing new.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.domain.jobs import JOB, JobKind, JobState, Need
from server.storage import queue as rows
from server.storage import recordings
from server.storage.meetings import seats_of
from server.storage.models import Chunk, Conference, Job, Track
from server.storage.transcripts import current_runs
from transcription.contract.jobs import ChunkRef, ExtractPayload, TranscribePayload
from transcription.contract.recording import Announce

LANGUAGE = "vi"
EXTRACT_FIRST = 50
"""Priority of extractions: they take seconds, and a secretary waits for them."""
TRANSCRIBE = 100


def queue_transcription(
    session: Session, now: datetime, track: Track, again: bool = False
) -> Job | None:
    """Queue the transcription of a closed track: once for the same sound, unless it is wanted
    `again`. A track without any sound needs none. A job that still waits gives way to one with
    more sound. None: nothing queued.
    """
    assert track.final_seq is not None, "a closed track knows its last number"
    stored = recordings.stored_chunks(session, track.id)
    # What comes late, after web had closed the track, counts with the recorder's own last number.
    chunks = [
        ChunkRef.of(chunk.seq, announce_from_row(chunk))
        for chunk in stored
        if chunk.seq <= track.final_seq
    ]
    total_ms = sum(end - start for chunk in chunks for start, end in chunk.voiced)
    known = _jobs_of_track(session, track)
    latest = known[-1] if known else None
    same = latest is not None and latest.payload["chunks"] == [c.to_json() for c in chunks]
    active = latest is not None and latest.state in rows.ACTIVE
    if total_ms == 0 or (same and (active or not again)):
        return None
    if latest is not None and latest.state is JobState.WAITING:
        latest.state = JOB.move("cancel", latest.state).new
    run = 1 + max((int(job.payload["run"]) for job in known), default=0)
    payload = TranscribePayload(
        track.id, track.seat_id, run, LANGUAGE, _hotwords(session, track), tuple(chunks)
    )
    return _enqueue(
        session,
        now,
        Job(
            key=f"transcribe:{track.id}:{run}",
            kind=JobKind.TRANSCRIBE,
            conference_id=track.conference_id,
            track_id=track.id,
            needs=Need.MODEL,
            payload=payload.to_json(),
            priority=TRANSCRIBE,
            total_ms=total_ms,
        ),
    )


def queue_extraction(
    session: Session, now: datetime, conference: Conference, again: bool = False
) -> Job | None:
    """Queue the extraction when the conference is over, its tracks are closed and no transcription
    waits or runs: once for the same runs, unless it is wanted `again`. None: nothing queued.
    """
    session.flush()
    due = extraction_due(session, conference, again)
    if due is None:
        return None
    jobs = _extractions(session, conference)
    if jobs and jobs[-1].state is JobState.WAITING:
        # It reads whatever is current when it is claimed.
        jobs[-1].payload = {**jobs[-1].payload, "runs": due}
        return None
    runs = due
    payload: dict[str, Any] = {**ExtractPayload(conference.id).to_json(), "runs": runs}
    return _enqueue(
        session,
        now,
        Job(
            key=f"extract:{conference.id}:{len(jobs) + 1}",
            kind=JobKind.EXTRACT,
            conference_id=conference.id,
            needs=Need.NONE,
            payload=payload,
            priority=EXTRACT_FIRST,
        ),
    )


def extraction_due(
    session: Session, conference: Conference, again: bool = False
) -> list[int] | None:
    """The runs that an extraction is to read now; None when none is due: something is still to
    come, or the latest one (also one that somebody cancelled) was made from just these.
    """
    runs = runs_to_read(session, conference)
    jobs = _extractions(session, conference)
    if runs is None or not jobs or jobs[-1].payload["runs"] != runs:
        return runs
    return runs if again and jobs[-1].state not in rows.ACTIVE else None


def _extractions(session: Session, conference: Conference) -> list[Job]:
    return [job for job in rows.jobs_of(session, conference.id) if job.kind is JobKind.EXTRACT]


def runs_to_read(session: Session, conference: Conference) -> list[int] | None:
    """The current runs, when they are all that will come; None while something is still to come,
    or nothing came of it at all.
    """
    if conference.state not in recordings.OVER:
        return None
    if not recordings.tracks_of(session, conference.id):
        return None
    if recordings.open_tracks(session, conference.id):
        return None
    latest = [j for j in rows.latest_jobs(session, conference.id) if j.kind is JobKind.TRANSCRIBE]
    if any(job.state in rows.ACTIVE for job in latest):
        return None
    runs = sorted(run.id for run in current_runs(session, conference.id))
    failed = any(job.state is JobState.FAILED for job in latest)
    return None if failed and not runs else runs


def extraction_number(job: Job) -> int:
    """The n of `extract:<conference>:<n>`, which is the run that candidates are seen in."""
    return int(job.key.rpartition(":")[2])


def _enqueue(session: Session, now: datetime, job: Job) -> Job | None:
    if rows.job_of_key(session, job.key) is not None:
        return None
    job.state = JobState.WAITING
    job.not_before_at = job.created_at = now
    session.add(job)
    session.flush()
    return job


def _jobs_of_track(session: Session, track: Track) -> list[Job]:
    jobs = rows.jobs_of(session, track.conference_id)
    return [job for job in jobs if job.track_id == track.id and job.kind is JobKind.TRANSCRIBE]


def announce_from_row(chunk: Chunk) -> Announce:
    """The announcement that made the row."""
    return Announce(
        chunk.start_ms,
        chunk.length_ms,
        chunk.bytes,
        chunk.sha256,
        tuple((start, end) for start, end in chunk.voiced),
    )


def _hotwords(session: Session, track: Track) -> tuple[str, ...]:
    """Names of this meeting: its seats in their order."""
    return tuple(dict.fromkeys(seat.name for seat in seats_of(session, track.conference_id)))
