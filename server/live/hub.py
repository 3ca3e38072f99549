"""The running conferences of this process: makes their rooms, brings them messages.

One hub an application. Whoever stores an act on a running conference calls `acted`; whoever must
know of starts and ends (the recorder's link) registers with `on_conference_state`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from server.domain.meetings import ConferenceState
from server.live.messages import (
    Acted,
    Attach,
    Detach,
    Listener,
    Message,
    Recording,
    Settled,
    Whole,
)
from server.live.room import Room, Run
from server.rtc.client import MediaClient
from server.services import meetings

log = logging.getLogger("giaoban.live")
StateCallback = Callable[[int, ConferenceState], None]


class Hub:
    """All rooms. Use from the event loop only."""

    def __init__(self, run: Run, media: MediaClient, clock: Callable[[], datetime]) -> None:
        self.media = media
        self._run, self._clock = run, clock
        self._rooms: dict[int, Room] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._callbacks: list[StateCallback] = []

    async def start(self) -> None:
        """Make the rooms of every conference in session again."""
        for conference_id in await self._run(meetings.live_conferences):
            self._tell(conference_id, Acted())

    async def close(self) -> None:
        """End every room's task."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.media.close()

    def on_conference_state(self, callback: StateCallback) -> None:
        """`callback(conference_id, state)` after each change of a conference's state (and when a
        room is made again); it must not wait.
        """
        self._callbacks.append(callback)

    async def acted(
        self, conference_id: int, mute: tuple[int, ...] = (), remove: tuple[str, ...] = ()
    ) -> Settled:
        """An act was stored: returns when rights are set (or media doesn't answer) and every page
        was told.
        """
        done: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
        self._tell(conference_id, Acted(mute, remove, done))
        return await done

    def noticed(self, conference_id: int, remove: tuple[str, ...] = ()) -> None:
        """As `acted`, for those who need not know when it is done (webhooks)."""
        self._tell(conference_id, Acted(remove=remove))

    def attach(self, conference_id: int, listener: Listener) -> None:
        """A page follows: it gets the whole, then every change."""
        self._tell(conference_id, Attach(listener))

    def detach(self, conference_id: int, listener: Listener) -> None:
        """A page is gone."""
        if conference_id in self._rooms:
            self._tell(conference_id, Detach(listener))

    def whole(self, conference_id: int, listener: Listener) -> None:
        """A page missed something."""
        self._tell(conference_id, Whole(listener))

    def set_recording(self, conference_id: int, on: bool) -> None:
        """The recorder writes without a break, or it doesn't: every page shows which."""
        self._tell(conference_id, Recording(on))

    def _tell(self, conference_id: int, message: Message) -> None:
        room = self._rooms.get(conference_id)
        if room is None:
            room = Room(conference_id, self._run, self.media, self._clock, self._state_changed)
            self._rooms[conference_id] = room
            name = f"conference-{conference_id}"
            task = asyncio.create_task(self._serve(room), name=name)
            self._tasks[conference_id] = task
        room.inbox.put_nowait(message)

    async def _serve(self, room: Room) -> None:
        try:
            await room.serve()
        finally:
            self._rooms.pop(room.conference_id, None)
            self._tasks.pop(room.conference_id, None)

    def _state_changed(self, conference_id: int, state: ConferenceState) -> None:
        for callback in self._callbacks:
            try:
                callback(conference_id, state)
            except Exception:
                log.exception("a follower of conference %d failed", conference_id)
