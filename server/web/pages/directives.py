"""Directives as pages: the desk, one directive with its shares, a draft's form; judging results."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from server.domain.deadlines import Lateness
from server.domain.directives import AssignmentState, DirectiveState
from server.domain.errors import UserError
from server.domain.permissions import SEES_ALL
from server.services import assignments, deadlines, directives, issuing
from server.services.candidate_case import UnitRef
from server.services.deadlines import TypedDeadline
from server.services.directives import PAGE, DirectivePage, Filter
from server.services.issuing import DraftFields, Issued
from server.web.call import call, viewer_of
from server.web.errors import error_text
from server.web.form_values import (
    FieldErrors,
    FormData,
    form_id,
    form_texts,
    id_or_none,
    path_id,
    query_id,
)
from server.web.render import render

routes = web.RouteTableDef()

ONE = r"/directives/{id:\d+}"
SHARE = r"/assignments/{id:\d+}"
# The views of the desk in their order: msgid, and what they narrow to.
VIEWS: tuple[tuple[str, AssignmentState | None, Lateness | None], ...] = (
    ("All that are open", None, None),
    ("Late", None, Lateness.LATE),
    ("Due soon", None, Lateness.DUE_SOON),
    ("Awaiting confirmation", AssignmentState.SUBMITTED, None),
    ("To be redone", AssignmentState.RETURNED, None),
    ("In time", None, Lateness.IN_TIME),
    ("No deadline", None, Lateness.NO_DEADLINE),
    ("Completed", AssignmentState.DONE, None),
    ("Draft", AssignmentState.DRAFT, None),
)
AT_FIELD = {
    "lead_missing": "leads",
    "deadline_missing": "deadline",
    "deadline_past": "deadline",
    "text_missing": "text",
}
AT_NAME = {
    "title": "title",
    "text": "text",
    "unit": "leads",
    "deadline": "deadline",
    "leader": "leader",
}
DONE = {
    "issued": "The directives are issued",
    "saved": "Changes saved",
    "confirmed": "Completion confirmed",
    "returned": "Returned to the unit",
}


@dataclass(frozen=True)
class Typed:
    """A draft's form as it was typed."""

    title: str
    text: str
    expected_result: str
    leads: tuple[str, ...]
    coordinating: tuple[str, ...]
    words: str
    choice: str
    leader: str


@routes.get("/directives")
async def show_desk(request: web.Request) -> web.Response:
    """The desk; a unit's people have their own page."""
    if not any(post.role in SEES_ALL for post in viewer_of(request).posts):
        raise web.HTTPSeeOther("/work")
    wanted = filter_of(request)
    found = await call(request, directives.desk, wanted)
    return render(
        request,
        "directives/desk.html",
        desk=found,
        wanted=wanted,
        views=VIEWS,
        page_size=PAGE,
        toast_text=_done(request),
    )


@routes.get(ONE)
async def show(request: web.Request) -> web.Response:
    """One directive, with the share in hand."""
    share = request.query.get("share", "")
    page = await call(
        request,
        directives.directive_page,
        path_id(request),
        int(share) if share.isdecimal() else None,
    )
    return _page(request, page)


@routes.post(ONE + "/edit")
async def edit(request: web.Request) -> web.Response:
    """Save a draft's form."""
    return await _draft(request, issue=False)


@routes.post(ONE + "/issue")
async def issue(request: web.Request) -> web.Response:
    """Save and issue."""
    return await _draft(request, issue=True)


@routes.post(ONE + "/discard")
async def discard(request: web.Request) -> web.Response:
    """Discard a draft; back to the review of its conference."""
    data = await request.post()
    done = await call(
        request, issuing.discard_directive, path_id(request), form_id(data, "version")
    )
    target = f"/conferences/{done.conference_id}/review" if done.conference_id else "/directives"
    raise web.HTTPSeeOther(target)


async def _draft(request: web.Request, *, issue: bool) -> web.Response:
    data, key = await request.post(), path_id(request)
    typed = typed_of(data)
    try:
        saved = await _save(request, key, form_id(data, "version"), typed)
        if issue:
            leader = id_or_none(typed.leader) or 0
            await call(
                request,
                issuing.issue_directive,
                key,
                saved.version,
                leader,
                past_confirmed="past_ok" in data,
            )
    except UserError as error:
        if error.code in ("not_found", "forbidden", "signed_out"):
            raise
        page = await call(request, directives.directive_page, key)
        return _page(request, page, typed, error)
    raise web.HTTPSeeOther(f"/directives/{key}?done={'issued' if issue else 'saved'}")


