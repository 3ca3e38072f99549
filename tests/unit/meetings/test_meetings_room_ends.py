"""A running conference's task ends when it is told to, whatever comes in at that moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from server.live.messages import Acted
from server.live.room import Room


async def test_a_room_told_to_end_as_a_message_comes_in_ends() -> None:
    async def storage(*_: Any) -> Any:
        raise AssertionError("a room that ends looks at nothing")

    media: Any = None
    room = Room(1, storage, media, lambda: datetime.now(UTC), lambda *_: None)
    task = asyncio.create_task(room.serve())
    for _ in range(3):  # until it waits for messages
        await asyncio.sleep(0)
    room.inbox.put_nowait(Acted())
    await asyncio.sleep(0)  # the message is on its way to the task, which has not seen it
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    assert task in done
    assert task.cancelled()
