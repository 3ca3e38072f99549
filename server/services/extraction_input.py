"""The input of an extraction, built from what is stored (design §9): who there is, who had the
floor, what was said in each seat.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from server.domain.meetings import ConferenceRole, SeatKind
from server.domain.transcripts import Spoken, without_doubles
from server.services.context import ZONE
from server.storage.floor import turns_of
from server.storage.meetings import role_accounts, seat_units, seats_of
from server.storage.models import Conference, Seat, Segment, Track
from server.storage.org import active_units, groups_in_order, members_of_group
from server.storage.transcripts import current_segments
from server.storage.workdays import load_calendar
from transcription.contract.candidates import (
    ExtractionInput,
    InputFloor,
    InputLane,
    InputSegment,
    InputWord,
    WorkCalendar,
)
from transcription.contract.roster import Roster, RosterGroup, RosterUnit

SPEAKERS = (ConferenceRole.CHAIR, ConferenceRole.CO_CHAIR, ConferenceRole.SECRETARY)
UNIT = "unit"


def input_of(session: Session, conference: Conference, today: date) -> ExtractionInput:
    """All of a conference that extraction may see: unflagged segments of the current runs, without
    what two devices of one seat heard twice.
    """
    calendar = load_calendar(session)
    codes = {seat_id: unit.code for seat_id, unit in seat_units(session, conference.id).items()}
    began = conference.clock_zero_at or conference.starts_at
    return ExtractionInput(
        held_on=began.astimezone(ZONE).date(),
        lanes=_lanes(session, conference, codes),
        roster=roster_of(session, today),
        conference=conference.id,
        calendar=WorkCalendar(calendar.holidays, calendar.working),
        floor=tuple(
            InputFloor(turn.start_ms, turn.end_ms, codes.get(turn.seat_id))
            for turn in turns_of(session, conference.id)
        ),
    )


def roster_of(session: Session, today: date) -> Roster:
    """All active units in the official order, and the groups that are said aloud."""
    units = [
        RosterUnit(u.code, u.kind.value, u.name, u.short_name, tuple(u.aliases))
        for u in active_units(session, today)
    ]
    groups = [
        RosterGroup(
            group.code,
            group.name,
            tuple(group.phrases),
            tuple(group.kinds or ()),
            ()
            if group.kinds is not None
            else tuple(unit.code for unit in members_of_group(session, group, today)),
        )
        for group in groups_in_order(session)
    ]
    return Roster.of(units, groups)


def _lanes(
    session: Session, conference: Conference, codes: dict[int, str]
) -> tuple[InputLane, ...]:
    seats = {seat.id: seat for seat in seats_of(session, conference.id)}
    roles = role_accounts(session, conference.id, conference.clock_zero_at or conference.starts_at)
    by_lane: dict[str, list[tuple[Segment, Track]]] = {}
    for segment, track in current_segments(session, conference.id):
        if segment.flag is None:
            lane = f"seat:{track.seat_id}" if track.seat_id else f"track:{track.id}"
            by_lane.setdefault(lane, []).append((segment, track))
    return tuple(
        InputLane(
            lane=lane,
            unit=codes.get(spoken[0][1].seat_id or 0),
            speaker_role=_role(seats.get(spoken[0][1].seat_id or 0), spoken, roles),
            segments=_segments(spoken),
        )
        for lane, spoken in by_lane.items()
    )


def _segments(spoken: list[tuple[Segment, Track]]) -> tuple[InputSegment, ...]:
    rows = {segment.id: (segment, track) for segment, track in spoken}
    kept = without_doubles(
        [Spoken(s.id, t.id, s.start_ms, s.end_ms, s.confidence) for s, t in spoken]
    )
    return tuple(_segment(*rows[one.segment_id]) for one in kept)


def _segment(segment: Segment, track: Track) -> InputSegment:
    words = tuple(InputWord.from_json(word) for word in segment.words)
    return InputSegment(track.id, segment.start_ms, segment.end_ms, segment.text, words)


def _role(
    seat: Seat | None, spoken: list[tuple[Segment, Track]], roles: dict[int, ConferenceRole]
) -> str | None:
    """Who speaks in a lane: the highest meeting role among the accounts whose devices were heard
    there; an invited unit's seat without one is the unit; anyone else at the centre is unknown.
    """
    accounts = {account_of_key(track.track_key) for _, track in spoken}
    found = {roles[account] for account in accounts if account in roles}
    for role in SPEAKERS:
        if role in found:
            return role.value
    return UNIT if seat is not None and seat.kind is SeatKind.UNIT else None


def account_of_key(track_key: str) -> int | None:
    """The account of a recorder's track key (`unit-code/account/device#track-sid`)."""
    parts = track_key.partition("#")[0].split("/")
    return int(parts[1]) if len(parts) > 1 and parts[1].isascii() and parts[1].isdigit() else None
