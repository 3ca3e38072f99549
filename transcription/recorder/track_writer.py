"""One track: puts arriving frames on the meeting clock, leaves silence out, fills the chunks.

Frames come every few hundredths of a second for as long as the track is subscribed, also when
nothing is sent (then all zero). A pause of up to PAUSE_MS stays in the file; a longer one ends the
stretch and only the chunk map knows of it. No network, no LiveKit types.
"""

from __future__ import annotations

import logging

import numpy as np

from transcription.contract.reading import Stretch
from transcription.recorder.chunk_file import FRAME, RATE, ChunkFile, Samples
from transcription.recorder.spool import ChunkNote, TrackFolder

log = logging.getLogger(__name__)

FRAME_MS = FRAME * 1000 // RATE
PAUSE_MS = 1000
"""Digital silence as long as this ends a stretch."""
TAIL_MS = 300
"""So much of that silence stays at the end of the stretch: recognition wants a border."""
NOTE_MS = 1000
"""A chunk's times are written this often."""
CLOSE_MS = 10_000
"""After so much silence the chunk is closed, and what was said is safe at web."""
SLIP_MS = 250
"""The clock this far ahead of the samples counted: frames were lost, a new stretch begins."""
LOST_MS = 700
"""A delay that stays for so long is not caught up any more."""


class ArrivalClock:
    """The meeting time of frames, from when they arrived and how many came.

    A frame never arrives before it was heard, often after: the least delay seen is the true one. A
    stall of ours is caught up at once by what queued; a delay that stays means that frames were
    lost. Times are those of a frame's first sample, in ms.
    """

    def __init__(self) -> None:
        self._heard_ms = 0
        self._delay: int | None = None
        self._late_since_ms: int | None = None

    def start_ms(self, arrived_ms: int, length_ms: int) -> int:
        """Takes sound that was whole at `arrived_ms`; the meeting time of its start."""
        delay = arrived_ms - length_ms - self._heard_ms
        if self._delay is None or delay < self._delay:
            self._delay = delay
        if delay - self._delay <= SLIP_MS:
            self._late_since_ms = None
        elif self._late_since_ms is None:
            self._late_since_ms = arrived_ms
        elif arrived_ms - self._late_since_ms >= LOST_MS:
            self._delay = delay
            self._late_since_ms = None
        start_ms = self._heard_ms + self._delay
        self._heard_ms += length_ms
        return start_ms

    def restart(self) -> None:
        """Frames were left out on purpose: the delays seen so far say nothing."""
        self._delay = self._late_since_ms = None


