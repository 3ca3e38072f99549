"""The socket of the worker link: hello, then messages in order, until the line is dead.

A wrong version is closed with 4400, a token that is unknown, ended or without a right with 4401:
both are final for the caller. Everything else that goes wrong with one message is logged and the
line goes on, for the other side repeats what matters.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from aiohttp import WSCloseCode, WSMsgType, web

from server.domain.errors import CallerError, GiaoBanError
from server.services import jobs, recorders, transcripts
from server.services.context import Context
from server.services.tokens import RECORDER, WORKER, authenticate, note_presence
from server.web.call import call_as
from server.web.keys import CLOCK
from server.web.worker_link.caller import bearer_of, context_for
from server.web.worker_link.hub import LINK, Line
from transcription.contract import link
from transcription.contract.reading import ContractError

log = logging.getLogger("giaoban.worker_link")
routes = web.RouteTableDef()

HELLO_S = 20
CLOSE_S = 2.0
"""A peer that does not answer our close is gone."""
ASKS_RECORDER = (link.Recording, link.Stopped)


@routes.get("/worker/socket")
async def socket(request: web.Request) -> web.StreamResponse:
    """The line of a recorder or worker: JSON messages, `type` in each."""
    ws = web.WebSocketResponse(max_msg_size=link.SOCKET_LIMIT, autoping=False, timeout=CLOSE_S)
    if not ws.can_prepare(request).ok:
        raise CallerError("bad_request", detail="not a WebSocket")
    await ws.prepare(request)
    line = await _greet(request, ws)
    if line is None:
        return ws
    pinging = asyncio.create_task(_ping(ws), name=f"ping {line.name}")
    hub = request.config_dict[LINK]
    try:
        await hub.join(line)
        await _listen(request, line)
    finally:
        pinging.cancel()
        await hub.leave(line)
        with contextlib.suppress(asyncio.CancelledError):
            await pinging
    await ws.close(code=WSCloseCode.GOING_AWAY)
    return ws


async def _greet(request: web.Request, ws: web.WebSocketResponse) -> Line | None:
    """The line once hello and token are right; None when it was closed."""
    scopes: dict[str, int] = {}
    for scope in (WORKER, RECORDER):
        with contextlib.suppress(CallerError):
            asking = context_for(request, None)
            scopes[scope] = await call_as(request, asking, authenticate, bearer_of(request), scope)
    if not scopes:
        await ws.close(code=link.CLOSE_TOKEN, message=b"token")
        return None
    try:
        first = await ws.receive(timeout=HELLO_S)
        hello = link.worker_message(first.data if first.type is WSMsgType.TEXT else "")
    except (TimeoutError, ContractError):
        await ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no hello")
        return None
    if not isinstance(hello, link.Hello):
        await ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no hello")
        return None
    if hello.v != link.VERSION:
        await ws.close(code=link.CLOSE_VERSION, message=b"version")
        return None
    line = Line(ws, next(iter(scopes.values())), frozenset(scopes), hello.name, hello.model)
    await line.say(link.Welcome(link.VERSION, request.config_dict[CLOCK]()))
    log.info("%s is in line (%s)", hello.name, ", ".join(sorted(scopes)))
    return line


async def _ping(ws: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):
        while not ws.closed:
            await asyncio.sleep(link.PING_S)
            await ws.ping()


async def _listen(request: web.Request, line: Line) -> None:
    ws = line.ws
    while True:
        try:
            got = await ws.receive(timeout=link.DEAD_S)
        except TimeoutError:
            log.warning("%s was not heard for %d s", line.name, link.DEAD_S)
            return
        match got.type:
            case WSMsgType.PING:
                await ws.pong(got.data)
            case WSMsgType.PONG:
                ctx = context_for(request, line.token_id)
                await call_as(request, ctx, note_presence, line.token_id)
            case WSMsgType.TEXT:
                if not await _hear(request, line, got.data):
                    return
            case WSMsgType.BINARY:
                log.warning("%s sent octets on the line", line.name)
            case _:
                return


async def _hear(request: web.Request, line: Line, text: str) -> bool:
    """One message; False when it closed the line."""
    try:
        message = link.worker_message(text)
    except ContractError as error:
        log.warning("%s: a message is passed over: %s", line.name, error)
        return True
    scope = RECORDER if isinstance(message, ASKS_RECORDER) else WORKER
    ctx = context_for(request, line.token_id)
    try:
        if not isinstance(message, link.Hello):
            await call_as(request, ctx, authenticate, bearer_of(request), scope)
    except CallerError:
        await line.ws.close(code=link.CLOSE_TOKEN, message=b"token")
        return False
    try:
        await _answer(request, line, ctx, message)
    except GiaoBanError as error:
        log.warning("%s: %s is refused: %s", line.name, message.type, error.code)
    return True


async def _answer(
    request: web.Request, line: Line, ctx: Context, message: link.WorkerMessage
) -> None:
    hub = request.config_dict[LINK]
    match message:
        case link.Hello():
            log.warning("%s says hello twice", line.name)
        case link.Recording(conference, at_ms):
            await call_as(request, ctx, recorders.recorder_writes, conference, at_ms)
            hub.writes(conference)
        case link.Stopped(conference):
            hub.stopped(conference)
            if await call_as(request, ctx, recorders.recorder_stopped, conference):
                await hub.hint_work()
        case link.Claim(able):
            job = await call_as(request, ctx, jobs.claim_job, line.token_id, able)
            await line.say(job if job is not None else link.NoJob())
        case link.Beat(beats):
            states = await call_as(request, ctx, jobs.beat, line.token_id, beats)
            await line.say(link.BeatAnswer(states))
        case link.Started():
            said = await call_as(request, ctx, transcripts.start_clip, line.token_id, message)
            await line.say(said)
