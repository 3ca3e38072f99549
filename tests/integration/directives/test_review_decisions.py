"""Deciding on candidates: each action works, is hidden from others, harmless twice, guarded."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from server.domain.deadlines import DeadlineKind
from server.domain.directives import AssignmentState, DirectiveState
from server.domain.errors import UserError
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole, RejectReason
from server.domain.transcripts import SegmentFlag
from server.services import candidates, home, issuing, review
from server.services.candidate_case import Fields, UnitRef
from server.services.context import Context
from server.services.deadlines import TypedDeadline
from server.storage.models import Assignment, Candidate, CandidateUnit, Coordination, Directive
from tests.fakes.spoken_conference import spoken_conference
from tests.integration.directives.conftest import Journey
from tests.people import AN_XUYEN, DAM_DOI, NAM_CAN


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(UserError) as refused:
        act()
    return refused.value.code


def fields(journey: Journey, title: str = "Rà soát lại hộ nghèo", **more: Any) -> Fields:
    unit = UnitRef(unit_id=journey.house.unit_id(DAM_DOI))
    deadline = TypedDeadline("trước ngày 15/10")
    return Fields(title, more.get("leads", (unit,)), (), more.get("deadline", deadline))


def test_accepting_makes_one_draft_with_its_assignments(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo", [DAM_DOI, NAM_CAN], helpers=["STC"])
    hoa = journey.house.context("hoa")
    done = candidates.accept_candidate(hoa, key, 1, seconds=9)
    assert (done.state, done.changed) == (CandidateState.ACCEPTED, True)
    with journey.house.db.read() as session:
        directive = session.get_one(Directive, done.directive_id)
        assert (directive.state, directive.number) == (DirectiveState.DRAFT, None)
        assert (directive.candidate_id, directive.source_ms) == (key, 0)
        rows = session.scalars(sa.select(Assignment)).all()
        assert [(row.state, row.deadline_kind) for row in rows] == [
            (AssignmentState.DRAFT, DeadlineKind.DATED)
        ] * 2
        assert session.scalar(sa.select(Coordination.unit_id)) == journey.house.unit_id("STC")
    assert journey.changes("candidate", key) == [("accept", "open", "accepted")]
    [decision] = journey.decisions(key)
    assert (decision.action, decision.seconds) == ("accept", 9)
    assert decision.before["state"] == "open"
    assert decision.after["state"] == "accepted"
    again = candidates.accept_candidate(hoa, key, 1)
    assert (again.changed, again.directive_id) == (False, done.directive_id)
    assert len(journey.decisions(key)) == 1


def test_a_group_fans_out_into_its_units_less_the_unticked_ones(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo", ["communes_wards"])
    out = journey.house.unit_id(AN_XUYEN)
    done = candidates.accept_candidate(journey.house.context("hoa"), key, 1, without=[out])
    with journey.house.db.read() as session:
        leads = set(session.scalars(sa.select(Assignment.lead_unit_id)))
    assert len(leads) == 63
    assert out not in leads
    assert done.changed


def test_editing_names_the_fields_and_leaves_the_proposal(journey: Journey) -> None:
    key = journey.conference.candidate(
        "Rà soát hộ nghèo", ["communes_wards"], unresolved=["đầm rơi"]
    )
    hoa = journey.house.context("hoa")
    done = candidates.edit_candidate(hoa, key, 1, fields(journey), seconds=4)
    row = journey.row(Candidate, key)
    assert isinstance(row, Candidate)
    assert (done.version, row.title) == (2, "Rà soát lại hộ nghèo")
    assert row.edited == ["lead", "title"]
    assert row.proposal == {"title": "Rà soát hộ nghèo"}
    with journey.house.db.read() as session:
        units = session.scalars(sa.select(CandidateUnit)).all()
        assert [(u.unit_id, u.role) for u in units] == [
            (journey.house.unit_id(DAM_DOI), CandidateUnitRole.LEAD)
        ]
    [decision] = journey.decisions(key)
    assert decision.before["title"] == "Rà soát hộ nghèo"
    assert decision.after["title"] == "Rà soát lại hộ nghèo"
    assert not candidates.edit_candidate(hoa, key, 2, fields(journey)).changed
    assert len(journey.decisions(key)) == 1


def test_accepting_with_edits_leaves_both_decisions(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    hoa = journey.house.context("hoa")
    done = candidates.accept_candidate(hoa, key, 1, fields(journey))
    assert [d.action for d in journey.decisions(key)] == ["edit", "accept"]
    directive = journey.row(Directive, done.directive_id or 0)
    assert isinstance(directive, Directive)
    assert directive.text == "Rà soát lại hộ nghèo"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"leads": [], "unresolved": ["cái đôi dàm"]}, "lead_missing"),
        ({"words": "sớm"}, "deadline_missing"),
        ({"words": "01/08/2025"}, "deadline_past"),
        ({"flag": SegmentFlag.REPEAT}, "evidence_flagged"),
        ({"kind": CandidateKind.REQUEST}, "wrong_state"),
    ],
)
def test_a_failed_guard_changes_nothing(journey: Journey, made: dict[str, Any], code: str) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo", **made)
    hoa = journey.house.context("hoa")
    assert code_of(lambda: candidates.accept_candidate(hoa, key, 1)) == code
    row = journey.row(Candidate, key)
    assert isinstance(row, Candidate)
    assert (row.state, row.version) == (CandidateState.OPEN, 1)
    assert journey.decisions(key) == []
    assert journey.changes("candidate", key) == []


def test_a_past_date_may_be_confirmed_and_no_deadline_chosen(journey: Journey) -> None:
    hoa = journey.house.context("hoa")
    past = journey.conference.candidate("Báo cáo", words="01/08/2025")
    assert candidates.accept_candidate(hoa, past, 1, past_confirmed=True).changed
    none = journey.conference.candidate("Giữ liên lạc", words="")
    entry = fields(journey, deadline=TypedDeadline("", "none"))
    assert candidates.accept_candidate(hoa, none, 1, entry).changed


def test_rejecting_keeps_the_reason_and_undo_opens_it_again(journey: Journey) -> None:
    key = journey.conference.candidate("Cảm ơn các xã", kind=CandidateKind.REQUEST)
    hoa = journey.house.context("hoa")
    done = candidates.reject_candidate(hoa, key, 1, RejectReason.PRAISE, seconds=2)
    assert done.state is CandidateState.REJECTED
    assert journey.decisions(key)[0].reason_code == "praise"
    assert not candidates.reject_candidate(hoa, key, 1, RejectReason.OTHER).changed
    edit = lambda: candidates.edit_candidate(hoa, key, 2, fields(journey))  # noqa: E731
    assert code_of(edit) == "wrong_state"
    assert candidates.undo_candidate(hoa, key, 2).state is CandidateState.OPEN
    assert not candidates.undo_candidate(hoa, key, 3).changed
    assert [d.action for d in journey.decisions(key)] == ["reject", "undo"]


def test_undo_of_an_accepted_one_discards_its_draft(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    hoa = journey.house.context("hoa")
    done = candidates.accept_candidate(hoa, key, 1)
    reject = lambda: candidates.reject_candidate(hoa, key, 2, RejectReason.OTHER)  # noqa: E731
    assert code_of(reject) == "wrong_state"
    assert candidates.undo_candidate(hoa, key, 2).directive_id is None
    assert done.directive_id is not None
    assert journey.changes("directive", done.directive_id) == [
        ("draft", "", "draft"),
        ("discard", "draft", "discarded"),
    ]
    with journey.house.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == 0
    assert candidates.accept_candidate(hoa, key, 3).changed


def test_undo_after_issuing_is_refused(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    done = candidates.accept_candidate(journey.house.context("hoa"), key, 1)
    journey.issue(done.directive_id or 0)
    undo = lambda: candidates.undo_candidate(journey.house.context("hoa"), key, 2)  # noqa: E731
    assert code_of(undo) == "already_issued"


def test_discarding_a_draft_opens_its_candidate(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    hoa = journey.house.context("hoa")
    done = candidates.accept_candidate(hoa, key, 1)
    assert done.directive_id is not None
    assert issuing.discard_directive(hoa, done.directive_id, 1).changed
    assert not issuing.discard_directive(hoa, done.directive_id, 1).changed
    row = journey.row(Candidate, key)
    assert isinstance(row, Candidate)
    assert (row.state, row.directive_id) == (CandidateState.OPEN, None)
    assert journey.changes("candidate", key)[-1] == ("draft_discarded", "accepted", "open")


@pytest.mark.parametrize("who", ["khai", "tai", "dung", "thu", "anh"])
def test_candidates_are_hidden_from_whoever_does_not_review(journey: Journey, who: str) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    ctx = journey.house.context(who)
    acts: list[Callable[[Context], Any]] = [
        lambda c: review.review_page(c, journey.conference.id),
        lambda c: candidates.accept_candidate(c, key, 1),
        lambda c: candidates.edit_candidate(c, key, 1, fields(journey)),
        lambda c: candidates.reject_candidate(c, key, 1, RejectReason.OTHER),
        lambda c: candidates.undo_candidate(c, key, 1),
        lambda c: candidates.accept_candidate(c, 999, 1),
    ]
    assert [code_of(lambda act=act: act(ctx)) for act in acts] == ["not_found"] * len(acts)  # type: ignore[misc]
    day = home.day_of(ctx)
    assert not isinstance(day, home.OfficeDay) or day.reviews == ()


def test_the_meetings_own_secretary_reviews_it_and_no_other_one(journey: Journey) -> None:
    other = spoken_conference(journey.house, "Họp chuyên đề", secretary="bich")
    key = other.candidate("Rà soát hộ nghèo")
    bich = journey.house.context("bich")
    assert candidates.accept_candidate(bich, key, 1).changed
    assert review.review_page(bich, other.id).drafts == 1
    foreign = journey.conference.candidate("Rà soát hộ nghèo")
    assert code_of(lambda: candidates.accept_candidate(bich, foreign, 1)) == "not_found"


def test_of_two_secretaries_at_once_one_wins(journey: Journey) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")

    def edit(who: str) -> str:
        try:
            ctx = journey.house.context(who)
            candidates.edit_candidate(ctx, key, 1, fields(journey, f"Việc của {who}"))
        except UserError as error:
            return f"{error.code}, {error.params['who']}"
        return "won"

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(edit, ["hoa", "lan"]))
    assert second == "won"
    assert first in ("stale_version, Trần Thị Hoa", "stale_version, Phạm Ngọc Lan")
    assert len(journey.decisions(key)) == 1


def test_the_page_shows_the_first_open_one_in_its_words(journey: Journey) -> None:
    c = journey.conference
    c.say("Tôi kết luận mấy việc.")
    first = c.candidate("Rà soát hộ nghèo", said="giao xã Đầm Dơi rà soát hộ nghèo")
    c.say("rác của máy", flag=SegmentFlag.ECHO)
    second = c.candidate("Báo cáo", unresolved=["cái đôi dàm"], leads=[], confidence=0.5)
    hoa = journey.house.context("hoa")
    candidates.reject_candidate(hoa, first, 1, RejectReason.REPORT)
    page = review.review_page(hoa, c.id)
    assert page.card is not None
    assert (page.card.id, page.card.n, page.previous_id, page.next_id) == (second, 2, first, None)
    assert [(h.phrase, h.resolved, len(h.choices)) for h in page.card.heard] == [
        ("cái đôi dàm", False, 1)
    ]
    assert [line.unclear for line in page.lines] == [False, True]
    texts = ["".join(text for text, _ in turn.parts) for turn in page.turns]
    assert "rác của máy" not in texts
    marked = [text for turn in page.turns for text, mark in turn.parts if mark]
    assert marked == ["Giao thực hiện: Báo cáo, trước ngày 15/10."]
    back = review.review_page(hoa, c.id, first)
    assert back.card is not None
    assert (back.card.decided_by, back.card.reason) == ("Trần Thị Hoa", "report")
    assert page.decided == 1
