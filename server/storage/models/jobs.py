"""Leased jobs, attempts and clips."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.jobs import AttemptOutcome, ClipState, JobKind, JobState, Need
from server.storage.models.base import Base, enum_column, fk, pk
from server.storage.types import Json


class Job(Base):
    """Machine work (việc máy). `lease_id` is the attempt's id and fences off older holders."""

    __tablename__ = "job"
    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[JobKind] = enum_column(JobKind)
    conference_id: Mapped[int] = fk("conference", index=True)
    track_id: Mapped[int | None] = fk("track")
    needs: Mapped[Need] = enum_column(Need)
    payload: Mapped[Any] = mapped_column(Json)
    state: Mapped[JobState] = enum_column(JobState)
    priority: Mapped[int] = mapped_column(default=100)
    not_before_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    lease_id: Mapped[int | None]
    lease_until_at: Mapped[datetime | None]
    done_ms: Mapped[int] = mapped_column(default=0)
    total_ms: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None]
    error_detail: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (sa.Index("ix_job_claim", "state", "not_before_at", "priority"),)


class Attempt(Base):
    """One try at a job; end columns are set once."""

    __tablename__ = "attempt"
    id: Mapped[int] = pk()
    job_id: Mapped[int] = fk("job")
    n: Mapped[int]
    token_id: Mapped[int] = fk("api_token")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[AttemptOutcome | None] = enum_column(AttemptOutcome)
    detail: Mapped[str | None]
    __table_args__ = (sa.UniqueConstraint("job_id", "n"),)


class Clip(Base):
    """A clip of a transcription job; a clip that kills its child twice is flagged and passed."""

    __tablename__ = "clip"
    job_id: Mapped[int] = mapped_column(
        sa.ForeignKey("job.id", ondelete="RESTRICT"), primary_key=True
    )
    clip_key: Mapped[str] = mapped_column(primary_key=True)
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    state: Mapped[ClipState] = enum_column(ClipState)
    crashes: Mapped[int] = mapped_column(default=0)
    started_lease: Mapped[int | None]
    """The lease under which it was last given to a child, until its result comes or the job is
    released."""
