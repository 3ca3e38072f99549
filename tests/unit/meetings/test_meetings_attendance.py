"""The door and the room's comings and goings: knocking, webhooks, healing, grace, removal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from server.domain.errors import GiaoBanError
from server.domain.meetings import ConferenceState
from server.rtc.client import Present
from server.rtc.tokens import MediaAccess
from server.services import attendance, floor, meetings, meetings_pages, rights
from server.storage.models import AttendanceInterval, RecordingAck, Seat
from tests.meeting import (
    DEVICE,
    event,
    identity,
    join,
    knock,
    leave,
    live,
    presence,
    scheduled,
    seat_id,
)
from tests.people import DAM_DOI, NAM_CAN, House

MEDIA = MediaAccess("http://127.0.0.1:1", "giaoban", "s" * 40)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(GiaoBanError) as caught:
        act()
    return caught.value.code


def intervals(house: House) -> list[tuple[str, str | None]]:
    with house.db.read() as session:
        found = session.execute(
            sa.select(AttendanceInterval.participant_sid, AttendanceInterval.end_reason).order_by(
                AttendanceInterval.id
            )
        )
        return [(sid, reason.value if reason else None) for sid, reason in found]


def enter(house: House, made: int, who: str, device: str = DEVICE) -> rights.RoomAccess:
    return rights.enter_room(house.context(who), MEDIA, made, device)


# --- the door


def test_the_notice_is_asked_once_a_device_and_kept(house: House) -> None:
    made = live(house)
    khai = house.context("khai")
    assert refusal(lambda: attendance.knock(khai, made, DEVICE)) == "notice_required"
    assert refusal(lambda: attendance.knock(khai, made, DEVICE, notice="old")) == "notice_required"
    assert knock(house, made, "khai").presence.value == "in"
    attendance.knock(khai, made, DEVICE)
    assert refusal(lambda: attendance.knock(khai, made, "device-2")) == "notice_required"
    with house.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RecordingAck)) == 1


def test_nobody_gets_a_token_without_the_notice_or_before_being_let_in(house: House) -> None:
    made = scheduled(house)
    assert refusal(lambda: enter(house, made, "khai")) == "room_closed"
    meetings.open_lobby(house.context("hoa"), made)
    assert refusal(lambda: enter(house, made, "khai")) == "notice_required"
    knock(house, made, "khai")
    assert refusal(lambda: enter(house, made, "khai")) == "not_admitted"
    meetings.start_conference(house.context("anh"), made)
    access = enter(house, made, "khai")
    assert access.identity == identity(house, DAM_DOI, "khai")


def test_the_door_is_closed_before_the_waiting_room_opens_and_after_the_end(house: House) -> None:
    made = scheduled(house)
    assert refusal(lambda: knock(house, made, "khai")) == "room_closed"
    over = live(house)
    meetings.end_conference(house.context("anh"), over)
    assert refusal(lambda: knock(house, over, "khai")) == "wrong_state"


def test_another_units_seat_is_refused_and_so_is_having_none(house: House) -> None:
    made = live(house, DAM_DOI, NAM_CAN)
    other = seat_id(house, made, NAM_CAN)
    act = lambda: attendance.knock(house.context("khai"), made, DEVICE, other)  # noqa: E731
    assert refusal(act) == "wrong_seat"
    assert refusal(lambda: knock(house, made, "lan")) == "wrong_seat"
    assert refusal(lambda: knock(house, made, "sau")) == "not_found"


def test_roles_of_the_meeting_sit_at_the_centre_with_all_rights(house: House) -> None:
    made = live(house)
    for who in ("anh", "hoa"):
        knock(house, made, who)
        access = enter(house, made, who)
        assert access.identity == identity(house, "UBT", who)
        view = rights.live_view(house.program("media"), made)
        assert len(rights.sources_of(view, access.identity)) == 4


def test_several_people_and_devices_share_a_seat(house: House) -> None:
    made = live(house)
    for who, device in (("khai", "device-1"), ("khai", "device-2"), ("bich", "device-3")):
        knock(house, made, who, device)
        join(house, made, DAM_DOI, who, f"PA_{device}", device)
    leave(house, made, DAM_DOI, "khai", "CLIENT_INITIATED", "PA_device-1", "device-1")
    assert presence(house, made, DAM_DOI) == "in"
    leave(house, made, DAM_DOI, "khai", "CLIENT_INITIATED", "PA_device-2", "device-2")
    leave(house, made, DAM_DOI, "bich", "CLIENT_INITIATED", "PA_device-3", "device-3")
    assert presence(house, made, DAM_DOI) == "left"


# --- what the media server tells


def test_a_webhook_has_its_effect_once(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    told = event(house, "participant_joined", made, identity(house, DAM_DOI, "khai"))
    program = house.program("media")
    assert attendance.take_event(program, told).conference_id == made
    version = rights.live_view(program, made).version
    assert attendance.take_event(program, told).conference_id is None
    assert rights.live_view(program, made).version == version
    assert intervals(house) == [("PA_1", None)]


@pytest.mark.parametrize(
    ("kind", "who", "room"),
    [
        ("participant_joined", "recorder/2", None),
        ("room_started", "", None),
        ("track_published", "32152/1/x", None),
        ("participant_joined", "32152/1/x", "door-77"),
    ],
)
def test_recorders_other_rooms_and_unknown_events_change_nothing(
    house: House, kind: str, who: str, room: str | None
) -> None:
    made = live(house)
    told = event(house, kind, made, who)
    if room:
        told = type(told)(told.id, kind, room, who, told.sid, told.reason, told.at)
    assert attendance.take_event(house.program("media"), told) == attendance.Heard(None)
    assert intervals(house) == []


def test_a_lost_connection_keeps_the_place_until_the_grace_is_over(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai")
    leave(house, made, DAM_DOI, "khai", "STATE_MISMATCH")
    assert presence(house, made, DAM_DOI) == "away"
    house.clock.forward(seconds=59)
    attendance.pass_time(house.program("media"), made)
    assert presence(house, made, DAM_DOI) == "away"
    join(house, made, DAM_DOI, "khai", "PA_2")
    assert presence(house, made, DAM_DOI) == "in"
    leave(house, made, DAM_DOI, "khai", "STATE_MISMATCH", "PA_2")
    house.clock.forward(seconds=60)
    attendance.pass_time(house.program("media"), made)
    assert presence(house, made, DAM_DOI) == "left"
    assert intervals(house) == [("PA_1", "lost"), ("PA_2", "lost")]


def test_an_old_sessions_departure_does_not_close_the_new_one(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai", "PA_1")
    join(house, made, DAM_DOI, "khai", "PA_2")
    leave(house, made, DAM_DOI, "khai", "DUPLICATE_IDENTITY", "PA_1")
    leave(house, made, DAM_DOI, "khai", "STATE_MISMATCH", "PA_1")
    assert presence(house, made, DAM_DOI) == "in"
    assert intervals(house) == [("PA_1", "replaced"), ("PA_2", None)]


def test_leaving_without_an_open_stay_changes_nothing(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    leave(house, made, DAM_DOI, "khai", "CLIENT_INITIATED", "PA_unknown")
    assert presence(house, made, DAM_DOI) == "in"


def test_who_may_not_be_there_must_leave_again(house: House) -> None:
    made = live(house, DAM_DOI, NAM_CAN)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai")
    stranger = join(house, made, "31825", "sau")
    assert stranger.remove == (identity(house, "31825", "sau"),)
    twice = join(house, made, NAM_CAN, "khai", "PA_9")
    assert twice.remove == (identity(house, NAM_CAN, "khai"),)
    meetings.end_conference(house.context("anh"), made)
    late = join(house, made, DAM_DOI, "khai", "PA_7")
    assert late.remove == (identity(house, DAM_DOI, "khai"),)
    assert [sid for sid, _ in intervals(house)] == ["PA_1"]


def test_one_account_is_not_at_two_units_seats(house: House) -> None:
    made = live(house, DAM_DOI, NAM_CAN)
    with house.db.write() as session:
        session.add(
            AttendanceInterval(
                seat_id=seat_id(house, made, NAM_CAN),
                identity=identity(house, NAM_CAN, "khai"),
                participant_sid="PA_5",
                account_id=house.account_id("khai"),
                joined_at=house.now,
            )
        )
    assert refusal(lambda: knock(house, made, "khai")) == "wrong_seat"


# --- healing


def there(house: House, sid: str = "PA_1") -> Present:
    who = identity(house, DAM_DOI, "khai")
    return Present(who, sid, house.now, frozenset(), ())


def test_missed_joins_and_departures_are_mended_by_looking(house: House) -> None:
    made = live(house)
    program = house.program("media")
    heard, _ = attendance.heal(program, made, [there(house)], house.now)
    assert heard.conference_id == made
    assert presence(house, made, DAM_DOI) == "in"
    assert attendance.heal(program, made, [there(house)], house.now)[0].conference_id is None
    house.clock.forward(seconds=30)
    attendance.heal(house.program("media"), made, [], house.now)
    assert presence(house, made, DAM_DOI) == "away"
    assert intervals(house) == [("PA_1", "lost")]


def test_who_joined_while_the_list_was_made_is_not_called_lost(house: House) -> None:
    made = live(house)
    asked = house.now
    house.clock.forward(seconds=1)
    join(house, made, DAM_DOI, "khai")
    attendance.heal(house.program("media"), made, [], asked)
    assert presence(house, made, DAM_DOI) == "in"


def test_a_seat_that_was_let_in_and_never_came_is_lost_at_the_second_look(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    program = house.program("media")
    _, missing = attendance.heal(program, made, [], house.now)
    assert missing == (seat_id(house, made, DAM_DOI),)
    assert presence(house, made, DAM_DOI) == "in"
    attendance.heal(program, made, [], house.now, missing)
    assert presence(house, made, DAM_DOI) == "away"


def test_a_forgotten_meeting_ends_by_itself_after_four_hours(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai")
    leave(house, made, DAM_DOI, "khai", "CLIENT_INITIATED")
    house.clock.forward(hours=3, minutes=59)
    assert attendance.pass_time(house.program("media"), made).state is ConferenceState.LIVE
    house.clock.forward(minutes=1)
    assert attendance.pass_time(house.program("media"), made).state is ConferenceState.ENDED


# --- sending out


def test_a_seat_sent_out_does_not_come_back_and_loses_the_floor(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai")
    seat = seat_id(house, made, DAM_DOI)
    floor.grant_floor(house.context("anh"), made, seat)
    attendance.remove_seat(house.context("hoa"), made, seat)
    assert presence(house, made, DAM_DOI) == "out"
    assert rights.live_view(house.context("anh"), made).turns == ()
    assert refusal(lambda: knock(house, made, "khai")) == "removed"
    assert refusal(lambda: enter(house, made, "khai")) == "removed"
    assert join(house, made, DAM_DOI, "khai", "PA_2").remove
    assert intervals(house) == [("PA_1", "removed")]


def test_sending_out_is_for_those_who_lead_and_never_for_the_centre(house: House) -> None:
    made = live(house)
    seat = seat_id(house, made, DAM_DOI)
    centre = seat_id(house, made, "UBT")
    act = attendance.remove_seat
    assert refusal(lambda: act(house.context("khai"), made, seat)) == "forbidden"
    assert refusal(lambda: act(house.context("anh"), made, centre)) == "wrong_state"
    assert refusal(lambda: act(house.context("anh"), made, 999)) == "not_found"
    act(house.context("anh"), made, seat)
    act(house.context("anh"), made, seat)
    with house.db.read() as session:
        assert session.get_one(Seat, seat).presence.value == "out"


def test_the_attendance_line_is_kept_after_the_end(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai")
    house.clock.forward(minutes=20)
    leave(house, made, DAM_DOI, "khai", "STATE_MISMATCH")
    house.clock.forward(seconds=30)
    join(house, made, DAM_DOI, "khai", "PA_2")
    house.clock.forward(minutes=10)
    meetings.end_conference(house.context("anh"), made)
    page = meetings_pages.see_conference(house.context("hoa"), made)
    line = next(line for seat, line in page.attendance if seat.code == DAM_DOI)
    assert line.total == timedelta(minutes=30, seconds=30)
    assert {roll.value: n for roll, n in page.rolls().items()} == {
        "present": 1,
        "late": 0,
        "left": 0,
        "absent": 1,
    }
