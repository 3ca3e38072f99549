"""The live socket of a conference, and the hub behind it.

JSON text. To the page: `state` (whole) and `delta` (server/live/messages.py). From the page:
`{"type": "whole"}` when it missed something. Acts don't travel here: they are POSTs, so that each
has an answer of its own; the socket then tells everybody what was stored.

A socket outlives the request that opened it, so its session is looked at again: at once when
somebody signs out or sets a new password here, and every RECHECK_S for what happens elsewhere (it
expires, another process ends it). Then the socket is closed with SIGNED_OUT.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from server.domain.actors import Caller
from server.domain.errors import UserError
from server.live.hub import Hub
from server.live.messages import Listener
from server.rtc.client import MediaClient
from server.rtc.tokens import MediaAccess
from server.services.accounts import session_holds
from server.services.context import Context
from server.settings import Settings
from server.web.auth import SESSION_COOKIE
from server.web.call import call
from server.web.keys import CLOCK, DB, FILES, POOL, SETTINGS

log = logging.getLogger("giaoban.live")

HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)
HEARTBEAT_S = 20.0
MAX_MESSAGE = 4096
RECHECK_S = 20.0
SIGNED_OUT = 4401


class SessionWatch:
    """Wakes whoever waits for the end of a session."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def next(self) -> asyncio.Event:
        """Set when sessions are ended after this call."""
        return self._next

    def ended(self) -> None:
        """Some sessions were just ended: everybody looks at his own."""
        woken, self._next = self._next, asyncio.Event()
        woken.set()


WATCH: web.AppKey[SessionWatch] = web.AppKey("session_watch", SessionWatch)


def hub_of(request: web.Request) -> Hub:
    """The application's hub."""
    return request.config_dict[HUB]


def media_access(settings: Settings) -> MediaAccess:
    """How programs of ours reach the media server."""
    return MediaAccess(settings.livekit_url, settings.livekit_key, settings.livekit_secret)


def make_hub(app: web.Application) -> Hub:
    """A hub whose rooms call services as the media server's voice, on the application's pool."""

    async def run(service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        ctx = Context(app[DB], app[FILES], Caller(agent="media", request_id="live"), app[CLOCK]())
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(app[POOL], partial(service, ctx, *args, **kw))

    return Hub(run, MediaClient(media_access(app[SETTINGS])), app[CLOCK])


def check_origin(request: web.Request) -> None:
    """A WebSocket carries cookies from any page: only ours may open one."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc != request.host:
        raise UserError("csrf")


async def follow(request: web.Request, conference_id: int) -> web.WebSocketResponse:
    """Serve one page until it goes; whether it may look was decided before."""
    check_origin(request)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE)
    await socket.prepare(request)
    hub, listener = hub_of(request), Listener()
    hub.attach(conference_id, listener)
    tasks = (
        asyncio.create_task(_tell(socket, listener), name=f"live-{conference_id}"),
        asyncio.create_task(_guard(request, socket), name=f"live-session-{conference_id}"),
    )
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT and _asks_whole(message.data):
                hub.whole(conference_id, listener)
    finally:
        hub.detach(conference_id, listener)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return socket


def _asks_whole(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("type") == "whole"


async def _guard(request: web.Request, socket: web.WebSocketResponse) -> None:
    token = request.cookies.get(SESSION_COOKIE, "")
    watch = request.config_dict[WATCH]
    while True:
        woken = watch.next()  # taken before looking: an end in between is not missed
        try:
            if not await call(request, session_holds, token):
                break
        except Exception:  # a look that failed must not be the last one
            log.exception("whether a page's session still holds could not be looked up")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RECHECK_S):
                await woken.wait()
    await socket.close(code=SIGNED_OUT, message=b"signed out")


async def _tell(socket: web.WebSocketResponse, listener: Listener) -> None:
    while True:
        text = await listener.queue.get()
        if text is None:
            await socket.close(code=1013, message=b"too slow")
            return
        await socket.send_str(text)
