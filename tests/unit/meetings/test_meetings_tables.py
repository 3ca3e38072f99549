"""The state tables of conference, seat and floor, cell by cell, and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.domain.attendance import PRESENCE, Presence, Roll, Stay, attendance_line
from server.domain.attendance import identity_of as identity
from server.domain.errors import UserError
from server.domain.floor import (
    FLOOR,
    Floor,
    SeatFacts,
    Source,
    Speaking,
    TurnEnd,
    allowed_sources,
    end_of_replaced,
)
from server.domain.meetings import (
    CONFERENCE,
    ConferenceRole,
    ConferenceState,
    Plan,
    Strategy,
    check_schedule,
    conference_of_room,
    may_act,
    refuse_classified,
    strategy_for,
)
from server.domain.offices import PositionRole
from server.domain.states import StateTable

# One word a state: → and the new state, "stay", "same", or the error.
CONFERENCE_ROWS = """
            draft      scheduled  lobby      live   paused ended  minuted concluded cancelled
edit        stay       stay       stay       stay   stay   x      x       x         x
edit_title  stay       stay       stay       stay   stay   stay   x       x         x
change_time stay       stay       x          x      x      x      x       x         x
schedule    >scheduled same       same       same   same   x      x       x         x
cancel      >cancelled >cancelled >cancelled x      x      x      x       x         same
open_lobby  x          >lobby     same       same   same   x      x       x         x
start       x          >live      >live      same   x      x      x       x         x
end         x          x          x          >ended >ended same   same    same      x
speak       x          x          x          stay   x      x      x       x         x
"""
PRESENCE_ROWS = """
              expected     waiting   in      away    left         out
knock_lobby   >waiting     same      stay    >in     >waiting     removed
knock_session >in          >in       stay    >in     >in          removed
admit         same         >in       same    same    same         same
enter         not_admitted not_admitted same same    not_admitted removed
joined        >in          >in       stay    >in     >in          removed
left          same         >expected >left   >left   same         same
lost          same         >expected >away   same    same         same
grace_over    same         same      same    >left   same         same
remove        >out         >out      >out    >out    >out         same
ended         same         >expected >left   >left   same         same
"""
FLOOR_ROWS = """
             free  held  away
