"""A real server for integration tests: aiohttp on loopback, the house's SQLite behind it.

async def test_…(served: Served) -> None:
    hoa = await served.as_("hoa")
    answer = await hoa.post("/conferences/new", {"title": "…"})
    assert answer.status == 303 and answer.location == "/conferences/1"
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from server.web.auth import SESSION_COOKIE
from tests.people import House, house_in

CSRF = re.compile(r'data-csrf="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, read whole."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect points."""
        return self.headers.get("Location", "")

    def json(self) -> Any:
        """The body as JSON."""
        import json

        return json.loads(self.body)


class Browser:
    """One person's browser: keeps cookies, sends the CSRF token, follows no redirect."""

    def __init__(self, base: URL, http: aiohttp.ClientSession) -> None:
        self.base, self.http = base, http
        self._csrf: str | None = None

    async def get(self, path: str, **kw: Any) -> Answer:
        """GET a page."""
        return await self._send("GET", path, **kw)

    async def post(self, path: str, data: Any = None, **kw: Any) -> Answer:
        """POST a form with the CSRF token (pairs or a mapping; FormData is sent as it is)."""
        fields = list(data.items()) if isinstance(data, Mapping) else data or []
        if isinstance(fields, aiohttp.FormData):
            headers = {"X-CSRF-Token": await self.csrf(), **kw.pop("headers", {})}
            return await self._send("POST", path, data=fields, headers=headers, **kw)
        pairs = [(name, str(value)) for name, value in fields]
        form = aiohttp.FormData([*pairs, ("csrf", await self.csrf())])
        return await self._send("POST", path, data=form, **kw)

    async def post_json(self, path: str, data: Any = None, **kw: Any) -> Answer:
        """POST as our scripts do: JSON, the token in the header."""
        headers = {"X-CSRF-Token": await self.csrf(), "Accept": "application/json"}
        return await self._send("POST", path, json=data, headers=headers, **kw)

    async def csrf(self) -> str:
        """The CSRF token of this browser, read from a page (any has it, even the 404)."""
        if self._csrf is None:
            found = CSRF.search((await self.get("/no-such-page")).text)
            assert found, "no CSRF token in the page"
            self._csrf = found.group(1)
        return self._csrf

    def socket(self, path: str, **kw: Any) -> Any:
        """`async with browser.socket("/conferences/1/live") as ws:`."""
        headers = {"Origin": str(self.base.origin()), **kw.pop("headers", {})}
        return self.http.ws_connect(self.base.join(URL(path)), headers=headers, **kw)

    async def _send(self, method: str, path: str, **kw: Any) -> Answer:
        # A path may hold an encoded slash: it is sent as it is written.
        url = self.base.join(URL(path, encoded=True))
        async with self.http.request(method, url, allow_redirects=False, **kw) as got:
            body = await got.read()
            if SESSION_COOKIE in got.cookies:
                self._csrf = None
            return Answer(got.status, got.headers, body.decode("utf-8", "replace"), body)


class Served:
    """A house behind a real server."""

    def __init__(self, house: House, app: web.Application, base: URL) -> None:
        self.house, self.app, self.base = house, app, base
        self._open: list[aiohttp.ClientSession] = []

    def visitor(self) -> Browser:
        """A browser that nobody has signed in with."""
        http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._open.append(http)
        return Browser(self.base, http)

    async def as_(self, login: str) -> Browser:
        """The browser of one of the cast, signed in."""
        browser = self.visitor()
        token = self.house.session_token(login)
        browser.http.cookie_jar.update_cookies({SESSION_COOKIE: token}, self.base)
        return browser

    def program(self, token: str) -> Browser:
        """A program with a bearer token (`WORKER_TOKEN`, `RECORDER_TOKEN`)."""
        http = aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"})
        self._open.append(http)
        return Browser(self.base, http)

    async def close(self) -> None:
        """Close every browser."""
        for http in self._open:
            await http.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A province in a temporary folder, with the cast."""
    yield from house_in(tmp_path)


@pytest.fixture
async def served(house: House) -> AsyncIterator[Served]:
    """The house behind a real server on a free loopback port."""
    runner = web.AppRunner(house.app(), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    serving = Served(house, runner.app, URL(f"http://{host}:{port}"))
    try:
        yield serving
    finally:
        await serving.close()
        await runner.cleanup()
