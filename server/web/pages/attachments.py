"""Files: one upload a request, and fetching one whole."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from server.domain.errors import UserError
from server.services.attachments import fetch_file, upload_file
from server.web.call import call

routes = web.RouteTableDef()


@routes.post("/attachments")
async def upload(request: web.Request) -> web.Response:
    """Keep one file; the answer names it for the form that takes it."""
    try:
        field = (await request.post()).get("upload")
    except web.HTTPRequestEntityTooLarge:
        raise UserError("upload_too_large", limit="25 MB") from None
    if not isinstance(field, web.FileField):
        raise UserError("upload_type", type="")
    kept = await call(request, upload_file, field.filename, field.file.read())
    return web.json_response({"id": kept.id, "name": kept.name, "size": kept.size}, status=201)


@routes.get(r"/attachments/{id:\d+}")
async def fetch(request: web.Request) -> web.StreamResponse:
    """The file, always as a download: what it holds is never run as a page of ours."""
    kept = await call(request, fetch_file, int(request.match_info["id"]))
    return web.FileResponse(
        kept.path,
        headers={
            "Content-Type": kept.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept.name, safe='')}",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
