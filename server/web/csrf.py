"""CSRF: every form carries a token bound to the browser's own secret cookie.

The token is an HMAC of the session cookie (or, before sign-in, of a cookie given to every
visitor), so nothing is stored and it ends with the session. Programs with a bearer token need none.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler

from server.domain.errors import UserError
from server.web.auth import SESSION_COOKIE, is_secure
from server.web.keys import SETTINGS

VISITOR_COOKIE = "giaoban_visitor"
FIELD, HEADER = "csrf", "X-CSRF-Token"
EXEMPT = ("/worker/", "/livekit/")
SAFE = {"GET", "HEAD", "OPTIONS"}

VISITOR: web.RequestKey[str] = web.RequestKey("visitor")


def csrf_token(request: web.Request) -> str:
    """The token for forms of this browser."""
    secret = request.config_dict[SETTINGS].livekit_secret.encode()
    owner = request.cookies.get(SESSION_COOKIE) or request[VISITOR]
    return hmac.new(secret, b"csrf:" + owner.encode(), hashlib.sha256).hexdigest()


@web.middleware
async def visitor_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every browser a visitor cookie, with error pages too (they carry a token as well)."""
    known = request.cookies.get(VISITOR_COOKIE)
    request[VISITOR] = known or secrets.token_urlsafe(24)
    response = await handler(request)
    if known is None and not response.prepared and response.content_type == "text/html":
        response.set_cookie(
            VISITOR_COOKIE,
            request[VISITOR],
            httponly=True,
            samesite="Lax",
            secure=is_secure(request),
        )
    return response


@web.middleware
async def csrf_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse unsafe requests without the token."""
    if request.method not in SAFE and not request.path.startswith(EXEMPT):
        sent = request.headers.get(HEADER)
        if sent is None and request.content_type in (
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        ):
            sent = str((await request.post()).get(FIELD, ""))
        if not sent or not hmac.compare_digest(sent.encode(), csrf_token(request).encode()):
            raise UserError("csrf")
    return await handler(request)
