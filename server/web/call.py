"""From a request to a service: the context, the thread pool, the viewer.

The event loop never waits for a query: every service runs on the application's bounded pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from aiohttp import web

from server.domain.actors import Caller
from server.domain.errors import UserError
from server.services.accounts import Viewer
from server.services.context import Context
from server.web.keys import CLOCK, DB, FILES, POOL

P = ParamSpec("P")
R = TypeVar("R")

VIEWER: web.RequestKey[Viewer | None] = web.RequestKey("viewer")
REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id")


def viewer_of(request: web.Request) -> Viewer:
    """Who is signed in; `signed_out` (pages redirect to the door) when nobody is."""
    viewer: Viewer | None = request.get(VIEWER)
    if viewer is None:
        raise UserError("signed_out")
    return viewer


def context_of(request: web.Request, caller: Caller | None = None) -> Context:
    """The context of a call by the signed-in person, or by the given caller (programs)."""
    app = request.config_dict
    if caller is None:
        caller = Caller(account_id=viewer_of(request).account_id, request_id=request[REQUEST_ID])
    return Context(app[DB], app[FILES], caller, app[CLOCK]())


async def call(
    request: web.Request,
    service: Callable[Concatenate[Context, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run `service` for the signed-in person on the pool."""
    return await call_as(request, context_of(request), service, *args, **kwargs)


async def call_as(
    request: web.Request,
    ctx: Context,
    service: Callable[Concatenate[Context, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run `service` with a context of the handler's own (worker link, webhooks, sign-in)."""
    loop = asyncio.get_running_loop()
    pool = request.config_dict[POOL]
    return await loop.run_in_executor(pool, partial(service, ctx, *args, **kwargs))
