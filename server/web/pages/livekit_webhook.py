"""What the media server tells: who came, who went. Signed; each event has its effect once."""

from __future__ import annotations

from aiohttp import web

from server.domain.actors import Caller
from server.rtc.webhooks import receive
from server.services import attendance
from server.web.call import REQUEST_ID, call_as, context_of
from server.web.keys import SETTINGS
from server.web.live_socket import hub_of, media_access

routes = web.RouteTableDef()


@routes.post("/livekit/webhook")
async def take(request: web.Request) -> web.Response:
    """Store the event, wake the conference's room; unknown events are fine."""
    settings = request.config_dict[SETTINGS]
    authorization = request.headers.get("Authorization", "")
    event = receive(media_access(settings), await request.read(), authorization)
    ctx = context_of(request, Caller(agent="media", request_id=request[REQUEST_ID]))
    heard = await call_as(request, ctx, attendance.take_event, event)
    if heard.conference_id is not None:
        hub_of(request).noticed(heard.conference_id, heard.remove)
    return web.Response(text="ok")
