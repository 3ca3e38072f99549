"""Who is at the door and in the room: knocking, what the media server tells, healing, removal.

Presence hangs on the seat; devices come and go as attendance intervals. Every change of a seat is
stored with its history row before anybody is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.attendance import (
    INTERVAL_END,
    PRESENCE,
    Identity,
    IntervalEnd,
    Left,
    Presence,
    grace_ends_at,
    identity_of,
    left_reason,
)
from server.domain.errors import UserError
from server.domain.meetings import (
    CONFERENCE,
    FORGOTTEN_AFTER,
    IN_SESSION,
    OPEN_STATES,
    PAST,
    Admit,
    SeatKind,
    conference_of_room,
)
from server.rtc.client import Present
from server.rtc.webhooks import MediaEvent
from server.services import floor
from server.services.context import Context
from server.services.meetings import (
    Held,
    Stored,
    end_conference,
    load_conference,
    move_seats,
)
from server.storage import attendance as rows
from server.storage import meetings as meeting_rows
from server.storage.models import AttendanceInterval, RecordingAck, Seat, Unit

# The recording notice's text; a changed text is read and accepted anew.
NOTICE_VERSION = "2026-11"
# An event may be told late (web was down): then its own whole second is nearer than our clock.
TOLD_LATE = timedelta(seconds=5)


@dataclass(frozen=True)
class Knocked(Stored):
    """Somebody came to the door: the seat and what its presence is now."""

    seat_id: int
    presence: Presence


@dataclass(frozen=True)
class Heard:
    """What an event of the media room came to: the conference whose picture may have changed,
    and identities that must leave the room.
    """

    conference_id: int | None
    remove: tuple[str, ...] = ()


def own_seats(session: Session, held: Held) -> list[Seat]:
    """The seats that the actor may take: the centre with a role in the meeting, else those of his
    or her units.
    """
    seats = meeting_rows.seats_of(session, held.conference.id)
    if held.roles:
        return [seat for seat in seats if seat.kind is SeatKind.CENTRE]
    return [seat for seat in seats if seat.unit_id in held.actor.unit_ids]


def own_seat(session: Session, held: Held, seat_id: int | None) -> Seat:
    """The seat that the actor takes, `seat_id` where several could be; else `wrong_seat`."""
    own = own_seats(session, held)
    for seat in own:
        if seat_id in (None, seat.id):
            return seat
    seats = meeting_rows.seats_of(session, held.conference.id)
    asked = next((seat for seat in seats if seat.id == seat_id), seats[0] if seats else None)
    raise _wrong_seat(session, held, asked)


def _wrong_seat(session: Session, held: Held, asked: Seat | None) -> UserError:
    post = held.actor.posts[0] if held.actor.posts else None
    unit = session.get(Unit, post.unit_id) if post else None
    return UserError(
        "wrong_seat",
        unit=unit.short_name if unit else held.actor.name,
        seat=asked.name if asked else "",
    )


def knock(
    ctx: Context,
    conference_id: int,
    device: str,
    seat_id: int | None = None,
    notice: str | None = None,
) -> Knocked:
    """Come to the door with a device. `notice` is the version of the recording notice that was
    accepted just now; without one it must have been accepted before (`notice_required`).

    In session one is let in at once, in the waiting room one waits. `room_closed`, `wrong_seat`,
    `removed`.
    """
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        conference = held.conference
        seat = own_seat(session, held, seat_id)
        check_open(held)
        in_session = conference.state in IN_SESSION and conference.admit is Admit.AUTO
        event = "knock_session" if in_session else "knock_lobby"
        PRESENCE.move(event, seat.presence)
        elsewhere = rows.seat_elsewhere(session, conference_id, actor.account_id or 0, seat.id)
        if elsewhere is not None:
            raise _wrong_seat(session, held, seat)
        _accept_notice(ctx, session, seat, device, notice)
        if move_seats(ctx, session, held, event, [seat]):
            floor.holder_back(ctx, session, held, seat)
            meeting_rows.next_live_version(session, conference)
        return Knocked(
            conference.id, conference.state, conference.live_version, seat.id, seat.presence
        )


def check_open(held: Held) -> None:
    """`room_closed` before the waiting room opens, `wrong_state` when all is over."""
    conference = held.conference
    if conference.state in PAST:
        raise UserError(
            "wrong_state", object="conference", state=conference.state.value, action="join"
        )
    if conference.state not in OPEN_STATES:
        raise UserError("room_closed")


def _accept_notice(
    ctx: Context, session: Session, seat: Seat, device: str, notice: str | None
) -> None:
    account_id = ctx.caller.account_id
    if rows.acknowledged(session, seat.id, device, account_id, NOTICE_VERSION):
        return
    if notice != NOTICE_VERSION:
        raise UserError("notice_required")
    session.add(
        RecordingAck(
            seat_id=seat.id,
            device_key=device,
            account_id=account_id,
            text_version=notice,
            at=ctx.now,
        )
    )


def take_event(ctx: Context, event: MediaEvent) -> Heard:
    """Let a webhook have its effect once; events of other rooms and of the recorder have none."""
    conference_id = conference_of_room(event.room)
    who = identity_of(event.identity)
    if conference_id is None or who is None or event.kind not in _KINDS:
        return Heard(None)
    at = event.at if ctx.now - event.at > TOLD_LATE else ctx.now
    with ctx.write() as (session, actor):
        if rows.event_taken(session, event.id):
            return Heard(None)
        rows.take_event(session, event.id, ctx.now)
        try:
            held = load_conference(session, actor, conference_id)
        except UserError:
            return Heard(None, (event.identity,))
        seat = meeting_rows.seat_of_code(session, conference_id, who.unit_code)
        if seat is None:
            return Heard(conference_id, (event.identity,))
        if event.kind == "participant_joined":
            return _joined(ctx, session, held, seat, who, event.sid, at)
        return _left(ctx, session, held, seat, event, at)


_KINDS = frozenset({"participant_joined", "participant_left"})


def _joined(
    ctx: Context, session: Session, held: Held, seat: Seat, who: Identity, sid: str, at: datetime
) -> Heard:
    conference = held.conference
    identity = str(who)
    gone = Heard(conference.id, (identity,))
    if conference.state not in IN_SESSION or seat.presence is Presence.OUT:
        return gone
    if rows.seat_elsewhere(session, conference.id, who.account_id, seat.id) is not None:
        return gone
    if rows.interval_of_sid(session, seat.id, sid) is not None:
        return Heard(conference.id)
    for interval in rows.open_intervals(session, seat.id):
        if interval.identity == identity:
            rows.close_interval(interval, at, IntervalEnd.REPLACED)
    session.flush()
    session.add(
        AttendanceInterval(
            seat_id=seat.id,
            identity=identity,
            participant_sid=sid,
            account_id=who.account_id,
            joined_at=at,
        )
    )
    session.flush()
    move_seats(ctx, session, held, "joined", [seat])
    floor.holder_back(ctx, session, held, seat)
    meeting_rows.next_live_version(session, conference)
    return Heard(conference.id)


def _left(
    ctx: Context, session: Session, held: Held, seat: Seat, event: MediaEvent, at: datetime
) -> Heard:
    reason = left_reason(event.reason)
    interval = rows.interval_of_sid(session, seat.id, event.sid)
    if interval is None or interval.left_at is not None or reason is Left.REPLACED:
        return Heard(held.conference.id)
    _end_stay(ctx, session, held, seat, interval, at, reason)
    meeting_rows.next_live_version(session, held.conference)
    return Heard(held.conference.id)


def _end_stay(
    ctx: Context,
    session: Session,
    held: Held,
    seat: Seat,
    interval: AttendanceInterval,
    at: datetime,
    reason: Left,
) -> None:
    rows.close_interval(interval, at, INTERVAL_END[reason])
    session.flush()
    if rows.open_intervals(session, seat.id):
        return
    if reason is Left.BY_OWN_ACT:
        move_seats(ctx, session, held, "left", [seat])
        floor.holder_gone(ctx, session, held, seat)
    else:
        move_seats(ctx, session, held, "lost", [seat])
        floor.holder_lost(ctx, session, held, seat)


def heal(
    ctx: Context,
    conference_id: int,
    present: Collection[Present],
    asked_at: datetime,
    missing_before: Collection[int] = (),
) -> tuple[Heard, tuple[int, ...]]:
    """Compare who is in the media room (as of `asked_at`) with what is stored, and mend it.

    Returns also the seats that are `in` without any device: those that were so the last time too
    (`missing_before`) count as lost.
    """
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        before = held.conference.live_version
        remove: list[str] = []
        for one in present:
            who = identity_of(one.identity)
            if who is None:
                continue
            seat = meeting_rows.seat_of_code(session, conference_id, who.unit_code)
            if seat is None:
                remove.append(one.identity)
                continue
            remove += _joined(ctx, session, held, seat, who, one.sid, ctx.now).remove
        missing = _heal_gone(
            ctx, session, held, {one.sid for one in present}, asked_at, set(missing_before)
        )
        changed = held.conference.live_version != before
        return Heard(conference_id if changed else None, tuple(remove)), missing


def _heal_gone(
    ctx: Context,
    session: Session,
    held: Held,
    sids: set[str],
    asked_at: datetime,
    missing_before: set[int],
) -> tuple[int, ...]:
    conference = held.conference
    seats = {seat.id: seat for seat in meeting_rows.seats_of(session, conference.id)}
    changed = False
    # Whoever joined about when the list was made may be missing in it.
    certain = asked_at - TOLD_LATE
    for interval in rows.open_intervals_of(session, conference.id):
        if interval.participant_sid not in sids and interval.joined_at < certain:
            _end_stay(ctx, session, held, seats[interval.seat_id], interval, asked_at, Left.LOST)
            changed = True
    occupied = {one.seat_id for one in rows.open_intervals_of(session, conference.id)}
    empty = [s for s in seats.values() if s.presence is Presence.IN and s.id not in occupied]
    for seat in empty:
        if seat.id in missing_before:
            move_seats(ctx, session, held, "lost", [seat])
            floor.holder_lost(ctx, session, held, seat)
            changed = True
    if changed:
        meeting_rows.next_live_version(session, conference)
    return tuple(seat.id for seat in empty if seat.presence is Presence.IN)


def pass_time(ctx: Context, conference_id: int) -> Stored:
    """What time alone brings: graces that are over, turns over their limit where that ends them,
    the end of a meeting that everybody left hours ago.
    """
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        conference = held.conference
        over = [
            seat
            for seat in rows.seats_with(session, conference_id, [Presence.AWAY])
            if seat.away_since_at is None
            or grace_ends_at(seat.away_since_at, conference.grace_s) <= ctx.now
        ]
        for seat in move_seats(ctx, session, held, "grace_over", over):
            floor.holder_gone(ctx, session, held, seat)
        if over or floor.end_overdue_turns(ctx, session, held):
            meeting_rows.next_live_version(session, conference)
        stored = Stored(conference.id, conference.state, conference.live_version)
        last = rows.last_seen_at(session, conference_id)
        forgotten = (
            conference.state in IN_SESSION
            and last is not None
            and last + FORGOTTEN_AFTER <= ctx.now
        )
    return end_conference(ctx, conference_id) if forgotten else stored


def remove_seat(ctx: Context, conference_id: int, seat_id: int) -> Stored:
    """Send a seat out of the meeting; it can't come back by itself. The centre can't be sent."""
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        held.require("remove")
        conference = held.conference
        if conference.state not in OPEN_STATES:
            CONFERENCE.move("speak", conference.state)
        seat = floor.seat_in(session, held, seat_id)
        if seat.kind is SeatKind.CENTRE:
            raise UserError(
                "wrong_state", object="seat", state=SeatKind.CENTRE.value, action="remove"
            )
        if move_seats(ctx, session, held, "remove", [seat]):
            floor.holder_gone(ctx, session, held, seat)
            for interval in rows.open_intervals(session, seat.id):
                rows.close_interval(interval, ctx.now, IntervalEnd.REMOVED)
            meeting_rows.next_live_version(session, conference)
        return Stored(conference.id, conference.state, conference.live_version)
