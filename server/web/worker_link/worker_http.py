"""What a worker fetches and delivers over HTTP: chunks, clips and words, extractions, ends."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from server.services import extraction, jobs, recordings, transcripts
from server.services.tokens import WORKER
from server.web.call import call_as
from server.web.keys import FILES
from server.web.ranged import ranged
from server.web.worker_link.caller import (
    ask,
    bad_request,
    keyed_message_of,
    message_of,
    number,
    program_of,
)
from server.web.worker_link.hub import answer_and_hint
from server.web.worker_link.recorder_http import CHUNK
from transcription.contract.candidates import ExtractionResult
from transcription.contract.clips import ClipPlan, ClipResult, clip_key, stretch_from_clip_key
from transcription.contract.jobs import JobEnd, JobFailure
from transcription.contract.reading import Fields

routes = web.RouteTableDef()
JOB = r"/worker/jobs/{job:\d{1,18}}"


@routes.get(CHUNK)
async def get_chunk(request: web.Request) -> web.StreamResponse:
    """A stored chunk, for the worker that transcribes its track."""
    program = await program_of(request, WORKER)
    path, sha256 = await ask(
        request, program, recordings.chunk_file, number(request, "track"), number(request, "seq")
    )
    body = await call_as(
        request, program.ctx, lambda _: request.config_dict[FILES].path(path).read_bytes()
    )
    return ranged(request, body, "audio/ogg", sha256, "private, no-store")


@routes.put(JOB + "/clips")
async def plan_clips(request: web.Request) -> web.Response:
    """How a track is cut; the answer is what is stored, with what is done already."""
    program = await program_of(request, WORKER)
    message = await message_of(request, program)
    with bad_request():
        plan = ClipPlan.parse(message.fields)
    stored = await ask(request, program, transcripts.plan_clips, number(request, "job"), plan)
    return web.json_response(stored.to_json())


@routes.put(JOB + r"/clips/{key:\d{1,12}-\d{1,12}}")
async def store_clip(request: web.Request) -> web.Response:
    """What was recognised in one clip; no speech is an empty list."""
    program = await program_of(request, WORKER)
    message = await message_of(request, program)
    with bad_request():
        key = clip_key(*stretch_from_clip_key(request.match_info["key"]))
        result = ClipResult.parse(message.fields)
    answer = await ask(
        request, program, transcripts.store_clip, number(request, "job"), key, result
    )
    return web.json_response(answer)


@routes.get(JOB + "/extraction")
async def extraction_input(request: web.Request) -> web.Response:
    """All that an extraction reads."""
    program = await program_of(request, WORKER)
    found = await ask(request, program, extraction.extraction_input, number(request, "job"))
    return web.json_response(found)


@routes.put(JOB + "/extraction")
async def store_extraction(request: web.Request) -> web.Response:
    """Tasks and requests that were found; stored with the end of the job."""
    program = await program_of(request, WORKER)
    message = await message_of(request, program)
    with bad_request():
        lease = _lease(message.fields)
        result = ExtractionResult.from_json(message.fields.data)
    await ask(request, program, extraction.store_extraction, number(request, "job"), lease, result)
    return web.json_response({})


@routes.post(JOB + "/finish")
async def finish_job(request: web.Request) -> web.Response:
    """A job is done: its transcription becomes the one that is read."""
    return await _end(request, transcripts.finish_job, _lease)


@routes.post(JOB + "/fail")
async def fail_job(request: web.Request) -> web.Response:
    """A job failed: for now, or for good."""
    return await _end(request, jobs.fail_job, JobFailure.parse)


@routes.post(JOB + "/release")
async def release_job(request: web.Request) -> web.Response:
    """A worker that stops in order gives its job back, uncharged."""
    return await _end(request, jobs.release_job, _lease)


def _lease(fields: Fields) -> int:
    return JobEnd.parse(fields).lease


async def _end(
    request: web.Request, service: Callable[..., jobs.Ended], parse: Callable[[Fields], object]
) -> web.Response:
    program = await program_of(request, WORKER)
    message = await keyed_message_of(request, program)
    with bad_request():
        told = parse(message.fields)
    job = number(request, "job")
    ended = await ask(request, program, service, job, told, message.delivery)
    return await answer_and_hint(request, ended)
