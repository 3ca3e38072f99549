"""Events for the application's server, as LiveKit sends them: signed, in order, again until taken.

One task per room while it has something to say, so that a room's events arrive in order and one
room's trouble does not hold up another's. Media runs on when nobody listens.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from typing import Any

import aiohttp
from google.protobuf.json_format import MessageToJson
from livekit.protocol import webhook

from server.media import clock, limits
from server.media.stats import Stats
from server.media.tokens import TokenVerifier

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 60.0
TIMEOUT_SECONDS = 10.0


class Webhooks:
    """The sender. `first_pause` is the pause after the first failure; it doubles up to 60 s."""

    def __init__(
        self, url: str | None, signer: TokenVerifier, stats: Stats, first_pause: float = 1.0
    ) -> None:
        self._url, self._signer, self._stats = url, signer, stats
        self._first_pause = first_pause
        self._waiting: dict[str, deque[bytes]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._http: aiohttp.ClientSession | None = None

    def emit(self, event: str, room: Any, participant: Any, track: Any) -> None:
        """Queue one event; with too many waiting it is dropped and counted."""
        if self._url is None:
            return
        queue = self._waiting.setdefault(room.name, deque())
        if len(queue) >= limits.WEBHOOKS_WAITING:
            self._stats.dropped["webhook"] += 1
            return
        message = webhook.WebhookEvent(
            event=event,
            room=room,
            participant=participant,
            track=track,
            id="EV_" + secrets.token_hex(8),
            created_at=int(clock.wall_seconds()),
        )
        queue.append(MessageToJson(message).encode())
        if room.name not in self._tasks:
            task = asyncio.create_task(self._deliver(room.name, queue), name="webhooks")
            self._tasks[room.name] = task

    async def drain(self, seconds: float) -> None:
        """Before the end: give what waits this much time, then drop it."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=seconds)
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    async def _deliver(self, room: str, queue: deque[bytes]) -> None:
        try:
            pause = self._first_pause
            while queue:
                if await self._post(queue[0]):
                    queue.popleft()
                    pause = self._first_pause
                else:
                    self._stats.events["webhook_retries"] += 1
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        finally:
            self._stats.dropped["webhook"] += len(queue)
            del self._tasks[room]
            self._waiting.pop(room, None)

    async def _post(self, body: bytes) -> bool:
        """One attempt; True if it is done with. A refusal (4xx) is final: the same cannot help."""
        assert self._url is not None
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        headers = {
            "Authorization": self._signer.sign_body(body, clock.wall_seconds()),
            "Content-Type": "application/webhook+json",
        }
        try:
            async with self._http.post(self._url, data=body, headers=headers) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError):
            return False
        if status < 300:
            self._stats.events["webhooks_sent"] += 1
            return True
        if 400 <= status < 500 and status not in (408, 429):
            log.warning("webhook refused with %d by %s", status, self._url)
            self._stats.dropped["webhook_refused"] += 1
            return True
        return False
