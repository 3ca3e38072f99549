"""The room: the page, a device's way into it, and the acts of those who lead the meeting."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from server.domain.errors import CallerError
from server.services import attendance, floor, rights
from server.web.call import call
from server.web.keys import SETTINGS
from server.web.live_socket import media_access
from server.web.middleware import media_public_url
from server.web.pages.conferences import ONE, acted, number
from server.web.pages.door import device_of
from server.web.render import render

routes = web.RouteTableDef()


@routes.get(ONE + "/room")
async def show(request: web.Request) -> web.Response:
    """The room: the chair's table for those who lead, the plain one for everybody else."""
    view, mine = await call(request, rights.see_room, number(request))
    leads = "mute" in mine.may and mine.role is not None
    template = "room/chair.html" if leads else "room/plain.html"
    return render(
        request,
        template,
        view=view,
        mine=mine,
        seats=[seat for seat in view.seats if seat.kind.value != "centre"],
        device=device_of(request),
    )


@routes.post(ONE + "/token")
async def enter(request: web.Request) -> web.Response:
    """A device's token for the media room, and where that is."""
    settings = request.config_dict[SETTINGS]
    access = await call(
        request,
        rights.enter_room,
        media_access(settings),
        number(request),
        device_of(request),
        await seat_asked(request),
    )
    host = request.host.rsplit(":", 1)[0] if ":" in request.host else request.host
    url = media_public_url(settings.livekit_public_url, settings.livekit_url, host, request.secure)
    return web.json_response(
        {"url": url, "token": access.token, "identity": access.identity, "seat": access.seat_id}
    )


async def body_of(request: web.Request) -> dict[str, Any]:
    """A script's JSON object; nothing sent is an empty one."""
    text = await request.text()
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        raise CallerError("bad_request", detail="JSON") from None
    if not isinstance(value, dict):
        raise CallerError("bad_request", detail="object")
    return value


async def seat_asked(request: web.Request) -> int | None:
    """The seat that a script names, if any."""
    seat = (await body_of(request)).get("seat")
    if seat is None or (isinstance(seat, int) and not isinstance(seat, bool)):
        return seat
    raise CallerError("bad_request", detail="seat")


async def seat_named(request: web.Request) -> int:
    """The seat that an act is about."""
    seat = await seat_asked(request)
    if seat is None:
        raise CallerError("bad_request", detail="seat")
    return seat


@routes.post(ONE + "/grant")
async def grant(request: web.Request) -> web.Response:
    """Invite a seat to speak."""
    seat = await seat_named(request)
    return await acted(request, await call(request, floor.grant_floor, number(request), seat))


@routes.post(ONE + "/take_back")
async def take_back(request: web.Request) -> web.Response:
    """End the turn of a seat, or of whoever has the floor."""
    seat = await seat_asked(request)
    return await acted(request, await call(request, floor.take_back_floor, number(request), seat))


@routes.post(ONE + "/mute")
async def mute(request: web.Request) -> web.Response:
    """Close a seat's microphones."""
    seat = await seat_named(request)
    stored = await call(request, floor.mute_seat, number(request), seat)
    return await acted(request, stored, stored.seats)


@routes.post(ONE + "/mute_all")
async def mute_all(request: web.Request) -> web.Response:
    """Close every microphone but those of chairs, secretaries and the holder of the floor."""
    stored = await call(request, floor.mute_all, number(request))
    return await acted(request, stored, stored.seats)


@routes.post(ONE + "/remove")
async def remove(request: web.Request) -> web.Response:
    """Send a seat out."""
    seat = await seat_named(request)
    return await acted(request, await call(request, attendance.remove_seat, number(request), seat))
