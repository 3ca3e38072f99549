"""Making and editing a conference: what a person types, checked and turned into rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.attendance import PRESENCE
from server.domain.errors import UserError
from server.domain.meetings import (
    CONFERENCE,
    TITLE_MAX,
    ConferenceRole,
    ConferenceState,
    SeatKind,
    Strategy,
    check_schedule,
    may_act,
    refuse_classified,
    room_name,
    strategy_for,
)
from server.domain.permissions import OFFICE, forbidden
from server.services.context import Context
from server.services.meetings import (
    Stored,
    invite,
    load_conference,
    move_conference,
    plan_of,
    record_move,
)
from server.storage import meetings as rows
from server.storage.history import record
from server.storage.models import Conference, Position, Seat, Unit

_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class ConferenceForm:
    """What a person typed; `unit_ids` are the invited units, groups already opened up.

    `strategy` None leaves the choice to the number of seats. `classified` is what the form asks
    about state secrets: it is never stored, because such a meeting is refused.
    """

    title: str
    starts_at: datetime
    minutes: int
    host_unit_id: int
    chair_position_id: int | None
    secretary_position_ids: tuple[int, ...]
    unit_ids: tuple[int, ...]
    place: str = ""
    strategy: Strategy | None = None
    soft_s: int = 240
    hard_s: int = 300
    classified: bool = False


def make_conference(ctx: Context, form: ConferenceForm, schedule: bool = False) -> int:
    """A new draft, scheduled at once if asked; returns its id.

    `classified` before anything is stored; with a guard of scheduling nothing is stored either.
    """
    refuse_classified(form.classified)
    with ctx.write() as (session, actor):
        if not may_act("make", frozenset(), frozenset(post.role for post in actor.posts)):
            raise forbidden(*OFFICE)
        check_form(session, form)
        conference = Conference(
            host_unit_id=form.host_unit_id,
            title=form.title.strip(),
            starts_at=form.starts_at,
            planned_end_at=form.starts_at + timedelta(minutes=form.minutes),
            state=ConferenceState.DRAFT,
            strategy=Strategy.MODERATED,
            room_name=f"new-{uuid.uuid4().hex}",
        )
        session.add(conference)
        session.flush()
        conference.room_name = room_name(conference.id)
        _fill(session, conference, form)
        record(
            session,
            ("conference", conference.id),
            "make",
            actor=actor,
            now=ctx.now,
            post=actor.post_with(*OFFICE),
            new=conference.state.value,
        )
        if schedule:
            held = load_conference(session, actor, conference.id)
            move_conference(ctx, session, held, "schedule")
        return conference.id


def check_form(session: Session, form: ConferenceForm) -> None:
    """`invalid_field` for what cannot be stored."""
    if not form.title.strip() or len(form.title.strip()) > TITLE_MAX:
        raise UserError(
            "invalid_field", field="title", problem="too_long" if form.title.strip() else "empty"
        )
    if not 5 <= form.minutes <= 24 * 60:
        raise UserError("invalid_field", field="minutes", problem="range")
    if not 0 < form.soft_s <= form.hard_s <= 3600:
        raise UserError("invalid_field", field="hard_s", problem="range")
    if session.get(Unit, form.host_unit_id) is None:
        raise UserError("invalid_field", field="host_unit", problem="unknown")
    positions = [form.chair_position_id, *form.secretary_position_ids]
    if any(key is not None and session.get(Position, key) is None for key in positions):
        raise UserError("invalid_field", field="position", problem="unknown")
    if any(session.get(Unit, key) is None for key in form.unit_ids):
        raise UserError("invalid_field", field="units", problem="unknown")


def _fill(session: Session, conference: Conference, form: ConferenceForm) -> None:
    conference.title = form.title.strip()
    conference.place = form.place.strip() or None
    conference.soft_s, conference.hard_s = form.soft_s, form.hard_s
    roles: list[tuple[ConferenceRole, int]] = []
    if form.chair_position_id is not None:
        roles.append((ConferenceRole.CHAIR, form.chair_position_id))
    roles += [(ConferenceRole.SECRETARY, key) for key in form.secretary_position_ids]
    rows.set_roles(session, conference.id, list(dict.fromkeys(roles)))
    seats = _fill_seats(session, conference, form)
    conference.strategy = form.strategy or strategy_for(seats)


def _fill_seats(session: Session, conference: Conference, form: ConferenceForm) -> int:
    """The centre and one seat for each invited unit; returns how many seats there are."""
    conference.host_unit_id = form.host_unit_id
    wanted = dict.fromkeys([form.host_unit_id, *form.unit_ids])
    for seat in rows.seats_of(session, conference.id):
        if seat.unit_id in wanted:
            continue
        if rows.has_history(session, seat.id):
            seat.presence = PRESENCE.move("remove", seat.presence).new
        else:
            session.delete(seat)
    session.flush()
    known = {seat.unit_id: seat for seat in rows.seats_of(session, conference.id)}
    for unit_id in wanted:
        unit = session.get_one(Unit, unit_id)
        centre = unit_id == form.host_unit_id
        seat = known.get(unit_id) or Seat(conference_id=conference.id, unit_id=unit_id)
        seat.kind = SeatKind.CENTRE if centre else SeatKind.UNIT
        seat.sort = 0 if centre else unit.sort + 1
        seat.name = unit.short_name[:1].upper() + unit.short_name[1:]
        session.add(seat)
    session.flush()
    return len(wanted)


def edit_conference(ctx: Context, conference_id: int, form: ConferenceForm, version: int) -> Stored:
    """Change title, roles, seats, strategy; the time only before the waiting room opens."""
    refuse_classified(form.classified)
    with ctx.write() as (session, actor):
        held = load_conference(session, actor, conference_id)
        post = held.require("edit")
        conference = held.conference
        CONFERENCE.move("edit", conference.state)
        if form.starts_at != conference.starts_at:
            CONFERENCE.move("change_time", conference.state)
        check_form(session, form)
        rows.claim_version(session, conference, version)
        conference.starts_at = form.starts_at
        conference.planned_end_at = form.starts_at + timedelta(minutes=form.minutes)
        _fill(session, conference, form)
        if conference.state is not ConferenceState.DRAFT:
            check_schedule(plan_of(session, conference), min(ctx.now, form.starts_at - _MOMENT))
            invite(session, conference, ctx.now)
        return record_move(ctx, session, held, "edit", conference.state, post)
