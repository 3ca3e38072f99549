"""One transcription: chunks → clips → text, each step kept by web as soon as it is done.

A clip is announced to web before the child gets it, so that a death is charged to the right one. A
batch that kills the child is done again clip by clip; web says `skip` for one that killed twice.
"""

from __future__ import annotations

import logging
import tempfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from transcription.contract.clips import (
    ClipPlan,
    ClipResult,
    ClipState,
    SegmentFlag,
    StoredClip,
    StoredClips,
)
from transcription.contract.jobs import TranscribePayload
from transcription.contract.link import JobOffer, JobProgress
from transcription.contract.reading import Fields, JsonObject, Stretch
from transcription.engines.model_folder import ModelFolder
from transcription.engines.process import ChildDied, ChildFailed, Recogniser
from transcription.engines.segments import segments_from_raw
from transcription.engines.wire import RawSegment
from transcription.server_link.http import LinkHttp
from transcription.vad import cut
from transcription.worker.dialogue import Dialogue
from transcription.worker.track_audio import TrackAudio

log = logging.getLogger(__name__)

ENGINE = "faster-whisper"
CUT_TRIES = 2


class TranscribeJob:
    """Runs until the job is finished at web; what goes wrong is raised. Cancel it to drop it."""

    def __init__(
        self,
        offer: JobOffer,
        model: ModelFolder,
        recogniser: Recogniser,
        http: LinkHttp,
        dialogue: Dialogue,
    ) -> None:
        self._offer = offer
        self._payload = TranscribePayload.parse(Fields(offer.payload))
        self._model = model
        self._recogniser = recogniser
        self._http = http
        self._dialogue = dialogue
        self._hotwords = ""
        self._done_ms = 0
        self._total_ms = 0

    @property
    def progress(self) -> JobProgress:
        """For the next beat."""
        return JobProgress(self._offer.job, self._offer.lease, self._done_ms, self._total_ms)

    async def run(self) -> None:
        """From the chunks to `finish`."""
        with tempfile.TemporaryDirectory(prefix="giaoban-") as folder:
            audio = TrackAudio(self._payload.chunks, Path(folder))
            await audio.fetch(self._download)
            clips = await self._plan(await self._cut(audio))
            self._total_ms = sum(clip.end_ms - clip.start_ms for clip in clips)
            todo = [clip for clip in clips if clip.state is ClipState.TODO]
            self._done_ms = self._total_ms - sum(c.end_ms - c.start_ms for c in todo)
            await self._decode(audio, todo)
        await self._http.post(self._path("finish"), {"lease": self._offer.lease})

    async def _download(self, seq: int, path: Path) -> None:
        await self._http.download(f"/worker/tracks/{self._payload.track}/chunks/{seq}", path)

    async def _cut(self, audio: TrackAudio) -> list[Stretch]:
        """Clips of the whole track. They never cross silence that the chunk map knows, or a gap."""
        longest_ms = self._recogniser.profile.longest_ms
        clips: list[Stretch] = []
        for stretch in audio.stretches:
            for tries in range(CUT_TRIES):
                try:
                    clips += await cut(stretch, longest_ms, audio.read, self._recogniser.speech)
                    break
                except ChildDied:
                    if tries + 1 == CUT_TRIES:
                        raise
        return clips

    async def _plan(self, clips: list[Stretch]) -> tuple[StoredClip, ...]:
        """Tells web how this run is made; the clips are those web has, perhaps for longer."""
        profile = self._recogniser.profile
        self._hotwords = await self._recogniser.fit_hotwords(self._payload.hotwords)
        params: JsonObject = {
            "profile": profile.name,
            "language": self._payload.language,
            "beam": profile.beam,
            "batch": profile.batch,
            "pause_ms": profile.pause_ms,
            "pad_ms": profile.pad_ms,
            "longest_ms": profile.longest_ms,
        }
        plan = ClipPlan(
            self._offer.lease,
            ENGINE,
            self._model.name,
            self._model.sha256,
            params,
            self._hotwords,
            tuple(clips),
        )
        answer = await self._http.put(self._path("clips"), plan.to_json())
        return StoredClips.parse(answer).clips

    async def _decode(self, audio: TrackAudio, todo: Sequence[StoredClip]) -> None:
        """All clips: those never charged in batches, the others one by one, last."""
        size = self._recogniser.profile.batch
        batched = deque(clip for clip in todo if clip.crashes == 0)
        alone = deque(clip for clip in todo if clip.crashes > 0)
        while batched or alone:
            if batched:
                batch = [batched.popleft() for _ in range(min(size, len(batched)))]
            else:
                batch = [alone.popleft()]
            started = [clip for clip in batch if await self._may_start(clip)]
            if not started:
                continue
            try:
                await self._recognise(audio, started)
            except ChildDied:
                alone.extendleft(reversed(started))
            except ChildFailed as error:
                log.warning("a batch of %d failed (%s)", len(started), error)
                size = max(1, size // 2) if error.memory else size
                alone.extendleft(reversed(await self._each_alone(audio, started)))

    async def _each_alone(
        self, audio: TrackAudio, clips: Sequence[StoredClip]
    ) -> Sequence[StoredClip]:
        """After a batch that the engine refused without dying: nothing is charged. Returns what is
        left when it does die."""
        for n, clip in enumerate(clips):
            try:
                await self._recognise(audio, [clip])
            except ChildFailed as error:
                await self._give_up(clip, error)
            except ChildDied:
                return clips[n:]
        return ()

    async def _may_start(self, clip: StoredClip) -> bool:
        may = await self._dialogue.may_start(self._offer.job, self._offer.lease, clip.key)
        if not may:
            log.warning("clip %s is passed: web has it or gave it up", clip.key)
            self._done_ms += clip.end_ms - clip.start_ms
        return may

    async def _recognise(self, audio: TrackAudio, clips: Sequence[StoredClip]) -> None:
        sounds = [await audio.read(clip.start_ms, clip.end_ms) for clip in clips]
        found = await self._recogniser.recognise(sounds, self._payload.language, self._hotwords)
        for clip, raws in zip(clips, found, strict=True):
            await self._keep(clip, raws)

    async def _keep(self, clip: StoredClip, raws: list[RawSegment]) -> None:
        segments = segments_from_raw(raws, clip.start_ms, clip.end_ms)
        result = ClipResult(self._offer.lease, None, tuple(segments))
        await self._http.put(self._path(f"clips/{clip.key}"), result.to_json())
        self._done_ms += clip.end_ms - clip.start_ms

    async def _give_up(self, clip: StoredClip, error: ChildFailed) -> None:
        log.error("clip %s can't be recognised: %s", clip.key, error)
        result = ClipResult(self._offer.lease, SegmentFlag.CRASHED_CLIP, ())
        await self._http.put(self._path(f"clips/{clip.key}"), result.to_json())
        self._done_ms += clip.end_ms - clip.start_ms

    def _path(self, rest: str) -> str:
        return f"/worker/jobs/{self._offer.job}/{rest}"
