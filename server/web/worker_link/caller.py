"""Who calls on the worker link, and reading what it sent within the limits of the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from server.domain.actors import Caller
from server.domain.errors import CallerError
from server.services.context import Context
from server.services.tokens import authenticate
from server.storage.received import Delivery
from server.web.call import REQUEST_ID, call_as, context_of
from transcription.contract.reading import ContractError, Fields, fields_from_text
from transcription.contract.recording import JSON_LIMIT

T = TypeVar("T")
KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 500


@dataclass(frozen=True)
class Program:
    """A program with a right: its token, and the context of its call."""

    token_id: int
    ctx: Context


def bearer_of(request: web.Request) -> str:
    """The token of the Authorization header; '' without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def context_for(request: web.Request, token_id: int | None) -> Context:
    """The context of a call by the program with this token (None: not known yet)."""
    agent = f"worker:{token_id}" if token_id is not None else "worker"
    return context_of(request, Caller(agent=agent, request_id=request[REQUEST_ID]))


async def program_of(request: web.Request, scope: str) -> Program:
    """The calling program, which must have `scope`; `token_invalid`, `scope_missing`."""
    asking = context_for(request, None)
    token_id = await call_as(request, asking, authenticate, bearer_of(request), scope)
    return Program(token_id, context_for(request, token_id))


async def read_limited(request: web.Request, limit: int) -> bytes:
    """The body, at most `limit` bytes of it: `too_large` beyond, without reading it all."""
    told = f"{limit // 2**20} MiB"
    if request.content_length is not None and request.content_length > limit:
        raise CallerError("too_large", limit=told)
    body = bytearray()
    async for part in request.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > limit:
            raise CallerError("too_large", limit=told)
    return bytes(body)


@dataclass(frozen=True)
class Message:
    """A JSON body with the delivery that it came by (None without an Idempotency-Key)."""

    fields: Fields
    delivery: Delivery | None


async def message_of(request: web.Request, program: Program) -> Message:
    """The JSON body and its delivery; `bad_request` for what is no JSON object."""
    body = await read_limited(request, JSON_LIMIT)
    with bad_request():
        fields = fields_from_text(body)
    return Message(fields, _delivery(request, program, body))


async def keyed_message_of(request: web.Request, program: Program) -> Message:
    """As `message_of`, for a POST that is not idempotent by its address: it needs a key."""
    message = await message_of(request, program)
    if message.delivery is None:
        raise CallerError("bad_request", detail=f"{KEY_HEADER} is missing")
    return message


def _delivery(request: web.Request, program: Program, body: bytes) -> Delivery | None:
    key = request.headers.get(KEY_HEADER, "")
    if not key:
        return None
    if len(key) > LONGEST_KEY:
        raise CallerError("bad_request", detail=f"{KEY_HEADER} is too long")
    what = f"{request.method} {request.path_qs}\n".encode()
    return Delivery(f"token:{program.token_id}", key, hashlib.sha256(what + body).hexdigest())


class bad_request:
    """`with bad_request():` a message of the wrong shape is the caller's fault."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ContractError | KeyError | ValueError | TypeError):
            raise CallerError("bad_request", detail=str(error)) from error


async def ask(request: web.Request, program: Program, service: Callable[..., T], *args: Any) -> T:
    """A service that is told which token calls."""
    return await call_as(request, program.ctx, service, program.token_id, *args)


def number(request: web.Request, name: str) -> int:
    """A number of the address (the route lets only digits through)."""
    return int(request.match_info[name])
