"""The worker's half of the fake link: jobs, leases, clips, results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.fakes.web_link_state import Job, refuse
from transcription.contract import link
from transcription.contract.clips import (
    ClipPlan,
    ClipResult,
    ClipState,
    SegmentFlag,
    StoredClip,
    StoredClips,
    stretch_from_clip_key,
)
from transcription.contract.jobs import JobEnd, JobFailure
from transcription.contract.reading import fields_from_text

JOBS = "/worker/jobs"


class JobSide:
    """Handlers of `/worker/jobs`, and the answers to what the worker says of jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[int, Job] = {}
        self._leases = 100

    def job_routes(self) -> list[web.RouteDef]:
        return [
            web.put(JOBS + "/{job}/clips", self._plan),
            web.put(JOBS + "/{job}/clips/{key}", self._result),
            web.get(JOBS + "/{job}/extraction", self._extraction_input),
            web.put(JOBS + "/{job}/extraction", self._extraction),
            web.post(JOBS + "/{job}/{end:finish|fail|release}", self._end),
        ]

    def add_job(self, job: Job) -> Job:
        self.jobs[job.id] = job
        return job

    def expire(self, job: Job) -> None:
        """The lease lapsed; another worker may claim."""
        job.state, job.lease = "waiting", 0

    def _offer(self, claim: link.Claim) -> link.WebMessage:
        for job in self.jobs.values():
            if job.state == "waiting" and (job.needs == "none" or job.needs in claim.able):
                self._leases += 1
                job.state, job.lease = "leased", self._leases
                until = datetime.now(UTC) + timedelta(seconds=link.LEASE_S)
                return link.JobOffer(job.id, job.kind, job.lease, until, job.payload)
        return link.NoJob()

    def _beat(self, progress: link.JobProgress) -> link.JobBeat:
        job = self.jobs[progress.job]
        job.progress.append(progress)
        if job.cancelled:
            return link.JobBeat(progress.job, link.BeatState.CANCELLED)
        held = job.state == "leased" and job.lease == progress.lease
        return link.JobBeat(progress.job, link.BeatState.OK if held else link.BeatState.LOST)

    def _started(self, started: link.Started) -> link.WebMessage:
        job = self.jobs[started.job]
        clip = job.clips[started.clip]
        if job.lease != started.lease or clip.state is not ClipState.TODO:
            return link.Skip(started.job, started.clip)
        if started.clip in job.marked:
            clip = StoredClip(clip.start_ms, clip.end_ms, clip.state, clip.crashes + 1)
            if clip.crashes >= 2:
                clip = StoredClip(clip.start_ms, clip.end_ms, ClipState.FLAGGED, clip.crashes)
            job.clips[started.clip] = clip
        if clip.state is ClipState.FLAGGED:
            return link.Skip(started.job, started.clip)
        job.marked.add(started.clip)
        return link.Go(started.job, started.clip)

    def _job(self, request: web.Request, lease: int) -> Job:
        job = self.jobs.get(int(request.match_info["job"]))
        if job is None:
            raise refuse(404, "not_found")
        if job.state != "leased" or job.lease != lease:
            raise refuse(409, "lease_lost")
        return job

    async def _plan(self, request: web.Request) -> web.Response:
        plan = ClipPlan.parse(fields_from_text(await request.read()))
        job = self._job(request, plan.lease)
        if job.plan is None:
            job.plan = plan
            clips = [StoredClip(start, end, ClipState.TODO) for start, end in plan.clips]
            job.clips = {clip.key: clip for clip in clips}
        return web.json_response(StoredClips(tuple(job.clips.values())).to_json())

    async def _result(self, request: web.Request) -> web.Response:
        result = ClipResult.parse(fields_from_text(await request.read()))
        job = self._job(request, result.lease)
        key = request.match_info["key"]
        stretch_from_clip_key(key)
        job.results[key] = result
        job.marked.discard(key)
        clip = job.clips[key]
        state = ClipState.FLAGGED if result.flag is SegmentFlag.CRASHED_CLIP else ClipState.DONE
        job.clips[key] = StoredClip(clip.start_ms, clip.end_ms, state, clip.crashes)
        return web.json_response({})

    async def _extraction_input(self, request: web.Request) -> web.Response:
        job = self.jobs[int(request.match_info["job"])]
        return web.json_response(job.extraction_input)

    async def _extraction(self, request: web.Request) -> web.Response:
        body = await request.json()
        job = self._job(request, body["lease"])
        job.extraction, job.state = body, "done"
        return web.json_response({})

    async def _end(self, request: web.Request) -> web.Response:
        fields = fields_from_text(await request.read())
        job = self.jobs[int(request.match_info["job"])]
        end = request.match_info["end"]
        if job.state == "done" and end == "finish":
            return web.json_response({})
        self._job(request, JobEnd.parse(fields).lease)
        if end == "finish":
            if any(clip.state is ClipState.TODO for clip in job.clips.values()):
                raise refuse(409, "clips_missing")
            job.state = "done"
        elif end == "fail":
            job.failure = JobFailure.parse(fields)
            job.state = "failed" if job.failure.permanent else "held"
        else:
            job.state = "waiting"
            job.marked.clear()
        return web.json_response({})
