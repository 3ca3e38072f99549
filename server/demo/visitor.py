"""A person at a browser, as the demo plays one: cookies, forms with their token, door and acts.

It knows web by its addresses only.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any, Self

import aiohttp

TOKEN = re.compile(r'data-csrf="([0-9a-f]+)"')
NOTICE = re.compile(r'data-notice="([^"]+)"')
JSON = {"Accept": "application/json"}


class Refused(RuntimeError):
    """Web said no; the message is its sentence."""


class Visitor:
    """One signed-in person. Use as an async context manager."""

    def __init__(self, url: str, login: str) -> None:
        self.url, self.login = url, login
        self._csrf = ""
        self._http = aiohttp.ClientSession(
            base_url=url, cookie_jar=aiohttp.CookieJar(unsafe=True), raise_for_status=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.close()

    async def sign_in(self, password: str) -> None:
        """Through the front door; the page after it carries the session's token."""
        await self.look("/sign-in")
        await self.post_form("/sign-in", {"login": self.login, "password": password})
        await self.look("/")

    async def look(self, path: str) -> str:
        """A page's text."""
        async with self._http.get(path) as response:
            text = await response.text()
            self._check(path, response.status, text)
        if found := TOKEN.search(text):
            self._csrf = found[1]
        return text

    async def post_form(self, path: str, fields: dict[str, Any]) -> str:
        """Send a form; returns the address that web leads to."""
        data = aiohttp.FormData()
        data.add_field("csrf", self._csrf)
        for name, value in fields.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                data.add_field(name, str(one))
        async with self._http.post(path, data=data, allow_redirects=False) as response:
            if response.status != 303:
                self._check(path, max(response.status, 400), await response.text())
            return response.headers["Location"]

    async def act(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One act as the room's scripts do it; returns web's answer."""
        headers = {**JSON, "X-CSRF-Token": self._csrf}
        async with self._http.post(path, json=body or {}, headers=headers) as response:
            self._check(path, response.status, await response.text())
            answer: dict[str, Any] = await response.json()
            return answer

    async def enter(self, conference: str) -> tuple[str, str]:
        """Through the conference's door, knowing of the recording; the media address and token."""
        door = await self.look(f"{conference}/door")
        notice = NOTICE.search(door)
        if notice is None:
            raise Refused(f"{self.login}: the door shows no recording notice")
        await self.act(f"{conference}/knock", {"notice": notice[1]})
        access = await self.act(f"{conference}/token")
        return str(access["url"]), str(access["token"])

    async def wait_for_recording(self, conference: str) -> None:
        """Until the recording sign is on, told by the live socket."""
        socket = self._http.ws_connect(f"{conference}/live", origin=self.url)
        async with socket as live:
            async for message in live:
                meeting = message.json().get("meeting") or {}
                if meeting.get("recording"):
                    return
        raise Refused("the live socket ended before the recorder wrote")

    def _check(self, path: str, status: int, text: str) -> None:
        if status >= 400:
            raise Refused(f"{self.login}: {path} answered {status}: {_sentence(text)}")


def _sentence(text: str) -> str:
    """The readable part of an error page or of a problem."""
    plain = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", plain).strip()[:400]