grant        >held stay  >held
grant_again  >held same  same
take_back    same  >free >free
hard_reached same  >free >free
holder_lost  same  >away same
holder_back  same  same  >held
holder_gone  same  >free >free
end          same  >free >free
mute         stay  stay  stay
"""


def cells(text: str) -> list[tuple[str, str, str]]:
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return [
        (line[0], state, cell) for line in lines for state, cell in zip(head, line[1:], strict=True)
    ]


def outcome(table: StateTable, action: str, state: str) -> str:
    try:
        move = table.move(action, table.states(state))
    except UserError as error:
        return "x" if error.code == "wrong_state" else error.code
    if not move.changed:
        return "same"
    return "stay" if move.new is move.old else f">{move.new.value}"


@pytest.mark.parametrize(
    ("table", "text"),
    [(CONFERENCE, CONFERENCE_ROWS), (PRESENCE, PRESENCE_ROWS), (FLOOR, FLOOR_ROWS)],
    ids=["conference", "seat", "floor"],
)
def test_each_cell_of_the_table_is_as_the_model_says(table: StateTable, text: str) -> None:
    rows = cells(text)
    assert {action for action, _, _ in rows} == set(table.rules)
    assert {state for _, state, _ in rows} == {state.value for state in table.states}
    wrong = [
        (action, state, cell, outcome(table, action, state))
        for action, state, cell in rows
        if outcome(table, action, state) != cell
    ]
    assert wrong == []


R, P = ConferenceRole, PositionRole


@pytest.mark.parametrize(
    ("act", "who"),
    [
        ("make", {P.OFFICE_SECRETARY, P.OFFICE_HEAD}),
        ("edit", {R.SECRETARY, P.OFFICE_SECRETARY, P.OFFICE_HEAD}),
        ("schedule", {R.SECRETARY, P.OFFICE_SECRETARY, P.OFFICE_HEAD}),
        ("cancel", {R.CHAIR, R.CO_CHAIR, R.SECRETARY, P.OFFICE_SECRETARY, P.OFFICE_HEAD}),
        ("open_lobby", {R.CHAIR, R.CO_CHAIR, R.SECRETARY}),
        ("start", {R.CHAIR, R.CO_CHAIR, R.SECRETARY}),
        ("end", {R.CHAIR, R.CO_CHAIR}),
        ("grant", {R.CHAIR, R.CO_CHAIR}),
        ("take_back", {R.CHAIR, R.CO_CHAIR}),
        ("mute", {R.CHAIR, R.CO_CHAIR, R.SECRETARY}),
        ("mute_all", {R.CHAIR, R.CO_CHAIR, R.SECRETARY}),
        ("remove", {R.CHAIR, R.CO_CHAIR, R.SECRETARY}),
    ],
)
def test_an_act_is_for_those_roles_and_posts_only(act: str, who: set[object]) -> None:
    may: set[object] = {role for role in R if may_act(act, frozenset({role}), frozenset())}
    may |= {post for post in P if may_act(act, frozenset(), frozenset({post}))}
    assert may == who


NOW = datetime(2025, 9, 24, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Plan(NOW + timedelta(hours=1), 0, 1), "no_invited_unit"),
        (Plan(NOW + timedelta(hours=1), 1, 0), "chair_missing"),
        (Plan(NOW + timedelta(hours=1), 1, 2), "chair_missing"),
        (Plan(NOW, 1, 1), "in_past"),
    ],
)
def test_scheduling_demands_seats_a_chair_and_a_time_to_come(plan: Plan, code: str) -> None:
    with pytest.raises(UserError) as caught:
        check_schedule(plan, NOW)
    assert caught.value.code == code


def test_a_classified_meeting_is_refused_and_an_ordinary_one_is_not() -> None:
    refuse_classified(False)
    with pytest.raises(UserError) as caught:
        refuse_classified(True)
    assert caught.value.code == "classified"


def test_more_than_ten_seats_are_moderated() -> None:
    assert strategy_for(10) is Strategy.OPEN
    assert strategy_for(11) is Strategy.MODERATED


@pytest.mark.parametrize(
    ("name", "number"), [("c-12", 12), ("door-x", None), ("c-", None), ("c-1x", None), ("c", None)]
)
def test_only_a_conference_room_names_a_conference(name: str, number: int | None) -> None:
    assert conference_of_room(name) == number


@pytest.mark.parametrize("text", ["recorder/3", "a/b/c", "a//c", "a/1", "a/1/c/d", ""])
def test_what_is_no_seats_identity_is_nobody(text: str) -> None:
    assert identity(text) is None


CAMERA, MIC = Source.CAMERA, Source.MICROPHONE
SHARED = {Source.SCREEN, Source.SCREEN_AUDIO}
LIVE, LOBBY = ConferenceState.LIVE, ConferenceState.LOBBY


@pytest.mark.parametrize(
    ("what", "facts", "role", "allowed"),
    [
        ("a listener shows itself", {}, None, {CAMERA}),
        ("the holder speaks and shares", {"holder": True}, None, {CAMERA, MIC, *SHARED}),
        ("a holder who is away keeps it", {"holder": True, "presence": Presence.AWAY}, None,
         {CAMERA, MIC, *SHARED}),
        ("an opened microphone", {"mic_open": True}, None, {CAMERA, MIC}),
        ("the chair always", {}, R.CHAIR, set(Source)),
        ("the meeting's secretary always", {}, R.SECRETARY, set(Source)),
        ("a technician as anybody", {}, R.TECHNICIAN, {CAMERA}),
        ("freely, where the strategy is open", {"strategy": Strategy.OPEN}, None, {CAMERA, MIC}),
        ("unless opening is forbidden", {"strategy": Strategy.OPEN, "forbidden": True}, None,
         {CAMERA}),
        ("nothing before the start", {"state": LOBBY}, R.CHAIR, set()),
        ("nothing after the end", {"state": ConferenceState.ENDED}, R.CHAIR, set()),
        ("nothing for who was sent out", {"presence": Presence.OUT, "holder": True}, None, set()),
        ("nothing for who waits", {"presence": Presence.WAITING}, None, set()),
    ],
)  # fmt: skip
def test_what_a_device_may_publish(
    what: str, facts: dict[str, object], role: ConferenceRole | None, allowed: set[Source]
) -> None:
    forbidden = bool(facts.get("forbidden"))
    meeting = Speaking(
        state=facts.get("state", LIVE),  # type: ignore[arg-type]
        strategy=facts.get("strategy", Strategy.MODERATED),  # type: ignore[arg-type]
        muted_all=forbidden,
        may_unmute=not forbidden,
        holders=frozenset({5} if facts.get("holder") else ()),
    )
    seat = SeatFacts(5, facts.get("presence", Presence.IN), bool(facts.get("mic_open")))  # type: ignore[arg-type]
    assert allowed_sources(meeting, seat, role) == allowed, what


def test_a_replaced_turn_says_whether_its_holder_was_there() -> None:
    assert end_of_replaced(Floor.HELD) is TurnEnd.REPLACED
    assert end_of_replaced(Floor.AWAY) is TurnEnd.LEFT


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("stays", "first", "last", "total", "roll"),
    [
        ([], None, None, 0, Roll.ABSENT),
        ([(-10, 90)], 0, 60, 60, Roll.PRESENT),
        ([(2, None)], 2, 60, 58, Roll.PRESENT),
        ([(6, 60)], 6, 60, 54, Roll.LATE),
        ([(0, 30)], 0, 30, 30, Roll.LEFT),
        ([(0, 20), (20.5, 60)], 0, 60, 60, Roll.PRESENT),
        ([(0, 20), (30, 60)], 0, 60, 50, Roll.PRESENT),
        ([(0, 40), (10, 50), (45, 60)], 0, 60, 60, Roll.PRESENT),
        ([(70, 80)], None, None, 0, Roll.ABSENT),
    ],
)
def test_attendance_is_the_union_of_stays_with_short_gaps_closed(
    stays: list[tuple[float, float | None]],
    first: float | None,
    last: float | None,
    total: float,
    roll: Roll,
) -> None:
    line = attendance_line(
        [Stay(at(a), None if b is None else at(b)) for a, b in stays],
        started_at=at(0),
        ended_at=at(60),
        grace_s=60,
    )
    assert line.first_at == (None if first is None else at(first))
    assert line.last_at == (None if last is None else at(last))
    assert line.total == timedelta(minutes=total)
    assert line.roll is roll
