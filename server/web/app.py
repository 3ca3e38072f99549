"""The web application: wiring only. Every module of `pages/` and `api/` brings its `routes`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web

import server.web.api
import server.web.pages
from server.clock import Clock, utc_now
from server.settings import Settings
from server.storage.engine import Database
from server.storage.files import FileStore
from server.web import keys
from server.web.catalogue import CATALOGUES, Catalogues
from server.web.csrf import csrf_middleware, visitor_middleware
from server.web.metrics import METRICS, Metrics, metrics_middleware
from server.web.middleware import (
    errors_middleware,
    request_id_middleware,
    security_headers_middleware,
    session_middleware,
)
from server.web.render import RENDERER, Renderer
from server.web.static import StaticFiles

MAX_BODY = 32 * 1024 * 1024
SERVICE_THREADS = 8


def make_app(settings: Settings, clock: Clock = utc_now) -> web.Application:
    """A ready application; opens the database (migrated before) and the file store."""
    app = web.Application(
        client_max_size=MAX_BODY,
        middlewares=[
            request_id_middleware,
            metrics_middleware,
            security_headers_middleware,
            visitor_middleware,
            errors_middleware,
            csrf_middleware,
            session_middleware,
        ],
    )
    catalogues = Catalogues()
    static = StaticFiles(catalogues)
    app[METRICS] = Metrics()
    app[keys.SETTINGS] = settings
    app[keys.CLOCK] = clock
    app[keys.DB] = Database(settings.database_url)
    app[keys.FILES] = FileStore(settings.files)
    app[keys.POOL] = ThreadPoolExecutor(SERVICE_THREADS, thread_name_prefix="service")
    app[CATALOGUES] = catalogues
    app[RENDERER] = Renderer(catalogues, static)
    app.router.add_get("/static/{hash}/{name:.+}", static.serve)
    app.router.add_get("/lib/{name}", static.library)
    # Contexts end in reverse order: storage outlives whatever the pages run.
    app.cleanup_ctx.append(close_storage)
    for module in discover():
        app.router.add_routes(module.routes)
        if hasattr(module, "start"):
            app.cleanup_ctx.append(module.start)
    return app


def discover() -> list[Any]:
    """Every module of the pages and of the API, in name order."""
    found: list[Any] = []
    for package in (server.web.pages, server.web.api):
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
            found.append(importlib.import_module(f"{package.__name__}.{info.name}"))
    return found


async def close_storage(app: web.Application) -> AsyncIterator[None]:
    """Close the pool and the database when the application ends."""
    yield
    app[keys.POOL].shutdown(wait=True)
    app[keys.DB].close()
