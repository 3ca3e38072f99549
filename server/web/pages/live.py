"""The live socket's address, and the hub's life within the application's."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from server.services import rights
from server.web.call import call
from server.web.live_socket import HUB, WATCH, SessionWatch, follow, make_hub
from server.web.pages.conferences import ONE, number

routes = web.RouteTableDef()


async def start(app: web.Application) -> AsyncIterator[None]:
    """Make the rooms of running conferences again; end them with the application."""
    hub = app[HUB] = make_hub(app)
    app[WATCH] = SessionWatch()
    await hub.start()
    yield
    await hub.close()


@routes.get(ONE + "/live")
async def live(request: web.Request) -> web.StreamResponse:
    """Follow a conference that one may see."""
    await call(request, rights.live_view, number(request))
    return await follow(request, number(request))
