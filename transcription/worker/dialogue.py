"""The worker's questions to web over the socket, and the answers that belong to them.

A question asked on a line that breaks is asked again on the next. It must not do any work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import assert_never

from transcription.contract.link import (
    Beat,
    BeatAnswer,
    BeatState,
    Claim,
    Go,
    Hello,
    JobOffer,
    JobProgress,
    NoJob,
    Record,
    Skip,
    Started,
    Stop,
    WebMessage,
    Welcome,
    Work,
)
from transcription.server_link.socket import LineDown, LinkSocket
from transcription.settings import LinkSettings

log = logging.getLogger(__name__)

ANSWER_S = 30.0
"""Web answers at once; silence this long on a standing line means that the answer got lost."""


class Dialogue:
    """One worker's side. `lost` is told which jobs web says are no longer ours."""

    def __init__(
        self,
        settings: LinkSettings,
        hello: Callable[[], Hello],
        lost: Callable[[int, BeatState], None],
    ) -> None:
        self.work = asyncio.Event()
        """A job may wait: a hint came, or the line is new."""
        self._lost = lost
        self._is_up = asyncio.Event()
        self._offer: asyncio.Future[JobOffer | None] | None = None
        self._clips: dict[tuple[int, str], asyncio.Future[bool]] = {}
        self.socket = LinkSocket(settings, hello, self._heard, self._up, self._down)

    async def claim(self, able: Sequence[str]) -> JobOffer | None:
        """A job, or None when none waits for such a worker (or the line broke)."""
        await self._is_up.wait()
        self._offer = asyncio.get_running_loop().create_future()
        try:
            await self.socket.say(Claim(tuple(able)))
            async with asyncio.timeout(ANSWER_S):
                return await self._offer
        except (LineDown, TimeoutError):
            return None
        finally:
            self._offer = None

    async def may_start(self, job: int, lease: int, clip: str) -> bool:
        """True: the clip may be decoded. False: web has it, or has given it up."""
        while True:
            await self._is_up.wait()
            answer = asyncio.get_running_loop().create_future()
            self._clips[job, clip] = answer
            try:
                await self.socket.say(Started(job, lease, clip))
                async with asyncio.timeout(ANSWER_S):
                    return bool(await answer)
            except LineDown:
                continue
            except TimeoutError:
                await self.socket.hang_up()
            finally:
                self._clips.pop((job, clip), None)

    async def beat(self, jobs: Sequence[JobProgress]) -> None:
        """Tells that the jobs are alive; without a line nothing."""
        try:
            await self.socket.say(Beat(tuple(jobs)))
        except LineDown:
            log.info("no line for a beat")

    def _up(self) -> None:
        self._is_up.set()
        self.work.set()

    def _down(self) -> None:
        self._is_up.clear()
        for clip in self._clips.values():
            if not clip.done():
                clip.set_exception(LineDown())
        if self._offer is not None and not self._offer.done():
            self._offer.set_exception(LineDown())

    async def _heard(self, message: WebMessage) -> None:
        match message:
            case JobOffer():
                self._offered(message)
            case NoJob():
                self._offered(None)
            case Work():
                self.work.set()
            case BeatAnswer():
                for beat in message.jobs:
                    if beat.state is not BeatState.OK:
                        self._lost(beat.job, beat.state)
            case Go() | Skip():
                answer = self._clips.get((message.job, message.clip))
                if answer is not None and not answer.done():
                    answer.set_result(isinstance(message, Go))
            case Record() | Stop() | Welcome():
                log.debug("not for a worker: %s", message.type)
            case _:
                assert_never(message)

    def _offered(self, offer: JobOffer | None) -> None:
        if self._offer is not None and not self._offer.done():
            self._offer.set_result(offer)
        elif offer is not None:
            # Its lease lapses by itself; working on it unasked could overlap another job.
            log.warning("job %d came too late", offer.job)
