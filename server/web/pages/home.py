"""The day's page: `/`, one address for everybody, the page of whoever is signed in."""

from __future__ import annotations

from aiohttp import web

from server.services.home import OfficeDay, day_of
from server.web.call import call
from server.web.render import render

routes = web.RouteTableDef()


@routes.get("/")
async def today(request: web.Request) -> web.Response:
    """What waits today."""
    day = await call(request, day_of)
    template = "home/office.html" if isinstance(day, OfficeDay) else "home/unit.html"
    return render(request, template, day=day)
