"""What an application holds, by typed keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aiohttp import web

from server.clock import Clock
from server.settings import Settings
from server.storage.engine import Database
from server.storage.files import FileStore

if TYPE_CHECKING:
    from server.web.catalogue import Catalogues
    from server.web.render import Renderer
    from server.web.static import StaticFiles

SETTINGS: web.AppKey[Settings] = web.AppKey("settings", Settings)
DB: web.AppKey[Database] = web.AppKey("db", Database)
FILES: web.AppKey[FileStore] = web.AppKey("files", FileStore)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
POOL: web.AppKey[ThreadPoolExecutor] = web.AppKey("pool", ThreadPoolExecutor)
CATALOGUES: web.AppKey[Catalogues] = web.AppKey("catalogues")
RENDERER: web.AppKey[Renderer] = web.AppKey("renderer")
STATIC: web.AppKey[StaticFiles] = web.AppKey("static")
