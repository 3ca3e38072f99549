"""The session's cookie, and where a request comes from.

Behind a TLS proxy of ours the request reaches us in plain HTTP from loopback: then the address of
the installation (`GIAOBAN_WEB_URL`) says that browsers speak TLS, and the proxy's last
`X-Forwarded-For` entry is the visitor. From anywhere else that header is a visitor's own claim.
"""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web

from server.domain.audit import Origin
from server.web.keys import SETTINGS

SESSION_COOKIE = "giaoban_session"


def origin_of(request: web.Request) -> Origin:
    """The visitor's address and what his browser calls itself."""
    address = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if forwarded and _is_loopback(address):
        address = forwarded[:64]
    return Origin(address, request.headers.get("User-Agent", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_secure(request: web.Request) -> bool:
    """Whether the browser reached us by TLS, ours or the proxy's."""
    return request.secure or request.config_dict[SETTINGS].web_url.startswith("https:")


def set_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser its session; it forgets it when it is closed."""
    response.set_cookie(
        SESSION_COOKIE, token, httponly=True, samesite="Lax", secure=is_secure(request), path="/"
    )


def forget_session(request: web.Request, response: web.StreamResponse) -> None:
    """Take the session's cookie away."""
    response.del_cookie(
        SESSION_COOKIE, path="/", httponly=True, samesite="Lax", secure=is_secure(request)
    )
