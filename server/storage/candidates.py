"""Candidates as extraction takes them in: rows by key, their parts, the words they must rest on.

What reviewers do with them is in `storage.review`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.storage.models import Candidate, CandidateUnit, Evidence, Segment, Track


def candidates_of_conference(session: Session, conference_id: int) -> list[Candidate]:
    """Every candidate, hidden ones too."""
    query = sa.select(Candidate).where(Candidate.conference_id == conference_id)
    return list(session.scalars(query.order_by(Candidate.id)))


def drop_parts(session: Session, candidate_id: int) -> None:
    """Remove units and evidence of a candidate that nobody touched, before they are set anew."""
    session.execute(sa.delete(CandidateUnit).where(CandidateUnit.candidate_id == candidate_id))
    session.execute(sa.delete(Evidence).where(Evidence.candidate_id == candidate_id))


@dataclass(frozen=True)
class Spoken:
    """Unflagged words by track, in time order."""

    by_track: dict[int, list[tuple[int, int, str]]]

    @classmethod
    def of(cls, segments: Iterable[tuple[Segment, Track]]) -> Spoken:
        """From the current segments; flagged ones are left out."""
        by_track: dict[int, list[tuple[int, int, str]]] = {}
        for segment, track in segments:
            if segment.flag is None:
                entry = (segment.start_ms, segment.end_ms, segment.text)
                by_track.setdefault(track.id, []).append(entry)
        return cls(by_track)

    def around(self, track_id: int, start_ms: int, end_ms: int, slack_ms: int) -> str:
        """The words of the segments that touch [start_ms − slack, end_ms + slack]."""
        return " ".join(
            text
            for start, end, text in self.by_track.get(track_id, ())
            if start <= end_ms + slack_ms and end >= start_ms - slack_ms
        )
