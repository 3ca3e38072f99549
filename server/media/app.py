"""The engine wired together: sockets, rooms, timers, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import web

from server.media import bandwidth, clock, limits
from server.media.dtls import Certificate
from server.media.ice import UdpPort
from server.media.peer import MediaPort
from server.media.room_service import RoomService
from server.media.rooms import Rooms
from server.media.settings import Settings
from server.media.signalling import Signalling
from server.media.stats import Exposition, Gauges, Stats
from server.media.tokens import TokenVerifier
from server.media.webhooks import Webhooks

log = logging.getLogger(__name__)

REPAIR_SECONDS = 0.02
TICK_SECONDS = 0.25
SHUTDOWN_SECONDS = 3.0


class Engine:
    """One media engine; `start`, then `close`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stats = Stats()
        self._verifier = TokenVerifier(settings.key, settings.secret)
        self._webhooks = Webhooks(settings.webhook_url, self._verifier, self.stats)
        self._udp = UdpPort(settings, self.stats)
        port = MediaPort(self._udp, Certificate(), self.stats)
        self.rooms = Rooms(settings, port, self._webhooks.emit)
        self._signalling = Signalling(self.rooms, self._verifier, self.stats)
        self._exposition = Exposition(self.stats, Gauges(self.rooms.counts))
        self._runner: web.AppRunner | None = None
        self._timers: list[asyncio.Task[None]] = []
        self._ready = False
        self.http_port = 0
        self.udp_port = self._udp.port

    async def start(self) -> None:
        """Accept clients."""
        self._udp.start()
        self._timers = [
            asyncio.create_task(self._every(REPAIR_SECONDS, self._repair), name="repair"),
            asyncio.create_task(self._every(TICK_SECONDS, self._tick), name="tick"),
            asyncio.create_task(self._every(bandwidth.REPORT_SECONDS, self._report), name="report"),
        ]
        app = web.Application(client_max_size=limits.TWIRP_BODY_BYTES)
        app.add_routes(
            [
                *self._signalling.routes(),
                *RoomService(self.rooms, self._verifier, self.stats).routes(),
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
            ]
        )
        self._runner = web.AppRunner(
            app, access_log=None, max_line_size=limits.HTTP_LINE_BYTES, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.bind, self.settings.http_port)
        await site.start()
        self.http_port = self._runner.addresses[0][1]
        self._ready = True

    async def close(self) -> None:
        """Tell everybody, close every connection, deliver the last webhooks."""
        self._ready = False
        await self.rooms.close()
        await self._signalling.close()
        for timer in self._timers:
            timer.cancel()
        await asyncio.gather(*self._timers, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
        await self._webhooks.drain(SHUTDOWN_SECONDS)
        self._udp.close()

    async def _every(self, seconds: float, work: Callable[[float], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                work(clock.monotonic())
            except Exception:
                # a timer that ends silently would stop repair for everybody
                log.exception("timer")
                self.stats.events["timer_faults"] += 1

    def _repair(self, now: float) -> None:
        for room in self.rooms.by_name.values():
            for participant in room.participants.values():
                participant.publishing.repair(now)

    def _tick(self, now: float) -> None:
        for room in self.rooms.by_name.values():
            room.tick(now)

    def _report(self, now: float) -> None:
        for room in self.rooms.by_name.values():
            for participant in room.participants.values():
                for packet in participant.publishing.reports(now, self.settings.uplink_bps):
                    participant.peer.send_rtcp(packet)
        self.rooms.expire(now)

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readyz(self, _: web.Request) -> web.Response:
        return web.Response(
            text="ready" if self._ready else "closing", status=200 if self._ready else 503
        )

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(
            body=self._exposition.text(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )
