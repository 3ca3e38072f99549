"""Queries of the recording notice, attendance intervals and webhook events taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.attendance import IntervalEnd, Presence
from server.domain.meetings import IN_SESSION
from server.storage.models import (
    AttendanceInterval,
    Conference,
    Received,
    RecordingAck,
    Seat,
)

SCOPE = "livekit"


def acknowledged(
    session: Session, seat_id: int, device: str, account_id: int | None, text_version: str
) -> bool:
    """Whether this person at this device has accepted this text for this seat."""
    query = sa.select(
        sa.exists().where(
            RecordingAck.seat_id == seat_id,
            RecordingAck.device_key == device,
            RecordingAck.account_id == account_id,
            RecordingAck.text_version == text_version,
        )
    )
    return bool(session.scalar(query))


def open_intervals(session: Session, seat_id: int) -> list[AttendanceInterval]:
    """Devices that are in the room at this seat."""
    return list(
        session.scalars(
            sa.select(AttendanceInterval).where(
                AttendanceInterval.seat_id == seat_id, AttendanceInterval.left_at.is_(None)
            )
        )
    )


def open_intervals_of(session: Session, conference_id: int) -> list[AttendanceInterval]:
    """Devices that are in the room."""
    return list(
        session.scalars(
            sa.select(AttendanceInterval)
            .join(Seat, Seat.id == AttendanceInterval.seat_id)
            .where(Seat.conference_id == conference_id, AttendanceInterval.left_at.is_(None))
        )
    )


def intervals_of(session: Session, conference_id: int) -> list[AttendanceInterval]:
    """Every interval of the conference, by seat and time."""
    return list(
        session.scalars(
            sa.select(AttendanceInterval)
            .join(Seat, Seat.id == AttendanceInterval.seat_id)
            .where(Seat.conference_id == conference_id)
            .order_by(Seat.sort, AttendanceInterval.joined_at)
        )
    )


def interval_of_sid(session: Session, seat_id: int, sid: str) -> AttendanceInterval | None:
    """The interval of one media session, open or closed."""
    return session.scalar(
        sa.select(AttendanceInterval).where(
            AttendanceInterval.seat_id == seat_id, AttendanceInterval.participant_sid == sid
        )
    )


def close_interval(interval: AttendanceInterval, at: datetime, reason: IntervalEnd) -> None:
    """End an interval, never before it began."""
    interval.left_at = max(at, interval.joined_at)
    interval.end_reason = reason


def seat_elsewhere(
    session: Session, conference_id: int, account_id: int, seat_id: int
) -> Seat | None:
    """Another seat of the conference where this account is in the room."""
    return session.scalar(
        sa.select(Seat)
        .join(AttendanceInterval, AttendanceInterval.seat_id == Seat.id)
        .where(
            Seat.conference_id == conference_id,
            Seat.id != seat_id,
            AttendanceInterval.account_id == account_id,
            AttendanceInterval.left_at.is_(None),
        )
        .limit(1)
    )


def event_taken(session: Session, event_id: str) -> bool:
    """Whether a webhook event had its effect."""
    return session.get(Received, (SCOPE, event_id)) is not None


def take_event(session: Session, event_id: str, now: datetime) -> None:
    """Mark a webhook event as taken, in the transaction of its effect."""
    session.add(
        Received(scope=SCOPE, key=event_id, request_hash="", status=200, response={}, at=now)
    )


def last_seen_at(session: Session, conference_id: int) -> datetime | None:
    """When the last device left; None while one is in, or when none ever came."""
    ends = session.execute(
        sa.select(
            sa.func.count().filter(AttendanceInterval.left_at.is_(None)),
            sa.func.max(AttendanceInterval.left_at),
        )
        .join(Seat, Seat.id == AttendanceInterval.seat_id)
        .where(Seat.conference_id == conference_id)
    ).one()
    return None if ends[0] else ends[1]


def running_conferences(session: Session) -> list[Conference]:
    """Conferences in session."""
    return list(session.scalars(sa.select(Conference).where(Conference.state.in_(IN_SESSION))))


def seats_with(session: Session, conference_id: int, presences: Iterable[Presence]) -> list[Seat]:
    """Seats with one of these presences."""
    return list(
        session.scalars(
            sa.select(Seat).where(
                Seat.conference_id == conference_id, Seat.presence.in_(list(presences))
            )
        )
    )
