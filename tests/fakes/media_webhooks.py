"""A receiver of webhooks that checks them as web does, with livekit-api's WebhookReceiver."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from livekit import api

from tests.fakes.media_engine import KEY, SECRET
from tests.fakes.media_seat import until


class WebhookInbox:
    """`events` in order of arrival. `refuse` that many requests with 503 first; port 0 = any."""

    def __init__(self, refuse: int = 0, port: int = 0) -> None:
        self._port = port
        self.events: list[Any] = []
        self.refused = 0
        self._refuse = refuse
        self._receiver = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))

    async def _receive(self, request: web.Request) -> web.Response:
        if self.refused < self._refuse:
            self.refused += 1
            return web.Response(status=503)
        assert request.content_type == "application/webhook+json"
        body = await request.text()
        self.events.append(self._receiver.receive(body, request.headers["Authorization"]))
        return web.Response()

    def of_room(self, room: str) -> list[Any]:
        return [e for e in self.events if e.room.name == room]

    def names(self, room: str) -> list[str]:
        """Event names of one room in order."""
        return [e.event for e in self.of_room(room)]

    async def event(self, room: str, name: str) -> Any:
        """The first event of this name, waiting for it."""
        found = await until(
            lambda: [e for e in self.of_room(room) if e.event == name],
            f"webhook {name}, has {self.names(room)}",
        )
        return found[0]

    async def __aenter__(self) -> WebhookInbox:
        app = web.Application()
        app.router.add_post("/livekit/webhook", self._receive)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/livekit/webhook"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
