"""Candidates in rows: loading with permission, their units and evidence, the words around them,
decisions.

Who is no reviewer of a conference is told `not_found`: candidates and transcripts are hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.errors import UserError
from server.domain.meetings import ConferenceRole
from server.domain.permissions import OFFICE
from server.domain.review import CandidateState, EvidenceFact, reviewer_post
from server.domain.transcripts import RunState
from server.storage.directives import stale
from server.storage.history import actor_columns
from server.storage.models import (
    Candidate,
    CandidateUnit,
    Conference,
    ConferenceRoleRow,
    Decision,
    Evidence,
    Seat,
    Segment,
    Track,
    TranscriptRun,
)


def load_reviewed(session: Session, actor: Actor, conference_id: int) -> tuple[Conference, Post]:
    """The conference and the post by which this person reviews it; else `not_found`."""
    conference = session.get(Conference, conference_id)
    roles = session.execute(
        sa.select(ConferenceRoleRow.position_id, ConferenceRoleRow.role).where(
            ConferenceRoleRow.conference_id == conference_id
        )
    )
    post = reviewer_post(actor, roles)
    if conference is None or post is None:
        raise UserError("not_found")
    return conference, post


def load_candidate(
    session: Session, actor: Actor, candidate_id: int
) -> tuple[Candidate, Conference, Post]:
    """The candidate, locked, with its conference and the reviewer's post; else `not_found`."""
    candidate = session.scalar(
        sa.select(Candidate).where(Candidate.id == candidate_id).with_for_update()
    )
    if candidate is None:
        raise UserError("not_found")
    conference, post = load_reviewed(session, actor, candidate.conference_id)
    return candidate, conference, post


def claim_candidate(session: Session, candidate: Candidate, version: int) -> None:
    """Take the candidate for this transaction: version + 1 if it still has `version`, else
    `stale_version`.
    """
    done = session.execute(
        sa.update(Candidate)
        .where(Candidate.id == candidate.id, Candidate.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise stale(session, "candidate", candidate.id)
    session.refresh(candidate, ["version"])


def candidates_of(session: Session, conference_id: int) -> list[Candidate]:
    """The conference's candidates in time order, without those the machine sees no more."""
    return list(
        session.scalars(
            sa.select(Candidate)
            .where(
                Candidate.conference_id == conference_id, Candidate.state != CandidateState.STALE
            )
            .order_by(Candidate.start_ms, Candidate.id)
        )
    )


def units_of(session: Session, candidate_ids: Iterable[int]) -> dict[int, list[CandidateUnit]]:
    """The unit rows of the candidates, in the order they were said."""
    out: dict[int, list[CandidateUnit]] = {key: [] for key in candidate_ids}
    rows = session.scalars(
        sa.select(CandidateUnit)
        .where(CandidateUnit.candidate_id.in_(list(out)))
        .order_by(CandidateUnit.id)
    )
    for unit in rows:
        out[unit.candidate_id].append(unit)
    return out


def evidence_of(session: Session, candidate_id: int) -> list[Evidence]:
    """The evidence of one candidate in its order."""
    return list(
        session.scalars(
            sa.select(Evidence).where(Evidence.candidate_id == candidate_id).order_by(Evidence.n)
        )
    )


def evidence_facts(session: Session, evidence: Iterable[Evidence]) -> list[EvidenceFact]:
    """For each piece: the segments of its track's current transcript it lies on, and how many of
    them are flagged.
    """
    facts = []
    for piece in evidence:
        flags = session.scalars(
            sa.select(Segment.flag)
            .join(TranscriptRun, Segment.run_id == TranscriptRun.id)
            .where(
                TranscriptRun.track_id == piece.track_id,
                TranscriptRun.state == RunState.CURRENT,
                Segment.start_ms < piece.end_ms,
                Segment.end_ms > piece.start_ms,
            )
        ).all()
        facts.append(EvidenceFact(len(flags), sum(flag is not None for flag in flags)))
    return facts


@dataclass(frozen=True)
class Spoken:
    """One unflagged segment and who said it."""

    track_id: int
    seat: str
    start_ms: int
    end_ms: int
    text: str
    words: Sequence[Sequence[Any]]


def spoken_between(session: Session, conference_id: int, from_ms: int, to_ms: int) -> list[Spoken]:
    """What was said in [from_ms, to_ms) by anybody, in time order, unflagged."""
    rows = session.execute(
        sa.select(
            Track.id,
            Seat.name,
            Segment.start_ms,
            Segment.end_ms,
            Segment.text,
            Segment.words,
        )
        .join(TranscriptRun, Segment.run_id == TranscriptRun.id)
        .join(Track, TranscriptRun.track_id == Track.id)
        .outerjoin(Seat, Track.seat_id == Seat.id)
        .where(
            Track.conference_id == conference_id,
            TranscriptRun.state == RunState.CURRENT,
            Segment.flag.is_(None),
            Segment.end_ms > from_ms,
            Segment.start_ms < to_ms,
        )
        .order_by(Segment.start_ms, Segment.id)
    )
    return [Spoken(track, seat or "", a, b, text, words) for track, seat, a, b, text, words in rows]


def conferences_to_review(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """Which conferences this person reviews."""
    if actor.post_with(*OFFICE):
        return sa.true()
    mine = sa.select(ConferenceRoleRow.conference_id).where(
        ConferenceRoleRow.position_id.in_([post.position_id for post in actor.posts]),
        ConferenceRoleRow.role == ConferenceRole.SECRETARY,
    )
    return Conference.id.in_(mine)


def decide(
    session: Session,
    candidate: Candidate,
    action: str,
    *,
    actor: Actor,
    post: Post,
    now: datetime,
    seconds: int,
    before: dict[str, Any],
    after: dict[str, Any],
    reason_code: str | None = None,
) -> None:
    """Keep a decision: our evaluation data. `seconds` = how long the person looked at it."""
    session.add(
        Decision(
            candidate_id=candidate.id,
            action=action,
            reason_code=reason_code,
            before=before,
            after=after,
            seconds=seconds,
            at=now,
            **actor_columns(actor, post),
        )
    )
