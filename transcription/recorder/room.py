"""Sits hidden in one LiveKit room and feeds every audio track to a writer.

The only module of the recorder that knows the `livekit` SDK. A missing field in the server's answer
aborts the SDK's whole process, not the call: that is why the recorder is a process of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

import numpy as np
from livekit import rtc

from transcription.clock import MeetingClock
from transcription.recorder.chunk_file import RATE
from transcription.recorder.track_writer import TrackWriter

log = logging.getLogger(__name__)

BLOCK_MS = 60
"""Sound comes in blocks of so much: three Opus frames, few wake-ups."""
CONNECT_S = 15.0
LEAVE_S = 5.0


class RoomListener(Protocol):
    """Who wants to know what happens in the room."""

    def track_found(self, track_key: str, identity: str) -> TrackWriter:
        """A track is there (again): who writes it."""
        ...

    def track_gone(self, track_key: str) -> None:
        """The track was unpublished, or its participant left."""
        ...

    def line_changed(self, whole: bool) -> None:
        """The connection to the media server broke, or stands again."""
        ...


class Room:
    """One stay in one room: `join`, then `left` is set once it is over, whoever ended it."""

    def __init__(self, listener: RoomListener, clock: MeetingClock) -> None:
        self.left = asyncio.Event()
        self._listener = listener
        self._clock = clock
        self._room = rtc.Room()
        self._readers: dict[str, asyncio.Task[None]] = {}
        self._writers: dict[str, TrackWriter] = {}

    async def join(self, url: str, token: str) -> None:
        """Connects; raises ConnectionError when the media server can't be reached or refuses."""
        self._listen()
        options = rtc.RoomOptions(auto_subscribe=False, connect_timeout=CONNECT_S)
        try:
            async with asyncio.timeout(2 * CONNECT_S):
                await self._room.connect(url, token, options)
        except (rtc.ConnectError, TimeoutError) as error:
            raise ConnectionError(str(error) or "the media server does not answer") from error
        for participant in self._room.remote_participants.values():
            for publication in participant.track_publications.values():
                self._published(publication, participant)

    async def leave(self) -> None:
        """Leaves and stops reading; nothing is written afterwards."""
        readers = list(self._readers.values())
        for key in list(self._readers):
            self._let_go(key)
        if readers:
            await asyncio.wait(readers, timeout=LEAVE_S)
        try:
            async with asyncio.timeout(LEAVE_S):
                await self._room.disconnect()
        except TimeoutError:
            log.warning("the media server did not answer our leaving")
        self.left.set()

    def published_keys(self) -> set[str]:
        """Keys of the audio tracks that are published now."""
        return {
            track_key(participant, publication)
            for participant in self._room.remote_participants.values()
            for publication in participant.track_publications.values()
            if publication.kind == rtc.TrackKind.KIND_AUDIO
        }

    def _listen(self) -> None:
        handlers: dict[str, Callable[..., None]] = {
            "track_published": self._published,
            "track_subscribed": self._subscribed,
            "track_unsubscribed": self._unsubscribed,
            "track_unpublished": self._unpublished,
            "track_muted": self._muted,
            "track_unmuted": self._unmuted,
            "reconnecting": lambda: self._listener.line_changed(False),
            "reconnected": lambda: self._listener.line_changed(True),
            "disconnected": lambda _reason: self.left.set(),
        }
        for event, handler in handlers.items():
            self._room.on(event, handler)  # type: ignore[arg-type, unused-ignore]

    def _published(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        # Sound only: the SDK decodes every picture it is given.
        if publication.kind == rtc.TrackKind.KIND_AUDIO:
            publication.set_subscribed(True)

    def _subscribed(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        key = track_key(participant, publication)
        self._let_go(key)
        writer = self._listener.track_found(key, participant.identity)
        writer.muted_since_ms = self._clock.ms() if publication.muted else None
        self._writers[key] = writer
        self._readers[key] = asyncio.create_task(self._read(track, writer), name=f"read {key}")

    def _unsubscribed(
        self,
        _track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        self._let_go(track_key(participant, publication))

    def _unpublished(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if publication.kind == rtc.TrackKind.KIND_AUDIO:
            key = track_key(participant, publication)
            self._let_go(key)
            self._listener.track_gone(key)

    def _let_go(self, key: str) -> None:
        if (reader := self._readers.pop(key, None)) is not None:
            reader.cancel()
        if (writer := self._writers.pop(key, None)) is not None:
            writer.end(self._clock.ms())

    def _muted(self, participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        if (writer := self._writers.get(track_key(participant, publication))) is not None:
            writer.muted_since_ms = self._clock.ms()

    def _unmuted(self, participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        if (writer := self._writers.get(track_key(participant, publication))) is not None:
            writer.muted_since_ms = None

    async def _read(self, track: rtc.Track, writer: TrackWriter) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1, frame_size_ms=BLOCK_MS)
        try:
            async for event in stream:
                writer.take(np.frombuffer(event.frame.data, dtype=np.int16), self._clock.ms())
        finally:
            await stream.aclose()


def track_key(participant: rtc.Participant, publication: rtc.TrackPublication) -> str:
    """The name of a track at web: it lives as long as the publication."""
    return f"{participant.identity}#{publication.sid}"
