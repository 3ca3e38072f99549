"""A seat on the `livekit` SDK for tests: plays a tone, keeps what it hears, waits for events."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np
from livekit import rtc

from tests.fakes.media_engine import MediaEngine

RATE, FRAME = 48000, 480
WAIT_SECONDS = 15.0
LEAVE_SECONDS = 5.0

_EVENTS = (
    "participant_connected",
    "participant_disconnected",
    "track_published",
    "track_unpublished",
    "track_subscribed",
    "track_unsubscribed",
    "track_muted",
    "track_unmuted",
    "active_speakers_changed",
    "reconnecting",
    "reconnected",
    "disconnected",
    "participant_permissions_changed",
    "participant_attributes_changed",
    "data_received",
    "room_metadata_changed",
)


async def until(
    good: Callable[[], Any], what: str = "condition", seconds: float = WAIT_SECONDS
) -> Any:
    """Wait until `good()` is true and return it; fails with `what` after `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := good()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"timed out: {what}")
        await asyncio.sleep(0.02)
    return value


def loudest_hz(samples: np.ndarray) -> float:
    """Strongest frequency of mono samples at RATE."""
    window = samples.astype(float) * np.hanning(len(samples))
    return float(np.argmax(np.abs(np.fft.rfft(window))) * RATE / len(samples))


async def leave(room: rtc.Room) -> None:
    """Disconnect; the SDK may wait without end where the other side was faster to hang up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LEAVE_SECONDS):
            await room.disconnect()


class Seat:
    """One connected participant. `events` holds (name, *arguments) in order."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.room = rtc.Room()
        self.events: list[tuple[Any, ...]] = []
        self.heard: dict[str, list[np.ndarray]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        for name in _EVENTS:
            self.room.on(name, self._recorder(name))
        self.room.on("track_subscribed", self._subscribed)

    def _recorder(self, name: str) -> Callable[..., None]:
        def record(*arguments: Any) -> None:
            self.events.append((name, *arguments))

        return record

    def names(self) -> list[str]:
        """Event names in order."""
        return [e[0] for e in self.events]

    async def event(self, name: str, seconds: float = WAIT_SECONDS) -> tuple[Any, ...]:
        """The first event of this name, waiting for it."""
        found = await until(
            lambda: [e for e in self.events if e[0] == name],
            f"{self.identity} waits for {name}, has {self.names()}",
            seconds,
        )
        event: tuple[Any, ...] = found[0]
        return event

    def _subscribed(self, track: Any, _: Any, participant: Any) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            frames = self.heard.setdefault(participant.identity, [])
            self._tasks.append(asyncio.create_task(self._listen(track, frames)))

    async def _listen(self, track: Any, frames: list[np.ndarray]) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
        try:
            async for event in stream:
                frames.append(np.frombuffer(event.frame.data, dtype=np.int16).copy())
        finally:
            await stream.aclose()

    async def play(
        self, hz: float, source: int = rtc.TrackSource.SOURCE_MICROPHONE
    ) -> rtc.LocalTrackPublication:
        """Publish a microphone with a sine of `hz`."""
        audio = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("tone", audio)
        publication = await self.room.local_participant.publish_track(
            track, rtc.TrackPublishOptions(source=source)
        )
        self._tasks.append(asyncio.create_task(_sine(audio, hz)))
        return publication

    async def hears(self, identity: str, hz: float, seconds: float = WAIT_SECONDS) -> None:
        """Wait until the last half second from `identity` is a tone of `hz`."""

        def right() -> bool:
            frames = self.heard.get(identity, [])[-50:]
            if len(frames) < 50:
                return False
            samples = np.concatenate(frames)
            return int(np.abs(samples).max()) > 1000 and abs(loudest_hz(samples) - hz) < 5

        await until(right, f"{self.identity} hears {hz} Hz of {identity}", seconds)

    async def silence(self, identity: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until the last half second from `identity` is silent."""

        def silent() -> bool:
            frames = self.heard[identity][-50:]
            return int(np.abs(np.concatenate(frames)).max()) < 100

        await until(silent, f"{self.identity} hears nothing of {identity}", seconds)

    def publication(self, identity: str, source: int) -> Any:
        """A remote publication by its source, None while unknown."""
        participant = self.room.remote_participants.get(identity)
        if participant is None:
            return None
        return next(
            (p for p in participant.track_publications.values() if p.source == source), None
        )

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await leave(self.room)


async def _sine(source: rtc.AudioSource, hz: float) -> None:
    n = 0
    while True:
        wave = np.sin(2 * np.pi * hz * (np.arange(FRAME) + n) / RATE) * 12000
        n += FRAME
        await source.capture_frame(rtc.AudioFrame(wave.astype(np.int16).tobytes(), RATE, 1, FRAME))


class Seats:
    """Joins seats to rooms of one engine; an async context manager that closes them."""

    def __init__(self, engine: MediaEngine) -> None:
        self._engine = engine
        self._seats: list[Seat] = []

    async def join(
        self,
        identity: str,
        room: str,
        *,
        token: str | None = None,
        auto_subscribe: bool = True,
        url: str | None = None,
        **grants: Any,
    ) -> Seat:
        """A connected seat; `grants` as in MediaEngine.token, `url` for a way around."""
        seat = Seat(identity)
        token = token or self._engine.token(identity, room, **grants)
        options = rtc.RoomOptions(auto_subscribe=auto_subscribe)
        await seat.room.connect(url or self._engine.url, token, options)
        self._seats.append(seat)
        return seat

    async def __aenter__(self) -> Seats:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.gather(*(s.close() for s in self._seats))
