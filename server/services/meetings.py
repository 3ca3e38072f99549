"""Conferences: scheduling, opening, starting, ending, cancelling; who may hold one.

`load_conference` is the one way to hold a conference: loading and the right to see it are one
call. Making and editing are in `meetings_form.py`; what pages show in `meetings_pages.py`; who is
in the room in `attendance.py`; who may speak in `floor.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.attendance import PRESENCE, RECORDER, IntervalEnd, Presence
from server.domain.errors import UserError
from server.domain.floor import TurnEnd
from server.domain.meetings import (
    CONFERENCE,
    IN_SESSION,
    RIGHTS,
    Admit,
    ConferenceRole,
    ConferenceState,
    Plan,
    SeatKind,
    check_schedule,
    clock_ms,
    may_act,
)
from server.domain.permissions import OFFICE, SEES_ALL, forbidden, is_program
from server.rtc.tokens import MediaAccess, recorder_token
from server.services.context import Context
from server.storage import attendance as attendance_rows
from server.storage import floor as floor_rows
from server.storage import meetings as rows
from server.storage.history import record
from server.storage.models import Conference, Seat

PROGRAMS = ("setup", "scheduler", "media", "worker", "demo")


@dataclass(frozen=True)
class Held:
    """A conference that the actor may see, with the roles he or she has in it."""

    conference: Conference
    actor: Actor
    roles: frozenset[ConferenceRole]
    role_posts: tuple[tuple[ConferenceRole, Post], ...]

    def may(self, act: str) -> bool:
        """Whether the actor may do `act` in this meeting."""
        if is_program(self.actor, *PROGRAMS):
            return True
        return may_act(act, self.roles, frozenset(post.role for post in self.actor.posts))

    def require(self, act: str) -> Post | None:
        """The post that gives the right to `act` (none for programs), else `forbidden`."""
        if not self.may(act):
            by_role, by_post = RIGHTS[act]
            if by_post:
                raise forbidden(*sorted(by_post))
            raise UserError("forbidden", role=" ".join(sorted(role.value for role in by_role)))
        by_role, by_post = RIGHTS[act]
        for role, post in self.role_posts:
            if role in by_role:
                return post
        return self.actor.post_with(*sorted(by_post))


@dataclass(frozen=True)
class Stored:
    """An act on a running conference was stored: its new state and live version."""

    conference_id: int
    state: ConferenceState
    live_version: int


def load_conference(session: Session, actor: Actor, conference_id: int) -> Held:
    """The conference with the actor's roles; `not_found` for what he or she may not see.

    The Office, leaders and auditors see all; others those in which their post has a role or to
    which their unit is invited, once it is scheduled.
    """
    conference = session.get(Conference, conference_id)
    if conference is None:
        raise UserError("not_found")
    posts = {post.position_id: post for post in actor.posts}
    role_posts = tuple(
        (row.role, posts[row.position_id])
        for row in rows.roles_of(session, conference_id)
        if row.position_id in posts
    )
    held = Held(conference, actor, frozenset(role for role, _ in role_posts), role_posts)
    if not _sees(session, held):
        raise UserError("not_found")
    return held


def _sees(session: Session, held: Held) -> bool:
    actor = held.actor
    if is_program(actor, *PROGRAMS) or held.roles:
        return True
    if held.conference.state is ConferenceState.DRAFT:
        return actor.post_with(*OFFICE) is not None
    if actor.post_with(*SEES_ALL) is not None:
        return True
    return any(
        seat.unit_id in actor.unit_ids for seat in rows.seats_of(session, held.conference.id)
    )


def plan_of(session: Session, conference: Conference) -> Plan:
    roles = rows.roles_of(session, conference.id)
    return Plan(
        conference.starts_at,
        sum(seat.kind is not SeatKind.CENTRE for seat in rows.seats_of(session, conference.id)),
        sum(row.role is ConferenceRole.CHAIR for row in roles),
    )


def invite(session: Session, conference: Conference, now: datetime) -> None:
    for seat in rows.seats_of(session, conference.id):
        if seat.invited_at is None and seat.presence is not Presence.OUT:
            seat.invited_at = now


def record_move(
    ctx: Context,
    session: Session,
    held: Held,
    action: str,
    old: ConferenceState,
    post: Post | None,
    reason: str | None = None,
) -> Stored:
    conference = held.conference
    version = rows.next_live_version(session, conference)
    record(
        session,
        ("conference", conference.id),
        action,
        actor=held.actor,
        now=ctx.now,
        post=post,
        old=old.value,
        new=conference.state.value,
        reason=reason,
        live_version=version,
    )
    return Stored(conference.id, conference.state, version)


def _move(ctx: Context, conference_id: int, action: str, reason: str | None = None) -> Stored:
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        return move_conference(ctx, session, held, action, reason)


def move_conference(
    ctx: Context, session: Session, held: Held, action: str, reason: str | None = None
) -> Stored:
    """One state move with its right, its guard and its effects, inside a transaction."""
    post = held.require(action)
    conference = held.conference
    move = CONFERENCE.move(action, conference.state)
    if not move.changed:
        return Stored(conference.id, conference.state, conference.live_version)
    match action:
        case "schedule":
            check_schedule(plan_of(session, conference), ctx.now)
            invite(session, conference, ctx.now)
        case "start":
            conference.clock_zero_at = conference.clock_zero_at or ctx.now
            if conference.admit is Admit.AUTO:
                move_seats(ctx, session, held, "admit")
        case "end":
            _close(ctx, session, held)
        case _:
            pass
    conference.state = move.new
    conference.version += 1
    return record_move(ctx, session, held, action, move.old, post, reason)


def schedule_conference(ctx: Context, conference_id: int) -> Stored:
    """Guards: `no_invited_unit`, `chair_missing`, `in_past`."""
    return _move(ctx, conference_id, "schedule")


def cancel_conference(ctx: Context, conference_id: int, reason: str) -> Stored:
    """Call it off, with a reason (`reason_missing`)."""
    if not reason.strip():
        raise UserError("reason_missing")
    return _move(ctx, conference_id, "cancel", reason.strip())


def open_lobby(ctx: Context, conference_id: int) -> Stored:
    """Let seats come to the door; whether media answers is asked before by who calls."""
    return _move(ctx, conference_id, "open_lobby")


def start_conference(ctx: Context, conference_id: int) -> Stored:
    """Begin: the meeting clock starts, waiting seats are let in."""
    return _move(ctx, conference_id, "start")


def end_conference(ctx: Context, conference_id: int) -> Stored:
    """End for everybody: floor, seats and stays are closed; again it changes nothing."""
    return _move(ctx, conference_id, "end")


def _close(ctx: Context, session: Session, held: Held) -> None:
    conference = held.conference
    zero = conference.clock_zero_at or ctx.now
    for turn in floor_rows.open_turns(session, conference.id):
        floor_rows.end_turn(turn, clock_ms(zero, ctx.now), TurnEnd.ENDED)
        record(
            session,
            ("floor_turn", turn.id),
            "end",
            actor=held.actor,
            now=ctx.now,
            parent=("conference", conference.id),
        )
    for interval in attendance_rows.open_intervals_of(session, conference.id):
        attendance_rows.close_interval(interval, ctx.now, IntervalEnd.ENDED)
    move_seats(ctx, session, held, "ended")
    conference.ended_at = ctx.now


def move_seats(
    ctx: Context, session: Session, held: Held, event: str, seats: Iterable[Seat] | None = None
) -> list[Seat]:
    """Apply a presence event to `seats` (all by default); returns those that changed."""
    moved = []
    for seat in rows.seats_of(session, held.conference.id) if seats is None else seats:
        move = PRESENCE.move(event, seat.presence)
        if not move.changed or move.old is move.new:
            continue
        seat.presence = move.new
        seat.away_since_at = ctx.now if move.new is Presence.AWAY else None
        seat.version += 1
        record(
            session,
            ("seat", seat.id),
            event,
            actor=held.actor,
            now=ctx.now,
            parent=("conference", held.conference.id),
            old=move.old.value,
            new=move.new.value,
        )
        moved.append(seat)
    return moved


@dataclass(frozen=True)
class RecorderAccess:
    """What a recorder needs to sit in a conference's room; `clock_zero_at` is 0 of its clock."""

    conference_id: int
    url: str
    token: str
    clock_zero_at: datetime


def live_conferences(ctx: Context) -> tuple[int, ...]:
    """Conferences in session, by id: programs record and watch these."""
    with ctx.read() as (session, _):
        found = rows.conferences_with(session, IN_SESSION, newest_first=False)
        return tuple(sorted(conference.id for conference in found))


def recorder_access(ctx: Context, media: MediaAccess, conference_id: int) -> RecorderAccess:
    """A hidden recorder's way into the room of a conference in session; for programs only.

    The identity is `recorder/<token id>`, of the calling program's token.
    """
    with ctx.read() as (session, actor):
        if not is_program(actor, *PROGRAMS):
            raise UserError("not_found")
        conference = load_conference(session, actor, conference_id).conference
        if conference.state not in IN_SESSION or conference.clock_zero_at is None:
            raise UserError("nothing_recorded")
        identity = f"{RECORDER}/{(actor.agent or '').partition(':')[2] or '0'}"
        token = recorder_token(media, conference.room_name, identity)
        return RecorderAccess(conference.id, media.url, token, conference.clock_zero_at)
