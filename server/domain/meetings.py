"""Conferences: states and the enums of their rows."""

from __future__ import annotations

from enum import StrEnum


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
