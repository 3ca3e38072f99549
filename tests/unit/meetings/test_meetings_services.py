"""Making, scheduling, opening, starting, ending, cancelling: works, forbidden, invalid, no-op."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from server.domain.errors import GiaoBanError
from server.domain.meetings import ConferenceState, SeatKind, Strategy
from server.rtc.tokens import MediaAccess
from server.services import meetings, meetings_pages, rights
from server.services.meetings_form import edit_conference, make_conference
from server.services.org import list_groups
from server.storage.models import Change, Conference
from tests.meeting import form_for, join, knock, live, presence, scheduled, seat_id
from tests.people import AN_XUYEN, DAM_DOI, NAM_CAN, House

MEDIA = MediaAccess("http://127.0.0.1:1", "giaoban", "s" * 40)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(GiaoBanError) as caught:
        act()
    return caught.value.code


def state(house: House, conference_id: int) -> ConferenceState:
    return meetings_pages.see_conference(house.context("hoa"), conference_id).line.state


def changes(house: House, conference_id: int) -> list[tuple[str, str | None, str | None]]:
    with house.db.read() as session:
        found = session.execute(
            sa.select(Change.action, Change.old_state, Change.new_state)
            .where(Change.subject_kind == "conference", Change.subject_id == conference_id)
            .order_by(Change.id)
        )
        return [tuple(row) for row in found]


def test_one_form_makes_a_scheduled_conference_with_a_seat_for_each_unit(house: House) -> None:
    made = scheduled(house, DAM_DOI, NAM_CAN, AN_XUYEN)
    page = meetings_pages.see_conference(house.context("hoa"), made)
    assert page.line.state is ConferenceState.SCHEDULED
    assert [(seat.name, seat.kind) for seat in page.seats] == [
        ("UBND tỉnh", SeatKind.CENTRE),
        ("Phường An Xuyên", SeatKind.UNIT),
        ("Xã Đầm Dơi", SeatKind.UNIT),
        ("Xã Năm Căn", SeatKind.UNIT),
    ]
    assert {role.role.value: role.title for role in page.roles} == {
        "chair": "Phó Chủ tịch UBND tỉnh",
        "secretary": "Thư ký Văn phòng",
    }
    assert changes(house, made) == [("make", None, "draft"), ("schedule", "draft", "scheduled")]


def test_all_64_are_invited_by_their_group_and_then_the_chair_invites_to_speak(
    house: House,
) -> None:
    groups = {group.code: group for group in list_groups(house.context("hoa"))}
    form = form_for(house, unit_ids=groups["communes_wards"].unit_ids, strategy=None)
    page = meetings_pages.see_conference(
        house.context("hoa"), make_conference(house.context("hoa"), form, True)
    )
    assert page.line.units == 64
    assert page.strategy is Strategy.MODERATED


def test_a_small_meeting_speaks_freely_by_itself(house: House) -> None:
    made = scheduled(house, strategy=None)
    assert meetings_pages.see_conference(house.context("hoa"), made).strategy is Strategy.OPEN


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"classified": True}, "classified"),
        ({"unit_ids": ()}, "no_invited_unit"),
        ({"chair_position_id": None}, "chair_missing"),
        ({"title": "  "}, "invalid_field"),
        ({"title": "x" * 301}, "invalid_field"),
        ({"minutes": 0}, "invalid_field"),
        ({"host_unit_id": 99999}, "invalid_field"),
        ({"chair_position_id": 99999}, "invalid_field"),
        ({"unit_ids": (99999,)}, "invalid_field"),
        ({"soft_s": 400, "hard_s": 300}, "invalid_field"),
    ],
)
def test_a_refused_form_stores_nothing(house: House, change: dict[str, object], code: str) -> None:
    form = form_for(house, **change)
    assert refusal(lambda: make_conference(house.context("hoa"), form, True)) == code
    with house.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Conference)) == 0


def test_a_conference_in_the_past_is_refused(house: House) -> None:
    form = form_for(house, starts_at=house.now)
    assert refusal(lambda: make_conference(house.context("hoa"), form, True)) == "in_past"


@pytest.mark.parametrize("who", ["anh", "khai", "dung", "thu"])
def test_only_the_office_makes_conferences(house: House, who: str) -> None:
    assert refusal(lambda: make_conference(house.context(who), form_for(house))) == "forbidden"


def test_an_edit_replaces_seats_roles_and_time_and_the_slower_of_two_is_told(house: House) -> None:
    made = scheduled(house, DAM_DOI, NAM_CAN)
    version = meetings_pages.see_conference(house.context("hoa"), made).version
    form = form_for(house, DAM_DOI, AN_XUYEN, title="Họp sớm", minutes=60)
    edit_conference(house.context("lan"), made, form, version)
    page = meetings_pages.see_conference(house.context("hoa"), made)
    assert [seat.short for seat in page.seats] == ["UBND tỉnh", "An Xuyên", "Đầm Dơi"]
    assert (page.line.title, meetings_pages.length_minutes(page.line)) == ("Họp sớm", 60)
    again = refusal(lambda: edit_conference(house.context("hoa"), made, form, version))
    assert again == "stale_version"


def test_the_time_stands_once_the_waiting_room_is_open(house: House) -> None:
    made = scheduled(house)
    meetings.open_lobby(house.context("hoa"), made)
    version = meetings_pages.see_conference(house.context("hoa"), made).version
    later = form_for(house, starts_at=house.now + timedelta(hours=5))
    act = lambda: edit_conference(house.context("hoa"), made, later, version)  # noqa: E731
    assert refusal(act) == "wrong_state"
    edit_conference(house.context("hoa"), made, form_for(house, title="Tên khác"), version)


def test_a_seat_with_history_is_ended_not_deleted_when_its_unit_is_uninvited(house: House) -> None:
    made = live(house, DAM_DOI, NAM_CAN)
    knock(house, made, "khai")
    page = meetings_pages.see_conference(house.context("hoa"), made)
    form = form_for(house, NAM_CAN, starts_at=page.line.starts_at)
    edit_conference(house.context("hoa"), made, form, page.version)
    assert presence(house, made, DAM_DOI) == "out"


def test_a_meeting_goes_from_the_waiting_room_to_its_end(house: House) -> None:
    made = scheduled(house)
    meetings.open_lobby(house.context("hoa"), made)
    knock(house, made, "khai")
    assert presence(house, made, DAM_DOI) == "waiting"
    meetings.start_conference(house.context("anh"), made)
    assert presence(house, made, DAM_DOI) == "in"
    join(house, made, DAM_DOI, "khai")
    house.clock.forward(minutes=30)
    meetings.end_conference(house.context("anh"), made)
    assert state(house, made) is ConferenceState.ENDED
    assert presence(house, made, DAM_DOI) == "left"
    lines = meetings_pages.see_conference(house.context("hoa"), made).attendance
    line = next(line for seat, line in lines if seat.code == DAM_DOI)
    assert line.total == timedelta(minutes=30)


def test_each_state_change_leaves_one_history_row_and_a_repeated_act_none(house: House) -> None:
    made = live(house)
    meetings.start_conference(house.context("anh"), made)
    meetings.open_lobby(house.context("hoa"), made)
    meetings.end_conference(house.context("anh"), made)
    meetings.end_conference(house.context("anh"), made)
    moves = [change for change in changes(house, made) if change[1] != change[2]]
    assert moves == [
        ("make", None, "draft"),
        ("schedule", "draft", "scheduled"),
        ("open_lobby", "scheduled", "lobby"),
        ("start", "lobby", "live"),
        ("end", "live", "ended"),
    ]


@pytest.mark.parametrize(
    ("who", "act", "code"),
    [
        ("hoa", meetings.end_conference, "forbidden"),
        ("khai", meetings.end_conference, "forbidden"),
        ("lan", meetings.end_conference, "forbidden"),
        ("sau", meetings.end_conference, "not_found"),
        ("dung", meetings.end_conference, "not_found"),
        ("khai", meetings.start_conference, "forbidden"),
    ],
)
def test_leading_is_for_the_meetings_own_roles(
    house: House, who: str, act: Callable[..., object], code: str
) -> None:
    made = live(house)
    assert refusal(lambda: act(house.context(who), made)) == code
    assert state(house, made) is ConferenceState.LIVE


def test_cancelling_needs_a_reason_and_a_running_meeting_is_ended_instead(house: House) -> None:
    made = scheduled(house)
    cancel = meetings.cancel_conference
    assert refusal(lambda: cancel(house.context("hoa"), made, " ")) == "reason_missing"
    cancel(house.context("anh"), made, "Bão số 9")
    assert state(house, made) is ConferenceState.CANCELLED
    running = live(house)
    assert refusal(lambda: cancel(house.context("anh"), running, "x")) == "wrong_state"


def test_lists_show_what_one_may_see_and_drafts_only_to_the_office(house: House) -> None:
    make_conference(house.context("hoa"), form_for(house, title="Nháp"))
    scheduled(house, DAM_DOI, title="Với Đầm Dơi")
    scheduled(house, NAM_CAN, title="Với Năm Căn")

    def seen(who: str) -> list[str]:
        found = meetings_pages.list_conferences(house.context(who))
        return sorted(line.title for line in found.upcoming)

    assert seen("hoa") == ["Nháp", "Với Năm Căn", "Với Đầm Dơi"]
    assert seen("anh") == seen("thu") == ["Với Năm Căn", "Với Đầm Dơi"]
    assert seen("khai") == ["Với Đầm Dơi"]
    assert seen("sau") == seen("dung") == []


def test_what_one_may_not_see_is_not_found(house: House) -> None:
    made = scheduled(house, DAM_DOI)
    see = meetings_pages.see_conference
    assert refusal(lambda: see(house.context("tam"), made)) == "not_found"
    assert refusal(lambda: see(house.context("tam"), 999)) == "not_found"


def test_programs_find_running_conferences_and_the_recorder_gets_in_hidden(house: House) -> None:
    scheduled(house)
    made = live(house)
    assert meetings.live_conferences(house.program("worker:3")) == (made,)
    access = meetings.recorder_access(house.program("worker:3"), MEDIA, made)
    assert access.clock_zero_at == house.now
    from livekit import api

    claims = api.TokenVerifier(MEDIA.key, MEDIA.secret).verify(access.token)
    assert claims.identity == "recorder/3"
    assert claims.video is not None
    assert (claims.video.hidden, claims.video.recorder, claims.video.can_publish) == (
        True,
        True,
        False,
    )


def test_the_recorders_way_in_is_for_programs_and_for_running_meetings(house: House) -> None:
    made = live(house)
    access = meetings.recorder_access
    assert refusal(lambda: access(house.context("hoa"), MEDIA, made)) == "not_found"
    meetings.end_conference(house.context("anh"), made)
    assert refusal(lambda: access(house.program("worker:3"), MEDIA, made)) == "nothing_recorded"


def test_the_view_of_a_room_is_the_same_when_it_is_made_again_from_storage(house: House) -> None:
    made = live(house)
    knock(house, made, "khai")
    join(house, made, DAM_DOI, "khai")
    view = rights.live_view(house.program("media"), made)
    assert view == rights.live_view(house.program("media"), made)
    assert [s.presence.value for s in view.seats if s.id == seat_id(house, made, DAM_DOI)] == ["in"]
