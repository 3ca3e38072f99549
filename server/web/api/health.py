"""For the operator's tools: alive, ready, figures, and what the API is.

`/healthz` says that the process answers; `/readyz` that it can serve: database and media.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from aiohttp import web

from server.domain.actors import Caller
from server.domain.errors import GiaoBanError
from server.services import health
from server.web.call import REQUEST_ID, call_as, context_of
from server.web.keys import SETTINGS
from server.web.metrics import METRICS

log = logging.getLogger("giaoban.web")
routes = web.RouteTableDef()

MEDIA_TIMEOUT_S = 2.0
DESCRIBED = ("/api/", "/worker/", "/livekit/", "/healthz", "/readyz", "/metrics")
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


@routes.get("/healthz")
async def healthz(_request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="ok")


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """Database and media answer: 200; else 503 with what does not."""
    ctx = context_of(request, Caller(agent="operator", request_id=request[REQUEST_ID]))
    database, media = await asyncio.gather(
        call_as(request, ctx, health.check_database),
        media_answers(request.config_dict[SETTINGS].livekit_url),
        return_exceptions=True,
    )
    if isinstance(database, BaseException):
        log.warning("not ready: the database does not answer: %s", type(database).__name__)
    parts = {
        "database": "down" if isinstance(database, BaseException) else "ok",
        "media": "ok" if media is True else "down",
    }
    ready = set(parts.values()) == {"ok"}
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


async def media_answers(url: str) -> bool:
    """Whether a LiveKit server, ours or another, answers HTTP there."""
    http = url.replace("ws", "http", 1) if url.startswith("ws") else url
    timeout = aiohttp.ClientTimeout(total=MEDIA_TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(http) as answer:
            return answer.status < 500
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Figures for Prometheus."""
    ctx = context_of(request, Caller(agent="operator", request_id=request[REQUEST_ID]))
    now = await call_as(request, ctx, health.look_at_installation)
    return web.Response(
        body=request.config_dict[METRICS].text(now), headers={"Content-Type": EXPOSITION}
    )


@routes.get("/api/openapi.json")
async def openapi(request: web.Request) -> web.Response:
    """What programs may call here, as OpenAPI 3.1: made from the routes that exist."""
    return web.json_response(describe(request.app))


def describe(app: web.Application) -> dict[str, Any]:
    """The description of an application's routes for programs."""
    paths: dict[str, dict[str, Any]] = {}
    for route in app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if path.startswith(DESCRIBED) and route.method != "HEAD":
            paths.setdefault(path, {})[route.method.lower()] = operation_of(path, route)
    codes = sorted(
        code for kind in GiaoBanError.__subclasses__() for code in getattr(kind, "codes", {})
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Giao Ban", "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "an api_token"}
            },
            "schemas": {
                "Problem": {
                    "type": "object",
                    "description": "RFC 9457; further members are the error's values",
                    "required": ["type", "title", "status", "code"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string", "description": "the sentence, in Vietnamese"},
                        "status": {"type": "integer"},
                        "code": {"type": "string", "enum": sorted(set(codes))},
                    },
                }
            },
        },
    }


def operation_of(path: str, route: web.AbstractRoute) -> dict[str, Any]:
    """One operation: its words are the handler's docstring."""
    summary, _, rest = (route.handler.__doc__ or "").strip().partition("\n")
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}.{route.handler.__name__}",
        "summary": summary,
        "responses": {
            "2XX": {"description": "done"},
            "4XX": {
                "description": "refused",
                "content": {"application/problem+json": problem},
            },
        },
    }
    if rest.strip():
        operation["description"] = " ".join(rest.split())
    names = [part.strip("{}").partition(":")[0] for part in path.split("/") if "{" in part]
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
    if path.startswith("/worker/"):
        operation["security"] = [{"bearer": []}]
    return operation
