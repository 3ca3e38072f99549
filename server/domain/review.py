"""Candidates that the machine found, and what a secretary decides about them.

The state table of candidates (model §2.9, the actions of the main job) and the guards of accepting
one. Merge and split have states but no actions yet. Re-extraction moves candidates by the same
table; a candidate that a person touched keeps what the person said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.domain.actors import Actor, Post
from server.domain.errors import UserError
from server.domain.meetings import ConferenceRole
from server.domain.offices import PositionRole
from server.domain.states import SAME, STAY, WRONG, StateTable, To, row


class CandidateState(StrEnum):
    """State of a candidate (model §2.9)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"
    SPLIT = "split"
    STALE = "stale"


class CandidateKind(StrEnum):
    """A task, or a request (kiến nghị)."""

    TASK = "task"
    REQUEST = "request"


class CandidateUnitRole(StrEnum):
    """A unit's part in a candidate."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    FROM = "from"
    TO = "to"


class RejectReason(StrEnum):
    """Why a candidate is no task."""

    REPORT = "report"
    PROMISE = "promise"
    PRAISE = "praise"
    RULE = "rule"
    REQUEST = "request"
    CONDUCT = "conduct"
    DUPLICATE = "duplicate"
    WRONG = "wrong"
    OTHER = "other"


_S = CandidateState
CANDIDATES: Final = StateTable(
    "candidate",
    CandidateState,
    {
        "edit": row(_S, WRONG, (_S.OPEN, STAY), (_S.STALE, To(_S.OPEN))),
        "accept": row(
            _S,
            WRONG,
            ((_S.OPEN, _S.REJECTED, _S.STALE), To(_S.ACCEPTED)),
            (_S.ACCEPTED, SAME),
        ),
        "reject": row(_S, WRONG, ((_S.OPEN, _S.STALE), To(_S.REJECTED)), (_S.REJECTED, SAME)),
        # An accepted candidate whose directive is issued is refused before the table is asked.
        "undo": row(_S, WRONG, (_S.OPEN, SAME), ((_S.ACCEPTED, _S.REJECTED), To(_S.OPEN))),
        "draft_discarded": row(_S, WRONG, (_S.ACCEPTED, To(_S.OPEN))),
        "matched_again": row(_S, SAME, (_S.STALE, To(_S.OPEN))),
        "not_matched": row(_S, SAME, (_S.OPEN, To(_S.STALE))),
        "not_matched_edited": row(_S, SAME),
    },
)


@dataclass(frozen=True)
class EvidenceFact:
    """One piece of evidence: how many segments of the current transcript it lies on, and how many
    of them the recogniser doubts.
    """

    segments: int
    flagged: int

    @property
    def doubted(self) -> bool:
        """All the segments it lies on are flagged."""
        return 0 < self.segments == self.flagged


def guard_evidence(evidence: Iterable[EvidenceFact]) -> None:
    """Refuse a candidate whose evidence lies on flagged segments only."""
    found = list(evidence)
    if found and all(fact.doubted for fact in found):
        raise UserError("evidence_flagged")


def reviewer_post(
    actor: Actor, conference_roles: Iterable[tuple[int, ConferenceRole]]
) -> Post | None:
    """The post by which this person reviews the conference's candidates: secretary of the meeting,
    else secretary or head of the Office. None: no reviewer.
    """
    secretaries = {
        position for position, role in conference_roles if role is ConferenceRole.SECRETARY
    }
    for post in actor.posts:
        if post.position_id in secretaries:
            return post
    return actor.post_with(PositionRole.OFFICE_SECRETARY, PositionRole.OFFICE_HEAD)
