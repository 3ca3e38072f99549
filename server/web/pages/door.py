"""The door: what this person's seat is, the recording notice as a gate, knocking.

A browser is one device: a cookie names it, so that the notice is asked once a device and the media
room knows the device again after a reload.
"""

from __future__ import annotations

import json
import re
import secrets

from aiohttp import web

from server.domain.errors import CallerError
from server.services import attendance, meetings_pages, rights
from server.web.call import call
from server.web.live_socket import hub_of
from server.web.pages.conferences import ONE, number
from server.web.render import render

routes = web.RouteTableDef()

DEVICE_COOKIE = "giaoban_device"
DEVICE = re.compile(r"[A-Za-z0-9_-]{8,32}")
YEAR_S = 365 * 24 * 3600


def device_of(request: web.Request) -> str:
    """The device's name; '' for a browser that never came to a door."""
    device = request.cookies.get(DEVICE_COOKIE, "")
    return device if DEVICE.fullmatch(device) else ""


@routes.get(ONE + "/door")
async def show(request: web.Request) -> web.Response:
    """The door, with a name for the device."""
    view, mine = await call(request, rights.see_room, number(request))
    page = await call(request, meetings_pages.see_conference, number(request))
    chair = next((line for line in page.roles if line.role.value == "chair"), None)
    response = render(
        request,
        "room/door.html",
        view=view,
        mine=mine,
        page=page,
        chair=chair,
        notice=attendance.NOTICE_VERSION,
    )
    if not device_of(request):
        response.set_cookie(
            DEVICE_COOKIE,
            secrets.token_urlsafe(9),
            max_age=YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=request.secure,
        )
    return response


@routes.post(ONE + "/knock")
async def knock(request: web.Request) -> web.Response:
    """Come to the door: `{"notice": version, "seat": id}`, both optional."""
    device = device_of(request)
    if not device:
        raise CallerError("bad_request", detail=DEVICE_COOKIE)
    try:
        sent = json.loads(await request.text() or "{}")
        notice, seat = sent.get("notice"), sent.get("seat")
    except (ValueError, AttributeError):
        raise CallerError("bad_request", detail="JSON") from None
    knocked = await call(
        request,
        attendance.knock,
        number(request),
        device,
        seat if isinstance(seat, int) else None,
        notice if isinstance(notice, str) else None,
    )
    hub_of(request).noticed(knocked.conference_id)
    return web.json_response(
        {
            "seat": knocked.seat_id,
            "presence": knocked.presence.value,
            "state": knocked.state.value,
            "version": knocked.live_version,
        }
    )
