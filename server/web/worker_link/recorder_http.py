"""What a recorder sends over HTTP: tracks, chunks in parts, ends of tracks, gaps."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import CallerError
from server.services import recordings
from server.services.tokens import RECORDER
from server.web.call import call_as
from server.web.worker_link.caller import (
    bad_request,
    keyed_message_of,
    message_of,
    number,
    program_of,
    read_limited,
)
from server.web.worker_link.hub import answer_and_hint
from transcription.contract.recording import PART_LIMIT, Announce, FinalSeq, GapReport, OpenTrack

routes = web.RouteTableDef()
TRACK = r"/worker/tracks/{track:\d{1,18}}"
CHUNK = TRACK + r"/chunks/{seq:\d{1,9}}"


@routes.post("/worker/tracks")
async def open_track(request: web.Request) -> web.Response:
    """A recorder begins a track, or finds it again by its key."""
    program = await program_of(request, RECORDER)
    message = await keyed_message_of(request, program)
    with bad_request():
        body = OpenTrack.parse(message.fields)
    taken = await call_as(request, program.ctx, recordings.open_track, body, message.delivery)
    return web.json_response(taken.answer)


@routes.post(CHUNK)
async def announce_chunk(request: web.Request) -> web.Response:
    """A recorder tells what chunk is to come: its time, size and hash."""
    program = await program_of(request, RECORDER)
    message = await message_of(request, program)
    with bad_request():
        body = Announce.parse(message.fields)
    track, seq = number(request, "track"), number(request, "seq")
    answer = await call_as(request, program.ctx, recordings.announce_chunk, track, seq, body)
    return web.json_response(answer.to_json())


@routes.put(CHUNK)
async def put_chunk(request: web.Request) -> web.Response:
    """A part of a chunk, from byte `offset` on; the last one completes it."""
    program = await program_of(request, RECORDER)
    offset = request.query.get("offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 12):
        raise CallerError("bad_request", detail="offset is no number")
    data = await read_limited(request, PART_LIMIT)
    taken = await call_as(
        request,
        program.ctx,
        recordings.put_chunk,
        number(request, "track"),
        number(request, "seq"),
        int(offset),
        data,
    )
    return await answer_and_hint(request, taken)


@routes.post(TRACK + "/final")
async def close_track(request: web.Request) -> web.Response:
    """The number of a track's last chunk; -1: there is none."""
    program = await program_of(request, RECORDER)
    message = await keyed_message_of(request, program)
    with bad_request():
        final = FinalSeq.parse(message.fields).final_seq
    taken = await call_as(
        request,
        program.ctx,
        recordings.close_track,
        number(request, "track"),
        final,
        message.delivery,
    )
    return await answer_and_hint(request, taken)


@routes.post("/worker/gaps")
async def report_gap(request: web.Request) -> web.Response:
    """A stretch that was not recorded, with the reason."""
    program = await program_of(request, RECORDER)
    message = await keyed_message_of(request, program)
    with bad_request():
        body = GapReport.parse(message.fields)
    taken = await call_as(request, program.ctx, recordings.report_gap, body, message.delivery)
    return await answer_and_hint(request, taken)
