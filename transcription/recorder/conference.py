"""Records one conference: joins its room, comes back after every break, names what it missed.

It must not decide when: web says `record` and `stop`. Reasons of a gap: `recorder_down` (this
process was not there), `network` (it was, without a line to the media server), `disk_full`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from transcription.clock import MeetingClock
from transcription.contract.link import Record, Recording
from transcription.contract.recording import GapReason, GapReport
from transcription.recorder.room import Room
from transcription.recorder.spool import Spool, TrackNote
from transcription.recorder.track_writer import TrackWriter
from transcription.recorder.uploader import Uploader
from transcription.server_link.retry import backoff_s

log = logging.getLogger(__name__)

TICK_S = 1.0
FINAL_GRACE_S = 5.0
"""A track that went and came back within this (a reconnect) is the same track."""
HEARD_MS = 1000
"""Sound later than this after the line broke did come over the line."""
NETWORK_FLOOR_MS = 2000
"""A break of the line shorter than this loses nothing that the jitter buffer does not mend."""
AT_THE_END_MS = 3000
"""Web empties the room of an ended conference a moment before it tells `stop`: that is no gap."""
REJOIN_S = 10.0
"""Longest wait between two tries to join."""


class ConferenceRecording:
    """One conference, from the first `record` to `stop`. Also the listener of its rooms.

    `gap_from_ms`: since when an earlier run of this program left it unrecorded. `fresh_record`
    asks web to tell `record` again, which brings a new token.
    """

    def __init__(
        self,
        record: Record,
        spool: Spool,
        uploader: Uploader,
        skew: timedelta,
        chunk_s: int,
        disk_floor: int,
        gap_from_ms: int | None,
        tell: Callable[[Recording], Awaitable[None]],
        fresh_record: Callable[[], Awaitable[None]],
    ) -> None:
        self.conference = record.conference
        self._record = record
        self._spool = spool
        self._uploader = uploader
        self._clock = MeetingClock.start(record.clock_zero_at, skew)
        self._chunk_s = chunk_s
        self._disk_floor = disk_floor
        self._missed = (gap_from_ms, GapReason.RECORDER_DOWN) if gap_from_ms is not None else None
        self._tell = tell
        self._fresh_record = fresh_record
        self._writers: dict[str, TrackWriter] = {}
        self._finals: dict[str, asyncio.TimerHandle] = {}
        self._since_ms: int | None = None
        self._line_broke_ms: int | None = None
        self._full_since_ms: int | None = None

    async def run(self) -> None:
        """Records until cancelled; then leaves the room with every file closed."""
        failures = 0
        while True:
            room = Room(self, self._clock)
            try:
                try:
                    await room.join(self._record.url, self._record.token)
                except ConnectionError as error:
                    failures += 1
                    await self._join_failed(failures, error)
                    continue
                failures = 0
                await self._stay(room)
            finally:
                await room.leave()

    async def again(self, record: Record) -> None:
        """Web told `record` again: perhaps with a new token, and it wants to know where we are."""
        self._record = record
        if self._since_ms is not None:
            await self._tell(Recording(self.conference, self._since_ms))

    def end(self) -> None:
        """The conference is over: every track is final. Call it after `run` was cancelled."""
        for timer in self._finals.values():
            timer.cancel()
        if self._full_since_ms is not None:
            self._report(self._full_since_ms, self._clock.ms(), GapReason.DISK_FULL)
        elif self._missed is not None and self._clock.ms() - self._missed[0] > AT_THE_END_MS:
            self._report(self._missed[0], self._clock.ms(), self._missed[1])
        end_tracks(self._spool, self.conference)
        self._uploader.nudge()

    # --- the room tells ---

    def track_found(self, track_key: str, identity: str) -> TrackWriter:
        """A track is there (again): its writer."""
        if (timer := self._finals.pop(track_key, None)) is not None:
            timer.cancel()
        now_ms = self._clock.ms()
        note = TrackNote(self.conference, track_key, identity, now_ms)
        folder = self._spool.open_track(note)
        writer = self._writers.get(track_key)
        if writer is None or writer.folder is not folder:
            writer = TrackWriter(folder, now_ms, self._chunk_s)
            self._writers[track_key] = writer
            log.info("conference %d: writing %s", self.conference, track_key)
        writer.paused = self._full_since_ms is not None
        self._uploader.nudge()
        return writer

    def track_gone(self, track_key: str) -> None:
        """A track was unpublished: final, unless it comes back in a moment."""
        if track_key in self._writers:
            loop = asyncio.get_running_loop()
            self._finals[track_key] = loop.call_later(FINAL_GRACE_S, self._finish, track_key)
            self._uploader.nudge()

    def line_changed(self, whole: bool) -> None:
        """The line to the media server broke, or stands again without a new join."""
        if not whole:
            self._line_broke_ms = self._clock.ms()
            return
        broke_ms, self._line_broke_ms = self._line_broke_ms, None
        if broke_ms is None or self._clock.ms() - broke_ms < NETWORK_FLOOR_MS:
            return
        if all(w.last_sound_ms < broke_ms + HEARD_MS for w in self._writers.values()):
            self._report(broke_ms, self._clock.ms(), GapReason.NETWORK)

    # --- inside ---

    async def _stay(self, room: Room) -> None:
        """From joining until the room is left or the task is cancelled."""
        at_ms = self._clock.ms()
        if self._missed is not None:
            self._report(self._missed[0], at_ms, self._missed[1])
            self._missed = None
            for writer in self._writers.values():
                writer.go_on_from(at_ms)
        self._since_ms = at_ms
        self._end_unpublished(room.published_keys())
        await self._tell(Recording(self.conference, at_ms))
        log.info("conference %d: in the room since %d ms", self.conference, at_ms)
        try:
            while not room.left.is_set():
                self._tick()
                try:
                    async with asyncio.timeout(TICK_S):
                        await room.left.wait()
                except TimeoutError:
                    continue
            log.warning("conference %d: the media server dropped us", self.conference)
            broke_ms = self._line_broke_ms
            since_ms = self._clock.ms() if broke_ms is None else broke_ms
            self._missed = (since_ms, GapReason.NETWORK)
        finally:
            self._line_broke_ms = None
            self._since_ms = None
            self._spool.keep_alive(self.conference, self._clock.ms())

    async def _join_failed(self, failures: int, error: ConnectionError) -> None:
        log.warning("conference %d: can't join (%s)", self.conference, error)
        if self._missed is None:
            self._missed = (self._clock.ms(), GapReason.NETWORK)
        if failures % 3 == 0:
            await self._fresh_record()
        await asyncio.sleep(min(REJOIN_S, backoff_s(failures)))

    def _tick(self) -> None:
        now_ms = self._clock.ms()
        self._spool.keep_alive(self.conference, now_ms)
        self._uploader.nudge()
        free = self._spool.free_bytes()
        if self._full_since_ms is None and free < self._disk_floor:
            log.error("disk nearly full (%d MB free): recording stops", free // 2**20)
            self._full_since_ms = now_ms
            for writer in self._writers.values():
                writer.end(now_ms)
                writer.paused = True
        elif self._full_since_ms is not None and free > self._disk_floor * 1.1:
            log.warning("disk space again: recording goes on")
            self._report(self._full_since_ms, now_ms, GapReason.DISK_FULL)
            self._full_since_ms = None
            for writer in self._writers.values():
                writer.go_on_from(now_ms)
                writer.paused = False

    def _end_unpublished(self, published: set[str]) -> None:
        """Tracks of an earlier stay that are no longer there are final."""
        for folder in self._spool.tracks(self.conference):
            if folder.note.track_key not in published:
                folder.keep_ended(True)
        self._uploader.nudge()

    def _finish(self, track_key: str) -> None:
        self._finals.pop(track_key, None)
        writer = self._writers.pop(track_key)
        writer.folder.keep_ended(True)
        self._uploader.nudge()

    def _report(self, start_ms: int, end_ms: int, reason: GapReason) -> None:
        if end_ms > start_ms:
            log.warning("conference %d: %s for %d ms", self.conference, reason, end_ms - start_ms)
            self._spool.keep_gap(GapReport(self.conference, None, start_ms, end_ms, reason, ""))
            self._uploader.nudge()


def end_tracks(spool: Spool, conference: int) -> None:
    """Marks every track of a conference as complete."""
    for folder in spool.tracks(conference):
        folder.keep_ended(True)
