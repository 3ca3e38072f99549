"""What happened before the demo: an earlier conference whose tasks stand in every state.

Its candidates are entered by hand (keys `hand/…`); everything after that is what people did, told
to the same services at earlier instants, so that history, numbers and lateness are real.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from server.demo.cast import CHAIR, SECOND_SECRETARY, SECRETARY, as_account
from server.demo.script import AN_XUYEN, DAM_DOI, FINANCE, NAM_CAN
from server.domain.deadlines import DeadlineKind, Precision
from server.domain.directives import ReportState
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole
from server.services import assignments, candidates, issuing, meetings, meetings_form
from server.services.context import ZONE, Context
from server.storage import org as org_rows
from server.storage.models import Assignment, Candidate, CandidateUnit, Position, Report

RESULT = "Đã thực hiện xong, kết quả như báo cáo."
MISSING = "Còn thiếu phụ lục số liệu."
LOGIN_OF = {DAM_DOI: "khai", NAM_CAN: "tam", AN_XUYEN: "sau", FINANCE: "tai"}


@dataclass(frozen=True)
class Earlier:
    """A task of the earlier conference: its lead, its words, due so many days from today, and how
    far it came.
    """

    unit: str
    title: str
    due_in: int
    steps: tuple[str, ...] = ()


TASKS = (
    Earlier(DAM_DOI, "Rà soát danh sách hộ nghèo và hộ cận nghèo", -2, ("receive",)),
    Earlier(
        DAM_DOI,
        "Thống kê trường học xuống cấp trên địa bàn",
        -6,
        ("receive", "submit", "confirm"),
    ),
    Earlier(NAM_CAN, "Kiểm tra tuyến đê biển, báo cáo hiện trạng sạt lở", 2, ("receive",)),
    Earlier(NAM_CAN, "Lập danh sách tàu cá chưa đăng ký", 9),
    Earlier(AN_XUYEN, "Xử lý đơn thư khiếu nại tồn đọng", 5, ("receive", "submit")),
    Earlier(
        FINANCE,
        "Tổng hợp nhu cầu vốn sửa chữa trụ sở cấp xã",
        12,
        ("receive", "submit", "return"),
    ),
)
"""Steps: receive, submit (a result without a document), confirm, return."""


def play_past(ctx: Context, ids: dict[str, int]) -> int:
    """Hold the earlier conference, issue its tasks, take their steps; returns its id."""
    held_at = ctx.now - timedelta(days=14)

    def at(login: str, when: datetime) -> Context:
        return replace(as_account(ctx, ids[login]), now=when)

    conference_id = _hold(ctx, at, held_at)
    for number, task in enumerate(TASKS):
        _carry(ctx, at, conference_id, number, task, held_at)
    return conference_id


def _hold(ctx: Context, at: Callable[[str, datetime], Context], held_at: datetime) -> int:
    """Schedule, open, start and end the earlier conference, each at its own time."""
    with ctx.db.read() as session:
        host = org_rows.units_by_code(session, ["UBT"])["UBT"].id
        units = org_rows.units_by_code(session, list(LOGIN_OF))
        invited = tuple(units[code].id for code in LOGIN_OF)
        positions = dict(
            session.query(Position.title, Position.id).filter(
                Position.title.in_([CHAIR.title, SECRETARY.title])
            )
        )
    form = meetings_form.ConferenceForm(
        title="Giao ban công tác tháng trước",
        starts_at=held_at,
        minutes=90,
        host_unit_id=host,
        chair_position_id=positions[CHAIR.title],
        secretary_position_ids=(positions[SECRETARY.title],),
        unit_ids=invited,
    )
    before = held_at - timedelta(days=3)
    conference_id = meetings_form.make_conference(at("hoa", before), form)
    meetings.schedule_conference(at("hoa", before), conference_id)
    meetings.open_lobby(at("anh", held_at - timedelta(minutes=20)), conference_id)
    meetings.start_conference(at("anh", held_at), conference_id)
    meetings.end_conference(at("anh", held_at + timedelta(minutes=80)), conference_id)
    return conference_id


def _carry(
    ctx: Context,
    at: Callable[[str, datetime], Context],
    conference_id: int,
    number: int,
    task: Earlier,
    held_at: datetime,
) -> None:
    """From the candidate to where the task stands today."""
    issued_at = held_at + timedelta(days=1, minutes=number)
    candidate_id = _enter(ctx, conference_id, number, task)
    accepted = candidates.accept_candidate(
        at("hoa", issued_at), candidate_id, 1, past_confirmed=True
    )
    with ctx.db.read() as session:
        leader = session.query(Position.id).filter_by(title=CHAIR.title).scalar()
    assert accepted.directive_id is not None
    issuing.issue_directive(
        at("hoa", issued_at), accepted.directive_id, 1, leader, past_confirmed=True
    )
    with ctx.db.read() as session:
        assignment_id = (
            session.query(Assignment.id).filter_by(directive_id=accepted.directive_id).scalar()
        )
    login = LOGIN_OF[task.unit]
    for days, step in enumerate(task.steps, start=2):
        when = held_at + timedelta(days=days, hours=2)
        if step == "receive":
            assignments.receive_assignment(at(login, when), assignment_id)
        elif step == "submit":
            fields = assignments.ResultFields(text=RESULT, no_document=True)
            key = f"demo-{number}-{days}"
            assignments.submit_result(at(login, when), assignment_id, key, fields)
        else:
            with ctx.db.read() as session:
                report_id = (
                    session.query(Report.id)
                    .filter_by(assignment_id=assignment_id, state=ReportState.SENT)
                    .scalar()
                )
            office = at(SECOND_SECRETARY.login, when)
            if step == "confirm":
                assignments.confirm_result(office, assignment_id, report_id)
            else:
                assignments.return_result(office, assignment_id, report_id, MISSING)


def _enter(ctx: Context, conference_id: int, number: int, task: Earlier) -> int:
    """A candidate made by hand."""
    due_on = ctx.now.astimezone(ZONE).date() + timedelta(days=task.due_in)
    with ctx.db.write() as session:
        unit = org_rows.units_by_code(session, [task.unit])[task.unit]
        candidate = Candidate(
            conference_id=conference_id,
            stable_key=f"hand/{uuid.uuid4()}",
            lane="text:demo",
            state=CandidateState.OPEN,
            proposal={},
            kind=CandidateKind.TASK,
            title=task.title,
            task=task.title,
            deadline_kind=DeadlineKind.DATED,
            due_on=due_on,
            precision=Precision.DAY,
            due_phrase=f"trước ngày {due_on:%d/%m}",
            confidence=1.0,
            reasons=[],
            first_run=1,
            seen_run=1,
            start_ms=number * 60_000,
        )
        session.add(candidate)
        session.flush()
        session.add(
            CandidateUnit(
                candidate_id=candidate.id,
                role=CandidateUnitRole.LEAD,
                phrase=unit.short_name,
                unit_id=unit.id,
                score=100.0,
            )
        )
        return candidate.id
