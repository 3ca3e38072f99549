"""Việc của xã as pages: what the unit owes, one piece of work, receiving and reporting."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from server.domain.errors import UserError
from server.domain.reports import read_day
from server.services import assignments, attachments, work
from server.services.assignments import ResultFields
from server.services.attachments import FileInfo
from server.web.call import call, context_of
from server.web.catalogue import CATALOGUES, DEFAULT
from server.web.errors import error_text
from server.web.form_values import FieldErrors, FormData, form_texts, id_or_none, path_id
from server.web.render import render

routes = web.RouteTableDef()

SHARE = r"/assignments/{id:\d+}"
AT_FIELD = {
    "result_missing": "result",
    "upload_type": "files",
    "upload_too_large": "files",
}
DONE = {
    "received": "The task is received",
    "sent": "The result is sent, the Office will confirm it",
}


@dataclass(frozen=True)
class Typed:
    """The report form as it was typed."""

    client_key: str
    text: str
    number: str
    result_on: str
    result_day: date | None
    no_document: bool
    files: tuple[FileInfo, ...]


@routes.get("/work")
async def show_list(request: web.Request) -> web.Response:
    """What the unit leads, helps with, has finished."""
    page = await call(request, work.unit_work, request.query.get("view", "lead"))
    return render(request, "work/list.html", page=page, toast_text=_done(request))


@routes.get(r"/work/{id:\d+}")
async def show(request: web.Request) -> web.Response:
    """One piece of work with its report form."""
    item = await call(request, work.work_item, path_id(request), str(uuid.uuid4()))
    return _page(request, item, None, {})


@routes.get("/day")
async def show_day(request: web.Request) -> web.Response:
    """What a typed day of a document means, for the field that shows it while one types."""
    today = context_of(request).today
    day = read_day(request.query.get("text", "")[:40], today)
    words = request.config_dict[CATALOGUES]
    note = "" if day else "Type the date, for example 15/9 or hôm nay."
    if day and day > today:
        note = "This date is still to come."
    answer = {
        "read": f"{day:%d/%m/%Y}" if day else "",
        "note": words.translate(DEFAULT, note) if note else "",
    }
    return web.json_response(answer)


@routes.post(SHARE + "/reception")
async def receive(request: web.Request) -> web.Response:
    """Take note of it; back to where the button was."""
    done = await call(request, assignments.receive_assignment, path_id(request))
    data = await request.post()
    target = "/work" if data.get("back") == "list" else f"/work/{done.assignment_id}"
    raise web.HTTPSeeOther(f"{target}?done=received")


@routes.post(SHARE + "/draft")
async def save_draft(request: web.Request) -> web.Response:
    """Keep what is typed so far (the script sends it while one types)."""
    data, key = await request.post(), path_id(request)
    fields = result_of(request, data, _files(data))
    done = await call(
        request, assignments.save_draft_report, key, str(data.get("client_key", "")), fields
    )
    return web.json_response({"report": done.report_id})


@routes.post(SHARE + "/submission")
async def submit(request: web.Request) -> web.Response:
    """Send the result; a refusal comes back in the form with everything kept."""
    data, key = await request.post(), path_id(request)
    client_key = str(data.get("client_key", ""))
    files = _files(data)
    try:
        files += await _uploads(request, data)
        on = str(data.get("result_on", "")).strip()
        if on and read_day(on, context_of(request).today) is None:
            raise UserError("invalid_field", field="result_on", problem="unknown")
        await call(
            request, assignments.submit_result, key, client_key, result_of(request, data, files)
        )
    except UserError as error:
        if error.code in ("not_found", "forbidden", "signed_out"):
            raise
        item = await call(request, work.work_item, key, client_key)
        where = AT_FIELD.get(error.code) or {"result_on": "result_on", "files": "files"}.get(
            str(error.params.get("field")), "top"
        )
        typed = Typed(
            client_key,
            str(data.get("text", "")),
            str(data.get("number", "")),
            str(data.get("result_on", "")),
            read_day(str(data.get("result_on", "")), context_of(request).today),
            "no_document" in data,
            await call(request, attachments.files_named, files),
        )
        errors = {where: error_text(request, error)}
        return _page(request, item, typed, errors, status=error.status)
    raise web.HTTPSeeOther(f"/work/{key}?done=sent")


def _files(data: FormData) -> tuple[int, ...]:
    """The ids of files that were uploaded before."""
    return tuple(id_or_none(value) or 0 for value in form_texts(data, "file"))


async def _uploads(request: web.Request, data: FormData) -> tuple[int, ...]:
    """Files that came with the form itself (a browser without our script)."""
    kept = []
    for field in data.getall("upload", []):
        if isinstance(field, web.FileField) and field.filename:
            content = field.file.read()
            kept.append((await call(request, attachments.upload_file, field.filename, content)).id)
    return tuple(kept)


def _page(
    request: web.Request,
    item: work.WorkItem,
    typed: Typed | None,
    errors: dict[str, str],
    *,
    status: int = 200,
) -> web.Response:
    form = typed
    if form is None and item.draft is not None:
        draft = item.draft
        on = draft.result_on.strftime("%d/%m/%Y") if draft.result_on else ""
        form = Typed(
            draft.client_key,
            draft.text,
            draft.number,
            on,
            draft.result_on,
            draft.no_document,
            draft.files,
        )
    return render(
        request,
        "work/item.html",
        status=status,
        item=item,
        share=item.card.share,
        form=form,
        errors=FieldErrors(errors),
        toast_text=None if errors else _done(request),
    )


def result_of(request: web.Request, data: FormData, files: Sequence[int]) -> ResultFields:
    """The report form's values; words that are no day are no day yet."""
    return ResultFields(
        text=str(data.get("text", "")),
        number=str(data.get("number", "")),
        result_on=read_day(str(data.get("result_on", "")), context_of(request).today),
        no_document="no_document" in data,
        files=tuple(dict.fromkeys(files)),
    )


def _done(request: web.Request) -> str | None:
    return DONE.get(request.query.get("done", ""))
