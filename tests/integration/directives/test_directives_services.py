"""Issuing, reporting, confirming: works, forbidden or hidden, harmless twice, guarded."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from server.domain.deadlines import Lateness
from server.domain.directives import AssignmentState, ReportState
from server.domain.errors import UserError
from server.services import assignments, attachments, directives, issuing, work
from server.services.assignments import ResultFields
from server.services.deadlines import TypedDeadline
from server.storage.models import Assignment, Deadline, Directive, Report
from tests.integration.directives.conftest import Journey
from tests.people import AN_XUYEN, DAM_DOI, NAM_CAN

PDF = b"%PDF-1.7\n" + b"0" * 40
DONE = ResultFields("Đã làm", no_document=True)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(UserError) as refused:
        act()
    return refused.value.code


def draft_fields(**more: Any) -> issuing.DraftFields:
    values = {
        "title": "Rà soát hộ nghèo",
        "text": "Rà soát hộ nghèo",
        "expected_result": "",
        "deadline": TypedDeadline("trước ngày 15/10"),
    }
    return issuing.DraftFields(**(values | more))


def test_issuing_gives_number_deadline_and_one_history_row_each(journey: Journey) -> None:
    first = journey.draft("Việc một", DAM_DOI, NAM_CAN)
    second = journey.draft("Việc hai")
    assert journey.issue(first).number == "NV 2025/0001"
    assert journey.issue(second, "anh").number == "NV 2025/0002"
    again = issuing.issue_directive(journey.house.context("lan"), first, 1, 1)
    assert (again.changed, again.number) == (False, "NV 2025/0001")
    row = journey.row(Assignment, journey.assignment(first))
    assert isinstance(row, Assignment)
    assert (row.state, row.deadline_seq) == (AssignmentState.NEW, 1)
    assert row.due_at == row.judged_at
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2025-10-15T16:59:59.999000+00:00"
    assert journey.changes("directive", first)[-1] == ("issue", "draft", "issued")
    assert journey.changes("assignment", row.id) == [("issue", "draft", "new")]
    with journey.house.db.read() as session:
        deadlines = session.scalars(sa.select(Deadline).order_by(Deadline.assignment_id)).all()
        assert [(d.seq, d.reason.value, d.due_on) for d in deadlines] == [
            (1, "issued", date(2025, 10, 15))
        ] * 3


def test_numbers_are_unique_when_many_issue_at_once(journey: Journey) -> None:
    drafts = [journey.draft(f"Việc {n}") for n in range(6)]
    who = ["hoa", "lan", "minh"] * 2
    with ThreadPoolExecutor(6) as pool:
        issued = list(pool.map(journey.issue, drafts, who))
    assert sorted(item.number for item in issued) == [f"NV 2025/{n:04d}" for n in range(1, 7)]


def test_issuing_is_guarded_and_hidden(journey: Journey) -> None:
    house, key = journey.house, journey.draft(words="trước ngày 26/9")
    issue = issuing.issue_directive
    assert code_of(lambda: issue(house.context("khai"), key, 1, 1)) == "not_found"
    assert code_of(lambda: issue(house.context("thu"), key, 1, 1)) == "forbidden"
    assert code_of(lambda: issue(house.context("hoa"), key, 7, 1)) == "stale_version"
    assert code_of(lambda: issue(house.context("hoa"), key, 1, 2)) == "invalid_field"
    late = house.context("hoa", house.now + timedelta(days=9))
    assert code_of(lambda: issue(late, key, 1, 1)) == "deadline_past"
    assert issue(late, key, 1, 1, past_confirmed=True).changed
    with house.db.write() as session:
        assert session.get_one(Directive, key).version == 2


def test_a_draft_is_edited_and_an_issued_one_is_not(journey: Journey) -> None:
    key = journey.draft()
    hoa = journey.house.context("hoa")
    edit = issuing.edit_directive
    changed = edit(hoa, key, 1, draft_fields(text="Rà soát kỹ", deadline=TypedDeadline("20/10")))
    assert changed.changed
    row = journey.row(Directive, key)
    assert isinstance(row, Directive)
    assert (row.text, row.due_on, row.version) == ("Rà soát kỹ", date(2025, 10, 20), 2)
    share = journey.row(Assignment, journey.assignment(key))
    assert isinstance(share, Assignment)
    assert share.due_on == date(2025, 10, 20)
    same = draft_fields(text="Rà soát kỹ", deadline=TypedDeadline("20/10"))
    assert not edit(hoa, key, 2, same).changed
    assert code_of(lambda: edit(hoa, key, 1, draft_fields())) == "stale_version"
    unread = draft_fields(deadline=TypedDeadline("sớm"))
    assert code_of(lambda: edit(hoa, key, 2, unread)) == "deadline_missing"
    assert code_of(lambda: edit(hoa, key, 2, draft_fields(title=" "))) == "invalid_field"
    assert code_of(lambda: edit(journey.house.context("thu"), key, 2, same)) == "forbidden"
    journey.issue(key)
    assert code_of(lambda: edit(hoa, key, 3, draft_fields())) == "wrong_state"


def test_units_change_on_a_draft_and_are_only_added_after_it(journey: Journey) -> None:
    house, key = journey.house, journey.draft()
    hoa = house.context("hoa")
    dam_doi, nam_can, stc = (house.unit_id(code) for code in (DAM_DOI, NAM_CAN, "STC"))
    put = issuing.set_units
    assert put(hoa, key, 1, [nam_can], [stc]).changed
    assert not put(hoa, key, 2, [nam_can], [stc]).changed
    assert code_of(lambda: put(hoa, key, 2, [], [stc])) == "lead_missing"
    assert code_of(lambda: put(hoa, key, 1, [dam_doi], [])) == "stale_version"
    assert code_of(lambda: put(hoa, key, 2, [9999], [])) == "invalid_field"
    journey.issue(key)
    assert code_of(lambda: put(hoa, key, 3, [dam_doi], [stc])) == "wrong_state"
    assert put(hoa, key, 3, [nam_can, dam_doi], [stc]).changed
    added = journey.row(Assignment, journey.assignment(key, DAM_DOI))
    assert isinstance(added, Assignment)
    assert (added.state, added.deadline_seq) == (AssignmentState.NEW, 1)
    assert [action for action, _, _ in journey.changes("directive", key)] == [
        "draft", "add_lead", "remove_lead", "add_coordinator", "issue", "add_lead",
    ]  # fmt: skip


def test_the_unit_receives_once_and_others_do_not_see_it(journey: Journey) -> None:
    key = journey.assigned()
    house = journey.house
    receive = assignments.receive_assignment
    assert receive(house.context("bich"), key).state is AssignmentState.RECEIVED
    assert not receive(house.context("khai"), key).changed
    assert journey.changes("assignment", key)[-1] == ("receive", "new", "received")
    assert code_of(lambda: receive(house.context("tam"), key)) == "not_found"
    assert code_of(lambda: receive(house.context("dung"), key)) == "not_found"
    assert code_of(lambda: receive(house.context("hoa"), key)) == "forbidden"
    draft = journey.assignment(journey.draft("Nháp"))
    assert code_of(lambda: receive(house.context("khai"), draft)) == "not_found"


def test_a_result_hands_the_ball_to_the_office_once(journey: Journey) -> None:
    key = journey.assigned()
    bich, client_key = journey.house.context("bich"), str(uuid.uuid4())
    file = attachments.upload_file(bich, "BC.pdf", PDF)
    result = ResultFields("Đã rà soát", "214/BC-UBND", date(2025, 9, 24), files=(file.id,))
    sent = assignments.submit_result(bich, key, client_key, result)
    assert sent.state is AssignmentState.SUBMITTED
    again = assignments.submit_result(bich, key, client_key, result)
    assert (again.changed, again.report_id) == (False, sent.report_id)
    other = lambda: assignments.submit_result(bich, key, str(uuid.uuid4()), DONE)  # noqa: E731
    assert code_of(other) == "wrong_state"
    row = journey.row(Assignment, key)
    report = journey.row(Report, sent.report_id or 0)
    assert isinstance(row, Assignment)
    assert isinstance(report, Report)
    assert row.handed_at == report.submitted_at == journey.house.now
    assert (report.result_number, report.result_symbol) == ("214", "BC-UBND")
    assert journey.changes("assignment", key)[-1] == ("submit_result", "new", "submitted")


def test_the_same_form_sent_twice_at_once_makes_one_report(journey: Journey) -> None:
    key, client_key = journey.assigned(), str(uuid.uuid4())
    contexts = [journey.house.context(who) for who in ("bich", "khai", "bich", "khai")]
    send = lambda ctx: assignments.submit_result(ctx, key, client_key, DONE)  # noqa: E731
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(send, contexts))
    assert len({item.report_id for item in sent}) == 1
    assert sum(item.changed for item in sent) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (ResultFields("", no_document=True), "result_missing"),
        (ResultFields("Đã làm"), "result_missing"),
        (ResultFields("Đã làm", "214/BC-UBND"), "result_missing"),
        (ResultFields("Đã làm", "214", date(2025, 9, 25)), "invalid_field"),
        (ResultFields("Đã làm", files=(999,)), "not_found"),
    ],
)
def test_an_incomplete_result_changes_nothing(
    journey: Journey, fields: ResultFields, code: str
) -> None:
    key = journey.assigned()
    send = lambda: assignments.submit_result(  # noqa: E731
        journey.house.context("khai"), key, str(uuid.uuid4()), fields
    )
    assert code_of(send) == code
    with journey.house.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0
    assert len(journey.changes("assignment", key)) == 1


def test_a_draft_is_shared_in_the_unit_and_becomes_the_result(journey: Journey) -> None:
    key, client_key = journey.assigned(), str(uuid.uuid4())
    bich, khai = journey.house.context("bich"), journey.house.context("khai")
    file = attachments.upload_file(bich, "anh.png", b"\x89PNG\r\n\x1a\n" + b"0" * 9)
    typed = ResultFields("Đang gõ dở", "12/BC", files=(file.id,))
    saved = assignments.save_draft_report(bich, key, client_key, typed)
    assert saved.state is AssignmentState.NEW
    form = work.work_item(khai, key, "a-new-key-0001").draft
    assert form is not None
    assert (form.client_key, form.text, form.number) == (client_key, "Đang gõ dở", "12/BC")
    assert [item.name for item in form.files] == ["anh.png"]
    assert attachments.fetch_file(khai, file.id).name == "anh.png"
    hidden = lambda: attachments.fetch_file(journey.house.context("hoa"), file.id)  # noqa: E731
    assert code_of(hidden) == "not_found"
    save = lambda who: assignments.save_draft_report(  # noqa: E731
        journey.house.context(who), key, client_key, typed
    )
    assert code_of(lambda: save("tam")) == "not_found"
    assert code_of(lambda: save("hoa")) == "forbidden"
    sent = assignments.submit_result(khai, key, client_key, ResultFields("Xong", files=(file.id,)))
    assert sent.report_id == saved.report_id
    assert attachments.fetch_file(journey.house.context("hoa"), file.id).path.is_file()
    assert code_of(lambda: save("bich")) == "wrong_state"
    tam = lambda: attachments.fetch_file(journey.house.context("tam"), file.id)  # noqa: E731
    assert code_of(tam) == "not_found"


def test_confirming_closes_the_share_and_the_directive(journey: Journey) -> None:
    key = journey.assigned()
    report = journey.submitted(key)
    lan = journey.house.context("lan")
    waiting = directives.Filter(state=AssignmentState.SUBMITTED)
    assert [share.assignment_id for share in directives.desk(lan, waiting).lines] == [key]
    assert assignments.confirm_result(lan, key, report).state is AssignmentState.DONE
    assert not assignments.confirm_result(lan, key, report).changed
    row = journey.row(Assignment, key)
    assert isinstance(row, Assignment)
    directive = journey.row(Directive, row.directive_id)
    assert isinstance(directive, Directive)
    assert row.closed_at == directive.closed_at == journey.house.now
    stored = journey.row(Report, report)
    assert isinstance(stored, Report)
    assert stored.state is ReportState.CONFIRMED
    assert directives.desk(lan, waiting).lines == ()
    assert code_of(lambda: assignments.return_result(lan, key, report, "x")) == "wrong_state"


def test_returning_keeps_the_due_date_and_wants_a_reason(journey: Journey) -> None:
    key = journey.assigned()
    report = journey.submitted(key)
    lan = journey.house.context("lan")
    before = journey.row(Assignment, key)
    back = lambda reason: assignments.return_result(lan, key, report, reason)  # noqa: E731
    assert code_of(lambda: back("  ")) == "reason_missing"
    assert back("Thiếu phụ lục").state is AssignmentState.RETURNED
    assert not back("Thiếu phụ lục").changed
    after = journey.row(Assignment, key)
    assert isinstance(before, Assignment)
    assert isinstance(after, Assignment)
    assert (after.returns, after.handed_at) == (1, None)
    assert (after.due_at, after.judged_at) == (before.due_at, before.judged_at)
    second = journey.submitted(key)
    assert code_of(lambda: assignments.confirm_result(lan, key, report)) == "stale_version"
    assert assignments.confirm_result(lan, key, second).changed
    assert [change[0] for change in journey.changes("assignment", key)] == [
        "issue", "submit_result", "return", "submit_result", "confirm",
    ]  # fmt: skip


def test_nobody_confirms_what_he_submitted_or_for_his_own_unit(journey: Journey) -> None:
    key = journey.assigned("Việc của Văn phòng", "VPUB")
    report = journey.submitted(key, "hoa")
    confirm = lambda who: assignments.confirm_result(  # noqa: E731
        journey.house.context(who), key, report
    )
    assert code_of(lambda: confirm("hoa")) == "separation"
    assert code_of(lambda: confirm("lan")) == "separation"
    assert code_of(lambda: confirm("thu")) == "forbidden"
    assert code_of(lambda: confirm("tam")) == "not_found"
    assert confirm("anh").state is AssignmentState.DONE


def test_the_unit_does_not_confirm_itself(journey: Journey) -> None:
    key = journey.assigned()
    report = journey.submitted(key)
    khai = journey.house.context("khai")
    assert code_of(lambda: assignments.confirm_result(khai, key, report)) == "forbidden"
    assert code_of(lambda: assignments.return_result(khai, key, report, "x")) == "forbidden"


def test_lateness_follows_the_clock_and_stands_still_while_the_office_has_it(
    journey: Journey,
) -> None:
    house, key = journey.house, journey.assigned()

    def lateness(**ahead: float) -> Lateness:
        now = house.now + timedelta(**ahead)
        return work.work_item(house.context("khai", now), key, "key-00001").card.share.lateness

    assert lateness(days=14) is Lateness.IN_TIME
    assert lateness(days=16) is Lateness.DUE_SOON
    assert lateness(days=21, hours=15, minutes=59) is Lateness.DUE_SOON
    assert lateness(days=21, hours=16) is Lateness.LATE
    late = house.context("hoa", house.now + timedelta(days=22))
    desk = directives.desk(late, directives.Filter(lateness=Lateness.LATE))
    assert [share.assignment_id for share in desk.lines] == [key]
    assert desk.counts["late"] == 1
    report = journey.submitted(key)
    assert lateness(days=30) is Lateness.IN_TIME
    assignments.return_result(house.context("lan"), key, report, "Thiếu phụ lục")
    assert lateness(days=30) is Lateness.LATE


def test_each_unit_sees_its_own_share_and_a_helper_all_of_them(journey: Journey) -> None:
    key = journey.draft("Rà soát", DAM_DOI, NAM_CAN, helpers=["STC"])
    house = journey.house
    page = directives.directive_page
    assert code_of(lambda: page(house.context("khai"), key)) == "not_found"
    journey.issue(key)
    seen = {who: len(page(house.context(who), key).shares) for who in ("khai", "tam", "tai", "thu")}
    assert seen == {"khai": 1, "tam": 1, "tai": 2, "thu": 2}
    assert code_of(lambda: page(house.context("sau"), key)) == "not_found"
    assert code_of(lambda: page(house.context("dung"), key)) == "not_found"
    nam_can = journey.assignment(key, NAM_CAN)
    item = lambda who: work.work_item(house.context(who), nam_can, "key-00001")  # noqa: E731
    assert code_of(lambda: item("khai")) == "not_found"
    assert not item("tai").ours
    assert [share.unit_id for share in work.unit_work(house.context("khai")).lines] == [
        house.unit_id(DAM_DOI)
    ]
    assert work.unit_work(house.context("tai"), "helping").counts["helping"] == 2
    assert code_of(lambda: work.unit_work(house.context("dung"))) == "forbidden"


def test_the_desk_filters_by_view_unit_conference_and_words(journey: Journey) -> None:
    house = journey.house
    journey.assigned("Rà soát hộ nghèo", DAM_DOI, NAM_CAN)
    dated = journey.assigned("Báo cáo tàu cá", AN_XUYEN, words="trước ngày 25/9")
    journey.submitted(dated, "sau")
    journey.assigned("Giữ liên lạc", words="thường xuyên")
    hoa = house.context("hoa", house.now + timedelta(days=3))

    def found(**wanted: Any) -> list[str]:
        return [line.title for line in directives.desk(hoa, directives.Filter(**wanted)).lines]

    assert found() == [
        "Báo cáo tàu cá", "Rà soát hộ nghèo", "Rà soát hộ nghèo", "Giữ liên lạc",
    ]  # fmt: skip
    assert found(state=AssignmentState.SUBMITTED) == ["Báo cáo tàu cá"]
    assert found(lateness=Lateness.NO_DEADLINE) == ["Giữ liên lạc"]
    assert found(lateness=Lateness.LATE) == []
    assert found(unit_id=house.unit_id(NAM_CAN)) == ["Rà soát hộ nghèo"]
    assert found(words="tàu") == ["Báo cáo tàu cá"]
    assert found(conference_id=999) == []
    page = directives.desk(hoa, directives.Filter())
    assert (page.units, page.more) == (3, False)
    assert page.counts == {
        "open": 4, "new": 3, "submitted": 1, "in_time": 3, "no_deadline": 1,
    }  # fmt: skip


def test_the_calendar_is_filled_once(journey: Journey) -> None:
    from server.services import workdays
    from server.storage.workdays import load_calendar

    assert workdays.seed_workdays(journey.house.program("setup")) == 0
    with journey.house.db.read() as session:
        calendar = load_calendar(session)
    assert not calendar.is_working(date(2025, 9, 2))
    assert calendar.is_working(date(2025, 4, 26))
    assert {day.year for day in calendar.holidays} == {2025, 2026, 2027}
