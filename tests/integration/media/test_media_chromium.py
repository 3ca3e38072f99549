"""Unmodified livekit-client in real Chromium: two seats in two pages, fake camera and microphone.

The page comes from another origin than the engine, as in the product.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from livekit import api
from livekit.protocol import models
from playwright.async_api import Page, async_playwright

from tests.fakes.faulty_network import LossyRelay, TcpProxy
from tests.fakes.media_engine import ROOT, MediaEngine

pytestmark = pytest.mark.browser

CLIENT = ROOT / "client_web/node_modules/livekit-client/dist"
ARGUMENTS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_SECONDS = 20.0


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """The page's address."""
    app = web.Application()

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name("media_page.html"))

    app.router.add_get("/", page)
    app.router.add_static("/lib", CLIENT)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture
async def pages(site: str) -> AsyncIterator[Callable[[], Awaitable[Page]]]:
    """Opens pages of one browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        context = await browser.new_context(permissions=["camera", "microphone"])

        async def open_page() -> Page:
            page = await context.new_page()
            await page.goto(site)
            await page.wait_for_function("window.ready === true")
            return page

        yield open_page
        await browser.close()


async def poll(page: Page, script: str, good: Callable[[Any], Any], what: str) -> Any:
    """Evaluate until good; fails with the last value and the page's events."""
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while not good(value := await page.evaluate(script)):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"{what}: {value!r}, events {await page.evaluate('events')}")
        await asyncio.sleep(0.1)
    return value


async def sees_moving(page: Page, who: str, frames: int = 15) -> None:
    """`who` is decoded, that many more frames of it, and the picture changes."""

    def count(report: list[dict[str, Any]]) -> int:
        return next((s["frames"] for s in report if s["who"] == who and s["kind"] == "video"), 0)

    first = count(await poll(page, "report()", count, f"picture of {who}"))
    still = await poll(page, f"picture('{who}')", bool, f"shown picture of {who}")
    await poll(page, "report()", lambda r: count(r) >= first + frames, f"more frames of {who}")
    await poll(page, f"picture('{who}')", lambda p: p != still, f"movement of {who}")


async def hears(page: Page, who: str) -> None:
    """Audio packets of `who` arrive."""

    def good(report: list[dict[str, Any]]) -> bool:
        return any(s["packets"] > 50 for s in report if s["who"] == who and s["kind"] == "audio")

    await poll(page, "report()", good, f"sound of {who}")


async def happened(page: Page, *event: str) -> None:
    """An event of the page's list begins so."""
    await poll(
        page,
        "events",
        lambda events: any(e[: len(event)] == list(event) for e in events),
        str(event),
    )


async def join(
    page: Page,
    engine: MediaEngine,
    identity: str,
    room: str,
    auto: bool = True,
    url: str = "",
    **grants: Any,
) -> None:
    arguments = [
        url or engine.url,
        engine.token(identity, room, **grants),
        {"autoSubscribe": auto},
    ]
    script = "([url, token, options]) => join(url, token, options)"
    assert await page.evaluate(script, arguments) == ""


async def test_two_pages_see_each_others_moving_picture(
    engine: MediaEngine, pages: Callable[[], Awaitable[Page]]
) -> None:
    an, binh = await pages(), await pages()
    await join(an, engine, "an", "two")
    await join(binh, engine, "binh", "two")
    for page in (an, binh):
        assert await page.evaluate("publish('camera')") == ""
        assert await page.evaluate("publish('microphone')") == ""
    await sees_moving(an, "binh")
    await sees_moving(binh, "an")
    await hears(an, "binh")
    await hears(binh, "an")
    # the cap allows the highest of the layers that the client sends by default
    await poll(binh, "report()", lambda r: any(s["width"] >= 1280 for s in r), "the full picture")
    await an.evaluate(
        "room.localParticipant.publishData(new TextEncoder().encode('chào'), {reliable: true})"
    )
    await happened(binh, "data", "an", "chào")
    await an.evaluate("publish('microphone', false)")
    await happened(binh, "muted", "an", "microphone")


