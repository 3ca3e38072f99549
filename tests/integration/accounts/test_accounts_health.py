"""What the operator's tools see."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from server.web.app import make_app
from server.web.keys import SETTINGS
from tests.integration.conftest import Served
from tests.people import WORKER_TOKEN, House, settings_of


@pytest.fixture
async def media() -> AsyncIterator[str]:
    """Something that answers like a LiveKit server."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="OK")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def test_alive_says_so_without_signing_in(served: Served) -> None:
    answer = await served.visitor().get("/healthz")
    assert (answer.status, answer.text) == (200, "ok")


async def test_ready_needs_media(served: Served, media: str) -> None:
    settings = served.app[SETTINGS]
    object.__setattr__(settings, "livekit_url", "http://127.0.0.1:9")
    down = await served.visitor().get("/readyz")
    assert (down.status, down.json()["media"]) == (503, "down")
    object.__setattr__(settings, "livekit_url", media.replace("http", "ws", 1))
    up = await served.visitor().get("/readyz")
    assert up.status == 200
    assert up.json() == {"ready": True, "database": "ok", "media": "ok"}


async def test_metrics_count_requests_by_route_and_name_nobody(served: Served) -> None:
    hoa = await served.as_("hoa")
    await hoa.get("/link/ABCD-EFGH-JKMN")
    await hoa.get("/no-such-page")
    await hoa.post("/sign-out")
    text = (await served.visitor().get("/metrics")).text
    assert 'giaoban_http_requests_total{method="GET",route="/link/{code}",status="410"} 1.0' in text
    assert 'route="none",status="404"' in text
    assert 'route="/sign-out",status="303"' in text
    assert "ABCD" not in text
    assert "giaoban_sessions " in text
    assert "giaoban_jobs_waiting_for_model 0.0" in text


async def test_the_description_names_every_route_for_programs(served: Served) -> None:
    answer = await served.visitor().get("/api/openapi.json")
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    wanted = {
        (route.resource.canonical, route.method.lower())
        for route in served.app.router.routes()
        if route.resource is not None
        and route.method != "HEAD"
        and route.resource.canonical.startswith(("/api/", "/worker/", "/livekit/"))
    }
    found = {(path, method) for path, item in described["paths"].items() for method in item}
    assert wanted <= found
    assert ("/healthz", "get") in found
    assert not any(path.startswith("/sign-in") for path, _ in found)
    for item in described["paths"].values():
        for operation in item.values():
            assert operation["summary"]
    problem = described["components"]["schemas"]["Problem"]
    assert "lease_lost" in problem["properties"]["code"]["enum"]


async def test_a_page_carries_the_security_headers(served: Served) -> None:
    answer = await served.visitor().get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>" not in answer.text


async def test_errors_are_pages_for_people_and_problems_for_programs(served: Served) -> None:
    page = await served.visitor().get("/no-such-page")
    assert page.status == 404
    assert "Không tìm thấy, hoặc anh/chị không có quyền xem." in page.text
    problem = await served.program(WORKER_TOKEN).get("/api/no-such-thing")
    assert problem.status == 404
    assert problem.headers["Content-Type"].startswith("application/problem+json")
    assert problem.json()["code"] == "not_found"


async def test_behind_a_tls_proxy_cookies_are_secure(house: House) -> None:
    settings = settings_of(house.settings.home, WEB_URL="https://giaoban.example")
    runner = web.AppRunner(make_app(settings, house.clock), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    from yarl import URL

    served = Served(house, runner.app, URL(f"http://{host}:{port}"))
    try:
        page = await served.visitor().get("/sign-in")
        assert "Secure" in page.headers["Set-Cookie"]
        assert "wss://" in page.headers["Content-Security-Policy"]
    finally:
        await served.close()
        await runner.cleanup()
