"""The worker link as a test meets it: a program's socket and its HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from server.web.worker_link.hub import LINK, WorkerLink
from tests.integration.conftest import Answer, Browser, Served
from tests.integration.speech.speech_cast import SHA
from transcription.contract.link import VERSION

MODEL = {"name": "demo", "sha256": SHA}
WAIT_S = 5


@asynccontextmanager
async def in_line(
    program: Browser, model: dict[str, str] | None = None, name: str = "one", greet: bool = True
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A program's socket, after hello and welcome."""
    async with program.http.ws_connect(program.base / "worker/socket") as ws:
        if greet:
            await ws.send_json({"type": "hello", "v": VERSION, "name": name, "model": model})
            welcome = await heard(ws)
            assert (welcome["type"], welcome["v"]) == ("welcome", VERSION)
        yield ws


async def heard(ws: aiohttp.ClientWebSocketResponse, kind: str | None = None) -> dict[str, Any]:
    """The next message (of that type: others are passed over)."""
    async with asyncio.timeout(WAIT_S):
        while True:
            message: dict[str, Any] = await ws.receive_json()
            if kind is None or message["type"] == kind:
                return message


async def closed(ws: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code by which the other side closes."""
    async with asyncio.timeout(WAIT_S):
        while not ws.closed:
            await ws.receive()
    return ws.close_code


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition that another task brings about."""
    async with asyncio.timeout(WAIT_S):
        while not true():  # noqa: ASYNC110 - rows of a database wake nobody
            await asyncio.sleep(0.01)


async def put(program: Browser, path: str, **kw: Any) -> Answer:
    return await program._send("PUT", path, **kw)


async def post(program: Browser, path: str, body: Any, key: str | None = "k") -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return await program._send("POST", path, json=body, headers=headers)


def link_of(served: Served) -> WorkerLink:
    return served.app[LINK]