async def test_without_auto_subscribe_one_layer_of_a_camera_is_seen_when_asked_for(
    engine: MediaEngine, pages: Callable[[], Awaitable[Page]]
) -> None:
    an, binh = await pages(), await pages()
    await join(an, engine, "an", "chosen")
    await join(binh, engine, "binh", "chosen", auto=False)
    assert await an.evaluate("publish('camera', true, {simulcast: false})") == ""
    assert await an.evaluate("publish('microphone')") == ""
    await poll(binh, "subscribeAll()", lambda n: n == 2, "two publications")
    await sees_moving(binh, "an")
    await hears(binh, "an")


async def test_at_the_door_one_sees_and_hears_oneself(
    engine: MediaEngine, pages: Callable[[], Awaitable[Page]]
) -> None:
    page = await pages()
    await join(page, engine, "an", "door-1", auto=False, attributes={"loopback": "1"})
    assert await page.evaluate("publish('camera')") == ""
    assert await page.evaluate("publish('microphone')") == ""
    await poll(page, "subscribeAll()", lambda n: n == 2, "two publications of the echo")
    await sees_moving(page, "an#echo")
    await hears(page, "an#echo")


async def test_the_floor_is_granted_taken_and_granted_again(
    engine: MediaEngine, pages: Callable[[], Awaitable[Page]]
) -> None:
    an, binh = await pages(), await pages()
    await join(an, engine, "an", "floor", can_publish_sources=["camera"])
    await join(binh, engine, "binh", "floor")
    assert await an.evaluate("publish('camera')") == ""
    await sees_moving(binh, "an")
    assert "insufficient permissions" in await an.evaluate("publish('microphone')")
    camera, microphone = models.TrackSource.CAMERA, models.TrackSource.MICROPHONE
    async with engine.api() as server:

        async def permit(*sources: Any) -> None:
            permission = models.ParticipantPermission(
                can_subscribe=True,
                can_publish=True,
                can_publish_data=True,
                can_publish_sources=sources,
            )
            await server.room.update_participant(
                api.UpdateParticipantRequest(room="floor", identity="an", permission=permission)
            )

        for _ in range(2):
            await permit(camera, microphone)
            await poll(
                an,
                "room.localParticipant.permissions.canPublishSources.length",
                lambda n: n == 2,
                "the new permission",
            )
            assert await an.evaluate("publish('microphone')") == ""
            await hears(binh, "an")
            await binh.evaluate("void (events.length = 0)")
            await permit(camera)
            await happened(binh, "unsubscribed", "an", "microphone")
            await happened(an, "taken", "an", "microphone")
    await sees_moving(binh, "an")


async def test_a_page_resumes_after_its_socket_was_cut(
    engine: MediaEngine, pages: Callable[[], Awaitable[Page]]
) -> None:
    an, binh = await pages(), await pages()
    async with TcpProxy(engine.http_port) as proxy:
        await join(an, engine, "an", "cut")
        await join(binh, engine, "binh", "cut", url=proxy.url)
        for page in (an, binh):
            assert await page.evaluate("publish('camera')") == ""
        await sees_moving(binh, "an")
        await sees_moving(an, "binh")
        proxy.cut()
        await happened(binh, "Reconnected")
        await sees_moving(binh, "an")
        await sees_moving(an, "binh")


async def test_five_percent_loss_each_way_is_repaired(
    pages: Callable[[], Awaitable[Page]],
) -> None:
    async with LossyRelay() as relay:
        announce = {"GIAOBAN_MEDIA_ANNOUNCE": f"127.0.0.1:{relay.port}"}
        async with MediaEngine(**announce) as engine:
            relay.target = engine.udp_port
            an, binh = await pages(), await pages()
            await join(an, engine, "an", "loss")
            await join(binh, engine, "binh", "loss")
            assert await an.evaluate("publish('camera', true, {simulcast: false})") == ""
            await sees_moving(binh, "an")
            relay.loss = 0.05
            # 20 frames a second are sent: without repair nearly none would be whole
            async with asyncio.timeout(12):
                await sees_moving(binh, "an", frames=100)
            assert relay.dropped > 20
            assert "Traceback" not in engine.log()


async def test_a_refused_page_can_read_why(
    engine: MediaEngine, pages: Callable[[], Awaitable[Page]]
) -> None:
    page = await pages()
    text = await page.evaluate("url => join(url, 'no-token')", engine.url)
    assert "invalid access token" in text
