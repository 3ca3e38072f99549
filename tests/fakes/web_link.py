"""Web's side of the worker link, in memory, over real HTTP and WebSocket on loopback.

Follows the tables of chunk and job (model.md 2.6, 2.8) as far as worker and recorder can see them.
Faults are asked for by name: `fail_next(...)`, `alter_next_part`, `cut()`, `refuse_with`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.web_link_jobs import JobSide
from tests.fakes.web_link_state import Chunk, Job, RefusedError, Track, refuse
from tests.fakes.web_link_tracks import TrackSide
from transcription.contract import link
from transcription.settings import LinkSettings

__all__ = ["Chunk", "Job", "Track", "WebLink"]
WAIT_SECONDS = 20.0


class WebLink(TrackSide, JobSide):
    """`async with WebLink() as web:`; state is read straight from its attributes."""

    def __init__(self, token: str = "token-of-the-link") -> None:
        super().__init__()
        self.token = token
        self.hellos: list[link.Hello] = []
        self.heard: list[link.WorkerMessage] = []
        self.records: dict[int, link.Record] = {}
        self.stops: set[int] = set()
        self.requests: list[tuple[str, str]] = []
        self.close_with: int | None = None
        self._failures: dict[str, list[int]] = defaultdict(list)
        self._sockets: list[web.WebSocketResponse] = []
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    # --- for tests ---

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> LinkSettings:
        return LinkSettings(self.url, self.token, "test")

    def fail_next(self, path_part: str, *statuses: int) -> None:
        """The next requests whose path holds `path_part` are answered with these statuses."""
        self._failures[path_part] += statuses

    async def record(self, conference: int, url: str, token: str, zero_at: datetime) -> None:
        """The conference is live: told now and after every hello."""
        self.records[conference] = link.Record(conference, url, token, zero_at)
        await self.tell(self.records[conference])

    async def stop(self, conference: int) -> None:
        """The conference has ended: told now and after every hello, until `stopped`."""
        self.records.pop(conference, None)
        self.stops.add(conference)
        await self.tell(link.Stop(conference))

    async def tell(self, message: link.WebMessage) -> None:
        for socket in self._sockets:
            with contextlib.suppress(ConnectionError):
                await socket.send_str(link.text_of(message))

    async def cut(self) -> None:
        """Breaks every socket without a close."""
        for socket in list(self._sockets):
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()

    async def until(self, good: Any, what: str, seconds: float = WAIT_SECONDS) -> Any:
        """Waits until `good()` is true, woken by every request and message."""
        try:
            async with asyncio.timeout(seconds):
                while not (value := good()):
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.25):
                            await self._changed.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"never came: {what}") from None

    def messages(self, kind: type) -> list[Any]:
        return [message for message in self.heard if isinstance(message, kind)]

    # --- server ---

    async def __aenter__(self) -> WebLink:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.shut()

    async def start(self) -> None:
        """Listens; on the port of an earlier start when there was one."""
        app = web.Application(middlewares=[self._middleware], client_max_size=8 * 2**20)
        app.add_routes([web.get("/worker/socket", self._socket)])
        app.add_routes([*self.track_routes(), *self.job_routes()])
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        assert site._server is not None
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    async def shut(self) -> None:
        await self.cut()
        assert self._runner is not None
        await self._runner.cleanup()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            if request.path != "/worker/socket":
                return self._refusal(refuse(401, "token_invalid"))
        self.requests.append((request.method, request.path))
        for part, statuses in self._failures.items():
            if part in request.path and statuses:
                await request.read()
                return web.Response(status=statuses.pop(0), text="out of order")
        try:
            response: web.StreamResponse = await handler(request)
            return response
        except RefusedError as error:
            return self._refusal(error)
        finally:
            self._changed.set()

    def _refusal(self, error: RefusedError) -> web.Response:
        return web.json_response(error.refusal.to_json(), status=error.status)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=link.PING_S)
        await socket.prepare(request)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            await socket.close(code=link.CLOSE_TOKEN)
            return socket
        if self.close_with is not None:
            await socket.close(code=self.close_with)
            return socket
        try:
            async for raw in socket:
                if raw.type is not WSMsgType.TEXT:
                    break
                message = link.worker_message(raw.data)
                self.heard.append(message)
                await self._answer(socket, message)
                self._changed.set()
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._changed.set()
        return socket

    async def _answer(self, socket: web.WebSocketResponse, message: link.WorkerMessage) -> None:
        match message:
            case link.Hello():
                self.hellos.append(message)
                await socket.send_str(link.text_of(link.Welcome(1, datetime.now(UTC))))
                self._sockets.append(socket)
                for record in self.records.values():
                    await socket.send_str(link.text_of(record))
                for conference in self.stops:
                    await socket.send_str(link.text_of(link.Stop(conference)))
            case link.Stopped():
                self.stops.discard(message.conference)
            case link.Claim():
                await socket.send_str(link.text_of(self._offer(message)))
            case link.Beat():
                answers = tuple(self._beat(job) for job in message.jobs)
                await socket.send_str(link.text_of(link.BeatAnswer(answers)))
            case link.Started():
                await socket.send_str(link.text_of(self._started(message)))
            case link.Recording():
                pass
