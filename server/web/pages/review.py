"""The review page of a conference, what one decides there, and the step of issuing.

A refusal comes back on the page itself, at its field, with everything typed kept; so does the
loser's text when two secretaries edit at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from server.domain.errors import UserError
from server.domain.review import CandidateState, RejectReason
from server.services import candidates, deadlines, drafts, issuing, review
from server.services.candidate_case import Fields, UnitRef
from server.services.deadlines import TypedDeadline
from server.services.review import ReviewPage
from server.web.call import call
from server.web.deadline_words import deadline_answer
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

ONE = r"/conferences/{id:\d+}/review"
CANDIDATE = r"/candidates/{id:\d+}"
# Where a refusal stands in the form: the field it is about; others stand above the form.
AT_FIELD = {
    "lead_missing": "leads",
    "deadline_missing": "deadline",
    "deadline_past": "deadline",
}
AT_NAME = {"title": "title", "unit": "leads", "deadline": "deadline"}
DONE = {
    "accepted": "Draft {n} accepted",
    "rejected": "Draft {n} is no task",
    "undone": "Draft {n} is open again",
    "saved": "Changes saved",
}


@dataclass(frozen=True)
class Typed:
    """The candidate's form as it was typed."""

    title: str
    leads: tuple[str, ...]
    coordinating: tuple[str, ...]
    words: str
    choice: str
    without: frozenset[str] = frozenset()
    past_ok: bool = False


@routes.get("/deadline")
async def read_deadline(request: web.Request) -> web.Response:
    """What typed words mean, for the field that shows it while one types."""
    on = request.query.get("on")
    try:
        held_on = date.fromisoformat(on) if on else None
    except ValueError:
        raise UserError("invalid_field", field="deadline", problem="unknown") from None
    words = request.query.get("text", "")[:200]
    found = await call(request, deadlines.understand, words, held_on)
    return web.json_response(deadline_answer(request, found))


@routes.get(ONE)
async def show(request: web.Request) -> web.Response:
    """The candidate in hand: the named one, else the next open one."""
    page = await call(
        request,
        review.review_page,
        path_id(request),
        query_id(request, "c"),
        query_id(request, "after"),
    )
    decided = page.just_decided
    if decided and page.decided == len(page.lines) and page.drafts and "c" not in request.query:
        raise web.HTTPSeeOther(f"/conferences/{page.conference_id}/review/drafts")
    return _page(request, page)


@routes.post(CANDIDATE + "/edit")
async def edit(request: web.Request) -> web.Response:
    """Save what is typed."""
    data = await request.post()
    return await _decide(request, data, "saved")


@routes.post(CANDIDATE + "/acceptance")
async def accept(request: web.Request) -> web.Response:
    """Save and accept; on to the next open one."""
    data = await request.post()
    return await _decide(request, data, "accepted")


@routes.post(CANDIDATE + "/rejection")
async def reject(request: web.Request) -> web.Response:
    """No task, for the chosen reason."""
    data = await request.post()
    return await _decide(request, data, "rejected")


@routes.post(CANDIDATE + "/undo")
async def undo(request: web.Request) -> web.Response:
    """Open it again."""
    data = await request.post()
    return await _decide(request, data, "undone")


async def _decide(request: web.Request, data: FormData, done: str) -> web.Response:
    conference_id = form_id(data, "conference")
    key, version, seconds = (
        path_id(request),
        form_id(data, "version"),
        form_id(data, "seconds"),
    )
    typed = typed_of(data) if done in ("saved", "accepted") else None
    try:
        if done == "rejected":
            reason = reason_of(str(data.get("reason", "")))
            outcome = await call(
                request, candidates.reject_candidate, key, version, reason, seconds=seconds
            )
        elif typed is None:
            outcome = await call(request, candidates.undo_candidate, key, version, seconds=seconds)
        elif done == "saved":
            fields = fields_of(typed)
            outcome = await call(
                request, candidates.edit_candidate, key, version, fields, seconds=seconds
            )
        else:
            outcome = await call(
                request,
                candidates.accept_candidate,
                key,
                version,
                fields_of(typed),
                without=[int(unit) for unit in typed.without],
                past_confirmed=typed.past_ok,
                seconds=seconds,
            )
    except UserError as error:
        if error.code in ("not_found", "signed_out"):
            raise
        page = await call(request, review.review_page, conference_id, key)
        return _page(request, page, typed, error)
    query = f"c={key}" if done in ("undone", "saved") else f"after={key}"
    raise web.HTTPSeeOther(f"/conferences/{outcome.conference_id}/review?{query}&done={done}")