async def _save(request: web.Request, key: int, version: int, typed: Typed) -> Issued:
    fields = DraftFields(
        typed.title,
        typed.text,
        typed.expected_result,
        TypedDeadline(typed.words.strip(), typed.choice),
    )
    edited = await call(request, issuing.edit_directive, key, version, fields)
    leads, helpers = (
        [unit_of(value) for value in values] for values in (typed.leads, typed.coordinating)
    )
    if not edited.changed:
        return await call(request, issuing.set_units, key, version, leads, helpers)
    return await call(request, issuing.set_units, key, edited.version, leads, helpers)


def _page(
    request: web.Request,
    page: DirectivePage,
    typed: Typed | None = None,
    error: UserError | None = None,
) -> web.Response:
    form = typed
    if form is None and page.draft is not None:
        form = Typed(
            page.title,
            page.text,
            page.expected_result,
            page.draft.leads,
            page.draft.helpers,
            page.draft.deadline.words,
            page.draft.deadline.choice,
            str(page.draft.leader_id or ""),
        )
    errors: dict[str, str] = {}
    if error is not None:
        where = AT_FIELD.get(error.code) or AT_NAME.get(str(error.params.get("field")), "top")
        errors[where if page.draft else "top"] = error_text(request, error)
    template = "draft" if page.state is DirectiveState.DRAFT and page.draft else "page"
    return render(
        request,
        f"directives/{template}.html",
        status=error.status if error else 200,
        page=page,
        form=form,
        errors=FieldErrors(errors),
        ask_past=error is not None and error.code == "deadline_past",
        choices=deadlines.KIND_CHOICES,
        toast_text=None if error else _done(request),
        reason="",
    )


@routes.post(SHARE + "/confirmation")
async def confirm(request: web.Request) -> web.Response:
    """Confirm the result that was seen."""
    data = await request.post()
    done = await call(
        request, assignments.confirm_result, path_id(request), form_id(data, "report")
    )
    raise web.HTTPSeeOther(
        f"/directives/{done.directive_id}?share={done.assignment_id}&done=confirmed"
    )


@routes.post(SHARE + "/return")
async def send_back(request: web.Request) -> web.Response:
    """Return the result with a reason; without one the page asks for it."""
    data, key = await request.post(), path_id(request)
    reason = str(data.get("reason", ""))
    try:
        done = await call(request, assignments.return_result, key, form_id(data, "report"), reason)
    except UserError as error:
        if error.code != "reason_missing":
            raise
        page = await call(request, directives.directive_page, form_id(data, "directive"), key)
        return render(
            request,
            "directives/page.html",
            status=error.status,
            page=page,
            form=None,
            errors=FieldErrors(reason=error_text(request, error)),
            reason=reason,
            toast_text=None,
        )
    raise web.HTTPSeeOther(
        f"/directives/{done.directive_id}?share={done.assignment_id}&done=returned"
    )


def filter_of(request: web.Request) -> Filter:
    """What the address asks for; unknown values ask for nothing."""
    query = request.query
    state = query.get("state", "")
    late = query.get("lateness", "")
    return Filter(
        state=AssignmentState(state) if state in set(AssignmentState) else None,
        lateness=Lateness(late) if late in set(Lateness) else None,
        unit_id=query_id(request, "unit"),
        conference_id=query_id(request, "conference"),
        words=query.get("q", "")[:100],
        offset=query_id(request, "offset") or 0,
    )


def typed_of(data: FormData) -> Typed:
    """A draft's form; nothing is checked yet."""
    return Typed(
        title=str(data.get("title", "")),
        text=str(data.get("text", "")),
        expected_result=str(data.get("expected_result", "")),
        leads=tuple(form_texts(data, "leads")),
        coordinating=tuple(form_texts(data, "coordinating")),
        words=str(data.get("deadline", "")),
        choice=str(data.get("deadline_kind", "")),
        leader=str(data.get("leader", "")),
    )


def unit_of(value: str) -> int:
    """The unit that a picker's value names; groups are opened at acceptance, not here."""
    found = UnitRef.parse(value).unit_id
    if found is None:
        raise UserError("invalid_field", field="unit", problem="unknown")
    return found


def _done(request: web.Request) -> str | None:
    return DONE.get(request.query.get("done", ""))
