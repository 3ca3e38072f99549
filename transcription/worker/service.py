"""The worker's process: asks for jobs, runs one at a time, beats for it, ends it in order.

It must not know how a job is done. A model that is missing or broken is said at the start, and
looked for again; meanwhile jobs that need none are done.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from transcription.contract.jobs import CHILD_CRASHED, JobFailure, JobKind
from transcription.contract.link import (
    BEAT_S,
    CLAIM_S,
    VERSION,
    BeatState,
    Hello,
    JobOffer,
    ModelName,
)
from transcription.contract.reading import ContractError
from transcription.engines.model_folder import ModelBroken, ModelFolder, read_model_folder
from transcription.engines.process import ChildDied, ChildFailed, Recogniser
from transcription.engines.profile import profile_of
from transcription.server_link.http import LinkHttp
from transcription.server_link.retry import LeaseLost, Refused
from transcription.settings import WorkerSettings
from transcription.worker.dialogue import Dialogue
from transcription.worker.extract_job import ExtractJob
from transcription.worker.track_audio import ChunkDamaged
from transcription.worker.transcribe_job import TranscribeJob

log = logging.getLogger(__name__)

RELEASE_S = 3.0
"""Time for telling web that a job is given back while we are being ended."""

Job = TranscribeJob | ExtractJob


class UnknownJob(Exception):
    """A kind of job that this release does not know."""


class WorkerService:
    """All of the worker; `run` until cancelled."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._http = LinkHttp(settings.link)
        self._dialogue = Dialogue(settings.link, self._hello, self._lost)
        self._model: ModelFolder | None = None
        self._trouble = ""
        self._recogniser: Recogniser | None = None
        self._offer: JobOffer | None = None
        self._job: Job | None = None
        self._running: asyncio.Task[None] | None = None
        self._dropped = False

    async def run(self) -> None:
        """Raises LinkRefused when web will never take this worker."""
        await self._find_model()
        async with self._http:
            listening = asyncio.create_task(self._dialogue.socket.run(), name="link")
            others = [
                asyncio.create_task(self._work(), name="work"),
                asyncio.create_task(self._beat(), name="beat"),
            ]
            try:
                await asyncio.wait([listening, *others], return_when=asyncio.FIRST_COMPLETED)
            finally:
                await self._give_back()
                for task in (listening, *others):
                    task.cancel()
                await asyncio.wait([listening, *others])
                if self._recogniser is not None:
                    await self._recogniser.close()
            for task in (listening, *others):
                if not task.cancelled() and (error := task.exception()) is not None:
                    raise error

    # --- model ---

    async def _find_model(self) -> None:
        """Looks for the model once; says what is wrong, and says it again only when it changes."""
        if self._model is not None:
            return
        try:
            self._model = await asyncio.to_thread(read_model_folder, self._settings.model)
        except ModelBroken as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                log.error("%s; recordings wait, other jobs are done", error)
            return
        profile = profile_of(self._model.sha256)
        self._recogniser = Recogniser(
            self._model.path, profile, self._settings.device, self._settings.threads
        )
        log.info("speech model %s (%s)", self._model.name, self._model.sha256[:12])
        await self._dialogue.socket.hang_up()

    def _hello(self) -> Hello:
        model = ModelName(self._model.name, self._model.sha256) if self._model else None
        return Hello(VERSION, self._settings.link.name, model)

    # --- work ---

    async def _work(self) -> None:
        while True:
            await self._find_model()
            self._dialogue.work.clear()
            offer = await self._dialogue.claim(["model"] if self._model else [])
            if offer is not None:
                await self._do(offer)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLAIM_S):
                    await self._dialogue.work.wait()

    async def _do(self, offer: JobOffer) -> None:
        log.info("job %d (%s) taken", offer.job, offer.kind)
        self._offer, self._dropped = offer, False
        self._running = asyncio.create_task(self._run_job(offer), name=f"job {offer.job}")
        try:
            await asyncio.wait([self._running])
            if self._running.cancelled():
                log.warning("job %d dropped", offer.job)
            else:
                await self._settle(offer, self._running.exception())
        finally:
            self._offer = self._job = self._running = None

    async def _run_job(self, offer: JobOffer) -> None:
        self._job = self._job_of(offer)
        await self._job.run()

    def _job_of(self, offer: JobOffer) -> Job:
        match offer.kind:
            case JobKind.TRANSCRIBE:
                if self._model is None or self._recogniser is None:
                    raise UnknownJob("a job that needs a model, and there is none here")
                return TranscribeJob(
                    offer, self._model, self._recogniser, self._http, self._dialogue
                )
            case JobKind.EXTRACT:
                return ExtractJob(offer, self._http)
            case _:
                raise UnknownJob(f"a job of kind {offer.kind}")

    async def _settle(self, offer: JobOffer, error: BaseException | None) -> None:
        """After a job that ended by itself: nothing to say, or why it failed."""
        if error is None:
            log.info("job %d done", offer.job)
            return
        if isinstance(error, LeaseLost):
            log.warning("job %d went to another worker; its results are dropped", offer.job)
            return
        log.error("job %d failed", offer.job, exc_info=error)
        permanent, code = _judge(error)
        failure = JobFailure(offer.lease, permanent, code, f"{type(error).__name__}: {error}"[:500])
        try:
            await self._http.post(f"/worker/jobs/{offer.job}/fail", failure.to_json())
        except Refused as refused:
            log.warning("%s", refused)

    def _lost(self, job: int, state: BeatState) -> None:
        """Web says that a job is no longer ours."""
        if self._offer is not None and self._offer.job == job and self._running is not None:
            log.warning("job %d is %s", job, state)
            self._dropped = True
            self._running.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            if self._job is not None:
                await self._dialogue.beat([self._job.progress])

    async def _give_back(self) -> None:
        """We are being ended: the job goes back uncharged."""
        offer, running = self._offer, self._running
        if offer is None or running is None or running.done() or self._dropped:
            return
        running.cancel()
        await asyncio.wait([running])
        path = f"/worker/jobs/{offer.job}/release"
        try:
            async with asyncio.timeout(RELEASE_S):
                await self._http.post(path, {"lease": offer.lease})
            log.info("job %d given back", offer.job)
        except (TimeoutError, Refused) as error:
            log.warning("job %d could not be given back (%s); its lease lapses", offer.job, error)


def _judge(error: BaseException) -> tuple[bool, str]:
    """Whether trying again is useless, and the product's code for the trouble."""
    match error:
        case UnknownJob() | ContractError() | KeyError() | ValueError():
            return True, "bad_request"
        case ChunkDamaged():
            return False, "file_corrupt"
        case ChildFailed():
            return False, "model_broken"
        case ChildDied():
            return False, CHILD_CRASHED
        case Refused():
            return False, error.refusal.code
        case _:
            return False, "internal"
