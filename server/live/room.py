"""One running conference: one task, one inbox.

The task looks at what is stored, makes the media room obey it, then tells the pages, in that
order. It holds no truth of its own, so it can be ended and made again at any time. Waiting is a
due instant looked at every second, never a sleeping task for a seat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol, assert_never

from server.domain.attendance import Presence, grace_ends_at, identity_of
from server.domain.floor import hard_at
from server.domain.meetings import ALWAYS_HEARD, IN_SESSION, OPEN_STATES, ConferenceState, SeatKind
from server.live.messages import (
    Acted,
    Attach,
    Detach,
    Listener,
    Message,
    Recording,
    Settled,
    Surroundings,
    Whole,
    delta,
    whole,
)
from server.rtc.client import MediaClient, MediaDown, Present
from server.services import attendance, rights
from server.services.rights import LiveView, SeatView

log = logging.getLogger("giaoban.live")

TICK_S = 1.0
RECONCILE_S = 10.0
# A meeting that everybody left is looked at this often.
FORGOTTEN_EVERY = timedelta(minutes=1)


class Run(Protocol):
    """Runs a service off the event loop, as the media server's voice."""

    def __call__(self, service: Callable[..., Any], *args: Any, **kw: Any) -> Awaitable[Any]: ...


class Room:
    """The task of one conference. `told` hears of each change of its state."""

    def __init__(
        self,
        conference_id: int,
        run: Run,
        media: MediaClient,
        clock: Callable[[], datetime],
        told: Callable[[int, ConferenceState], None],
    ) -> None:
        self.conference_id = conference_id
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._run, self._media, self._clock, self._told = run, media, clock, told
        self._listeners: set[Listener] = set()
        self._view: LiveView | None = None
        self._around = Surroundings()
        self._missing: tuple[int, ...] = ()
        self._mutes: set[int] = set()
        self._emptied = False
        self._reconcile_at = 0.0
        self._forgotten_at: datetime | None = None

    @property
    def idle(self) -> bool:
        """Nothing runs, nobody looks: the hub may forget this room."""
        if self._view is None or self._listeners or not self.inbox.empty():
            return False
        return self._view.state not in OPEN_STATES and self._emptied

    async def serve(self) -> None:
        """The task."""
        while not self.idle:
            messages = await self._next()
            try:
                await self._take(messages)
            except Exception:
                log.exception("conference %d: a round failed", self.conference_id)
                self._fail(messages)

    async def _next(self) -> list[Message]:
        """What waits in the inbox, at most one tick later; several acts make one round."""
        try:
            # not `wait_for`: in Python 3.11 it loses a cancellation that comes with a message
            async with asyncio.timeout(TICK_S):
                messages = [await self.inbox.get()]
        except TimeoutError:
            return []
        while not self.inbox.empty():
            messages.append(self.inbox.get_nowait())
        return messages

    def _fail(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if isinstance(message, Acted) and message.done and not message.done.done():
                message.done.set_result(Settled(0, media=False))
            elif isinstance(message, Attach | Whole):
                message.listener.cut_off()

    async def _take(self, messages: list[Message]) -> None:
        acts = [message for message in messages if isinstance(message, Acted)]
        due = self._due()
        if due:
            await self._run(attendance.pass_time, self.conference_id)
        reconcile = asyncio.get_running_loop().time() >= self._reconcile_at
        if acts or due or reconcile or self._view is None:
            await self._settle(acts, reconcile)
        for message in messages:
            self._answer(message)

    def _answer(self, message: Message) -> None:
        view = self._view
        assert view is not None
        match message:
            case Acted(done=done):
                if done is not None and not done.done():
                    done.set_result(Settled(view.version, self._around.media))
            case Attach(listener) | Whole(listener):
                self._listeners.add(listener)
                listener.tell(whole(view, self._around, self._clock()))
            case Detach(listener):
                self._listeners.discard(listener)
            case Recording(on):
                self._publish(view, Surroundings(on, self._around.media))
            case _:
                assert_never(message)

    def _due(self) -> bool:
        """Whether time alone has something to do now."""
        view, now = self._view, self._clock()
        if view is None or view.state not in IN_SESSION:
            return False
        times = [
            grace_ends_at(seat.away_since_at, view.grace_s)
            for seat in view.seats
            if seat.presence is Presence.AWAY and seat.away_since_at is not None
        ]
        if view.hard_end:
            times += [hard_at(turn.granted_at, turn.hard_s) for turn in view.turns]
        if not any(seat.presence in (Presence.IN, Presence.AWAY) for seat in view.seats):
            self._forgotten_at = self._forgotten_at or now + FORGOTTEN_EVERY
            times.append(self._forgotten_at)
        if not times or min(times) > now:
            return False
        self._forgotten_at = None
        return True

    async def _settle(self, acts: list[Acted], reconcile: bool) -> None:
        """Look at storage, make the media room obey, tell the pages."""
        view: LiveView = await self._run(rights.live_view, self.conference_id)
        self._mutes.update(seat for act in acts for seat in act.mute)
        removed = {identity for act in acts for identity in act.remove}
        reachable = self._around.media
        # While media doesn't answer, only the regular round asks it again.
        if (reachable or reconcile) and self._has_room(view):
            try:
                view = await self._obey(view, removed, reconcile)
                reachable = True
            except MediaDown as trouble:
                if reachable:
                    log.warning("conference %d: media: %s", self.conference_id, trouble)
                reachable = False
        if reconcile:
            self._reconcile_at = asyncio.get_running_loop().time() + RECONCILE_S
        self._publish(view, Surroundings(self._around.recording, reachable))

    def _has_room(self, view: LiveView) -> bool:
        if view.state in IN_SESSION:
            self._emptied = False
            return True
        if view.clock_zero_at is None:
            self._emptied = True
        return not self._emptied

    async def _obey(self, view: LiveView, removed: set[str], reconcile: bool) -> LiveView:
        """Bring the media room in line with `view`; returns the view after healing."""
        asked_at = self._clock()
        present = await self._media.present(view.room)
        if reconcile and view.state in IN_SESSION:
            healed, self._missing = await self._run(
                attendance.heal, self.conference_id, present, asked_at, self._missing
            )
            removed |= set(healed.remove)
            if healed.conference_id is not None:
                view = await self._run(rights.live_view, self.conference_id)
        seats = {seat.code: seat for seat in view.seats}
        mutes, self._mutes = self._mutes, set()
        try:
            for one in present:
                who = identity_of(one.identity)
                if who is None:
                    continue
                seat = seats.get(who.unit_code)
                if seat is None or self._must_go(view, seat) or one.identity in removed:
                    await self._media.remove(view.room, one.identity)
                    continue
                await self._permit(view, one)
                role = view.roles.get(who.account_id) if seat.kind is SeatKind.CENTRE else None
                if seat.id in mutes and role not in ALWAYS_HEARD:
                    await self._mute(view, one)
        except MediaDown:
            self._mutes |= mutes
            raise
        self._emptied = view.state not in IN_SESSION
        return view

    @staticmethod
    def _must_go(view: LiveView, seat: SeatView) -> bool:
        return view.state not in IN_SESSION or seat.presence is Presence.OUT

    async def _permit(self, view: LiveView, one: Present) -> None:
        wanted = frozenset(source.value for source in rights.sources_of(view, one.identity))
        if wanted != one.sources:
            await self._media.permit(view.room, one.identity, wanted)

    async def _mute(self, view: LiveView, one: Present) -> None:
        for sid in one.microphones:
            await self._media.mute(view.room, one.identity, sid)

    def _publish(self, view: LiveView, around: Surroundings) -> None:
        """Tell every page what changed, and whoever follows the meeting's state."""
        old_view, old_around = self._view, self._around
        self._view, self._around = view, around
        if old_view is not None:
            text = delta((old_view, old_around), (view, around), self._clock())
            if text is not None:
                for listener in self._listeners:
                    listener.tell(text)
        self._listeners = {listener for listener in self._listeners if not listener.cut}
        if old_view is None or old_view.state is not view.state:
            self._told(self.conference_id, view.state)
