"""Conferences as pages: the list, making and editing one, one conference with its acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from aiohttp import web

from server.domain.errors import OperatorError, UserError
from server.domain.meetings import MINUTES, ConferenceState, Strategy
from server.services import meetings, meetings_form, meetings_pages
from server.services.context import ZONE, Context
from server.services.meetings_form import ConferenceForm
from server.services.meetings_pages import FormChoices
from server.web.call import call
from server.web.errors import error_text
from server.web.live_socket import hub_of
from server.web.render import render
from server.web.worker_link.hub import processing_or_none

routes = web.RouteTableDef()

ONE = r"/conferences/{id:\d+}"
# Seconds of a turn that the form offers; the last thirty seconds are said as such.
TURN_S = (120, 180, 300, 420, 600, 900)
SOFT_BEFORE_S = 30
# Where a refusal stands in the form: the field it is about.
AT_FIELD = {
    "classified": "classified",
    "no_invited_unit": "units",
    "chair_missing": "chair",
    "in_past": "starts_at",
}


@dataclass(frozen=True)
class Typed:
    """The form as it was typed, kept through every refusal."""

    title: str = ""
    place: str = ""
    day: str = ""
    hour: str = "08:00"
    minutes: str = "150"
    host: str = ""
    chair: str = ""
    secretaries: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    strategy: str = ""
    turn: str = "300"
    classified: str = "no"
    version: str = ""


@routes.get("/conferences")
async def show_list(request: web.Request) -> web.Response:
    """What is to come and what was."""
    found = await call(request, meetings_pages.list_conferences)
    return render(request, "conferences/list.html", found=found)


@routes.get("/conferences/new")
async def show_new(request: web.Request) -> web.Response:
    """An empty form."""
    choices = await call(request, meetings_pages.form_choices)
    typed = Typed(
        host=choices.hosts[0].value if choices.hosts else "",
        secretaries=(choices.own_secretary,) if choices.own_secretary else (),
    )
    return _form(request, choices, typed)


@routes.post("/conferences/new")
async def make(request: web.Request) -> web.Response:
    """Keep a draft, or schedule at once; a refusal comes back in the form, with everything kept."""
    choices = await call(request, meetings_pages.form_choices)
    typed = await read_form(request)
    schedule = (await request.post()).get("act") != "draft"
    try:
        form = form_of(typed, choices)
        made = await call(request, meetings_form.make_conference, form, schedule)
    except UserError as error:
        return _form(request, choices, typed, error)
    return web.Response(status=303, headers={"Location": f"/conferences/{made}"})


@routes.get(ONE + "/edit")
async def show_edit(request: web.Request) -> web.Response:
    """The form, filled."""
    choices, typed = await call(request, _editing, number(request))
    return _form(request, choices, typed)


def _editing(ctx: Context, conference_id: int) -> tuple[FormChoices, Typed]:
    version, host, unit_ids = meetings_pages.invited_unit_ids(ctx, conference_id)
    choices = meetings_pages.form_choices(ctx)
    page = meetings_pages.see_conference(ctx, conference_id)
    local = page.line.starts_at.astimezone(ZONE)
    by_role: dict[str, list[str]] = {}
    for line in page.roles:
        by_role.setdefault(line.role.value, []).append(str(line.position_id))
    return choices, Typed(
        title=page.line.title,
        place=page.line.place or "",
        day=local.date().isoformat(),
        hour=local.strftime("%H:%M"),
        minutes=str(meetings_pages.length_minutes(page.line)),
        host=str(host),
        chair=by_role.get("chair", [""])[0],
        secretaries=tuple(by_role.get("secretary", [])),
        units=_folded(unit_ids, choices),
        strategy=page.strategy.value,
        turn=str(page.hard_s),
        version=str(version),
    )


def _folded(unit_ids: tuple[int, ...], choices: FormChoices) -> tuple[str, ...]:
    """Invited units with whole groups as one token; the largest group first."""
    left = set(unit_ids)
    tokens = []
    for value, members in sorted(choices.members.items(), key=lambda item: -len(item[1])):
        if members and left.issuperset(members):
            tokens.append(value)
            left -= set(members)
    return (*tokens, *(str(unit_id) for unit_id in unit_ids if unit_id in left))


@routes.post(ONE + "/edit")
async def edit(request: web.Request) -> web.Response:
    """Store the form, if nobody was quicker."""
    choices = await call(request, meetings_pages.form_choices)
    typed = await read_form(request)
    try:
        form = form_of(typed, choices)
        version = int(typed.version) if typed.version.isdigit() else 0
        stored = await call(request, meetings_form.edit_conference, number(request), form, version)
    except UserError as error:
        if error.code in ("not_found", "forbidden", "wrong_state"):
            raise
        return _form(request, choices, typed, error)
    await hub_of(request).acted(stored.conference_id)
    return web.Response(status=303, headers={"Location": f"/conferences/{number(request)}"})


def number(request: web.Request) -> int:
    """The conference of the address."""
    return int(request.match_info["id"])


async def read_form(request: web.Request) -> Typed:
    """What was typed, as text."""
    form = await request.post()

    def text(name: str) -> str:
        return str(form.get(name, "")).strip()

    def several(name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in form.getall(name, []) if value)

    return Typed(
        title=text("title"),
        place=text("place"),
        day=text("day"),
        hour=text("hour"),
        minutes=text("minutes"),
        host=text("host"),
        chair=text("chair"),
        secretaries=several("secretaries"),
        units=several("units"),
        strategy=text("strategy"),
        turn=text("turn"),
        classified=text("classified"),
        version=text("version"),
    )


def form_of(typed: Typed, choices: FormChoices) -> ConferenceForm:
    """The typed form as values; `invalid_field` names what cannot be read."""
    try:
        local = datetime.combine(date.fromisoformat(typed.day), time.fromisoformat(typed.hour))
    except ValueError:
        raise UserError("invalid_field", field="starts_at", problem="unknown") from None
    unit_ids: list[int] = []
    for value in typed.units:
        unit_ids += choices.members.get(value) or [_id(value, "units")]
    turn = _id(typed.turn, "hard_s")
    strategy = Strategy(typed.strategy) if typed.strategy in ("open", "moderated") else None
    return ConferenceForm(
        title=typed.title,
        starts_at=local.replace(tzinfo=ZONE),
        minutes=_id(typed.minutes, "minutes"),
        host_unit_id=_id(typed.host, "host_unit"),
        chair_position_id=_id(typed.chair, "position") if typed.chair else None,
        secretary_position_ids=tuple(_id(value, "position") for value in typed.secretaries),
        unit_ids=tuple(dict.fromkeys(unit_ids)),
        place=typed.place,
        strategy=strategy,
        soft_s=max(1, turn - SOFT_BEFORE_S),
        hard_s=turn,
        classified=typed.classified != "no",
    )


def _id(value: str, field: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise UserError("invalid_field", field=field, problem="unknown")
    return int(value)


def _form(
    request: web.Request, choices: FormChoices, typed: Typed, error: UserError | None = None
) -> web.Response:
    errors: dict[str, str] = {}
    if error is not None:
        field = AT_FIELD.get(error.code) or str(error.params.get("field", "form"))
        errors[field] = error_text(request, error)
    return render(
        request,
        "conferences/form.html",
        status=error.status if error else 200,
        choices=choices,
        typed=typed,
        errors=errors,
        minutes=sorted({*MINUTES, int(typed.minutes) if typed.minutes.isdigit() else 150}),
        turns=TURN_S,
        editing=bool(typed.version),
        back=request.path.removesuffix("/edit") if typed.version else "/conferences",
    )


@routes.get(ONE)
async def show(request: web.Request) -> web.Response:
    """One conference."""
    page = await call(request, meetings_pages.see_conference, number(request))
    return await _page(request, page)


async def _page(
    request: web.Request, page: Any, error: str = "", status: int = 200
) -> web.Response:
    return render(
        request,
        "conferences/page.html",
        status=status,
        page=page,
        minutes=meetings_pages.length_minutes(page.line),
        error=error,
        states=ConferenceState,
        processing=await processing_or_none(request, page.line.id),
    )


Act = Callable[[Context, int], meetings.Stored]
ACTS: dict[str, Act] = {
    "schedule": meetings.schedule_conference,
    "open_lobby": meetings.open_lobby,
    "start": meetings.start_conference,
    "end": meetings.end_conference,
}


@routes.post(ONE + r"/{act:schedule|open_lobby|start|end}")
async def act(request: web.Request) -> web.Response:
    """One act on a conference: the page again, or for scripts the stored version."""
    name = request.match_info["act"]
    if name == "open_lobby" and not await hub_of(request).media.answers():
        raise OperatorError("media_unreachable")
    return await acted(request, await call(request, ACTS[name], number(request)))


@routes.post(ONE + "/cancel")
async def cancel(request: web.Request) -> web.Response:
    """Call it off, with a reason."""
    reason = str((await request.post()).get("reason", ""))
    try:
        stored = await call(request, meetings.cancel_conference, number(request), reason)
    except UserError as error:
        if error.code != "reason_missing":
            raise
        page = await call(request, meetings_pages.see_conference, number(request))
        return await _page(request, page, error_text(request, error), error.status)
    return await acted(request, stored)


async def acted(
    request: web.Request, stored: meetings.Stored, mute: tuple[int, ...] = ()
) -> web.Response:
    """The answer to a stored act, once rights are set and every page was told."""
    settled = await hub_of(request).acted(stored.conference_id, mute)
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response(
            {"state": stored.state.value, "version": settled.version, "media": settled.media}
        )
    return web.Response(status=303, headers={"Location": f"/conferences/{stored.conference_id}"})
