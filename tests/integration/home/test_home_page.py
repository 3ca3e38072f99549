"""The day's page of the Office and of a commune: what it counts, and what it must not show."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.async_api import async_playwright, expect

from server.domain.deadlines import DeadlineKind, Lateness
from server.domain.directives import AssignmentState, DirectiveSource, DirectiveState
from server.domain.meetings import ConferenceState
from server.domain.review import CandidateKind, CandidateState
from server.services.home import OfficeDay, UnitDay, day_of
from server.services.meetings import open_lobby, schedule_conference
from server.services.meetings_form import ConferenceForm, make_conference
from server.storage.models import Assignment, Candidate, Directive, Position, Unit
from server.web.auth import SESSION_COOKIE
from tests.integration.conftest import Served
from tests.people import DAM_DOI, NAM_CAN, House


def unit_id(house: House, code: str) -> int:
    with house.db.read() as session:
        found = session.scalar(sa.select(Unit.id).where(Unit.code == code))
        assert found is not None
        return found


def position_id(house: House, title: str) -> int:
    with house.db.read() as session:
        found = session.scalar(sa.select(Position.id).where(Position.title == title))
        assert found is not None
        return found


def conference(
    house: House, title: str, starts_at: datetime, codes: tuple[str, ...] = (DAM_DOI, NAM_CAN)
) -> int:
    """A scheduled conference, chaired by anh, with hoa as its secretary."""
    form = ConferenceForm(
        title=title,
        starts_at=starts_at,
        minutes=90,
        host_unit_id=unit_id(house, "UBT"),
        chair_position_id=position_id(house, "Phó Chủ tịch UBND tỉnh"),
        secretary_position_ids=(position_id(house, "Thư ký Văn phòng"),),
        unit_ids=tuple(unit_id(house, code) for code in codes),
    )
    made = make_conference(house.context("hoa"), form)
    schedule_conference(house.context("hoa"), made)
    return made


def assignment(
    house: House,
    code: str,
    title: str,
    due: date | None,
    state: AssignmentState = AssignmentState.NEW,
    handed_at: datetime | None = None,
) -> int:
    """An issued directive with one lead, as rows."""
    kind = DeadlineKind.DATED if due else DeadlineKind.STANDING
    due_at = datetime(due.year, due.month, due.day, 16, 59, 59, tzinfo=UTC) if due else None
    with house.db.write() as session:
        number = (session.scalar(sa.select(sa.func.max(Directive.number))) or 0) + 1
        directive = Directive(
            year=2025,
            number=number,
            title=title,
            text=title,
            source=DirectiveSource.ORAL,
            state=DirectiveState.ISSUED,
            issued_at=house.now,
            deadline_kind=kind,
            due_on=due,
        )
        session.add(directive)
        session.flush()
        row = Assignment(
            directive_id=directive.id,
            lead_unit_id=session.scalar(sa.select(Unit.id).where(Unit.code == code)),
            state=state,
            deadline_kind=kind,
            due_on=due,
            due_at=due_at,
            judged_at=due_at,
            deadline_seq=1,
            handed_at=handed_at,
            issued_at=house.now,
        )
        session.add(row)
        session.flush()
        return row.id


def candidate(house: House, conference_id: int, key: str, state: CandidateState) -> None:
    with house.db.write() as session:
        session.add(
            Candidate(
                conference_id=conference_id,
                stable_key=key,
                lane="seat:1",
                state=state,
                proposal={},
                kind=CandidateKind.TASK,
                title=key,
                task=key,
                deadline_kind=DeadlineKind.NONE,
                confidence=0.9,
                reasons=[],
                first_run=1,
                seen_run=1,
                start_ms=0,
            )
        )


def office_day(house: House, who: str = "hoa") -> OfficeDay:
    day = day_of(house.context(who))
    assert isinstance(day, OfficeDay)
    return day


def unit_day(house: House, who: str) -> UnitDay:
    day = day_of(house.context(who))
    assert isinstance(day, UnitDay)
    return day


def test_the_nearest_conference_comes_first_and_an_open_one_before_it(house: House) -> None:
    later = conference(house, "Giao ban tuần", house.now + timedelta(days=2))
    sooner = conference(house, "Họp sạt lở", house.now + timedelta(hours=3))
    day = office_day(house)
    assert day.next is not None
    assert (day.next.id, [c.id for c in day.others]) == (sooner, [later])
    assert day.next.chair == "Phó Chủ tịch UBND tỉnh"
    assert day.next.minutes == 90
    open_lobby(house.context("hoa"), later)
    day = office_day(house)
    assert day.next is not None
    assert day.next.id == later
    assert day.next.is_open


def test_a_conference_whose_time_has_gone_leaves_the_page(house: House) -> None:
    conference(house, "Họp sớm", house.now + timedelta(hours=1))
    house.clock.forward(hours=4)
    assert office_day(house).next is not None  # two hours' grace after its planned end
    house.clock.forward(hours=1)
    assert office_day(house).next is None


def test_a_commune_sees_only_conferences_it_is_invited_to(house: House) -> None:
    conference(house, "Giao ban với Đầm Dơi", house.now + timedelta(hours=3), (DAM_DOI,))
    assert unit_day(house, "tam").next is None
    found = unit_day(house, "khai").next
    assert found is not None
    assert found.state is ConferenceState.SCHEDULED


def test_the_office_counts_by_lateness_and_lists_the_longest_first(house: House) -> None:
    today = house.now.date()
    assignment(house, DAM_DOI, "Muộn ít", today - timedelta(days=2))
    worst = assignment(house, NAM_CAN, "Muộn nhiều", today - timedelta(days=20))
    assignment(house, DAM_DOI, "Sắp đến hạn", today + timedelta(days=1))
    assignment(house, DAM_DOI, "Còn lâu", today + timedelta(days=40))
    assignment(house, NAM_CAN, "Thường xuyên", None)
    assignment(house, NAM_CAN, "Đã xong", today, AssignmentState.DONE, house.now)
    day = office_day(house)
    assert day.counts == {
        Lateness.LATE: 2,
        Lateness.DUE_SOON: 1,
        Lateness.IN_TIME: 1,
        Lateness.NO_DEADLINE: 1,
    }
    assert [line.title for line in day.late] == ["Muộn nhiều", "Muộn ít"]
    assert day.late[0].id == worst
    assert day.late[0].days == -14  # working days: 24/9 back to 4/9


def test_what_waits_for_the_office_names_the_oldest(house: House) -> None:
    before = house.now - timedelta(days=6)
    assignment(house, DAM_DOI, "A", None, AssignmentState.SUBMITTED, house.now)
    assignment(house, NAM_CAN, "B", None, AssignmentState.SUBMITTED, before)
    day = office_day(house)
    assert (day.confirm.number, day.confirm.first_unit, day.confirm.days) == (2, "xã Năm Căn", 4)
    assert day.refused.number == 0


def test_only_reviewers_see_that_candidates_wait(house: House) -> None:
    held = conference(house, "Giao ban", house.now + timedelta(hours=3))
    candidate(house, held, "a", CandidateState.OPEN)
    candidate(house, held, "b", CandidateState.REJECTED)
    candidate(house, held, "c", CandidateState.STALE)
    assert [(r.open, r.total) for r in office_day(house).reviews] == [(1, 2)]
    assert office_day(house, "thu").reviews == ()


def test_a_unit_sees_what_it_owes_and_nothing_of_its_neighbour(house: House) -> None:
    today = house.now.date()
    assignment(house, DAM_DOI, "Còn lâu", today + timedelta(days=40))
    assignment(house, DAM_DOI, "Quá hạn", today - timedelta(days=2))
    assignment(house, DAM_DOI, "Thường xuyên", None)
    assignment(house, DAM_DOI, "Đã nộp", today, AssignmentState.SUBMITTED, house.now)
    assignment(house, DAM_DOI, "Còn nháp", today, AssignmentState.DRAFT)
    assignment(house, NAM_CAN, "Của Năm Căn", today)
    day = unit_day(house, "khai")
    assert [line.title for line in day.work] == ["Quá hạn", "Còn lâu", "Thường xuyên"]
    assert day.owed == 3
    assert [line.title for line in unit_day(house, "tam").work] == ["Của Năm Căn"]


async def test_the_office_page_says_it_in_words(served: Served) -> None:
    house = served.house
    held = conference(house, "Giao ban tháng 9", house.now + timedelta(hours=3))
    candidate(house, held, "a", CandidateState.OPEN)
    assignment(house, DAM_DOI, "Bàn giao mặt bằng", house.now.date() - timedelta(days=2))
    page = await (await served.as_("hoa")).get("/")
    assert page.status == 200
    for words in (
        "Thứ Tư 24/09/2025",
        "Giao ban tháng 9",
        "còn 3 giờ",
        "Dự thảo nhiệm vụ chờ duyệt",
        f"/conferences/{held}/review",
        "Quá hạn 2 ngày",
        "xã Đầm Dơi",
        "Lập hội nghị",
    ):
        assert words in page.text, words


async def test_a_commune_gets_the_button_to_join_when_the_room_opens(served: Served) -> None:
    house = served.house
    held = conference(house, "Giao ban tháng 9", house.now + timedelta(hours=3))
    khai = await served.as_("khai")
    closed = await khai.get("/")
    assert f"/conferences/{held}/door" not in closed.text
    open_lobby(house.context("hoa"), held)
    opened = await khai.get("/")
    assert f"/conferences/{held}/door" in opened.text
    assert "Lập hội nghị" not in opened.text


@pytest.mark.browser
async def test_the_button_to_join_appears_while_the_page_lies_open(served: Served) -> None:
    house = served.house
    held = conference(house, "Giao ban tháng 9", house.now + timedelta(hours=3))
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = await chromium.new_context()
        token = house.session_token("khai")
        await context.add_cookies(
            [{"name": SESSION_COOKIE, "value": token, "url": str(served.base)}]
        )
        page = await context.new_page()
        await page.goto(str(served.base))
        await expect(page.get_by_role("link", name="Xem hội nghị")).to_be_visible()
        open_lobby(house.context("hoa"), held)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(page.get_by_role("link", name="Vào họp")).to_be_visible()
        await chromium.close()


async def test_an_auditor_sees_the_day_and_makes_no_conference(served: Served) -> None:
    page = await (await served.as_("thu")).get("/")
    assert page.status == 200
    assert "Lập hội nghị" not in page.text


async def test_an_empty_day_says_what_comes_next(served: Served) -> None:
    assert "Chưa có hội nghị nào sắp tới" in (await (await served.as_("hoa")).get("/")).text
    page = await (await served.as_("khai")).get("/")
    assert "Không còn việc đang mở" in page.text


async def test_a_visitor_is_led_to_the_door(served: Served) -> None:
    answer = await served.visitor().get("/")
    assert (answer.status, answer.location) == (303, "/sign-in?next=/")
