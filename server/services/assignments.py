"""What a unit and the Office do with one assignment: receive, report, confirm, return.

The unit claims that it is done, with a result; the Office confirms or returns it, and never the
person who submitted it. `handed_at` is the server's receipt of the result: while it is set the
clock of lateness stands still. Pages of the unit are in `work`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.directives import (
    ASSIGNMENTS,
    AssignmentState,
    ReportKind,
    ReportState,
    confirmer_post,
    separated,
    unit_post,
)
from server.domain.errors import UserError
from server.domain.permissions import OFFICE, UNIT, forbidden
from server.domain.reports import MAX_FILES, guard_result, split_number
from server.domain.states import Move
from server.services.context import Context
from server.services.issuing import close_if_done
from server.storage.assignments import live_result, report_of_key
from server.storage.attachments import set_files
from server.storage.directives import claim_version, load_assignment, source_of, stale
from server.storage.history import actor_columns, record
from server.storage.models import Assignment, Directive, Report, Unit

KEY_LENGTH = 64


@dataclass(frozen=True)
class ResultFields:
    """What the report form gives, whole. `number` as written: `214/BC-UBND`."""

    text: str
    number: str = ""
    result_on: date | None = None
    no_document: bool = False
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class Acted:
    """An assignment after an action; `changed` False: it was so already."""

    assignment_id: int
    directive_id: int
    state: AssignmentState
    changed: bool
    report_id: int | None = None


def receive_assignment(ctx: Context, assignment_id: int) -> Acted:
    """The unit takes note of it (tiếp nhận)."""
    with ctx.write() as (session, actor):
        assignment, directive, post = _load_for_unit(session, actor, assignment_id)
        move = ASSIGNMENTS.move("receive", assignment.state)
        if not move.changed:
            return _acted(assignment, False)
        assignment.handed_at = None
        _apply(session, ctx, actor, post, assignment, move, directive)
        return _acted(assignment, True)


def save_draft_report(
    ctx: Context, assignment_id: int, client_key: str, fields: ResultFields
) -> Acted:
    """Keep what is typed so far; other devices of the unit open the same draft."""
    with ctx.write() as (session, actor):
        assignment, _, post = _load_for_unit(session, actor, assignment_id)
        ASSIGNMENTS.move("save_draft_report", assignment.state)
        report = _report_for(session, actor, post, assignment, client_key)
        if report.state is not ReportState.DRAFT:
            raise UserError("wrong_state", object="report", state=report.state.value, action="edit")
        _write_report(session, actor, report, fields)
        return _acted(assignment, True, report.id)


def submit_result(ctx: Context, assignment_id: int, client_key: str, fields: ResultFields) -> Acted:
    """Send the result. The same client key again is a success without an effect, so that a second
    click or a resend after a break of the line is harmless. Raises `result_missing`.
    """
    with ctx.write() as (session, actor):
        assignment, directive, post = _load_for_unit(session, actor, assignment_id)
        known = report_of_key(session, assignment.lead_unit_id, _key(client_key))
        if known is not None and known.state is not ReportState.DRAFT:
            if known.assignment_id != assignment.id:
                raise UserError(
                    "wrong_state", object="report", state=known.state.value, action="submit_result"
                )
            return _acted(assignment, False, known.id)
        move = ASSIGNMENTS.move("submit_result", assignment.state)
        number, _ = split_number(fields.number)
        guard_result(
            fields.text,
            number,
            fields.result_on is not None,
            len(fields.files),
            fields.no_document,
        )
        if fields.result_on is not None and fields.result_on > ctx.today:
            raise UserError("invalid_field", field="result_on", problem="in_future")
        report = _report_for(session, actor, post, assignment, client_key)
        _write_report(session, actor, report, fields)
        report.state, report.submitted_at = ReportState.SENT, ctx.now
        for name, value in actor_columns(actor, post).items():
            setattr(report, name, value)
        assignment.handed_at = ctx.now
        data: dict[str, Any] = {"report": report.id, "number": fields.number.strip() or None}
        _apply(session, ctx, actor, post, assignment, move, directive, data=data)
        return _acted(assignment, True, report.id)


def confirm_result(ctx: Context, assignment_id: int, report_id: int) -> Acted:
    """The Office confirms the result it saw. Raises `separation`, and `stale_version` when another
    result stands there now.
    """
    with ctx.write() as (session, actor):
        return _decide(session, ctx, actor, assignment_id, report_id, "confirm", None)


def return_result(ctx: Context, assignment_id: int, report_id: int, reason: str) -> Acted:
    """The Office returns the result with a reason; the due date stays."""
    with ctx.write() as (session, actor):
        return _decide(session, ctx, actor, assignment_id, report_id, "return", reason.strip())


def _decide(
    session: Session,
    ctx: Context,
    actor: Actor,
    assignment_id: int,
    report_id: int,
    action: str,
    reason: str | None,
) -> Acted:
    assignment, directive = load_assignment(session, actor, assignment_id, lock=True)
    post = confirmer_post(actor, source_of(session, directive))
    if post is None:
        raise forbidden(*OFFICE)
    report = live_result(session, assignment.id)
    submitter = report.by_account_id if report else None
    if not separated(actor, submitter, assignment.lead_unit_id):
        raise UserError("separation")
    move = ASSIGNMENTS.move(action, assignment.state)
    if not move.changed:
        return _acted(assignment, False, report_id)
    if report is None or report.id != report_id:
        raise stale(session, "assignment", assignment.id)
    if reason == "":
        raise UserError("reason_missing")
    report.decided_at, report.decided_by_account_id = ctx.now, actor.account_id
    report.decision_note = reason
    report.version += 1
    if action == "confirm":
        report.state, assignment.closed_at = ReportState.CONFIRMED, ctx.now
    else:
        report.state, assignment.handed_at = ReportState.RETURNED, None
        assignment.returns += 1
    _apply(
        session, ctx, actor, post, assignment, move, directive,
        reason=reason, data={"report": report.id},
    )  # fmt: skip
    close_if_done(session, ctx, directive)
    return _acted(assignment, True, report.id)


def _load_for_unit(
    session: Session, actor: Actor, assignment_id: int
) -> tuple[Assignment, Directive, Post]:
    assignment, directive = load_assignment(session, actor, assignment_id, lock=True)
    unit = session.get_one(Unit, assignment.lead_unit_id)
    post = unit_post(actor, unit.id, unit.path)
    if post is None:
        raise forbidden(*UNIT)
    return assignment, directive, post


def _report_for(
    session: Session, actor: Actor, post: Post, assignment: Assignment, client_key: str
) -> Report:
    """The draft of this form, made when it is the first time."""
    report = report_of_key(session, assignment.lead_unit_id, _key(client_key))
    if report is None:
        report = Report(
            assignment_id=assignment.id,
            unit_id=assignment.lead_unit_id,
            kind=ReportKind.RESULT,
            text="",
            state=ReportState.DRAFT,
            client_key=client_key,
            **actor_columns(actor, post),
        )
        session.add(report)
        session.flush()
    elif report.assignment_id != assignment.id:
        raise UserError("not_found")
    return report


def _write_report(session: Session, actor: Actor, report: Report, fields: ResultFields) -> None:
    if len(fields.files) > MAX_FILES:
        raise UserError("invalid_field", field="files", problem="too_many")
    report.text = fields.text.strip()
    report.result_number, report.result_symbol = split_number(fields.number)
    report.result_on, report.no_document = fields.result_on, fields.no_document
    report.version += 1
    set_files(session, actor, report, tuple(dict.fromkeys(fields.files)))


def _key(client_key: str) -> str:
    if not 8 <= len(client_key) <= KEY_LENGTH:
        raise UserError("invalid_field", field="client_key", problem="unknown")
    return client_key


def _apply(
    session: Session,
    ctx: Context,
    actor: Actor,
    post: Post,
    assignment: Assignment,
    move: Move[AssignmentState],
    directive: Directive,
    *,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """The state, the version and the one history row of a move."""
    assignment.state = move.new
    session.flush()
    claim_version(session, assignment, None)
    record(
        session,
        ("assignment", assignment.id),
        move.action,
        actor=actor,
        now=ctx.now,
        post=post,
        parent=("directive", directive.id),
        old=move.old.value,
        new=move.new.value,
        reason=reason,
        data=data,
    )


def _acted(assignment: Assignment, changed: bool, report_id: int | None = None) -> Acted:
    return Acted(assignment.id, assignment.directive_id, assignment.state, changed, report_id)
