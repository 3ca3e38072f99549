"""Conferences, roles, seats, the recording notice, attendance and floor turns."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.attendance import IntervalEnd, Presence
from server.domain.floor import TurnEnd
from server.domain.meetings import Admit, ConferenceRole, ConferenceState, SeatKind, Strategy
from server.storage.models.base import ActorColumns, Base, enum_column, fk, pk


class Conference(Base):
    """A conference (hội nghị, cuộc họp). No column can say *mật*."""

    __tablename__ = "conference"
    id: Mapped[int] = pk()
    host_unit_id: Mapped[int] = fk("unit")
    title: Mapped[str]
    place: Mapped[str | None]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    planned_end_at: Mapped[datetime]
    state: Mapped[ConferenceState] = enum_column(ConferenceState)
    strategy: Mapped[Strategy] = enum_column(Strategy)
    admit: Mapped[Admit] = enum_column(Admit, default=Admit.AUTO)
    muted_all: Mapped[bool] = mapped_column(default=False)
    may_unmute: Mapped[bool] = mapped_column(default=True)
    grace_s: Mapped[int] = mapped_column(default=60)
    soft_s: Mapped[int] = mapped_column(default=240)
    hard_s: Mapped[int] = mapped_column(default=300)
    hard_end: Mapped[bool] = mapped_column(default=False)
    room_name: Mapped[str] = mapped_column(unique=True)
    clock_zero_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    live_version: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (sa.Index("ix_conference_state_starts", "state", "starts_at"),)


class ConferenceRoleRow(Base):
    """A position's role in one conference."""

    __tablename__ = "conference_role"
    conference_id: Mapped[int] = mapped_column(
        sa.ForeignKey("conference.id", ondelete="CASCADE"), primary_key=True
    )
    position_id: Mapped[int] = mapped_column(
        sa.ForeignKey("position.id", ondelete="RESTRICT"), primary_key=True
    )
    role: Mapped[ConferenceRole] = enum_column(ConferenceRole, primary_key=True)
    rank: Mapped[int] = mapped_column(default=0)


class Seat(Base):
    """A seat (điểm cầu), which is also the invitation."""

    __tablename__ = "seat"
    id: Mapped[int] = pk()
    conference_id: Mapped[int] = fk("conference", on_delete="CASCADE")
    unit_id: Mapped[int | None] = fk("unit")
    name: Mapped[str]
    kind: Mapped[SeatKind] = enum_column(SeatKind)
    sort: Mapped[int]
    presence: Mapped[Presence] = enum_column(Presence, default=Presence.EXPECTED)
    away_since_at: Mapped[datetime | None]
    mic_open: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "unit_id"),
        sa.CheckConstraint("unit_id IS NOT NULL OR kind = 'guest'", name="unit_or_guest"),
        sa.Index("ix_seat_unit", "unit_id", "conference_id"),
    )


class RecordingAck(Base):
    """A device's person knows that the sound is recorded (đã biết việc ghi âm). Append-only."""

    __tablename__ = "recording_ack"
    id: Mapped[int] = pk()
    seat_id: Mapped[int] = fk("seat")
    device_key: Mapped[str]
    account_id: Mapped[int | None] = fk("account")
    text_version: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        sa.Index(
            "uq_recording_ack",
            "seat_id",
            "device_key",
            sa.text("coalesce(account_id, 0)"),
            "text_version",
            unique=True,
        ),
    )


class AttendanceInterval(Base):
    """One device of a seat was in the room from `joined_at` to `left_at`; end columns are set
    once.
    """

    __tablename__ = "attendance_interval"
    id: Mapped[int] = pk()
    seat_id: Mapped[int] = fk("seat")
    identity: Mapped[str]
    participant_sid: Mapped[str]
    account_id: Mapped[int | None] = fk("account")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    end_reason: Mapped[IntervalEnd | None] = enum_column(IntervalEnd)
    __table_args__ = (
        sa.Index(
            "uq_attendance_open",
            "identity",
            "seat_id",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        ),
    )


class FloorTurn(ActorColumns, Base):
    """A seat has the floor (lượt phát biểu)."""

    __tablename__ = "floor_turn"
    id: Mapped[int] = pk()
    conference_id: Mapped[int] = fk("conference", index=True)
    seat_id: Mapped[int] = fk("seat")
    exclusive: Mapped[bool]
    granted_at: Mapped[datetime]
    start_ms: Mapped[int]
    end_ms: Mapped[int | None]
    soft_s: Mapped[int]
    hard_s: Mapped[int]
    away_since_at: Mapped[datetime | None]
    end_reason: Mapped[TurnEnd | None] = enum_column(TurnEnd)
    __table_args__ = (
        sa.CheckConstraint("by_account_id IS NOT NULL OR by_agent IS NOT NULL", name="actor"),
        sa.Index(
            "uq_floor_turn_open",
            "conference_id",
            unique=True,
            sqlite_where=sa.text("end_ms IS NULL AND exclusive"),
            postgresql_where=sa.text("end_ms IS NULL AND exclusive"),
        ),
    )
