"""Keeps the socket to web up: hello, welcome, pings, and again after every break.

It must not interpret messages: what web says goes to one handler, in order.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from transcription.clock import monotonic, skew_of
from transcription.contract.link import (
    DEAD_S,
    PING_S,
    SOCKET_LIMIT,
    Hello,
    UnknownMessage,
    WebMessage,
    Welcome,
    WorkerMessage,
    text_of,
    web_message,
)
from transcription.contract.reading import ContractError
from transcription.server_link.retry import LinkRefused, backoff_s, refusal_of_close
from transcription.settings import LinkSettings

log = logging.getLogger(__name__)

WELCOME_S = 20
"""Seconds that web may take to answer hello."""


class LineDown(ConnectionError):
    """There is no line to web now."""


class LinkSocket:
    """One side of the worker link's socket. `heard` gets each message; `up` and `down` are told of
    the line. `skew` is web's clock minus ours, as the last welcome showed it."""

    def __init__(
        self,
        settings: LinkSettings,
        hello: Callable[[], Hello],
        heard: Callable[[WebMessage], Awaitable[None]],
        up: Callable[[], None],
        down: Callable[[], None],
    ) -> None:
        self.skew = timedelta()
        self._url = "ws" + settings.url.removeprefix("http") + "/worker/socket"
        self._token = settings.token
        self._hello = hello
        self._heard = heard
        self._up = up
        self._down = down
        self._line: ClientConnection | None = None

    async def run(self) -> None:
        """Until cancelled; raises LinkRefused when web will never take us."""
        failures = 0
        while True:
            try:
                async with self._dial() as line:
                    await self._greet(line)
                    failures = 0
                    await self._listen(line)
            except InvalidStatus as error:
                self._check_status(error.response.status_code)
                log.warning("web does not take the socket: %s", error)
            except ConnectionClosed as error:
                code = error.rcvd.code if error.rcvd else 1006
                if (final := refusal_of_close(code)) is not None:
                    raise final from error
                log.warning("the line to web broke (%s)", error)
            except (OSError, TimeoutError, InvalidHandshake, ContractError) as error:
                log.warning("no line to web: %s", error or type(error).__name__)
            failures += 1
            await asyncio.sleep(backoff_s(failures))

    async def say(self, message: WorkerMessage) -> None:
        """Sends a message; LineDown when there is no line."""
        line = self._line
        if line is None:
            raise LineDown
        try:
            await line.send(text_of(message))
        except ConnectionClosed as error:
            raise LineDown from error

    async def hang_up(self) -> None:
        """Closes the line; `run` makes a new one, and web tells everything again."""
        if self._line is not None:
            await self._line.close()

    def _dial(self) -> connect:
        return connect(
            self._url,
            additional_headers={"Authorization": f"Bearer {self._token}"},
            max_size=SOCKET_LIMIT,
            ping_interval=PING_S,
            ping_timeout=DEAD_S - PING_S,
            open_timeout=WELCOME_S,
            close_timeout=2,
        )

    async def _greet(self, line: ClientConnection) -> None:
        asked = monotonic()
        await line.send(text_of(self._hello()))
        async with asyncio.timeout(WELCOME_S):
            answer = web_message(await line.recv())
        if not isinstance(answer, Welcome):
            raise ContractError("type", f"web answered hello with {answer.type}")
        self.skew = skew_of(answer.now_at, asked, monotonic())
        if self.skew:
            log.warning(
                "web's clock is %.1f s ahead of ours; web's is used", self.skew.total_seconds()
            )

    async def _listen(self, line: ClientConnection) -> None:
        log.info("in line with web at %s", self._url)
        self._line = line
        self._up()
        try:
            while True:
                text = await line.recv()
                with contextlib.suppress(UnknownMessage):
                    await self._heard(web_message(text))
        finally:
            self._line = None
            self._down()

    def _check_status(self, status: int) -> None:
        if status in (401, 403):
            final = refusal_of_close(4401)
            assert final is not None
            raise final
        if status in (400, 404, 426):
            raise LinkRefused(f"no worker link at {self._url} ({status}): check GIAOBAN_WEB_URL")
