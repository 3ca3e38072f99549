"""The floor (quyền phát biểu): who may speak, for how long, and why a turn ended.

The right to speak is a permission that the media server enforces. What each device may publish is
a pure function of what is stored (`allowed_sources`), so it can be set again whole at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from server.domain.attendance import Presence
from server.domain.meetings import ALWAYS_HEARD, ConferenceRole, ConferenceState, Strategy
from server.domain.states import SAME, STAY, StateTable, To, row


class TurnEnd(StrEnum):
    """Why a floor turn ended."""

    DONE = "done"
    TAKEN_BACK = "taken_back"
    TIMEOUT = "timeout"
    LEFT = "left"
    REPLACED = "replaced"
    OVERRIDE = "override"
    ENDED = "ended"


class Floor(StrEnum):
    """The floor of a conference, derived: no open turn, a holder, a holder who is away."""

    FREE = "free"
    HELD = "held"
    AWAY = "away"


_F = Floor

# `grant`: to another seat (or to anybody while it is free); `grant_again`: to its holder.
FLOOR: Final = StateTable(
    "floor",
    Floor,
    {
        "grant": row(_F, To(_F.HELD)),
        "grant_again": row(_F, SAME, (_F.FREE, To(_F.HELD))),
        "take_back": row(_F, To(_F.FREE), (_F.FREE, SAME)),
        "hard_reached": row(_F, To(_F.FREE), (_F.FREE, SAME)),
        "holder_lost": row(_F, SAME, (_F.HELD, To(_F.AWAY))),
        "holder_back": row(_F, SAME, (_F.AWAY, To(_F.HELD))),
        "holder_gone": row(_F, To(_F.FREE), (_F.FREE, SAME)),
        "end": row(_F, To(_F.FREE), (_F.FREE, SAME)),
        "mute": row(_F, STAY),
    },
)


def floor_state(holder: bool, away: bool) -> Floor:
    """The state that an open turn means."""
    if not holder:
        return Floor.FREE
    return Floor.AWAY if away else Floor.HELD


def end_of_replaced(old: Floor) -> TurnEnd:
    """Why the old turn ends when another seat is invited."""
    return TurnEnd.LEFT if old is Floor.AWAY else TurnEnd.REPLACED


def hard_at(granted_at: datetime, hard_s: int) -> datetime:
    """When a turn's time is over."""
    return granted_at + timedelta(seconds=hard_s)


class Source(StrEnum):
    """What a device may publish, by LiveKit's names."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen_share"
    SCREEN_AUDIO = "screen_share_audio"


NOTHING: Final[frozenset[Source]] = frozenset()
EVERYTHING: Final = frozenset(Source)
SCREENS: Final = frozenset({Source.SCREEN, Source.SCREEN_AUDIO})


@dataclass(frozen=True)
class Speaking:
    """What is stored of a meeting that decides who may speak."""

    state: ConferenceState
    strategy: Strategy
    muted_all: bool
    may_unmute: bool
    holders: frozenset[int]


@dataclass(frozen=True)
class SeatFacts:
    """What is stored of a seat that decides what its devices may publish."""

    seat_id: int
    presence: Presence
    mic_open: bool


def allowed_sources(
    meeting: Speaking, seat: SeatFacts, role: ConferenceRole | None
) -> frozenset[Source]:
    """What a device of `seat` may publish; `role` is that of its person in this meeting."""
    if meeting.state not in (ConferenceState.LIVE, ConferenceState.PAUSED):
        return NOTHING
    if seat.presence not in (Presence.IN, Presence.AWAY):
        return NOTHING
    if role in ALWAYS_HEARD:
        return EVERYTHING
    allowed = {Source.CAMERA}
    if seat.seat_id in meeting.holders:
        allowed |= {Source.MICROPHONE, *SCREENS}
    if seat.mic_open:
        allowed.add(Source.MICROPHONE)
    if meeting.strategy is Strategy.OPEN and (meeting.may_unmute or not meeting.muted_all):
        allowed.add(Source.MICROPHONE)
    return frozenset(allowed)
