"""What an application is given, by typed keys; what web makes itself has its key beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from server.clock import Clock
from server.settings import Settings
from server.storage.engine import Database
from server.storage.files import FileStore

SETTINGS: web.AppKey[Settings] = web.AppKey("settings", Settings)
DB: web.AppKey[Database] = web.AppKey("db", Database)
FILES: web.AppKey[FileStore] = web.AppKey("files", FileStore)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
POOL: web.AppKey[ThreadPoolExecutor] = web.AppKey("pool", ThreadPoolExecutor)
