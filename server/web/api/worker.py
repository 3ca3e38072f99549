"""The worker link at `/worker/…`: recorders and workers, from outside inwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from server.web.live_socket import HUB
from server.web.worker_link import recorder_http, socket, worker_http
from server.web.worker_link.hub import LINK, WorkerLink

routes = [*socket.routes, *recorder_http.routes, *worker_http.routes]


async def start(app: web.Application) -> AsyncIterator[None]:
    """Keep the lines, look after recorders and jobs; end every line when the application ends.

    A conference that begins or ends is told to its recorder at once, and its pages see whether it
    is being recorded.
    """
    link = app[LINK] = WorkerLink(app)
    live = app[HUB]
    link.listen(live.set_recording)
    live.on_conference_state(lambda _conference, _state: link.poke())
    watching = asyncio.create_task(link.watch(), name="worker link")

    async def hang_up(_app: web.Application) -> None:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await link.close()

    # Not after the yield: by then the pool that services run on is gone.
    app.on_shutdown.append(hang_up)
    yield
