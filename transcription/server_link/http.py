"""HTTP requests of the worker link, repeated until web answers.

It must not decide what to do after a final refusal: that is the caller's `except`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from transcription.contract.reading import ContractError, Fields, JsonObject, fields_from_text
from transcription.contract.recording import JSON_LIMIT
from transcription.contract.refusal import Refusal
from transcription.server_link.retry import backoff_s, may_pass, refused
from transcription.settings import LinkSettings

log = logging.getLogger(__name__)

SILENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)


class LinkHttp:
    """A session with web; `async with` opens and closes it."""

    def __init__(self, settings: LinkSettings) -> None:
        self._url = settings.url
        self._headers = {"Authorization": f"Bearer {settings.token}"}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers=self._headers, timeout=SILENCE, trust_env=True
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def get(self, path: str) -> Fields:
        """The JSON object at `path`."""
        return await self._until_answered("GET", path, None, {})

    async def put(self, path: str, body: JsonObject) -> Fields:
        """PUT of a JSON object; idempotent by address."""
        return await self._until_answered("PUT", path, _encoded(body, path), _json_headers())

    async def put_octets(self, path: str, octets: bytes) -> Fields:
        """PUT of a part of a chunk."""
        headers = {"Content-Type": "application/octet-stream"}
        return await self._until_answered("PUT", path, octets, headers)

    async def post(self, path: str, body: JsonObject, key: str | None = None) -> Fields:
        """POST of a JSON object under one Idempotency-Key, kept over all repetitions. `key` must be
        given where the same message may be sent again after a restart."""
        headers = _json_headers() | {"Idempotency-Key": key or str(uuid.uuid4())}
        return await self._until_answered("POST", path, _encoded(body, path), headers)

    async def download(self, path: str, target: Path) -> None:
        """Writes what lies at `path` to a file."""
        failures = 0
        while True:
            try:
                return await self._download_once(path, target)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                failures += 1
                await _pause(failures, f"GET {path}", str(error) or type(error).__name__)

    async def _download_once(self, path: str, target: Path) -> None:
        assert self._session is not None
        async with self._session.get(self._url + path) as answer:
            if answer.status >= 400:
                text = await answer.text()
                if not may_pass(answer.status):
                    raise refused(answer.status, _refusal_of(text), f"GET {path}")
                raise aiohttp.ClientError(f"{answer.status} {text[:200]}")
            with target.open("wb") as file:
                async for part in answer.content.iter_chunked(256 * 1024):
                    file.write(part)

    async def _until_answered(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Fields:
        assert self._session is not None
        what = f"{method} {path}"
        failures = 0
        while True:
            try:
                url = self._url + path
                async with self._session.request(method, url, data=body, headers=headers) as answer:
                    status, text = answer.status, await answer.text()
                if status < 400:
                    return fields_from_text(text or "{}")
                if not may_pass(status):
                    raise refused(status, _refusal_of(text), what)
                trouble = f"{status} {text[:200]}"
            except (aiohttp.ClientError, TimeoutError, OSError, ContractError) as error:
                trouble = str(error) or type(error).__name__
            failures += 1
            await _pause(failures, what, trouble)


def _json_headers() -> dict[str, str]:
    return {"Content-Type": "application/json"}


def _encoded(body: JsonObject, path: str) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > JSON_LIMIT:
        raise ContractError("", f"the body for {path} is {len(text)} bytes, more than web takes")
    return text


def _refusal_of(text: str) -> Refusal:
    try:
        return Refusal.parse(fields_from_text(text))
    except ContractError:
        return Refusal("unknown", text[:200])


async def _pause(failures: int, what: str, trouble: str) -> None:
    wait = backoff_s(failures)
    log.warning("%s: %s; again in %.0f s", what, trouble, wait)
    await asyncio.sleep(wait)
