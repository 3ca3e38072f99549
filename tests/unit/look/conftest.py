"""The templates as the product makes them, and the sheet of components for a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from markupsafe import Markup
from playwright.async_api import Browser, async_playwright

from server.web.catalogue import Catalogues
from server.web.render import Renderer
from server.web.static import StaticFiles

POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


@pytest.fixture(scope="session")
def catalogues() -> Catalogues:
    """The shipped catalogues."""
    return Catalogues()


@pytest.fixture(scope="session")
def static_files(catalogues: Catalogues) -> StaticFiles:
    """The shipped static files."""
    return StaticFiles(catalogues)


@pytest.fixture(scope="session")
def templates(catalogues: Catalogues, static_files: StaticFiles) -> Any:
    """The Jinja2 environment of the product."""
    return Renderer(catalogues, static_files).environment


@pytest.fixture
def frame() -> dict[str, Any]:
    """What every page is given, for a secretary of the Office."""
    places = [("/", "Today", "sun"), ("/conferences", "Conferences", "video")]
    me = SimpleNamespace(
        name="Lê Thị Hoa",
        title="Thư ký",
        unit="Văn phòng UBND tỉnh",
        roles=frozenset({"office_secretary"}),
        nav=[
            SimpleNamespace(href=href, label=label, icon=icon, current=href == "/")
            for href, label, icon in places
        ],
    )
    return {
        "me": me,
        "locale": "vi",
        "text_size": "",
        "request_path": "/",
        "csrf_token": "token",
        "csrf_field": lambda: Markup('<input type="hidden" name="csrf" value="token">'),
    }


@pytest.fixture
async def showcase(
    templates: Any, static_files: StaticFiles, frame: dict[str, Any]
) -> AsyncIterator[str]:
    """The address of the sheet of components, under the product's own policy for scripts."""

    async def page(request: web.Request) -> web.Response:
        frame["text_size"] = request.cookies.get("text_size", "")
        return web.Response(
            text=templates.get_template("components.html").render(**frame),
            content_type="text/html",
            headers={"Content-Security-Policy": POLICY},
        )

    async def read(request: web.Request) -> web.Response:
        known = {"mai": ("Thứ Năm 26/11", ""), "chủ nhật": ("Chủ nhật 29/11", "Ngày nghỉ.")}
        date, note = known.get(request.query["text"], ("", ""))
        return web.json_response({"read": date, "note": note})

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/read", read)
    app.router.add_get("/static/{hash}/{name:.+}", static_files.serve)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A Chromium of the machine."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        await chromium.close()
