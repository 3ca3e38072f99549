"""Who is in line, and telling them what there is to do.

One recorder a conference: the first in line when it begins, and only that one again when its line
broke, for it may be recording all the while and two would number one track's chunks twice. What is
to be recorded is asked of storage every WATCH_S and whenever somebody pokes, so that a missed word,
a restarted web or another web process costs seconds, not a recording.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from aiohttp import ClientConnectionResetError, web

from server.domain.actors import Caller
from server.domain.errors import GiaoBanError, UserError
from server.domain.recordings import GIVE_UP_S
from server.rtc.tokens import MediaAccess
from server.services import jobs, meetings, recorders, recordings
from server.services.context import Context
from server.services.processing import Processing, processing_of
from server.services.tokens import RECORDER, WORKER
from server.web.call import call
from server.web.keys import CLOCK, DB, FILES, POOL, SETTINGS
from transcription.contract.link import ModelName, Record, Stop, WebMessage, Work, text_of

log = logging.getLogger("giaoban.worker_link")
P = ParamSpec("P")
R = TypeVar("R")

WATCH_S = 2.0

RecorderListener = Callable[[int, bool], None]
"""Told (conference id, whether a recorder is in line for it) when that changes."""


@dataclass(eq=False)
class Line:
    """One program in line. `stops_told`: ended conferences it has been told of."""

    ws: web.WebSocketResponse
    token_id: int
    scopes: frozenset[str]
    name: str
    model: ModelName | None
    stops_told: set[int] = field(default_factory=set)

    @property
    def program(self) -> tuple[int, str]:
        """Which program this is, over all its lines."""
        return self.token_id, self.name

    async def say(self, message: WebMessage) -> None:
        """Send a message; a line that is gone is noticed by its own task."""
        with contextlib.suppress(ClientConnectionResetError, ConnectionError, RuntimeError):
            await self.ws.send_str(text_of(message))


class WorkerLink:
    """The lines of one web process."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._lines: list[Line] = []
        self._recorder_of: dict[int, Line] = {}
        self._bound: dict[int, tuple[int, str]] = {}
        """The program that was told to record a conference, also while its line is broken."""
        self._gone_since: dict[int, datetime] = {}
        self._listeners: list[RecorderListener] = []
        self._poked = asyncio.Event()
        self._telling = asyncio.Lock()
        self._no_recorder_since: datetime | None = app[CLOCK]()
        self._work_waited = False
        self._closing: set[asyncio.Task[bool]] = set()

    def model_ready(self) -> bool:
        """Whether some worker in line has a speech model."""
        return any(WORKER in line.scopes and line.model is not None for line in self._lines)

    def recorder_present(self, conference_id: int) -> bool:
        """Whether a recorder is in line for this conference."""
        return conference_id in self._recorder_of

    def listen(self, listener: RecorderListener) -> None:
        """Be told when a conference's recorder writes, or goes."""
        self._listeners.append(listener)

    def poke(self) -> None:
        """Something changed (a conference began or ended): look at once."""
        self._poked.set()

    async def join(self, line: Line) -> None:
        """A program said hello; the same one in an older line has lost that."""
        for old in [other for other in self._lines if other.program == line.program]:
            await self.leave(old)
            # Its peer is likely gone: nobody waits for it to answer the close.
            closing = asyncio.create_task(old.ws.close(), name=f"close {old.name}")
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        self._lines.append(line)
        if RECORDER in line.scopes:
            self._no_recorder_since = None
            for conference_id, program in self._bound.items():
                if program == line.program:
                    self._gone_since.pop(conference_id, None)
            await self.tell_recorders()

    async def leave(self, line: Line) -> None:
        """A line is gone: its conferences have no recorder now, and chair and secretary know."""
        if line not in self._lines:
            return
        self._lines.remove(line)
        if not any(RECORDER in other.scopes for other in self._lines):
            self._no_recorder_since = self._no_recorder_since or self._app[CLOCK]()
        lost = [key for key, holder in self._recorder_of.items() if holder is line]
        for conference_id in lost:
            del self._recorder_of[conference_id]
            self._gone_since[conference_id] = self._app[CLOCK]()
            self._notify(conference_id, present=False)
        for conference_id in lost:
            with contextlib.suppress(GiaoBanError):
                await self._run(line.token_id, recorders.recorder_lost, conference_id)

    def writes(self, conference_id: int) -> None:
        """A recorder is in the room and writes."""
        self._notify(conference_id, present=True)

    def stopped(self, conference_id: int) -> None:
        """A recorder is done with a conference."""
        self._bound.pop(conference_id, None)
        self._gone_since.pop(conference_id, None)
        if self._recorder_of.pop(conference_id, None) is not None:
            self._notify(conference_id, present=False)

    async def hint_work(self) -> None:
        """Tell workers that a job waits."""
        for line in list(self._lines):
            if WORKER in line.scopes:
                await line.say(Work())

    async def tell_recorders(self) -> None:
        """Tell each recorder what to record and what has ended, once a line."""
        async with self._telling:
            wanted = await self._run(None, recorders.wanted)
            for conference_id in wanted.record:
                if conference_id not in self._recorder_of:
                    await self._tell_record(conference_id)
            for conference_id in wanted.stop:
                holder = self._recorder_for(conference_id)
                if holder is not None and conference_id not in holder.stops_told:
                    holder.stops_told.add(conference_id)
                    await holder.say(Stop(conference_id))

    async def _tell_record(self, conference_id: int) -> None:
        line = self._recorder_for(conference_id)
        if line is None:
            return
        settings = self._app[SETTINGS]
        media = MediaAccess(settings.livekit_url, settings.livekit_key, settings.livekit_secret)
        try:
            access = await self._run(line.token_id, meetings.recorder_access, media, conference_id)
        except GiaoBanError:
            return  # it ended in the meantime
        if line not in self._lines:
            return  # it went while we asked; whoever is in line now is told next
        self._recorder_of[conference_id] = line
        self._bound[conference_id] = line.program
        url = "ws" + access.url.removeprefix("http") if access.url[:4] == "http" else access.url
        await line.say(Record(conference_id, url, access.token, access.clock_zero_at))

    def _recorder_for(self, conference_id: int) -> Line | None:
        """The line of the conference's recorder; the first one in line when it has none yet."""
        bound = self._bound.get(conference_id)
        for line in self._lines:
            if RECORDER in line.scopes and bound in (None, line.program):
                return line
        return None

    def _notify(self, conference_id: int, present: bool) -> None:
        if not present:
            log.warning("conference %d has no recorder in line", conference_id)
        for listener in self._listeners:
            listener(conference_id, present)

    async def watch(self) -> None:
        """Until cancelled: look what is to be told, queued, given up."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WATCH_S):  # `wait_for` may lose a cancellation
                    await self._poked.wait()
            self._poked.clear()
            try:
                await self.look()
            except Exception:
                log.exception("the look at recorders and jobs failed; next in %g s", WATCH_S)

    async def look(self) -> None:
        """One round of `watch`."""
        await self.tell_recorders()
        long_ago = self._app[CLOCK]() - timedelta(seconds=GIVE_UP_S)
        since = self._no_recorder_since
        nobody = since is not None and since <= long_ago
        gone = frozenset(key for key, when in self._gone_since.items() if when <= long_ago)
        await self._run(None, recorders.give_up, nobody, gone)
        await self._run(None, jobs.queue_due_extractions)
        waits = await self._run(None, jobs.work_waits)
        if waits and not self._work_waited:
            await self.hint_work()
        self._work_waited = waits

    async def close(self) -> None:
        """End every line; programs come back by themselves."""
        for line in list(self._lines):
            await line.ws.close(code=1001)
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def _run(
        self,
        token_id: int | None,
        service: Callable[Concatenate[Context, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        app = self._app
        caller = Caller(agent=f"worker:{token_id}" if token_id is not None else "worker")
        ctx = Context(app[DB], app[FILES], caller, app[CLOCK]())
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(app[POOL], partial(service, ctx, *args, **kwargs))


LINK: web.AppKey[WorkerLink] = web.AppKey("worker_link", WorkerLink)


async def processing_for(request: web.Request, conference_id: int) -> Processing:
    """Where a conference's recording stands, for the signed-in person's page; `not_found` for who
    may not hear it.
    """
    ready = request.config_dict[LINK].model_ready()
    return await call(request, processing_of, conference_id, ready)


async def processing_or_none(request: web.Request, conference_id: int) -> Processing | None:
    """As `processing_for`, None for who may not hear it: for pages that others see as well."""
    try:
        return await processing_for(request, conference_id)
    except UserError as error:
        if error.code != "not_found":
            raise
        return None


async def answer_and_hint(
    request: web.Request, taken: jobs.Ended | recordings.Taken
) -> web.Response:
    """The answer to a message; workers are told when it made work for them."""
    if taken.queued:
        await request.config_dict[LINK].hint_work()
    return web.json_response(taken.answer)
