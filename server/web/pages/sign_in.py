"""The front door: signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from server.domain.actors import Caller
from server.domain.errors import UserError
from server.services import accounts
from server.services.context import Context
from server.web.auth import SESSION_COOKIE, forget_session, origin_of, set_session
from server.web.call import REQUEST_ID, VIEWER, call_as, context_of
from server.web.errors import error_text
from server.web.live_socket import WATCH
from server.web.render import render

routes = web.RouteTableDef()

TOLD_IN_THE_FORM = {"sign_in_failed", "throttled", "locked"}


def visitor_context(request: web.Request) -> Context:
    """The context of somebody who is not signed in (yet)."""
    return context_of(request, Caller(agent="session", request_id=request[REQUEST_ID]))


@routes.get("/sign-in")
async def show_sign_in(request: web.Request) -> web.Response:
    """The form; whoever is signed in goes straight on."""
    target = safe_target(request.query.get("next", ""))
    if request.get(VIEWER) is not None:
        raise web.HTTPSeeOther(target)
    return render(request, "accounts/sign_in.html", login="", target=target, error="", code="")


@routes.post("/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Begin a session; a refusal comes back in the form, with the name kept."""
    form = await request.post()
    login, password = str(form.get("login", "")), str(form.get("password", ""))
    target = safe_target(str(form.get("next", "")))
    try:
        begun = await call_as(
            request,
            visitor_context(request),
            accounts.sign_in,
            login,
            password,
            origin_of(request),
        )
    except UserError as error:
        if error.code not in TOLD_IN_THE_FORM:
            raise
        response = render(
            request,
            "accounts/sign_in.html",
            status=error.status,
            login=login,
            target=target,
            error=error_text(request, error),
            code=error.code,
        )
        if error.code == "throttled":
            response.headers["Retry-After"] = str(error.params["n"])
        return response
    response = web.Response(status=303, headers={"Location": target})
    set_session(request, response, begun.token)
    return response


@routes.post("/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """End the session, wherever the cookie may still be."""
    token = request.cookies.get(SESSION_COOKIE, "")
    viewer = request.get(VIEWER)
    ctx = context_of(request) if viewer is not None else visitor_context(request)
    await call_as(request, ctx, accounts.sign_out, token, origin_of(request))
    request.config_dict[WATCH].ended()
    response = web.Response(status=303, headers={"Location": "/sign-in"})
    forget_session(request, response)
    return response


def safe_target(target: str) -> str:
    """A path of our own to go on to; anything else is `/`.

    Browsers read `//host` and `/\\host` as another site.
    """
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not ours or parts.netloc or any(ord(char) < 32 for char in target):
        return "/"
    return "/" if parts.path in ("/sign-in", "/sign-out") else target
