"""A media server's API in memory: who is in the room, what each may publish, what was asked.

Stands in for `server.rtc.client.MediaClient` where the order of calls or its silence matters; the
real engine is used everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from server.rtc.client import MediaDown, Present
from tests.people import START


class FakeMedia:
    """`down` makes every call fail; `asked` lists what was done, in order."""

    def __init__(self) -> None:
        self.people: dict[str, Present] = {}
        self.asked: list[tuple[str, ...]] = []
        self.down = False
        self.closed = False

    def arrive(self, identity: str, sources: Iterable[str] = (), microphones: int = 0) -> None:
        """Somebody is in the room."""
        sids = tuple(f"TR_{identity}_{n}" for n in range(microphones))
        sid = f"PA_{identity}"
        self.people[identity] = Present(identity, sid, START, frozenset(sources), sids)

    def _call(self) -> None:
        if self.down:
            raise MediaDown("no answer")

    async def close(self) -> None:
        self.closed = True

    async def answers(self) -> bool:
        return not self.down

    async def present(self, room: str) -> tuple[Present, ...]:
        self._call()
        return tuple(self.people.values())

    async def permit(self, room: str, identity: str, sources: Iterable[str]) -> None:
        self._call()
        allowed = frozenset(sources)
        self.asked.append(("permit", identity, *sorted(allowed)))
        self.people[identity] = replace(self.people[identity], sources=allowed)

    async def mute(self, room: str, identity: str, track_sid: str) -> None:
        self._call()
        self.asked.append(("mute", identity, track_sid))
        self.people[identity] = replace(self.people[identity], microphones=())

    async def remove(self, room: str, identity: str) -> None:
        self._call()
        self.asked.append(("remove", identity))
        del self.people[identity]
