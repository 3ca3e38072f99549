"""Recordings for people: hearing a stretch again, the transcript, and what a secretary asks for."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from server.domain.errors import UserError
from server.services import processing
from server.services.context import Context
from server.services.playback import track_audio
from server.services.transcript_pages import transcript_of
from server.web.call import call, viewer_of
from server.web.ranged import ranged
from server.web.render import render
from server.web.worker_link.hub import LINK, processing_for

routes = web.RouteTableDef()
CONFERENCE = r"/conferences/{id:\d{1,18}}"
DEFAULT_SPAN_MS = 30_000


@routes.get(r"/tracks/{id:\d{1,18}}/audio")
async def audio(request: web.Request) -> web.StreamResponse:
    """A stretch of a track as WAV, `from_ms` to `to_ms` of the meeting clock (30 s by default)."""
    track = int(request.match_info["id"])
    from_ms = _ms(request, "from_ms", 0)
    to_ms = _ms(request, "to_ms", from_ms + DEFAULT_SPAN_MS)
    body = await call(request, track_audio, track, from_ms, to_ms)
    return ranged(request, body, "audio/wav", f"{track}-{from_ms}-{to_ms}", "private, no-cache")


def _ms(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise UserError("invalid_field", field=name, problem="range")
    return int(text)


@routes.get(CONFERENCE + "/transcript")
async def transcript(request: web.Request) -> web.Response:
    """Who said what when."""
    conference_id = int(request.match_info["id"])
    said = await call(request, transcript_of, conference_id)
    stage = await processing_for(request, conference_id)
    return render(request, "speech/transcript.html", transcript=said, processing=stage)


@routes.get(CONFERENCE + "/processing")
async def stage(request: web.Request) -> web.Response:
    """The processing part alone, for pages that show it moving."""
    viewer_of(request)
    found = await processing_for(request, int(request.match_info["id"]))
    return render(request, "speech/processing.html", processing=found)


@routes.post(r"/jobs/{id:\d{1,18}}/retry")
async def retry(request: web.Request) -> web.Response:
    """A failed job waits again."""
    return await _ask(request, processing.retry_job)


@routes.post(r"/jobs/{id:\d{1,18}}/cancellation")
async def cancel(request: web.Request) -> web.Response:
    """A job is taken off the queue."""
    return await _ask(request, processing.cancel_job)


@routes.post(CONFERENCE + "/transcription")
async def transcribe_again(request: web.Request) -> web.Response:
    """A new run of every closed track."""
    return await _ask(request, processing.transcribe_again)


@routes.post(CONFERENCE + "/extraction")
async def extract_again(request: web.Request) -> web.Response:
    """The transcript is read again."""
    return await _ask(request, processing.extract_again)


async def _ask(
    request: web.Request, service: Callable[[Context, int], processing.Queued]
) -> web.Response:
    queued = await call(request, service, int(request.match_info["id"]))
    if queued.jobs:
        await request.config_dict[LINK].hint_work()
    raise web.HTTPSeeOther(f"/conferences/{queued.conference_id}/transcript")
