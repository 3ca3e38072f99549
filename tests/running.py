"""A house that really runs: web on loopback, the media engine as its own program, the wall clock.

    async with Running(tmp_path) as running:
        hoa = await running.served.as_("hoa")
        async with running.seat(khai, conference) as room: ...

Webhooks go from the engine to web as in production.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web
from livekit import rtc
from yarl import URL

from server.clock import utc_now
from server.web.app import make_app
from tests.fakes.media_engine import MediaEngine
from tests.integration.conftest import Browser, Served
from tests.people import LIVEKIT_SECRET, House, TestClock, open_house

PATIENCE_S = 15.0


class WallClock(TestClock):
    """The wall clock, where a test's clock is expected."""

    def __init__(self) -> None:
        pass

    @property
    def now(self) -> datetime:  # type: ignore[override]
        return utc_now()

    def __call__(self) -> datetime:
        return utc_now()


class Running:
    """Everything that a conference needs, on free ports, for one test."""

    def __init__(self, folder: Path, **media: str) -> None:
        self._folder, self._media = folder, media

    async def __aenter__(self) -> Running:
        house = open_house(self._folder)
        house.clock = WallClock()
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        self.engine = MediaEngine(
            key="giaoban",
            secret=LIVEKIT_SECRET,
            webhook_url=f"http://127.0.0.1:{port}/livekit/webhook",
            **self._media,
        )
        await asyncio.to_thread(self.engine.start)
        house.settings = replace(
            house.settings,
            livekit_url=self.engine.http_url,
            livekit_public_url=self.engine.url,
            web_url=f"http://127.0.0.1:{port}",
        )
        self.house: House = house
        self._runner = web.AppRunner(make_app(house.settings, house.clock), shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        self.base = URL(f"http://127.0.0.1:{port}")
        self.served = Served(house, self._runner.app, self.base)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self.served.close()
        # The engine first: its last webhooks still find somebody.
        await asyncio.to_thread(self.engine.stop)
        await self._runner.cleanup()
        self.engine.discard_log()
        self.house.close()

    async def enter(self, browser: Browser, conference: int, notice: str) -> rtc.Room:
        """Through the door into the media room as a browser would, with the `livekit` SDK."""
        await browser.get(f"/conferences/{conference}/door")
        knocked = await browser.post_json(f"/conferences/{conference}/knock", {"notice": notice})
        assert knocked.status == 200, knocked.text
        access = await browser.post_json(f"/conferences/{conference}/token")
        assert access.status == 200, access.text
        room = rtc.Room()
        await room.connect(
            access.json()["url"], access.json()["token"], rtc.RoomOptions(auto_subscribe=False)
        )
        return room


async def until(
    what: str, check: Callable[[], Any] | Callable[[], Awaitable[Any]], patience: float = PATIENCE_S
) -> Any:
    """Wait until `check` gives something true, looking often; fails with `what` after `patience`
    seconds.
    """
    end = time.monotonic() + patience
    while True:
        found = check()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < end, f"never came: {what}"
        await asyncio.sleep(0.05)
