"""The floor: inviting a seat to speak, taking the floor back, closing microphones.

What is stored here decides who may publish what (`server/domain/floor.py`); setting that at the
media server is the room's work (`server/live/room.py`), after the act is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.domain.actors import Post
from server.domain.attendance import Presence
from server.domain.errors import UserError
from server.domain.floor import FLOOR, Floor, TurnEnd, end_of_replaced, floor_state
from server.domain.meetings import CONFERENCE, Strategy, clock_ms
from server.services.context import Context
from server.services.meetings import Held, Stored, load_conference
from server.storage import floor as turns
from server.storage import meetings as rows
from server.storage.history import actor_columns, record
from server.storage.models import FloorTurn, Seat


@dataclass(frozen=True)
class Muted(Stored):
    """Microphones to close now: those of `seats`, never of chairs and secretaries."""

    seats: tuple[int, ...]


def grant_floor(ctx: Context, conference_id: int, seat_id: int) -> Stored:
    """Invite a seat to speak; `seat_absent` when nobody is there. Again to the holder: nothing."""
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        post = held.require("grant")
        conference = held.conference
        CONFERENCE.move("speak", conference.state)
        seat = seat_in(session, held, seat_id)
        if seat.presence is not Presence.IN:
            raise UserError("seat_absent", seat=seat.name)
        exclusive = conference.strategy is not Strategy.OPEN
        running = turns.open_turns(session, conference_id)
        own = next((turn for turn in running if turn.seat_id == seat_id), None)
        if own is not None and not FLOOR.move("grant_again", _state_of(own)).changed:
            return Stored(conference.id, conference.state, conference.live_version)
        for turn in running if exclusive else []:
            old = FLOOR.move("grant", _state_of(turn)).old
            finish_turn(ctx, session, held, turn, end_of_replaced(old), "replaced", post)
        turn = _new_turn(ctx, session, held, seat, exclusive, post)
        return _record_turn(ctx, session, held, turn, "grant", Floor.FREE, Floor.HELD, post)


def _state_of(turn: FloorTurn) -> Floor:
    return floor_state(True, turn.away_since_at is not None)


def _new_turn(
    ctx: Context, session: Session, held: Held, seat: Seat, exclusive: bool, post: Post | None
) -> FloorTurn:
    conference = held.conference
    turn = FloorTurn(
        conference_id=conference.id,
        seat_id=seat.id,
        exclusive=exclusive,
        granted_at=ctx.now,
        start_ms=clock_ms(conference.clock_zero_at or ctx.now, ctx.now),
        soft_s=conference.soft_s,
        hard_s=conference.hard_s,
        **actor_columns(held.actor, post),
    )
    session.add(turn)
    session.flush()
    return turn


def _record_turn(
    ctx: Context,
    session: Session,
    held: Held,
    turn: FloorTurn,
    action: str,
    old: Floor,
    new: Floor,
    post: Post | None,
) -> Stored:
    conference = held.conference
    version = rows.next_live_version(session, conference)
    record(
        session,
        ("floor_turn", turn.id),
        action,
        actor=held.actor,
        now=ctx.now,
        post=post,
        parent=("conference", conference.id),
        old=old.value,
        new=new.value,
        data={"seat": turn.seat_id},
        live_version=version,
    )
    return Stored(conference.id, conference.state, version)


def finish_turn(
    ctx: Context,
    session: Session,
    held: Held,
    turn: FloorTurn,
    reason: TurnEnd,
    action: str,
    post: Post | None = None,
) -> Stored:
    """End one turn inside the caller's transaction."""
    old = _state_of(turn)
    zero = held.conference.clock_zero_at or ctx.now
    turns.end_turn(turn, clock_ms(zero, ctx.now), reason)
    session.flush()
    return _record_turn(ctx, session, held, turn, action, old, Floor.FREE, post)


def take_back_floor(ctx: Context, conference_id: int, seat_id: int | None = None) -> Stored:
    """End the turn of a seat (of everybody when none is named); a free floor stays as it is."""
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        post = held.require("take_back")
        conference = held.conference
        CONFERENCE.move("speak", conference.state)
        stored = Stored(conference.id, conference.state, conference.live_version)
        for turn in turns.open_turns(session, conference_id):
            if seat_id not in (None, turn.seat_id):
                continue
            FLOOR.move("take_back", _state_of(turn))
            stored = finish_turn(ctx, session, held, turn, TurnEnd.TAKEN_BACK, "take_back", post)
        return stored


