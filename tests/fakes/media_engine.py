"""The real media engine as a program of its own, on free ports, for any test that needs one.

    async with MediaEngine() as engine:        # or plain `with`
        token = engine.token("dam-doi/an/1", "c-1")
        await room.connect(engine.url, token)

It ends with the block; what it logged is in `engine.log()`.
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from livekit import api

ROOT = Path(__file__).resolve().parents[2]
KEY = "test-key"
SECRET = "test-secret-of-at-least-32-characters"
START_SECONDS = 30.0
_READY = re.compile(r"giaoban-media ready http=(\d+) udp=(\d+)")


class MediaEngine:
    """One engine process. `settings` are further GIAOBAN_* variables."""

    def __init__(
        self,
        *,
        key: str = KEY,
        secret: str = SECRET,
        webhook_url: str | None = None,
        **settings: str,
    ) -> None:
        self.key, self.secret = key, secret
        self.http_port = self.udp_port = 0
        self._env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GIAOBAN_")},
            "GIAOBAN_LIVEKIT_KEY": key,
            "GIAOBAN_LIVEKIT_SECRET": secret,
            "GIAOBAN_MEDIA_PORT": "0",
            "GIAOBAN_MEDIA_UDP_PORT": "0",
            **settings,
        }
        if webhook_url is not None:
            self._env["GIAOBAN_MEDIA_WEBHOOK"] = webhook_url
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """What LiveKit's clients dial."""
        return f"ws://127.0.0.1:{self.http_port}"

    @property
    def http_url(self) -> str:
        """What livekit-api calls."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def token(
        self,
        identity: str,
        room: str,
        *,
        name: str = "",
        attributes: dict[str, str] | None = None,
        **grants: Any,
    ) -> str:
        """A join token; `grants` are fields of livekit.api.VideoGrants."""
        token = api.AccessToken(self.key, self.secret).with_identity(identity)
        token = token.with_grants(api.VideoGrants(room_join=True, room=room, **grants))
        if name:
            token = token.with_name(name)
        if attributes:
            token = token.with_attributes(attributes)
        jwt: str = token.to_jwt()
        return jwt

    def api(self) -> api.LiveKitAPI:
        """A server API client; close it (it is an async context manager)."""
        return api.LiveKitAPI(self.http_url, self.key, self.secret)

    def log(self) -> str:
        """What the engine wrote to standard error so far."""
        return Path(self._log.name).read_text()

    def discard_log(self) -> None:
        """Of an engine that was started without a `with`."""
        self._log.close()

    def start(self) -> None:
        """Start and wait until it accepts; RuntimeError with its log if it does not."""
        self._log = tempfile.NamedTemporaryFile(prefix="media-", suffix=".log")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server.media"],
            cwd=ROOT,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        ready = _READY.match(self._process.stdout.readline()) if readable else None
        if ready is None:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            log = self.log()
            self.discard_log()
            raise RuntimeError("the media engine did not start:\n" + log)
        self.http_port, self.udp_port = int(ready[1]), int(ready[2])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal it and return its exit status; killed after 10 s."""
        assert self._process is not None
        self._process.send_signal(number)
        deadline = time.monotonic() + 10
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._process.poll() is None:
            self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._process.wait()

    def __enter__(self) -> MediaEngine:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end(kind)

    def _end(self, kind: type[BaseException] | None) -> None:
        status, log = self.stop(), self.log()
        self.discard_log()
        if kind is None and status:
            raise RuntimeError(f"the media engine ended with status {status}:\n{log}")

    async def __aenter__(self) -> MediaEngine:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self._end, kind)
