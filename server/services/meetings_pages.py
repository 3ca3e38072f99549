"""What pages show of conferences: the list, one conference, the form's choices, attendance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.attendance import AttendanceLine, Presence, Roll, Stay, attendance_line
from server.domain.errors import UserError
from server.domain.meetings import (
    CONFERENCE,
    IN_SESSION,
    OPEN_STATES,
    PAST,
    RIGHTS,
    ConferenceRole,
    ConferenceState,
    SeatKind,
    Strategy,
)
from server.domain.offices import PositionRole
from server.domain.org import COMMUNE_KINDS
from server.domain.permissions import OFFICE, SEES_ALL, require
from server.services.attendance import own_seats
from server.services.context import Context
from server.services.meetings import Held, load_conference
from server.services.rights import SeatView, seat_view_of_row
from server.storage import attendance as attendance_rows
from server.storage import floor as floor_rows
from server.storage import meetings as rows
from server.storage import org as org_rows
from server.storage.history import changes_of
from server.storage.models import Conference, Unit

UPCOMING = frozenset(ConferenceState) - PAST


@dataclass(frozen=True)
class ConferenceLine:
    """A conference in a list; `units` counts the invited ones."""

    id: int
    title: str
    place: str | None
    starts_at: datetime
    planned_end_at: datetime
    ended_at: datetime | None
    state: ConferenceState
    host: str
    units: int


@dataclass(frozen=True)
class ConferenceList:
    """What the viewer may see, the next first, the latest past first."""

    upcoming: tuple[ConferenceLine, ...]
    past: tuple[ConferenceLine, ...]
    may_make: bool


@dataclass(frozen=True)
class RoleLine:
    """Who has a role: the position and its unit."""

    role: ConferenceRole
    position_id: int
    title: str
    unit: str


@dataclass(frozen=True)
class TurnLine:
    """One turn of the past meeting, on the meeting clock."""

    seat: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class StepLine:
    """When a conference came into a state."""

    state: ConferenceState
    at: datetime


@dataclass(frozen=True)
class ConferencePage:
    """One conference whole, with what the viewer may do there now."""

    line: ConferenceLine
    version: int
    strategy: Strategy
    soft_s: int
    hard_s: int
    clock_zero_at: datetime | None
    roles: tuple[RoleLine, ...]
    seats: tuple[SeatView, ...]
    steps: tuple[StepLine, ...]
    acts: frozenset[str]
    own_seat: str
    may_join: bool
    sees_work: bool
    attendance: tuple[tuple[SeatView, AttendanceLine], ...]
    turns: tuple[TurnLine, ...]

    def present(self) -> int:
        """Seats in the room now, the centre not counted."""
        there = (Presence.IN, Presence.AWAY)
        return sum(s.presence in there and s.kind is not SeatKind.CENTRE for s in self.seats)

    def rolls(self) -> dict[Roll, int]:
        """How many invited seats have each roll, after the end."""
        lines = [line for seat, line in self.attendance if seat.kind is not SeatKind.CENTRE]
        return {roll: sum(line.roll is roll for line in lines) for roll in Roll}


@dataclass(frozen=True)
class Choice:
    """A choice of the form: `value`, what it is called, and what it also matches."""

    value: str
    label: str
    meta: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormChoices:
    """What the form offers; `members` opens up groups: group value → unit ids."""

    hosts: tuple[Choice, ...]
    chairs: tuple[Choice, ...]
    secretaries: tuple[Choice, ...]
    units: tuple[Choice, ...]
    members: dict[str, tuple[int, ...]]
    own_secretary: str


def list_conferences(ctx: Context) -> ConferenceList:
    """Conferences that the viewer may see."""
    with ctx.read() as (session, actor):
        office = actor.post_with(*OFFICE) is not None
        only: set[int] | None = None
        hidden: set[ConferenceState] = set() if office else {ConferenceState.DRAFT}
        if actor.post_with(*SEES_ALL) is None:
            invited, with_role = rows.conferences_of(
                session, actor.unit_ids, [post.position_id for post in actor.posts]
            )
            only = invited | with_role

        def lines(states: Iterable[ConferenceState], newest: bool) -> tuple[ConferenceLine, ...]:
            found = rows.conferences_with(
                session, set(states) - hidden, newest_first=newest, only=only
            )
            counts = rows.seat_counts(session, [conference.id for conference in found])
            return tuple(_line(session, one, counts.get(one.id, 0)) for one in found)

        return ConferenceList(lines(UPCOMING, False), lines(PAST, True), office)


def _line(session: Session, conference: Conference, units: int) -> ConferenceLine:
    host = session.get(Unit, conference.host_unit_id)
    return ConferenceLine(
        id=conference.id,
        title=conference.title,
        place=conference.place,
        starts_at=conference.starts_at,
        planned_end_at=conference.planned_end_at,
        ended_at=conference.ended_at,
        state=conference.state,
        host=host.short_name if host else "",
        units=units,
    )


def see_conference(ctx: Context, conference_id: int) -> ConferencePage:
    """One conference for the viewer; `not_found` for what he or she may not see."""
    with ctx.read() as (session, actor):
        held = load_conference(session, actor, conference_id)
        conference = held.conference
        units = rows.seat_units(session, conference_id)
        seats = tuple(
            seat_view_of_row(seat, units.get(seat.id))
            for seat in rows.seats_of(session, conference_id)
        )
        invited = sum(seat.kind is not SeatKind.CENTRE for seat in seats)
        own = own_seats(session, held)
        return ConferencePage(
            line=_line(session, conference, invited),
            version=conference.version,
            strategy=conference.strategy,
            soft_s=conference.soft_s,
            hard_s=conference.hard_s,
            clock_zero_at=conference.clock_zero_at,
            roles=_roles(session, conference_id),
            seats=seats,
            steps=_steps(session, conference_id),
            acts=_acts(held),
            own_seat=own[0].name if own else "",
            may_join=bool(own) and conference.state in OPEN_STATES | {ConferenceState.SCHEDULED},
            sees_work=bool(held.roles) or actor.post_with(*SEES_ALL) is not None,
            attendance=_attendance(ctx, session, held, seats),
            turns=_turns(session, conference_id, {seat.id: seat.name for seat in seats}),
        )


def _roles(session: Session, conference_id: int) -> tuple[RoleLine, ...]:
    return tuple(
        RoleLine(role, position.id, position.title, unit.short_name)
        for role, position, unit in rows.role_positions(session, conference_id)
    )


def _steps(session: Session, conference_id: int) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(ConferenceState(change.new_state), change.at)
        for change in changes_of(session, [("conference", conference_id)])
        if change.new_state and change.new_state != change.old_state
    )


def _acts(held: Held) -> frozenset[str]:
    """Acts that are the viewer's and would change something now: only these have buttons."""
    state = held.conference.state
    moves = ("edit", "schedule", "cancel", "open_lobby", "start", "end")
    return frozenset(
        act for act in moves if act in RIGHTS and held.may(act) and CONFERENCE.allows(act, state)
    )


