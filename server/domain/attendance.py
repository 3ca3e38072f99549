"""Presence of a seat: expected, waiting, in, away, left, out."""

from __future__ import annotations

from enum import StrEnum


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
