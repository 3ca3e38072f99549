"""The recorder's process: one line to web, one uploader, one task for each conference.

It must not touch sound. What an earlier run left is mended and sent before anything else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from transcription.contract.link import (
    VERSION,
    Hello,
    Record,
    Recording,
    Stop,
    Stopped,
    WebMessage,
    WorkerMessage,
)
from transcription.recorder.conference import ConferenceRecording, end_tracks
from transcription.recorder.spool import Spool, mend
from transcription.recorder.uploader import Uploader
from transcription.server_link.http import LinkHttp
from transcription.server_link.socket import LineDown, LinkSocket
from transcription.settings import RecorderSettings

log = logging.getLogger(__name__)


class RecorderService:
    """All of the recorder; `run` until cancelled."""

    def __init__(self, settings: RecorderSettings) -> None:
        self._settings = settings
        self._spool = Spool(settings.spool)
        self._http = LinkHttp(settings.link)
        self._uploader = Uploader(self._spool, self._http)
        hello = Hello(VERSION, settings.link.name, None)
        self._socket = LinkSocket(
            settings.link, lambda: hello, self._heard, up=self._uploader.nudge, down=self._line_down
        )
        self._recordings: dict[int, ConferenceRecording] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._stops: dict[int, asyncio.Task[None]] = {}
        self._left_at_ms: dict[int, int] = {}
        self._broken: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Raises LinkRefused when web will never take this recorder; any other error means a fault
        of ours: the process ends, and the next start mends what lies there."""
        self._mend()
        self._broken = asyncio.get_running_loop().create_future()
        async with self._http:
            uploading = asyncio.create_task(self._uploader.run(), name="upload")
            self._uploader.nudge()
            listening = asyncio.create_task(self._socket.run(), name="link")
            try:
                waited = [uploading, listening, self._broken]
                await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await self._end_tasks([*self._tasks.values(), *self._stops.values()])
                await self._end_tasks([uploading, listening])
            for task in (self._broken, uploading, listening):
                if not task.done():
                    task.cancel()
                    continue
                if not task.cancelled() and (error := task.exception()) is not None:
                    raise error

    def _mend(self) -> None:
        for broken in mend(self._spool):
            alive_ms = self._spool.alive_ms(broken.conference)
            ends = [*broken.ends_ms] or ([alive_ms] if alive_ms is not None else [])
            if ends:
                self._left_at_ms[broken.conference] = min(ends)

    async def _heard(self, message: WebMessage) -> None:
        match message:
            case Record():
                await self._record(message)
            case Stop():
                self._stop(message.conference)
            case _:
                log.debug("not for a recorder: %s", message.type)

    async def _record(self, record: Record) -> None:
        running = self._recordings.get(record.conference)
        if running is not None:
            return await running.again(record)
        recording = ConferenceRecording(
            record,
            self._spool,
            self._uploader,
            self._socket.skew,
            self._settings.chunk_s,
            self._settings.disk_floor,
            self._left_at_ms.pop(record.conference, None),
            self._tell,
            self._socket.hang_up,
        )
        self._recordings[record.conference] = recording
        task = asyncio.create_task(recording.run(), name=f"conference {record.conference}")
        task.add_done_callback(self._task_done)
        self._tasks[record.conference] = task

    def _stop(self, conference: int) -> None:
        if conference in self._stops and not self._stops[conference].done():
            return
        task = asyncio.create_task(self._stop_now(conference), name=f"stop {conference}")
        task.add_done_callback(self._task_done)
        self._stops[conference] = task

    async def _stop_now(self, conference: int) -> None:
        if (task := self._tasks.pop(conference, None)) is not None:
            await self._end_tasks([task])
        if (recording := self._recordings.pop(conference, None)) is not None:
            recording.end()
        else:
            end_tracks(self._spool, conference)
        await self._uploader.until_delivered(conference)
        self._spool.forget(conference)
        self._left_at_ms.pop(conference, None)
        log.info("conference %d: recorded and delivered", conference)
        await self._tell(Stopped(conference))

    async def _tell(self, message: WorkerMessage | Recording) -> None:
        # Without a line it is told after the next hello: web asks again.
        with contextlib.suppress(LineDown):
            await self._socket.say(message)

    def _line_down(self) -> None:
        if self._tasks:
            log.warning("recording goes on without a line to web")

    async def _end_tasks(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _task_done(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        log.error("%s failed", task.get_name(), exc_info=error)
        if self._broken is not None and not self._broken.done():
            self._broken.set_exception(error)
