"""Around every request: an id, the session, security headers, and errors told in the reader's
language.
"""

from __future__ import annotations

import logging
import secrets
from urllib.parse import quote, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from server.domain.actors import Caller
from server.domain.errors import CallerError, GiaoBanError, OperatorError, UserError
from server.services.accounts import viewer_of_session
from server.web.auth import SESSION_COOKIE, is_secure
from server.web.call import REQUEST_ID, VIEWER, call_as, context_of
from server.web.errors import error_text
from server.web.keys import SETTINGS
from server.web.metrics import route_of
from server.web.render import render

log = logging.getLogger("giaoban.web")
PROGRAM_PATHS = ("/worker/", "/livekit/", "/api/")


@web.middleware
async def request_id_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request, so that an error on the screen can be found in the log."""
    request[REQUEST_ID] = secrets.token_hex(6)
    response = await handler(request)
    if not response.prepared:
        response.headers["X-Request-Id"] = request[REQUEST_ID]
    return response


@web.middleware
async def security_headers_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """CSP without inline script; `connect-src` names the media address; nothing may frame us."""
    response = await handler(request)
    if not response.prepared:
        response.headers.setdefault("Content-Security-Policy", content_security_policy(request))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)"
        )
        if response.content_type == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
    return response


def content_security_policy(request: web.Request) -> str:
    """The policy for this request's host."""
    settings = request.config_dict[SETTINGS]
    host = request.host.rsplit(":", 1)[0] if ":" in request.host else request.host
    media = media_public_url(
        settings.livekit_public_url, settings.livekit_url, host, is_secure(request)
    )
    parts = urlsplit(media)
    web_scheme = "https" if parts.scheme == "wss" else "http"
    ours = f"{'wss' if is_secure(request) else 'ws'}://{request.host}"
    return (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self';"
        f" connect-src 'self' {ours} {media} {web_scheme}://{parts.netloc};"
        " worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self';"
        " frame-ancestors 'none'"
    )


def media_public_url(public: str, internal: str, host: str, secure: bool) -> str:
    """The signalling address that a browser dials: the public setting, else the internal address
    unless its host is loopback, else the request's host with media's port."""
    if public:
        return public
    parts = urlsplit(internal)
    port = f":{parts.port}" if parts.port else ""
    name = parts.hostname or host
    if name in ("127.0.0.1", "localhost", "::1"):
        name = host
    return f"{'wss' if secure or parts.scheme in ('https', 'wss') else 'ws'}://{name}{port}"


@web.middleware
async def session_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who is signed in, once a request."""
    request[VIEWER] = None
    token = request.cookies.get(SESSION_COOKIE)
    if token and not request.path.startswith(("/static/", "/worker/", "/livekit/")):
        ctx = context_of(request, Caller(agent="session", request_id=request[REQUEST_ID]))
        request[VIEWER] = await call_as(request, ctx, viewer_of_session, token)
    return await handler(request)


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One function turns an error into a page, or into problem+json for programs and scripts."""
    try:
        return await handler(request)
    except GiaoBanError as error:
        return answer(request, error)
    except web.HTTPException as error:
        if error.status == 404:
            return answer(request, UserError("not_found"))
        if error.status == 413:
            return answer(request, CallerError("too_large", limit="1 MiB"))
        raise
    except Exception:
        log.exception(
            "request %s %s failed (%s)", request.method, route_of(request), request[REQUEST_ID]
        )
        return answer(request, OperatorError("internal", request_id=request[REQUEST_ID]))


def answer(request: web.Request, error: GiaoBanError) -> web.Response:
    """The error for whoever asked."""
    text = error_text(request, error)
    if wants_json(request):
        body = {
            "type": "about:blank",
            "title": text,
            "status": error.status,
            "code": error.code,
            **{
                name: value if isinstance(value, int) else str(value)
                for name, value in error.params.items()
            },
        }
        return web.json_response(body, status=error.status, content_type="application/problem+json")
    if error.code == "signed_out" and request.method == "GET":
        target = quote(request.path_qs, safe="/")
        return web.Response(status=303, headers={"Location": f"/sign-in?next={target}"})
    return render(
        request,
        "errors/error.html",
        status=error.status,
        text=text,
        code=error.code,
        request_id=request[REQUEST_ID],
    )


def wants_json(request: web.Request) -> bool:
    """Programs and scripts get problem+json, people a page."""
    return request.path.startswith(PROGRAM_PATHS) or "application/json" in request.headers.get(
        "Accept", ""
    )
