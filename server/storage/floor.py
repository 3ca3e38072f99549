"""Queries of floor turns."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.floor import TurnEnd
from server.storage.models import FloorTurn


def open_turns(session: Session, conference_id: int) -> list[FloorTurn]:
    """Turns that run, the oldest first; at most one of them is exclusive."""
    return list(
        session.scalars(
            sa.select(FloorTurn)
            .where(FloorTurn.conference_id == conference_id, FloorTurn.end_ms.is_(None))
            .order_by(FloorTurn.id)
        )
    )


def turns_of(session: Session, conference_id: int) -> list[FloorTurn]:
    """Every turn of the conference in time order."""
    return list(
        session.scalars(
            sa.select(FloorTurn)
            .where(FloorTurn.conference_id == conference_id)
            .order_by(FloorTurn.start_ms, FloorTurn.id)
        )
    )


def end_turn(turn: FloorTurn, at_ms: int, reason: TurnEnd) -> None:
    """End a turn on the meeting clock, never before it began."""
    turn.end_ms = max(at_ms, turn.start_ms)
    turn.end_reason = reason
    turn.away_since_at = None
