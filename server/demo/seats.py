"""A seat of the demo: an ordinary participant of the conference on the `livekit` SDK that speaks.

It has no right that a browser would not have: its token comes through the door, and its microphone
is published when the floor is granted.
"""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

import numpy as np
from livekit import rtc

from server.demo.voices import RATE, Samples

FRAME = RATE // 100
QUEUE_MS = 200
LEAVE_S = 5.0
PUBLISH_S = 8.0


class Seat:
    """One device in the room. Use as an async context manager; `speak` returns when all was
    said.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        self.room = rtc.Room()
        self._source: rtc.AudioSource | None = None
        self._publication: rtc.LocalTrackPublication | None = None

    async def __aenter__(self) -> Self:
        options = rtc.RoomOptions(auto_subscribe=False, single_peer_connection=True)
        await self.room.connect(self.url, self.token, options)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The SDK may wait without end where the server was faster to hang up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_S):
                await self.room.disconnect()

    async def open_microphone(self) -> None:
        """Publish the microphone; tried again for a few seconds, as the right may be under way."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PUBLISH_S
        while True:
            self._source = rtc.AudioSource(RATE, 1, queue_size_ms=QUEUE_MS)
            track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
            options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
            try:
                self._publication = await self.room.local_participant.publish_track(track, options)
                return
            except rtc.PublishTrackError:
                if loop.time() > deadline:
                    raise
                await asyncio.sleep(0.2)

    async def close_microphone(self) -> None:
        """Take the microphone away, unless the engine already has (the floor was taken back)."""
        publication, self._publication = self._publication, None
        published = self.room.local_participant.track_publications
        if publication is not None and publication.sid in published:
            await self.room.local_participant.unpublish_track(publication.sid)

    async def speak(self, samples: Samples, pause_s: float) -> None:
        """Say `samples` (48 kHz mono), then be silent for `pause_s` seconds, both in real time."""
        if self._source is None:
            raise RuntimeError("the microphone is not open")
        silence = np.zeros(int(RATE * pause_s), dtype=np.int16)
        for chunk in frames(np.concatenate([samples, silence])):
            await self._source.capture_frame(rtc.AudioFrame(chunk.tobytes(), RATE, 1, FRAME))
        await self._source.wait_for_playout()


def frames(samples: Samples) -> list[Samples]:
    """Cut into frames of 10 ms, the last one filled with silence."""
    whole = np.pad(samples, (0, -len(samples) % FRAME))
    return [whole[i : i + FRAME] for i in range(0, len(whole), FRAME)]
