"""Answers that a player may ask for in parts (RFC 9110, 14): one range, ETag, If-None-Match."""

from __future__ import annotations

from aiohttp import web


def ranged(
    request: web.Request, body: bytes, content_type: str, etag: str, cache: str
) -> web.Response:
    """The body, the part of it that `Range` names, 304 or 416. `etag` is bare, without quotes."""
    quoted = f'"{etag}"'
    headers = {"Accept-Ranges": "bytes", "ETag": quoted, "Cache-Control": cache}
    if quoted in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    wanted = request.headers.get("Range")
    if wanted is None or request.headers.get("If-Range", quoted) != quoted:
        return web.Response(body=body, content_type=content_type, headers=headers)
    try:
        part = request.http_range
    except ValueError:
        return web.Response(body=body, content_type=content_type, headers=headers)
    start, stop, _ = part.indices(len(body))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
    return web.Response(
        status=206, body=body[start:stop], content_type=content_type, headers=headers
    )
