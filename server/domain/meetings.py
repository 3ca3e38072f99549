"""Conferences (hội nghị): states, roles, who may do what, and what scheduling demands.

Pure: no storage, no clock. `server/services/meetings.py` loads what these rules ask about and
stores what they answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from server.domain.errors import UserError
from server.domain.offices import PositionRole
from server.domain.states import SAME, STAY, WRONG, StateTable, To, row


class ConferenceState(StrEnum):
    """State of a conference (hội nghị)."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LOBBY = "lobby"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"
    MINUTED = "minuted"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class Strategy(StrEnum):
    """How the right to speak is given."""

    OPEN = "open"
    MODERATED = "moderated"
    LIST = "list"
    ROUND = "round"


class Admit(StrEnum):
    """Whether seats are let in by themselves."""

    AUTO = "auto"
    MANUAL = "manual"


class ConferenceRole(StrEnum):
    """A position's role in one conference."""

    CHAIR = "chair"
    CO_CHAIR = "co_chair"
    SECRETARY = "secretary"
    TECHNICIAN = "technician"


class SeatKind(StrEnum):
    """Kind of a seat (điểm cầu): the centre, an invited unit, a guest."""

    CENTRE = "centre"
    UNIT = "unit"
    GUEST = "guest"


_S = ConferenceState
_AFTER = (_S.ENDED, _S.MINUTED, _S.CONCLUDED)

CONFERENCE: Final = StateTable(
    "conference",
    ConferenceState,
    {
        "edit": row(_S, WRONG, ((_S.DRAFT, _S.SCHEDULED, _S.LOBBY, _S.LIVE, _S.PAUSED), STAY)),
        "edit_title": row(_S, STAY, ((_S.MINUTED, _S.CONCLUDED, _S.CANCELLED), WRONG)),
        "change_time": row(_S, WRONG, ((_S.DRAFT, _S.SCHEDULED), STAY)),
        "schedule": row(
            _S,
            WRONG,
            (_S.DRAFT, To(_S.SCHEDULED)),
            ((_S.SCHEDULED, _S.LOBBY, _S.LIVE, _S.PAUSED), SAME),
        ),
        "cancel": row(
            _S,
            WRONG,
            ((_S.DRAFT, _S.SCHEDULED, _S.LOBBY), To(_S.CANCELLED)),
            (_S.CANCELLED, SAME),
        ),
        "open_lobby": row(
            _S, WRONG, (_S.SCHEDULED, To(_S.LOBBY)), ((_S.LOBBY, _S.LIVE, _S.PAUSED), SAME)
        ),
        "start": row(_S, WRONG, ((_S.SCHEDULED, _S.LOBBY), To(_S.LIVE)), (_S.LIVE, SAME)),
        "end": row(_S, WRONG, ((_S.LIVE, _S.PAUSED), To(_S.ENDED)), (_AFTER, SAME)),
        # Floor and microphones: a live act.
        "speak": row(_S, WRONG, (_S.LIVE, STAY)),
    },
)

# States in which a seat may come to the door and be let in.
OPEN_STATES: Final = frozenset({_S.LOBBY, _S.LIVE, _S.PAUSED})
IN_SESSION: Final = frozenset({_S.LIVE, _S.PAUSED})
PAST: Final = frozenset({*_AFTER, _S.CANCELLED})

CHAIRS: Final = frozenset({ConferenceRole.CHAIR, ConferenceRole.CO_CHAIR})
# Their microphones are always allowed.
ALWAYS_HEARD: Final = CHAIRS | {ConferenceRole.SECRETARY}

_OFFICE = frozenset({PositionRole.OFFICE_SECRETARY, PositionRole.OFFICE_HEAD})
_NOBODY: frozenset[ConferenceRole] = frozenset()
_NO_POST: frozenset[PositionRole] = frozenset()

# Who may: roles in this meeting, and posts that may for every meeting (model: permissions).
RIGHTS: Final[dict[str, tuple[frozenset[ConferenceRole], frozenset[PositionRole]]]] = {
    "make": (_NOBODY, _OFFICE),
    "edit": (frozenset({ConferenceRole.SECRETARY}), _OFFICE),
    "schedule": (frozenset({ConferenceRole.SECRETARY}), _OFFICE),
    "cancel": (ALWAYS_HEARD, _OFFICE),
    "open_lobby": (ALWAYS_HEARD, _NO_POST),
    "start": (ALWAYS_HEARD, _NO_POST),
    "end": (CHAIRS, _NO_POST),
    "grant": (CHAIRS, _NO_POST),
    "take_back": (CHAIRS, _NO_POST),
    "mute": (ALWAYS_HEARD, _NO_POST),
    "mute_all": (ALWAYS_HEARD, _NO_POST),
    "remove": (ALWAYS_HEARD, _NO_POST),
}

MODERATED_ABOVE: Final = 10
MINUTES: Final = (30, 60, 90, 120, 150, 180, 240)
TITLE_MAX: Final = 300
# A meeting that everybody left is ended by itself after this long.
FORGOTTEN_AFTER: Final = timedelta(hours=4)


def may_act(act: str, roles: frozenset[ConferenceRole], posts: frozenset[PositionRole]) -> bool:
    """Whether somebody with these roles in the meeting and these posts may do `act`."""
    by_role, by_post = RIGHTS[act]
    return bool(roles & by_role or posts & by_post)


def strategy_for(seats: int) -> Strategy:
    """The usual strategy for a meeting of that many seats, the centre included."""
    return Strategy.MODERATED if seats > MODERATED_ABOVE else Strategy.OPEN


@dataclass(frozen=True)
class Plan:
    """What scheduling looks at. `chairs` and `invited` are counts."""

    starts_at: datetime
    invited: int
    chairs: int


def check_schedule(plan: Plan, now: datetime) -> None:
    """The guards of scheduling: `no_invited_unit`, `chair_missing`, `in_past`."""
    if plan.invited < 1:
        raise UserError("no_invited_unit")
    if plan.chairs != 1:
        raise UserError("chair_missing")
    if plan.starts_at <= now:
        raise UserError("in_past")


def refuse_classified(classified: bool) -> None:
    """A meeting with state secrets cannot be held here: no column can even say it is one."""
    if classified:
        raise UserError("classified")


def clock_ms(clock_zero_at: datetime, at: datetime) -> int:
    """`at` on the meeting clock, in whole milliseconds, never negative."""
    return max(0, round((at - clock_zero_at) / timedelta(milliseconds=1)))


def room_name(conference_id: int) -> str:
    """The media room of a conference."""
    return f"c-{conference_id}"


def conference_of_room(name: str) -> int | None:
    """The conference of a media room; None for rooms that belong to none."""
    kind, dash, number = name.partition("-")
    return int(number) if kind == "c" and dash and number.isascii() and number.isdigit() else None
