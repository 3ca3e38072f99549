"""One-time links and codes: the first password, and a new one for who lost it."""

from __future__ import annotations

from aiohttp import web

from server.domain.accounts import PASSWORD_RULES, LinkPurpose, missing_password_rules
from server.domain.errors import UserError
from server.services import accounts
from server.services.accounts import OpenLink
from server.web.auth import origin_of, set_session
from server.web.call import call_as
from server.web.errors import error_text
from server.web.live_socket import WATCH
from server.web.pages.sign_in import visitor_context
from server.web.render import render

routes = web.RouteTableDef()


@routes.get("/link/{code}")
async def show_link(request: web.Request) -> web.Response:
    """The form for the password. Looking does not use the link up: mail scanners look, too."""
    code = request.match_info["code"]
    try:
        link = await call_as(request, visitor_context(request), accounts.open_link, code)
    except UserError as error:
        return link_gone(request, error)
    return password_form(request, link)


@routes.post("/link/{code}")
async def use_link(request: web.Request) -> web.Response:
    """Set the password, begin a session."""
    code = request.match_info["code"]
    form = await request.post()
    password, again = str(form.get("password", "")), str(form.get("again", ""))
    ctx, origin = visitor_context(request), origin_of(request)
    try:
        link = await call_as(request, ctx, accounts.open_link, code)
        missing = missing_password_rules(password)
        if missing:
            weak = UserError("weak_password", rules=" ".join(missing))
            return password_form(request, link, weak, missing)
        if password != again:
            different = UserError("invalid_field", field="password", problem="different")
            return password_form(request, link, different, where="again")
        begun = await call_as(request, ctx, accounts.use_link, code, password, origin)
        request.config_dict[WATCH].ended()
    except UserError as error:
        return link_gone(request, error)
    target = "/" if link.purpose is LinkPurpose.FIRST_SIGN_IN else "/reset/done"
    response = web.Response(status=303, headers={"Location": target})
    set_session(request, response, begun.token)
    return response


@routes.get("/reset")
async def show_reset(request: web.Request) -> web.Response:
    """What to do when the password is lost: whom to call, and where to type the code."""
    return render(request, "accounts/reset.html", login="", code="", error="")


@routes.post("/reset")
async def check_reset_code(request: web.Request) -> web.Response:
    """Check name and code, then go on to the link that the code is."""
    form = await request.post()
    login, code = str(form.get("login", "")), str(form.get("code", ""))
    ctx = visitor_context(request)
    try:
        await call_as(request, ctx, accounts.find_reset_code, login, code, origin_of(request))
    except UserError as error:
        if error.code not in ("link_used", "throttled"):
            raise
        response = render(
            request,
            "accounts/reset.html",
            status=error.status,
            login=login,
            code=code,
            error=error_text(request, error),
        )
        if error.code == "throttled":
            response.headers["Retry-After"] = str(error.params["n"])
        return response
    clean = "".join(char for char in code if char.isalnum())
    return web.Response(status=303, headers={"Location": f"/link/{clean}"})


@routes.get("/reset/done")
async def reset_done(request: web.Request) -> web.Response:
    """The new password holds; older sessions are ended."""
    return render(request, "accounts/reset_done.html")


def password_form(
    request: web.Request,
    link: OpenLink,
    error: UserError | None = None,
    missing: tuple[str, ...] = (),
    where: str = "password",
) -> web.Response:
    """The form, with what is wrong at its field; passwords are never sent back."""
    return render(
        request,
        "accounts/link.html",
        status=error.status if error else 200,
        link=link,
        first=link.purpose is LinkPurpose.FIRST_SIGN_IN,
        rules=PASSWORD_RULES,
        missing=missing,
        error=error_text(request, error) if error else "",
        where=where,
    )


def link_gone(request: web.Request, error: UserError) -> web.Response:
    """A page that says how to get a new link."""
    if error.code != "link_used":
        raise error
    return render(
        request,
        "accounts/link_used.html",
        status=error.status,
        text=error_text(request, error),
    )