class TrackWriter:
    """Writes one track into its folder in the spool. `chunk_s`: longest sound of a chunk."""

    def __init__(self, folder: TrackFolder, start_ms: int, chunk_s: int) -> None:
        self.folder = folder
        self.muted_since_ms: int | None = None
        """Set by the room: frames from a little after this are silence, whatever they hold."""
        self.paused = False
        """Set when the disk is nearly full: nothing is written."""
        self.last_sound_ms = -1
        self._chunk_ms = chunk_s * 1000
        self._clock = ArrivalClock()
        self._rest = np.zeros(0, dtype=np.int16)
        self._pause: list[Samples] = []
        self._file: ChunkFile | None = None
        self._index = 0
        self._chunk_start_ms = start_ms
        self._sound_start_ms = 0
        self._stretches: list[Stretch] = []
        self._open_since_ms: int | None = None
        self._now_ms = start_ms
        """Meeting time of the next frame."""
        self._noted_ms = 0

    def take(self, samples: Samples, arrived_ms: int) -> None:
        """Sound as it arrives, RATE samples a second; `arrived_ms` is the meeting time at its end.

        Closing a full chunk happens in here, so the caller looks for closed ones afterwards.
        """
        if self.paused:
            return
        joined = np.concatenate((self._rest, samples)) if self._rest.size else samples
        whole = joined.size // FRAME
        self._rest = joined[whole * FRAME :].copy()
        if whole == 0:
            return
        rest_ms = self._rest.size * 1000 // RATE
        length_ms = whole * FRAME_MS
        self._set_time(arrived_ms - rest_ms, length_ms)
        for n in range(whole):
            self._take_frame(joined[n * FRAME : (n + 1) * FRAME])

    def end(self, at_ms: int) -> None:
        """The track ended, or the recorder stops: closes what is open. Writing may go on later."""
        self._end_stretch()
        self._now_ms = max(self._now_ms, at_ms)
        self._close_chunk()
        self._clock.restart()

    def go_on_from(self, at_ms: int) -> None:
        """After a stretch that is reported as a gap: the next chunk begins at `at_ms`."""
        self._close_chunk()
        self._chunk_start_ms = max(self._chunk_start_ms, at_ms)
        self._clock.restart()

    def note(self) -> None:
        """Writes the open chunk's times, so that a kill knows them."""
        if self._file is not None:
            self.folder.keep_chunk(self._chunk_note(max(self._now_ms, self._last_end_ms())))
            self._noted_ms = self._now_ms

    def _set_time(self, arrived_ms: int, length_ms: int) -> None:
        start_ms = self._clock.start_ms(arrived_ms, length_ms)
        slip = start_ms - self._now_ms
        if self._open_since_ms is None:
            self._now_ms = max(start_ms, self._last_end_ms(), self._chunk_start_ms)
        elif slip > SLIP_MS:
            log.info("%s: %d ms never came, a new stretch begins", self.folder.note.track_key, slip)
            self._end_stretch()
            self._now_ms = max(start_ms, self._last_end_ms())

    def _take_frame(self, frame: Samples) -> None:
        silent = not frame.any() or self._is_muted()
        if not silent:
            self._begin_stretch()
            for held in self._pause:
                self._write(held)
            self._pause.clear()
            self._write(frame)
            self.last_sound_ms = self._now_ms
        elif self._open_since_ms is not None:
            self._pause.append(np.zeros(FRAME, dtype=np.int16))
            if len(self._pause) * FRAME_MS >= PAUSE_MS:
                self._now_ms += FRAME_MS
                self._end_stretch()
                self._turn_over()
                return
        self._now_ms += FRAME_MS
        self._turn_over()

    def _is_muted(self) -> bool:
        since = self.muted_since_ms
        return since is not None and self._now_ms > since + TAIL_MS

    def _begin_stretch(self) -> None:
        if self._open_since_ms is not None:
            return
        if self._file is None:
            self._stretches = []
            self._sound_start_ms = self._open_since_ms = self._now_ms
            self._index = self.folder.note.chunks
            self.folder.begin_chunk(self._chunk_note(self._now_ms))
            self._file = ChunkFile(self.folder.sound_path(self._index))
        self._open_since_ms = self._now_ms
        self.note()

    def _write(self, frame: Samples) -> None:
        assert self._file is not None
        self._file.write(frame)

    def _end_stretch(self) -> None:
        """Ends the stretch with TAIL_MS of the pause that ended it."""
        if self._open_since_ms is None:
            return
        for held in self._pause[: TAIL_MS // FRAME_MS]:
            self._write(held)
        self._pause.clear()
        end_ms = self._sound_end_ms()
        if end_ms > self._open_since_ms:
            self._stretches.append((self._open_since_ms, end_ms))
        self._open_since_ms = None

    def _turn_over(self) -> None:
        """Closes a chunk that holds enough, or has been open for long enough."""
        if self._file is not None and self._is_due():
            goes_on = self._open_since_ms is not None
            pause = list(self._pause)
            self._pause.clear()
            now_ms = self._now_ms
            if goes_on:
                self._now_ms = self._sound_end_ms()
            self._end_stretch()
            self._close_chunk()
            if goes_on:
                self._resume(pause, now_ms)
        elif self._now_ms - self._noted_ms >= NOTE_MS:
            self.note()

    def _is_due(self) -> bool:
        if self._now_ms - self._sound_start_ms >= self._chunk_ms:
            return True
        return self._open_since_ms is None and self._now_ms - self._last_end_ms() >= CLOSE_MS

    def _resume(self, pause: list[Samples], now_ms: int) -> None:
        """The next chunk goes on where the last one ended, in the middle of a stretch."""
        self._begin_stretch()
        self._pause = pause
        self._now_ms = now_ms

    def _sound_end_ms(self) -> int:
        """End of the open stretch as far as it is in the file."""
        assert self._open_since_ms is not None
        if self._file is None:
            return self._open_since_ms
        before = sum(end - start for start, end in self._stretches)
        return self._open_since_ms + self._file.length_ms - before

    def _last_end_ms(self) -> int:
        if self._open_since_ms is not None:
            return self._sound_end_ms()
        return self._stretches[-1][1] if self._stretches else self._chunk_start_ms

    def _chunk_note(self, end_ms: int) -> ChunkNote:
        voiced = list(self._stretches)
        if self._open_since_ms is not None and self._sound_end_ms() > self._open_since_ms:
            voiced.append((self._open_since_ms, self._sound_end_ms()))
        elif self._open_since_ms is not None:
            voiced.append((self._open_since_ms, self._open_since_ms + FRAME_MS))
        end_ms = max(end_ms, voiced[-1][1] if voiced else 0)
        length_ms = end_ms - self._chunk_start_ms
        return ChunkNote(self._index, self._chunk_start_ms, length_ms, tuple(voiced))

    def _close_chunk(self) -> None:
        """Closes the open chunk; the next one begins where it ends."""
        if self._file is None:
            return
        self._file.close()
        closed = self.folder.close_chunk(self._chunk_note(self._now_ms))
        self._file = None
        self._chunk_start_ms = closed.end_ms
        self._stretches = []
