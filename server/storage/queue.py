"""The queue: leased jobs in rows, claimed by one conditional UPDATE.

Two workers that ask at once both see the job; only the one whose UPDATE still finds it waiting
gets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from server.domain.jobs import LEASE, ClipState, JobKind, JobState, Need
from server.storage.models import Attempt, Clip, Job

ACTIVE = (JobState.WAITING, JobState.LEASED)


def job_of_key(session: Session, key: str) -> Job | None:
    """The job with this key."""
    return session.scalar(sa.select(Job).where(Job.key == key))


def claim(session: Session, needs: Sequence[Need], token_id: int, now: datetime) -> Job | None:
    """Lease the first job that waits, is due and needs nothing more than `needs`; None when there
    is none. The attempt is inserted and its id is the lease."""
    while True:
        job_id = session.scalar(
            sa.select(Job.id)
            .where(Job.state == JobState.WAITING, Job.not_before_at <= now, Job.needs.in_(needs))
            .order_by(Job.priority, Job.id)
            .limit(1)
        )
        if job_id is None:
            return None
        result = session.execute(
            sa.update(Job)
            .where(Job.id == job_id, Job.state == JobState.WAITING)
            .values(state=JobState.LEASED, lease_until_at=now + LEASE, attempts=Job.attempts + 1)
        )
        if isinstance(result, CursorResult) and result.rowcount == 1:
            return _lease(session, job_id, token_id, now)


def _lease(session: Session, job_id: int, token_id: int, now: datetime) -> Job:
    begun = session.scalar(
        sa.select(sa.func.count()).select_from(Attempt).where(Attempt.job_id == job_id)
    )
    attempt = Attempt(job_id=job_id, n=(begun or 0) + 1, token_id=token_id, started_at=now)
    session.add(attempt)
    session.flush()
    job = session.get_one(Job, job_id, populate_existing=True)
    job.lease_id = attempt.id
    session.flush()
    return job


def attempt_of(session: Session, lease: int) -> Attempt | None:
    """The attempt behind a lease."""
    return session.get(Attempt, lease)


def attempts_of(session: Session, job_id: int) -> list[Attempt]:
    """Every attempt at the job, oldest first."""
    query = sa.select(Attempt).where(Attempt.job_id == job_id).order_by(Attempt.n)
    return list(session.scalars(query))


def leases_lapsed(session: Session, now: datetime) -> list[int]:
    """Jobs whose lease is over and whose holder was not heard."""
    query = sa.select(Job.id).where(Job.state == JobState.LEASED, Job.lease_until_at < now)
    return list(session.scalars(query.order_by(Job.id)))


def waits(session: Session, now: datetime) -> bool:
    """Whether some job could be claimed now."""
    query = sa.select(Job.id).where(Job.state == JobState.WAITING, Job.not_before_at <= now)
    return session.scalar(query.limit(1)) is not None


def jobs_of(session: Session, conference_id: int) -> list[Job]:
    """Every job of the conference, oldest first."""
    query = sa.select(Job).where(Job.conference_id == conference_id).order_by(Job.id)
    return list(session.scalars(query))


def latest_jobs(session: Session, conference_id: int) -> list[Job]:
    """The newest transcription of each track and the newest extraction, which are what counts;
    cancelled ones leave their place to the one before."""
    newest: dict[tuple[JobKind, int | None], Job] = {}
    for job in jobs_of(session, conference_id):
        if job.state is not JobState.CANCELLED:
            newest[(job.kind, job.track_id)] = job
    return list(newest.values())


def leased_by(session: Session, token_id: int, kind: JobKind, track_id: int | None) -> Job | None:
    """A job of this kind and track that this token holds now."""
    query = (
        sa.select(Job)
        .join(Attempt, Attempt.id == Job.lease_id)
        .where(Job.state == JobState.LEASED, Job.kind == kind, Attempt.token_id == token_id)
    )
    if track_id is not None:
        query = query.where(Job.track_id == track_id)
    return session.scalar(query.limit(1))


def clips_of(session: Session, job_id: int) -> list[Clip]:
    """The job's clips in time order."""
    return list(
        session.scalars(sa.select(Clip).where(Clip.job_id == job_id).order_by(Clip.start_ms))
    )


def clip_of(session: Session, job_id: int, key: str) -> Clip | None:
    """One clip of the job."""
    return session.get(Clip, (job_id, key))


def clips_todo(session: Session, job_id: int) -> int:
    """How many clips are neither done nor flagged."""
    count = session.scalar(
        sa.select(sa.func.count())
        .select_from(Clip)
        .where(Clip.job_id == job_id, Clip.state == ClipState.TODO)
    )
    return count or 0


def forget_marks(session: Session, job_id: int) -> None:
    """Forget which clips were given to a child: a release charges nobody."""
    session.execute(sa.update(Clip).where(Clip.job_id == job_id).values(started_lease=None))
