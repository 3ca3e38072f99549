"""The running conference as stored: what everybody in it sees, and what each device may do.

Rights are computed, never stored: `sources_of` over what `live_view` loaded. Setting them at the
media server is the room's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.domain.attendance import PRESENCE, Identity, Presence, identity_of
from server.domain.errors import UserError
from server.domain.floor import NOTHING, SeatFacts, Source, Speaking, allowed_sources
from server.domain.meetings import (
    RIGHTS,
    ConferenceRole,
    ConferenceState,
    SeatKind,
    Strategy,
)
from server.rtc.tokens import MediaAccess, SeatDevice, seat_token
from server.services.attendance import NOTICE_VERSION, check_open, own_seat
from server.services.context import Context
from server.services.meetings import Held, load_conference
from server.storage import attendance as attendance_rows
from server.storage import floor as floor_rows
from server.storage import meetings as rows
from server.storage.models import FloorTurn, Seat, Unit


@dataclass(frozen=True)
class SeatView:
    """A seat as everybody in the meeting sees it."""

    id: int
    code: str
    name: str
    short: str
    kind: SeatKind
    presence: Presence
    away_since_at: datetime | None
    mic_open: bool


@dataclass(frozen=True)
class TurnView:
    """A running turn; times in seconds, `start_ms` on the meeting clock."""

    seat_id: int
    exclusive: bool
    granted_at: datetime
    start_ms: int
    soft_s: int
    hard_s: int
    away: bool


@dataclass(frozen=True)
class LiveView:
    """A running conference whole; `roles` by account."""

    conference_id: int
    version: int
    title: str
    room: str
    state: ConferenceState
    strategy: Strategy
    muted_all: bool
    may_unmute: bool
    grace_s: int
    hard_end: bool
    starts_at: datetime
    clock_zero_at: datetime | None
    seats: tuple[SeatView, ...]
    turns: tuple[TurnView, ...]
    roles: Mapping[int, ConferenceRole]


@dataclass(frozen=True)
class Mine:
    """What the room's page must know of the person who looks: seat, role, acts that are his."""

    seat_id: int | None
    seat_name: str
    unit_code: str
    account_id: int
    role: ConferenceRole | None
    may: tuple[str, ...]


@dataclass(frozen=True)
class RoomAccess:
    """A device's way into the media room."""

    identity: str
    token: str
    seat_id: int


def live_view(ctx: Context, conference_id: int) -> LiveView:
    """The conference as stored, for those who may see it."""
    with ctx.read() as (session, actor):
        held = load_conference(session, actor, conference_id)
        return view_of(session, held, ctx.now)


def view_of(session: Session, held: Held, now: datetime) -> LiveView:
    """The view inside a caller's session."""
    conference = held.conference
    units = rows.seat_units(session, conference.id)
    seats = rows.seats_of(session, conference.id)
    return LiveView(
        conference_id=conference.id,
        version=conference.live_version,
        title=conference.title,
        room=conference.room_name,
        state=conference.state,
        strategy=conference.strategy,
        muted_all=conference.muted_all,
        may_unmute=conference.may_unmute,
        grace_s=conference.grace_s,
        hard_end=conference.hard_end,
        starts_at=conference.starts_at,
        clock_zero_at=conference.clock_zero_at,
        seats=tuple(seat_view_of_row(seat, units.get(seat.id)) for seat in seats),
        turns=tuple(
            turn_view_of_row(turn) for turn in floor_rows.open_turns(session, conference.id)
        ),
        roles=rows.role_accounts(session, conference.id, now),
    )


def seat_view_of_row(seat: Seat, unit: Unit | None) -> SeatView:
    """A seat; `short` is the name for boards, without "xã" or "phường"."""
    first, space, rest = seat.name.partition(" ")
    short = rest if space and first.casefold() in ("xã", "phường") else seat.name
    return SeatView(
        id=seat.id,
        code=unit.code if unit else "",
        name=seat.name,
        short=short,
        kind=seat.kind,
        presence=seat.presence,
        away_since_at=seat.away_since_at,
        mic_open=seat.mic_open,
    )


def turn_view_of_row(turn: FloorTurn) -> TurnView:
    """A running turn."""
    return TurnView(
        seat_id=turn.seat_id,
        exclusive=turn.exclusive,
        granted_at=turn.granted_at,
        start_ms=turn.start_ms,
        soft_s=turn.soft_s,
        hard_s=turn.hard_s,
        away=turn.away_since_at is not None,
    )


def sources_of(view: LiveView, identity: str) -> frozenset[Source]:
    """What this device may publish now; nothing for identities that are no seat's."""
    who = identity_of(identity)
    seat = next((s for s in view.seats if who is not None and s.code == who.unit_code), None)
    if who is None or seat is None:
        return NOTHING
    role = view.roles.get(who.account_id) if seat.kind is SeatKind.CENTRE else None
    return allowed_sources(speaking_of(view), facts_of(seat), role)


def speaking_of(view: LiveView) -> Speaking:
    """The meeting's part of the rights."""
    return Speaking(
        state=view.state,
        strategy=view.strategy,
        muted_all=view.muted_all,
        may_unmute=view.may_unmute,
        holders=frozenset(turn.seat_id for turn in view.turns),
    )


def facts_of(seat: SeatView) -> SeatFacts:
    """The seat's part of the rights."""
    return SeatFacts(seat.id, seat.presence, seat.mic_open)


def see_room(ctx: Context, conference_id: int) -> tuple[LiveView, Mine]:
    """The room for somebody who looks at it (its seat is None for those who only watch)."""
    with ctx.read() as (session, actor):
        held = load_conference(session, actor, conference_id)
        view = view_of(session, held, ctx.now)
        try:
            seat: Seat | None = own_seat(session, held, None)
        except UserError:
            seat = None
        unit = session.get(Unit, seat.unit_id) if seat else None
        mine = Mine(
            seat_id=seat.id if seat else None,
            seat_name=seat.name if seat else "",
            unit_code=unit.code if unit else "",
            account_id=actor.account_id or 0,
            role=view.roles.get(actor.account_id or 0),
            may=tuple(act for act in RIGHTS if held.may(act)),
        )
        return view, mine


def enter_room(
    ctx: Context, media: MediaAccess, conference_id: int, device: str, seat_id: int | None = None
) -> RoomAccess:
    """A token for a device whose seat was let in and whose person knows of the recording.

    `room_closed`, `wrong_seat`, `notice_required`, `not_admitted`, `removed`.
    """
    with ctx.read() as (session, actor):
        held = load_conference(session, actor, conference_id)
        seat = own_seat(session, held, seat_id)
        check_open(held)
        account_id = actor.account_id
        if account_id is None or not attendance_rows.acknowledged(
            session, seat.id, device, account_id, NOTICE_VERSION
        ):
            raise UserError("notice_required")
        PRESENCE.move("enter", seat.presence)
        if attendance_rows.seat_elsewhere(session, conference_id, account_id, seat.id):
            raise UserError("wrong_seat", unit=actor.name, seat=seat.name)
        unit = session.get(Unit, seat.unit_id)
        identity = str(Identity(unit.code if unit else str(seat.id), account_id, device))
        view = view_of(session, held, ctx.now)
        role = view.roles.get(account_id) if seat.kind is SeatKind.CENTRE else None
        known = SeatDevice(identity, seat.name, seat.id, role.value if role else "unit")
        token = seat_token(media, view.room, known, sources_of(view, identity))
        return RoomAccess(identity, token, seat.id)