def _page(
    request: web.Request,
    page: ReviewPage,
    typed: Typed | None = None,
    error: UserError | None = None,
) -> web.Response:
    """The page with the form as typed, or as stored."""
    card = page.card
    stored = None
    if card is not None:
        stored = Typed(
            card.title, card.leads, card.coordinating, card.deadline.words, card.deadline.choice
        )
    form = typed or stored
    errors: dict[str, str] = {}
    if error is not None:
        where = AT_FIELD.get(error.code) or AT_NAME.get(str(error.params.get("field")), "top")
        if card is not None and card.state is not CandidateState.OPEN:
            where = "top"
        errors[where] = error_text(request, error)
    return render(
        request,
        "review/page.html" if card else "review/empty.html",
        status=error.status if error else 200,
        page=page,
        card=card,
        form=form,
        stored=stored if error is not None and error.code == "stale_version" else None,
        errors=FieldErrors(errors),
        ask_past=error is not None and error.code == "deadline_past",
        labels={option.value: option.short for option in page.options},
        choices=deadlines.KIND_CHOICES,
        reasons=list(RejectReason),
        done=DONE.get(request.query.get("done", "")),
    )


@routes.get(ONE + "/drafts")
async def show_drafts(request: web.Request) -> web.Response:
    """The drafts of a conference, to be issued."""
    page = await call(request, drafts.drafts_page, path_id(request))
    return render(request, "review/drafts.html", page=page, failed={}, issued=())


@routes.post(ONE + "/issues")
async def issue(request: web.Request) -> web.Response:
    """Issue the chosen drafts one by one; each that is refused says why and stays."""
    data = await request.post()
    key, leader = path_id(request), form_id(data, "leader")
    failed: dict[int, str] = {}
    issued: list[issuing.Issued] = []
    past_ok = set(form_texts(data, "past_ok"))
    for value in data.getall("draft", []):
        draft, _, version = str(value).partition(":")
        try:
            issued.append(
                await call(
                    request,
                    issuing.issue_directive,
                    id_or_none(draft) or 0,
                    id_or_none(version) or 0,
                    leader,
                    past_confirmed=draft in past_ok,
                )
            )
        except UserError as error:
            failed[id_or_none(draft) or 0] = error_text(request, error)
    page = await call(request, drafts.drafts_page, key)
    if issued and not failed and not page.drafts:
        raise web.HTTPSeeOther(f"/directives?conference={key}&done=issued")
    status = 422 if failed else 200
    return render(
        request, "review/drafts.html", status=status, page=page, failed=failed, issued=issued
    )


def typed_of(data: FormData) -> Typed:
    """The form's text; nothing is checked yet."""
    ticked = set(form_texts(data, "in"))
    shown = set(form_texts(data, "shown"))
    leads = tuple(form_texts(data, "leads"))
    without = {
        member.partition(":")[2]
        for member in shown - ticked
        if f"g{member.partition(':')[0]}" in leads
    }
    return Typed(
        title=str(data.get("title", "")),
        leads=leads,
        coordinating=tuple(form_texts(data, "coordinating")),
        words=str(data.get("deadline", "")),
        choice=str(data.get("deadline_kind", "")),
        without=frozenset(unit for unit in without if id_or_none(unit)),
        past_ok="past_ok" in data,
    )


def fields_of(typed: Typed) -> Fields:
    """The form's values; `invalid_field` for a unit that is none."""
    return Fields(
        title=typed.title,
        leads=tuple(UnitRef.parse(value) for value in typed.leads),
        coordinating=tuple(UnitRef.parse(value) for value in typed.coordinating),
        deadline=TypedDeadline(typed.words.strip(), typed.choice),
    )


def reason_of(value: str) -> RejectReason:
    """The reason of a rejection; `reason_missing` for none."""
    try:
        return RejectReason(value)
    except ValueError:
        raise UserError("reason_missing") from None