def mute_seat(ctx: Context, conference_id: int, seat_id: int) -> Muted:
    """Close the microphones of a seat; a holder of the floor may open it again."""
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        post = held.require("mute")
        CONFERENCE.move("speak", held.conference.state)
        seat = seat_in(session, held, seat_id)
        seat.mic_open = False
        return _record_mute(ctx, session, held, ("seat", seat.id), "mute", (seat.id,), post)


def mute_all(ctx: Context, conference_id: int, may_unmute: bool = True) -> Muted:
    """Close every microphone but those of chairs, secretaries and the holder of the floor.

    `may_unmute` False forbids opening them again (where the strategy is open) until it is True.
    """
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        post = held.require("mute_all")
        conference = held.conference
        CONFERENCE.move("speak", conference.state)
        conference.muted_all, conference.may_unmute = not may_unmute, may_unmute
        holders = {turn.seat_id for turn in turns.open_turns(session, conference_id)}
        closed = [seat for seat in rows.seats_of(session, conference_id) if seat.id not in holders]
        for seat in closed:
            seat.mic_open = False
        ids = tuple(seat.id for seat in closed)
        subject = ("conference", conference.id)
        return _record_mute(ctx, session, held, subject, "mute_all", ids, post)


def _record_mute(
    ctx: Context,
    session: Session,
    held: Held,
    subject: tuple[str, int],
    action: str,
    seats: tuple[int, ...],
    post: Post | None,
) -> Muted:
    conference = held.conference
    version = rows.next_live_version(session, conference)
    record(
        session,
        subject,
        action,
        actor=held.actor,
        now=ctx.now,
        post=post,
        parent=("conference", conference.id),
        live_version=version,
    )
    return Muted(conference.id, conference.state, version, seats)


def seat_in(session: Session, held: Held, seat_id: int) -> Seat:
    """A seat of this conference, else `not_found`."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.conference_id != held.conference.id:
        raise UserError("not_found")
    return seat


def holder_lost(ctx: Context, session: Session, held: Held, seat: Seat) -> None:
    """The holder's last device lost its connection: the turn goes on, marked away."""
    for turn in _turns_at(session, held, seat):
        move = FLOOR.move("holder_lost", _state_of(turn))
        if move.changed:
            turn.away_since_at = ctx.now
            _record_turn(ctx, session, held, turn, move.action, move.old, move.new, None)


def holder_back(ctx: Context, session: Session, held: Held, seat: Seat) -> None:
    """The holder is there again: the right is his, the microphone may open."""
    for turn in _turns_at(session, held, seat):
        move = FLOOR.move("holder_back", _state_of(turn))
        if move.changed:
            turn.away_since_at = None
            _record_turn(ctx, session, held, turn, move.action, move.old, move.new, None)


def holder_gone(ctx: Context, session: Session, held: Held, seat: Seat) -> None:
    """The holder left for good: the turn ends."""
    for turn in _turns_at(session, held, seat):
        FLOOR.move("holder_gone", _state_of(turn))
        finish_turn(ctx, session, held, turn, TurnEnd.LEFT, "holder_gone")


def _turns_at(session: Session, held: Held, seat: Seat) -> list[FloorTurn]:
    return [
        turn for turn in turns.open_turns(session, held.conference.id) if turn.seat_id == seat.id
    ]


def end_overdue_turns(ctx: Context, session: Session, held: Held) -> int:
    """Where the meeting is set so (`hard_end`), turns over their time end; returns how many."""
    if not held.conference.hard_end:
        return 0
    ended = 0
    for turn in turns.open_turns(session, held.conference.id):
        if (ctx.now - turn.granted_at).total_seconds() >= turn.hard_s:
            FLOOR.move("hard_reached", _state_of(turn))
            finish_turn(ctx, session, held, turn, TurnEnd.TIMEOUT, "hard_reached")
            ended += 1
    return ended
