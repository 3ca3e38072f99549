"""Presence of a seat: expected, waiting, in, away, left, out; and the attendance line.

A seat is `in` while any of its devices is. Rights, roll and presence hang on the seat, never on a
device. Pure: events come from services, `now` is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from server.domain.states import SAME, STAY, StateTable, To, row


class Presence(StrEnum):
    """Presence of a seat (model §2.2)."""

    EXPECTED = "expected"
    WAITING = "waiting"
    IN = "in"
    AWAY = "away"
    LEFT = "left"
    OUT = "out"


class IntervalEnd(StrEnum):
    """Why an attendance interval ended."""

    LEFT = "left"
    LOST = "lost"
    REMOVED = "removed"
    ENDED = "ended"
    REPLACED = "replaced"


_P = Presence

PRESENCE: Final = StateTable(
    "seat",
    Presence,
    {
        # Knocking in the waiting room, and in session (then one is let in at once).
        "knock_lobby": row(
            _P,
            To(_P.WAITING),
            (_P.WAITING, SAME),
            (_P.IN, STAY),
            (_P.AWAY, To(_P.IN)),
            (_P.OUT, "removed"),
        ),
        "knock_session": row(_P, To(_P.IN), (_P.IN, STAY), (_P.OUT, "removed")),
        # The meeting starts: who waits is let in.
        "admit": row(_P, SAME, (_P.WAITING, To(_P.IN))),
        # Asking for a token of the media room.
        "enter": row(_P, "not_admitted", ((_P.IN, _P.AWAY), SAME), (_P.OUT, "removed")),
        "joined": row(_P, To(_P.IN), (_P.IN, STAY), (_P.OUT, "removed")),
        "left": row(_P, SAME, (_P.WAITING, To(_P.EXPECTED)), ((_P.IN, _P.AWAY), To(_P.LEFT))),
        "lost": row(_P, SAME, (_P.WAITING, To(_P.EXPECTED)), (_P.IN, To(_P.AWAY))),
        "grace_over": row(_P, SAME, (_P.AWAY, To(_P.LEFT))),
        "remove": row(_P, To(_P.OUT), (_P.OUT, SAME)),
        "ended": row(_P, SAME, (_P.WAITING, To(_P.EXPECTED)), ((_P.IN, _P.AWAY), To(_P.LEFT))),
    },
)

RECORDER: Final = "recorder"
LATE_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Identity:
    """A device of a seat in the media room: `unit-code/account-id/device`."""

    unit_code: str
    account_id: int
    device: str

    def __str__(self) -> str:
        return f"{self.unit_code}/{self.account_id}/{self.device}"


def identity_of(text: str) -> Identity | None:
    """The parts of an identity; None for those that are no seat's (the recorder's, strangers')."""
    parts = text.split("/")
    if len(parts) != 3 or not all(parts) or not (parts[1].isascii() and parts[1].isdigit()):
        return None
    return Identity(parts[0], int(parts[1]), parts[2])


class Left(StrEnum):
    """What a media server's reason for a departure means to us."""

    BY_OWN_ACT = "left"
    LOST = "lost"
    REMOVED = "removed"
    REPLACED = "replaced"


INTERVAL_END: Final = {
    Left.BY_OWN_ACT: IntervalEnd.LEFT,
    Left.LOST: IntervalEnd.LOST,
    Left.REMOVED: IntervalEnd.REMOVED,
}


def left_reason(disconnect_reason: str) -> Left:
    """LiveKit's `disconnect_reason` by name; whatever isn't an act is a lost connection."""
    match disconnect_reason:
        case "CLIENT_INITIATED":
            return Left.BY_OWN_ACT
        case "PARTICIPANT_REMOVED" | "ROOM_DELETED":
            return Left.REMOVED
        case "DUPLICATE_IDENTITY":
            return Left.REPLACED
        case _:
            return Left.LOST


def grace_ends_at(away_since: datetime, grace_s: int) -> datetime:
    """When an absence stops being a passing one."""
    return away_since + timedelta(seconds=grace_s)


class Roll(StrEnum):
    """The derived roll of a seat (điểm danh): stored nowhere."""

    PRESENT = "present"
    LATE = "late"
    LEFT = "left"
    ABSENT = "absent"


@dataclass(frozen=True)
class Stay:
    """A stretch of presence; `left_at` is None while it lasts."""

    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class AttendanceLine:
    """Attendance of a seat: union of its devices' stays, gaps of up to the grace closed."""

    first_at: datetime | None
    last_at: datetime | None
    total: timedelta
    roll: Roll


def attendance_line(
    stays: Iterable[Stay], *, started_at: datetime, ended_at: datetime, grace_s: int
) -> AttendanceLine:
    """The line of a seat between start and end of the meeting (`ended_at`: the end, or now)."""
    grace = timedelta(seconds=grace_s)
    merged: list[tuple[datetime, datetime]] = []
    spans = (
        (max(stay.joined_at, started_at), min(stay.left_at or ended_at, ended_at)) for stay in stays
    )
    for begin, end in sorted(span for span in spans if span[0] <= span[1]):
        if merged and begin - merged[-1][1] <= grace:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    if not merged:
        return AttendanceLine(None, None, timedelta(0), Roll.ABSENT)
    first, last = merged[0][0], merged[-1][1]
    roll = Roll.PRESENT
    if last < ended_at - grace:
        roll = Roll.LEFT
    elif first > started_at + LATE_AFTER:
        roll = Roll.LATE
    return AttendanceLine(first, last, sum((e - b for b, e in merged), timedelta(0)), roll)