def _attendance(
    ctx: Context, session: Session, held: Held, seats: tuple[SeatView, ...]
) -> tuple[tuple[SeatView, AttendanceLine], ...]:
    conference = held.conference
    if conference.clock_zero_at is None:
        return ()
    stays: dict[int, list[Stay]] = {}
    for interval in attendance_rows.intervals_of(session, conference.id):
        stays.setdefault(interval.seat_id, []).append(Stay(interval.joined_at, interval.left_at))
    return tuple(
        (
            seat,
            attendance_line(
                stays.get(seat.id, []),
                started_at=conference.clock_zero_at,
                ended_at=conference.ended_at or ctx.now,
                grace_s=conference.grace_s,
            ),
        )
        for seat in seats
    )


def _turns(session: Session, conference_id: int, names: dict[int, str]) -> tuple[TurnLine, ...]:
    return tuple(
        TurnLine(names.get(turn.seat_id, ""), turn.start_ms, turn.end_ms)
        for turn in floor_rows.turns_of(session, conference_id)
        if turn.end_ms is not None
    )


CHAIRING = (PositionRole.LEADER, PositionRole.OFFICE_HEAD, PositionRole.UNIT_HEAD)


def form_choices(ctx: Context) -> FormChoices:
    """What the form offers; for those who may make a conference."""
    with ctx.read() as (session, actor):
        require(actor, *OFFICE)
        units = org_rows.active_units(session, ctx.today)
        by_id = {unit.id: unit for unit in units}
        groups = org_rows.groups_in_order(session)
        members = {
            f"group:{group.code}": tuple(
                unit.id for unit in org_rows.members_of_group(session, group, ctx.today)
            )
            for group in groups
        }
        chairs, secretaries = [], []
        for position in org_rows.positions_with_role(session, None, *CHAIRING, *OFFICE):
            unit = by_id.get(position.unit_id)
            if unit is None:
                continue
            choice = Choice(str(position.id), position.title, unit.short_name)
            if position.role in CHAIRING and unit.kind not in COMMUNE_KINDS:
                chairs.append(choice)
            if position.role in OFFICE:
                secretaries.append(choice)
        own = actor.post_with(*OFFICE)
        return FormChoices(
            hosts=tuple(Choice(str(u.id), u.name) for u in units if u.kind not in COMMUNE_KINDS),
            chairs=tuple(chairs),
            secretaries=tuple(secretaries),
            units=tuple(
                Choice(
                    f"group:{g.code}",
                    g.name,
                    str(len(members[f"group:{g.code}"])),
                    tuple(g.phrases),
                )
                for g in groups
            )
            + tuple(Choice(str(u.id), u.short_name, "", (u.code, *u.aliases)) for u in units),
            members=members,
            own_secretary=str(own.position_id) if own else "",
        )


def length_minutes(line: ConferenceLine) -> int:
    """Planned length of a conference."""
    return (line.planned_end_at - line.starts_at) // timedelta(minutes=1)


def invited_unit_ids(ctx: Context, conference_id: int) -> tuple[int, int, tuple[int, ...]]:
    """For the edit form: version, host unit, invited units; only those who may edit."""
    with ctx.read() as (session, actor):
        held = load_conference(session, actor, conference_id)
        held.require("edit")
        conference = held.conference
        if not CONFERENCE.allows("edit", conference.state):
            raise UserError(
                "wrong_state", object="conference", state=conference.state.value, action="edit"
            )
        seats = rows.seats_of(session, conference_id)
        ids = tuple(
            seat.unit_id
            for seat in seats
            if seat.unit_id is not None
            and seat.kind is SeatKind.UNIT
            and seat.presence is not Presence.OUT
        )
        return conference.version, conference.host_unit_id, ids


def in_session(line: ConferenceLine) -> bool:
    """Whether the meeting runs."""
    return line.state in IN_SESSION
