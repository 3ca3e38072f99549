"""The queue of webhooks: order per room, repetition, its bound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from livekit.protocol import models

from server.media import limits
from server.media.stats import Stats
from server.media.tokens import TokenVerifier
from server.media.webhooks import Webhooks
from tests.fakes.media_seat import until

SECRET = "a secret of more than 32 characters!"


class Receiver:
    """Answers each request with the next of `statuses`, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[tuple[str, str]] = []
        self.changed = asyncio.Condition()
        self.open = asyncio.Event()
        self.open.set()

    async def receive(self, request: web.Request) -> web.Response:
        event = json.loads(await request.read())
        if event["room"]["name"] == "slow":
            await self.open.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        async with self.changed:
            if status == 200:
                self.got.append((event["room"]["name"], event["event"]))
            self.changed.notify_all()
        return web.Response(status=status)

    async def wait(self, good: Callable[[], bool]) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(good)


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def url(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/", receiver.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    receiver.open.set()
    await runner.cleanup()


def hooks(url: str | None, stats: Stats) -> Webhooks:
    return Webhooks(url, TokenVerifier("key", SECRET), stats, first_pause=0.01)


def emit(webhooks: Webhooks, room: str, *events: str) -> None:
    for event in events:
        webhooks.emit(event, models.Room(name=room), None, None)


async def test_events_of_a_room_arrive_in_order_through_failures(
    receiver: Receiver, url: str
) -> None:
    receiver.statuses = [500, 503, 200, 429, 408]
    stats = Stats()
    webhooks = hooks(url, stats)
    emit(webhooks, "r", "a", "b", "c")
    await receiver.wait(lambda: len(receiver.got) == 3)
    await webhooks.drain(1)
    assert receiver.got == [("r", "a"), ("r", "b"), ("r", "c")]
    assert stats.events["webhook_retries"] == 4
    assert not stats.dropped["webhook"]


async def test_a_refused_event_does_not_hold_up_the_next(receiver: Receiver, url: str) -> None:
    receiver.statuses = [401]
    stats = Stats()
    webhooks = hooks(url, stats)
    emit(webhooks, "r", "a", "b")
    await receiver.wait(lambda: len(receiver.got) == 1)
    await webhooks.drain(1)
    assert receiver.got == [("r", "b")]
    assert stats.dropped["webhook_refused"] == 1


async def test_one_room_does_not_wait_for_another(receiver: Receiver, url: str) -> None:
    receiver.open.clear()
    webhooks = hooks(url, Stats())
    emit(webhooks, "slow", "a")
    emit(webhooks, "quick", "b")
    await receiver.wait(lambda: ("quick", "b") in receiver.got)
    assert ("slow", "a") not in receiver.got
    receiver.open.set()
    await webhooks.drain(1)
    assert ("slow", "a") in receiver.got


async def test_more_than_a_thousand_waiting_are_dropped_and_counted(
    receiver: Receiver, url: str
) -> None:
    stats = Stats()
    receiver.open.clear()
    webhooks = hooks(url, stats)
    emit(webhooks, "slow", *["x"] * (limits.WEBHOOKS_WAITING + 5))
    assert stats.dropped["webhook"] == 5
    await webhooks.drain(0.01)
    assert stats.dropped["webhook"] == 5 + limits.WEBHOOKS_WAITING


async def test_nobody_listening_is_tried_again_and_dropped_at_the_end() -> None:
    stats = Stats()
    webhooks = hooks("http://127.0.0.1:1/", stats)
    emit(webhooks, "r", "a")
    await until(lambda: stats.events["webhook_retries"], "a retry")
    await webhooks.drain(0.01)
    assert stats.dropped["webhook"] == 1


async def test_without_an_address_nothing_is_queued() -> None:
    webhooks = hooks(None, Stats())
    emit(webhooks, "r", "a")
    await webhooks.drain(0)
