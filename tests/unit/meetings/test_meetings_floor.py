"""The floor: invite, replace, take back, mute; and what follows for rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from server.domain.errors import GiaoBanError
from server.domain.floor import Source
from server.domain.meetings import Strategy
from server.services import attendance, floor, meetings, rights
from server.storage.models import Change, Conference, FloorTurn
from tests.meeting import identity, join, knock, leave, live, scheduled, seat_id
from tests.people import DAM_DOI, NAM_CAN, House


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(GiaoBanError) as caught:
        act()
    return caught.value.code


@pytest.fixture
def meeting(house: House) -> int:
    """In session, with Đầm Dơi and Năm Căn in the room."""
    return peopled(house)


def peopled(house: House, **changes: object) -> int:
    made = live(house, DAM_DOI, NAM_CAN, **changes)
    for code, who in ((DAM_DOI, "khai"), (NAM_CAN, "tam")):
        knock(house, made, who)
        join(house, made, code, who, f"PA_{who}")
    return made


def turns(house: House) -> list[tuple[int, int, int | None, str | None]]:
    with house.db.read() as session:
        return [
            (t.seat_id, t.start_ms, t.end_ms, t.end_reason.value if t.end_reason else None)
            for t in session.scalars(sa.select(FloorTurn).order_by(FloorTurn.id))
        ]


def may_speak(house: House, made: int, code: str, who: str) -> bool:
    view = rights.live_view(house.program("media"), made)
    return Source.MICROPHONE in rights.sources_of(view, identity(house, code, who))


def test_an_invited_seat_may_speak_and_the_one_before_may_not_any_more(
    house: House, meeting: int
) -> None:
    first, second = seat_id(house, meeting, DAM_DOI), seat_id(house, meeting, NAM_CAN)
    house.clock.forward(seconds=10)
    floor.grant_floor(house.context("anh"), meeting, first)
    assert may_speak(house, meeting, DAM_DOI, "khai")
    house.clock.forward(seconds=5)
    floor.grant_floor(house.context("anh"), meeting, second)
    assert not may_speak(house, meeting, DAM_DOI, "khai")
    assert may_speak(house, meeting, NAM_CAN, "tam")
    assert turns(house) == [(first, 10_000, 15_000, "replaced"), (second, 15_000, None, None)]


def test_inviting_the_holder_again_changes_nothing(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    version = floor.grant_floor(house.context("anh"), meeting, seat).live_version
    assert floor.grant_floor(house.context("anh"), meeting, seat).live_version == version
    assert len(turns(house)) == 1


def test_taking_back_ends_the_turn_and_a_free_floor_stays_free(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    floor.grant_floor(house.context("anh"), meeting, seat)
    stored = floor.take_back_floor(house.context("anh"), meeting)
    assert turns(house) == [(seat, 0, 0, "taken_back")]
    assert not may_speak(house, meeting, DAM_DOI, "khai")
    again = floor.take_back_floor(house.context("anh"), meeting)
    assert again.live_version == stored.live_version


@pytest.mark.parametrize("who", ["hoa", "lan", "khai"])
def test_the_floor_is_the_chairs_to_give(house: House, meeting: int, who: str) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    grant, back = floor.grant_floor, floor.take_back_floor
    assert refusal(lambda: grant(house.context(who), meeting, seat)) == "forbidden"
    assert refusal(lambda: back(house.context(who), meeting)) == "forbidden"


def test_a_seat_that_is_not_there_is_not_invited(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    leave(house, meeting, DAM_DOI, "khai", "CLIENT_INITIATED", "PA_khai")
    act = lambda number: floor.grant_floor(house.context("anh"), meeting, number)  # noqa: E731
    assert refusal(lambda: act(seat)) == "seat_absent"
    assert refusal(lambda: act(999)) == "not_found"


def test_nobody_is_invited_before_the_start_or_after_the_end(house: House, meeting: int) -> None:
    early = scheduled(house)
    seat = seat_id(house, early, DAM_DOI)
    act = floor.grant_floor
    assert refusal(lambda: act(house.context("anh"), early, seat)) == "wrong_state"
    meetings.end_conference(house.context("anh"), meeting)
    seat = seat_id(house, meeting, DAM_DOI)
    assert refusal(lambda: act(house.context("anh"), meeting, seat)) == "wrong_state"


def test_a_holder_who_loses_the_line_keeps_the_floor_for_the_grace(
    house: House, meeting: int
) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    floor.grant_floor(house.context("anh"), meeting, seat)
    leave(house, meeting, DAM_DOI, "khai", "STATE_MISMATCH", "PA_khai")
    (turn,) = rights.live_view(house.program("media"), meeting).turns
    assert turn.away
    join(house, meeting, DAM_DOI, "khai", "PA_2")
    (turn,) = rights.live_view(house.program("media"), meeting).turns
    assert not turn.away
    leave(house, meeting, DAM_DOI, "khai", "STATE_MISMATCH", "PA_2")
    house.clock.forward(seconds=61)
    attendance.pass_time(house.program("media"), meeting)
    assert turns(house) == [(seat, 0, 61_000, "left")]


def test_a_holder_who_leaves_gives_the_floor_back(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    floor.grant_floor(house.context("anh"), meeting, seat)
    leave(house, meeting, DAM_DOI, "khai", "CLIENT_INITIATED", "PA_khai")
    assert turns(house) == [(seat, 0, 0, "left")]


def test_the_end_of_the_meeting_ends_the_turn(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    floor.grant_floor(house.context("anh"), meeting, seat)
    house.clock.forward(seconds=7)
    meetings.end_conference(house.context("anh"), meeting)
    assert turns(house) == [(seat, 0, 7_000, "ended")]


@pytest.mark.parametrize(("hard_end", "reason"), [(False, None), (True, "timeout")])
def test_time_over_is_a_sign_and_ends_the_turn_only_where_set_so(
    house: House, meeting: int, hard_end: bool, reason: str | None
) -> None:
    with house.db.write() as session:
        session.get_one(Conference, meeting).hard_end = hard_end
    floor.grant_floor(house.context("anh"), meeting, seat_id(house, meeting, DAM_DOI))
    house.clock.forward(seconds=300)
    attendance.pass_time(house.program("media"), meeting)
    assert turns(house)[0][3] == reason


def test_where_everybody_speaks_freely_an_invitation_is_a_spotlight(house: House) -> None:
    made = peopled(house, strategy=Strategy.OPEN)
    for code in (DAM_DOI, NAM_CAN):
        floor.grant_floor(house.context("anh"), made, seat_id(house, made, code))
    view = rights.live_view(house.program("media"), made)
    assert [turn.exclusive for turn in view.turns] == [False, False]
    floor.take_back_floor(house.context("anh"), made, seat_id(house, made, DAM_DOI))
    assert may_speak(house, made, DAM_DOI, "khai")


def test_muting_all_spares_the_holder_and_may_forbid_opening_again(house: House) -> None:
    made = peopled(house, strategy=Strategy.OPEN)
    holder, other = seat_id(house, made, DAM_DOI), seat_id(house, made, NAM_CAN)
    floor.grant_floor(house.context("anh"), made, holder)
    muted = floor.mute_all(house.context("hoa"), made, may_unmute=False)
    assert other in muted.seats
    assert holder not in muted.seats
    assert may_speak(house, made, DAM_DOI, "khai")
    assert not may_speak(house, made, NAM_CAN, "tam")
    floor.mute_all(house.context("anh"), made)
    assert may_speak(house, made, NAM_CAN, "tam")


def test_muting_a_seat_is_for_those_who_lead(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    assert floor.mute_seat(house.context("hoa"), meeting, seat).seats == (seat,)
    assert refusal(lambda: floor.mute_seat(house.context("khai"), meeting, seat)) == "forbidden"
    assert refusal(lambda: floor.mute_all(house.context("lan"), meeting)) == "forbidden"
    assert refusal(lambda: floor.mute_seat(house.context("anh"), meeting, 999)) == "not_found"


def test_each_act_is_one_history_row_with_its_live_version(house: House, meeting: int) -> None:
    seat = seat_id(house, meeting, DAM_DOI)
    granted = floor.grant_floor(house.context("anh"), meeting, seat)
    back = floor.take_back_floor(house.context("anh"), meeting, seat)
    with house.db.read() as session:
        found = session.execute(
            sa.select(Change.action, Change.old_state, Change.new_state, Change.live_version)
            .where(Change.subject_kind == "floor_turn")
            .order_by(Change.id)
        )
        assert [tuple(row) for row in found] == [
            ("grant", "free", "held", granted.live_version),
            ("take_back", "held", "free", back.live_version),
        ]
