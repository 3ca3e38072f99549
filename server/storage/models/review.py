"""Candidates, their units and evidence, and every decision about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.deadlines import Counted, DeadlineKind, Precision
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole
from server.storage.models.base import ActorColumns, Base, enum_column, fk, pk
from server.storage.types import Json


class Candidate(Base):
    """A task or request that the machine found. `proposal` is never changed by a person."""

    __tablename__ = "candidate"
    id: Mapped[int] = pk()
    conference_id: Mapped[int] = fk("conference")
    stable_key: Mapped[str]
    lane: Mapped[str]
    state: Mapped[CandidateState] = enum_column(CandidateState)
    proposal: Mapped[Any] = mapped_column(Json)
    newer: Mapped[Any] = mapped_column(Json, nullable=True)
    kind: Mapped[CandidateKind] = enum_column(CandidateKind)
    title: Mapped[str]
    task: Mapped[str]
    deadline_kind: Mapped[DeadlineKind] = enum_column(DeadlineKind)
    deadline_chosen: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    due_time: Mapped[str | None]
    precision: Mapped[Precision | None] = enum_column(Precision)
    counted: Mapped[Counted | None] = enum_column(Counted)
    due_phrase: Mapped[str | None]
    due_rule: Mapped[str | None]
    event_text: Mapped[str | None]
    recurrence: Mapped[Any] = mapped_column(Json, nullable=True)
    confidence: Mapped[float]
    reasons: Mapped[Any] = mapped_column(Json)
    edited: Mapped[Any] = mapped_column(Json, default=list)
    first_run: Mapped[int]
    seen_run: Mapped[int]
    start_ms: Mapped[int]
    directive_id: Mapped[int | None] = fk("directive", unique=True)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "stable_key"),
        sa.Index("ix_candidate_state", "conference_id", "state", "start_ms"),
    )


class CandidateUnit(Base):
    """A unit, group or phrase that takes part in a candidate."""

    __tablename__ = "candidate_unit"
    id: Mapped[int] = pk()
    candidate_id: Mapped[int] = fk("candidate", on_delete="CASCADE", index=True)
    role: Mapped[CandidateUnitRole] = enum_column(CandidateUnitRole)
    phrase: Mapped[str]
    unit_id: Mapped[int | None] = fk("unit")
    group_id: Mapped[int | None] = fk("unit_group")
    score: Mapped[float | None]
    choices: Mapped[Any] = mapped_column(Json, default=list)


class Evidence(Base):
    """The words a candidate rests on (căn cứ), in ms of the meeting clock; survives
    re-transcription.
    """

    __tablename__ = "evidence"
    id: Mapped[int] = pk()
    candidate_id: Mapped[int] = fk("candidate", on_delete="CASCADE")
    n: Mapped[int]
    track_id: Mapped[int | None] = fk("track")
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    quote: Mapped[str]
    __table_args__ = (sa.UniqueConstraint("candidate_id", "n"),)


class Decision(ActorColumns, Base):
    """What a person decided about a candidate: our evaluation data. Append-only."""

    __tablename__ = "decision"
    id: Mapped[int] = pk()
    candidate_id: Mapped[int] = fk("candidate", index=True)
    action: Mapped[str]
    reason_code: Mapped[str | None]
    before: Mapped[Any] = mapped_column(Json)
    after: Mapped[Any] = mapped_column(Json)
    seconds: Mapped[int]
    at: Mapped[datetime]
