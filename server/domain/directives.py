"""Directives (nhiệm vụ) and their assignments: states, tables, and who may do what to them.

Tables of model §2.10 and §2.11 for the actions of the main job. Nobody else assigns a state. The
rights below take facts (posts, unit, conference roles) and return the post that gives the right,
because history keeps the tenure; None means no right. They do not load anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.domain.actors import Actor, Post
from server.domain.meetings import ConferenceRole
from server.domain.offices import PositionRole
from server.domain.states import SAME, STAY, WRONG, StateTable, To, row


class DirectiveState(StrEnum):
    """State of a directive (model §2.10)."""

    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"


class AssignmentState(StrEnum):
    """State of an assignment (model §2.11)."""

    DRAFT = "draft"
    NEW = "new"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Urgency(StrEnum):
    """Thường, khẩn, hỏa tốc."""

    NORMAL = "normal"
    URGENT = "urgent"
    EXPRESS = "express"


class DirectiveSource(StrEnum):
    """Where a directive comes from."""

    CONFERENCE = "conference"
    DOCUMENT = "document"
    ORAL = "oral"
    IMPORT = "import"


class ReportKind(StrEnum):
    """Kind of a report."""

    PROGRESS = "progress"
    RESULT = "result"
    CONTRIBUTION = "contribution"


class ReportState(StrEnum):
    """State of a report."""

    DRAFT = "draft"
    SENT = "sent"
    RECALLED = "recalled"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


_D = DirectiveState
DIRECTIVES: Final = StateTable(
    "directive",
    DirectiveState,
    {
        "edit": row(_D, WRONG, (_D.DRAFT, STAY)),
        "add_lead": row(_D, WRONG, ((_D.DRAFT, _D.ISSUED), STAY)),
        "remove_lead": row(_D, WRONG, (_D.DRAFT, STAY)),
        "add_coordinator": row(_D, WRONG, ((_D.DRAFT, _D.ISSUED), STAY)),
        "remove_coordinator": row(_D, WRONG, (_D.DRAFT, STAY)),
        "issue": row(_D, WRONG, (_D.DRAFT, To(_D.ISSUED)), (_D.ISSUED, SAME)),
        "discard": row(_D, WRONG, (_D.DRAFT, To(_D.DISCARDED)), (_D.DISCARDED, SAME)),
    },
)

_A = AssignmentState
NOT_FOUND: Final = "not_found"
ASSIGNMENTS: Final = StateTable(
    "assignment",
    AssignmentState,
    {
        "issue": row(_A, SAME, (_A.DRAFT, To(_A.NEW)), ((_A.WITHDRAWN, _A.MERGED), WRONG)),
        "receive": row(
            _A,
            SAME,
            (_A.DRAFT, NOT_FOUND),
            ((_A.NEW, _A.REFUSED), To(_A.RECEIVED)),
            ((_A.SUSPENDED, _A.WITHDRAWN, _A.MERGED), WRONG),
        ),
        "save_draft_report": row(
            _A,
            WRONG,
            (_A.DRAFT, NOT_FOUND),
            ((_A.NEW, _A.RECEIVED, _A.IN_PROGRESS, _A.RETURNED, _A.SUSPENDED), STAY),
        ),
        # The same client key met again is a success without an effect, before the table is asked.
        "submit_result": row(
            _A,
            WRONG,
            (_A.DRAFT, NOT_FOUND),
            ((_A.NEW, _A.RECEIVED, _A.IN_PROGRESS, _A.RETURNED), To(_A.SUBMITTED)),
        ),
        "confirm": row(_A, WRONG, (_A.SUBMITTED, To(_A.DONE)), (_A.DONE, SAME)),
        "return": row(_A, WRONG, (_A.SUBMITTED, To(_A.RETURNED)), (_A.RETURNED, SAME)),
    },
)
OPEN_STATES: Final = (
    _A.NEW,
    _A.RECEIVED,
    _A.IN_PROGRESS,
    _A.SUBMITTED,
    _A.RETURNED,
    _A.REFUSED,
    _A.SUSPENDED,
)
CLOSED_STATES: Final = (_A.DONE, _A.WITHDRAWN, _A.MERGED)

SEES_ALL: Final = (
    PositionRole.OFFICE_SECRETARY,
    PositionRole.OFFICE_HEAD,
    PositionRole.LEADER,
    PositionRole.AUDITOR,
)
UNIT_ROLES: Final = (PositionRole.UNIT_HEAD, PositionRole.UNIT_OFFICER)
OFFICE_ROLES: Final = (PositionRole.OFFICE_SECRETARY, PositionRole.OFFICE_HEAD)
MEETING_ROLES: Final = (ConferenceRole.CHAIR, ConferenceRole.CO_CHAIR, ConferenceRole.SECRETARY)
CHAIR_RANK = 1  # the chair of the People's Committee: all directives are his or hers


@dataclass(frozen=True)
class Source:
    """What rights over a directive hang on: by whose order, and who had which role where it was
    said.
    """

    leader_position_id: int | None
    conference_roles: tuple[tuple[int, ConferenceRole], ...] = ()

    def positions(self, *roles: ConferenceRole) -> frozenset[int]:
        """Positions with one of `roles` in the conference."""
        return frozenset(position for position, role in self.conference_roles if role in roles)


def number_text(year: int, number: int | None) -> str:
    """The number as shown: `NV 2025/0123`; '' while it has none."""
    return "" if number is None else f"NV {year}/{number:04d}"


def unit_post(actor: Actor, unit_id: int, unit_path: str) -> Post | None:
    """The post by which this person acts for the unit: its officer or head, the head of a unit
    above it; for the Office itself its secretary or head.
    """
    own = actor.post_in(unit_id, PositionRole.UNIT_OFFICER, PositionRole.UNIT_HEAD, *OFFICE_ROLES)
    if own is not None:
        return own
    for post in actor.posts:
        if post.role is PositionRole.UNIT_HEAD and unit_path.startswith(post.unit_path):
            return post
    return None


def issuer_post(actor: Actor, source: Source) -> Post | None:
    """Who may edit and issue a draft: secretary or chair of the meeting, secretary or head of the
    Office, the leader by whose order it is.
    """
    return (
        _holding(actor, source.positions(ConferenceRole.SECRETARY))
        or actor.post_with(*OFFICE_ROLES)
        or _holding(actor, source.positions(ConferenceRole.CHAIR, ConferenceRole.CO_CHAIR))
        or _leader_of(actor, source)
    )


def confirmer_post(actor: Actor, source: Source) -> Post | None:
    """Who may confirm or return a result: secretary or head of the Office, the leader who assigned
    it, the chair of the meeting. Separation is asked on its own.
    """
    return (
        actor.post_with(*OFFICE_ROLES)
        or _leader_of(actor, source)
        or _holding(actor, source.positions(ConferenceRole.CHAIR, ConferenceRole.CO_CHAIR))
    )


def separated(actor: Actor, submitter_account_id: int | None, lead_unit_id: int) -> bool:
    """Whether this person may judge the result: did not submit it and holds no post in the lead
    unit.
    """
    return actor.account_id != submitter_account_id and lead_unit_id not in actor.unit_ids


def _leader_of(actor: Actor, source: Source) -> Post | None:
    for post in actor.posts:
        if post.role is PositionRole.LEADER and (
            post.position_id == source.leader_position_id or post.rank == CHAIR_RANK
        ):
            return post
    return None


def _holding(actor: Actor, positions: Iterable[int]) -> Post | None:
    wanted = set(positions)
    return next((post for post in actor.posts if post.position_id in wanted), None)
