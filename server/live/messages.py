"""What a room is told, and what it tells: one value per message.

`whole` and `delta` make the JSON that pages get. A delta says from which version it leads to
which; a page that isn't at `from` asks for the whole.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.services.rights import LiveView, SeatView, TurnView

QUEUE = 256


class Listener:
    """A page that follows a conference. A page too slow to read is cut off and comes again."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE)
        self.cut = False

    def tell(self, text: str) -> None:
        """Queue a message, never waiting."""
        if self.cut:
            return
        if self.queue.full():
            self.cut_off()
            return
        self.queue.put_nowait(text)

    def cut_off(self) -> None:
        """End it; the page connects again and gets the whole."""
        self.cut = True
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(frozen=True)
class Settled:
    """An act has reached everybody; `media` False: the media server will hear of it later."""

    version: int
    media: bool


@dataclass(frozen=True)
class Acted:
    """Something was stored: look, set the rights, tell the pages. `mute`: seats whose open
    microphones are to be closed; `remove`: identities that must go.
    """

    mute: tuple[int, ...] = ()
    remove: tuple[str, ...] = ()
    done: asyncio.Future[Settled] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Attach:
    """A page begins to follow."""

    listener: Listener


@dataclass(frozen=True)
class Detach:
    """A page is gone."""

    listener: Listener


@dataclass(frozen=True)
class Whole:
    """A page missed something and asks for all of it."""

    listener: Listener


@dataclass(frozen=True)
class Recording:
    """The recorder writes without a break (`on`), or doesn't."""

    on: bool


Message = Acted | Attach | Detach | Whole | Recording


@dataclass(frozen=True)
class Surroundings:
    """What pages see beside the stored state: is it being recorded, does media answer."""

    recording: bool = False
    media: bool = True


def ms(at: datetime | None) -> int | None:
    """An instant for scripts: milliseconds since 1970."""
    return None if at is None else round(at.timestamp() * 1000)


def meeting_json(view: LiveView, around: Surroundings) -> dict[str, Any]:
    """The meeting without its seats."""
    return {
        "id": view.conference_id,
        "title": view.title,
        "state": view.state.value,
        "strategy": view.strategy.value,
        "may_unmute": view.may_unmute or not view.muted_all,
        "starts_ms": ms(view.starts_at),
        "clock_zero_ms": ms(view.clock_zero_at),
        "turns": [turn_json(turn) for turn in view.turns],
        "recording": around.recording,
        "media": around.media,
    }


def turn_json(turn: TurnView) -> dict[str, Any]:
    """A running turn."""
    return {
        "seat": turn.seat_id,
        "granted_ms": ms(turn.granted_at),
        "soft_s": turn.soft_s,
        "hard_s": turn.hard_s,
        "away": turn.away,
    }


def seat_json(seat: SeatView) -> dict[str, Any]:
    """A seat."""
    return {
        "id": seat.id,
        "code": seat.code,
        "name": seat.name,
        "short": seat.short,
        "kind": seat.kind.value,
        "presence": seat.presence.value,
        "away_ms": ms(seat.away_since_at),
    }


def whole(view: LiveView, around: Surroundings, now: datetime) -> str:
    """Everything, for a page that begins or missed something."""
    return _text(
        {
            "type": "state",
            "version": view.version,
            "now_ms": ms(now),
            "meeting": meeting_json(view, around),
            "seats": [seat_json(seat) for seat in view.seats],
        }
    )


def delta(
    old: tuple[LiveView, Surroundings], new: tuple[LiveView, Surroundings], now: datetime
) -> str | None:
    """What leads from `old` to `new`; None when pages would see no difference."""
    before = {seat.id: seat_json(seat) for seat in old[0].seats}
    after = {seat.id: seat_json(seat) for seat in new[0].seats}
    changed = [seat for key, seat in after.items() if before.get(key) != seat]
    gone = [key for key in before if key not in after]
    meeting = meeting_json(*new)
    same = not changed and not gone and meeting == meeting_json(*old)
    if same and old[0].version == new[0].version:
        return None
    return _text(
        {
            "type": "delta",
            "from": old[0].version,
            "version": new[0].version,
            "now_ms": ms(now),
            "meeting": meeting,
            "seats": changed,
            "gone": gone,
        }
    )


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
