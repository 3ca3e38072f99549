"""Chromium before the real server: one browser a test, one context a person.

async def test_…(served: Served, people: People) -> None:
    page = await people.page("hoa", "/conferences")

async def test_…(running: Running, meeting_people: People) -> None: …
    the same, before a house with the media engine and the wall clock
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from server.web.auth import SESSION_COOKIE
from tests.integration.conftest import Served, house, served
from tests.running import Running

__all__ = ["house", "served"]

CHROMIUM = "/usr/bin/chromium"
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
DESK = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 10_000


class People:
    """Pages of the cast, signed in. `faults`: errors that any page's script threw."""

    def __init__(self, served: Served, browser: Browser) -> None:
        self.served, self.browser = served, browser
        self.faults: list[str] = []

    async def page(self, login: str, path: str, viewport: ViewportSize = DESK) -> Page:
        """A page of one of the cast in a browser context of its own."""
        context = await self.browser.new_context(viewport=viewport, locale="vi-VN")
        context.set_default_timeout(PATIENCE_MS)
        token = self.served.house.session_token(login)
        base = str(self.served.base)
        await context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": base}])
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        await page.goto(base.rstrip("/") + path)
        return page


@asynccontextmanager
async def chromium(served: Served) -> AsyncIterator[People]:
    """The cast before their browsers; a script error in any page fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        people = People(served, browser)
        yield people
        await browser.close()
    assert people.faults == []


@pytest.fixture
async def people(served: Served) -> AsyncIterator[People]:
    """The cast before their browsers."""
    async with chromium(served) as people:
        yield people


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """Web and the media engine, with webhooks between them."""
    async with Running(tmp_path) as running:
        yield running


@pytest.fixture
async def meeting_people(running: Running) -> AsyncIterator[People]:
    """The cast before their browsers, where conferences really run."""
    async with chromium(running.served) as people:
        yield people
