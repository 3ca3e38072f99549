"""Brings what lies in the spool to web, oldest first, and deletes only what web has confirmed.

One pass over the spool at a time. Trouble that may pass is repeated inside `LinkHttp`; a final
refusal of one track is logged, keeps its files, and lets the others go on.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import quote

from transcription.contract.recording import (
    PART_LIMIT,
    Announce,
    ChunkAnswer,
    ChunkState,
    FinalSeq,
    GapReason,
    GapReport,
    OpenTrack,
    TrackOpened,
)
from transcription.digest import sha256_of
from transcription.recorder.spool import ChunkNote, Spool, TrackFolder
from transcription.server_link.http import LinkHttp
from transcription.server_link.retry import Refused, backoff_s

log = logging.getLogger(__name__)

HASH_TRIES = 5
"""So often a chunk is sent in one go; then it waits for the next start."""


class Uploader:
    """Owned by the recorder's service; `nudge` tells that there may be something to send."""

    def __init__(self, spool: Spool, http: LinkHttp) -> None:
        self._spool = spool
        self._http = http
        self._something = asyncio.Event()
        self._passed = asyncio.Condition()
        self._refused: set[str] = set()
        """Tracks that web refused for good: passed over until the next start."""

    def nudge(self) -> None:
        """There may be something to send."""
        self._something.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._something.wait()
            self._something.clear()
            for conference in self._spool.conferences():
                for folder in list(self._spool.tracks(conference)):
                    await self._send_track(folder)
                await self._send_gaps(conference)
            async with self._passed:
                self._passed.notify_all()

    async def until_delivered(self, conference: int) -> None:
        """Returns once nothing of the conference waits here (what web refused for good aside)."""
        async with self._passed:
            while self._waits(conference):
                self.nudge()
                await self._passed.wait()

    def _waits(self, conference: int) -> bool:
        tracks = self._spool.tracks(conference)
        return bool(self._spool.gaps(conference)) or any(
            folder.note.track_key not in self._refused for folder in tracks
        )

    async def _send_gaps(self, conference: int) -> None:
        for path, gap in self._spool.gaps(conference):
            # One key a gap: told twice, after a kill at this very place, it counts once.
            key = f"gap-{gap.conference}-{gap.track}-{gap.start_ms}-{gap.end_ms}-{gap.reason}"
            try:
                await self._http.post("/worker/gaps", gap.to_json(), key)
            except Refused as error:
                log.error("web refuses a gap: %s", error)
            path.unlink(missing_ok=True)

    async def _send_track(self, folder: TrackFolder) -> None:
        if folder.note.track_key in self._refused:
            return
        closed = [chunk for chunk in folder.chunks() if chunk.closed]
        if not closed and not folder.note.ended and folder.note.track is not None:
            return
        try:
            await self._open(folder)
            for chunk in closed:
                await self._send_chunk(folder, chunk)
            # Asked anew: the room may have gone on with the track while we were sending.
            if folder.note.ended and not folder.chunks():
                await self._finish(folder)
        except Refused as error:
            self._refused.add(folder.note.track_key)
            log.error("web refuses track %s, its files stay: %s", folder.note.track_key, error)

    async def _open(self, folder: TrackFolder) -> None:
        """Learns the track's id at web, and which number our first chunk has there."""
        if folder.note.track is not None:
            return
        note = folder.note
        body = OpenTrack(note.conference, note.track_key, note.identity, "opus", note.start_ms)
        key = f"track-{note.conference}-{note.track_key}-{note.start_ms}"
        answer = TrackOpened.parse(
            await self._http.post("/worker/tracks", body.to_json(), quote(key))
        )
        folder.keep_opened(answer.track, answer.next_seq)

    async def _send_chunk(self, folder: TrackFolder, chunk: ChunkNote) -> None:
        path = self._address(folder, chunk)
        announce = Announce(
            chunk.start_ms, chunk.length_ms, chunk.bytes, chunk.sha256, chunk.voiced
        ).to_json()
        for failures in range(1, HASH_TRIES + 1):
            answer = ChunkAnswer.parse(await self._http.post(path, announce))
            try:
                answer = await self._send_parts(folder, chunk, path, answer)
            except Refused as error:
                if error.refusal.code != "hash_mismatch":
                    raise
                log.warning("%s arrived altered, it is sent again", path)
                if sha256_of(folder.sound_path(chunk.index)) != chunk.sha256:
                    return self._give_up(folder, chunk)
                await asyncio.sleep(backoff_s(failures))
                continue
            if answer.state in (ChunkState.STORED, ChunkState.EXPIRED):
                return self._confirm(folder, chunk, answer)
        log.error("%s never arrives whole; it is tried again at the next start", path)
        self._refused.add(folder.note.track_key)

    async def _send_parts(
        self, folder: TrackFolder, chunk: ChunkNote, path: str, answer: ChunkAnswer
    ) -> ChunkAnswer:
        content = await asyncio.to_thread(folder.sound_path(chunk.index).read_bytes)
        while answer.state in (ChunkState.ANNOUNCED, ChunkState.RECEIVING):
            part = content[answer.received : answer.received + PART_LIMIT]
            try:
                reply = await self._http.put_octets(f"{path}?offset={answer.received}", part)
                answer = ChunkAnswer.parse(reply)
            except Refused as error:
                received = error.refusal.received
                if error.refusal.code != "offset_mismatch" or received is None:
                    raise
                answer = ChunkAnswer(ChunkState.RECEIVING, received)
        return answer

    def _confirm(self, folder: TrackFolder, chunk: ChunkNote, answer: ChunkAnswer) -> None:
        """Deletes the chunk: web has it, and says so with our hash."""
        if answer.sha256 not in (None, chunk.sha256) or (
            answer.sha256 is None and answer.state is ChunkState.STORED
        ):
            log.error(
                "web stored chunk %d of %s under another hash; ours stays here",
                chunk.index,
                folder.note.track_key,
            )
            self._refused.add(folder.note.track_key)
            return
        folder.drop_chunk(chunk.index)

    def _give_up(self, folder: TrackFolder, chunk: ChunkNote) -> None:
        """The file itself is damaged: web learns that this stretch is lost."""
        kept = self._spool.set_aside(folder, chunk.index)
        log.error("%s was damaged on our disk; the file is kept as %s", folder.note.track_key, kept)
        self._spool.keep_gap(
            GapReport(
                folder.note.conference,
                folder.note.track,
                chunk.start_ms,
                chunk.end_ms,
                GapReason.CHUNK_LOST,
                "the file changed on the recorder's disk",
            )
        )

    async def _finish(self, folder: TrackFolder) -> None:
        note = folder.note
        assert note.base_seq is not None
        final = FinalSeq(note.base_seq + note.chunks - 1)
        path = f"/worker/tracks/{note.track}/final"
        await self._http.post(path, final.to_json(), f"final-{note.track}-{final.final_seq}")
        folder.remove()

    def _address(self, folder: TrackFolder, chunk: ChunkNote) -> str:
        assert folder.note.base_seq is not None
        return f"/worker/tracks/{folder.note.track}/chunks/{folder.note.base_seq + chunk.index}"
