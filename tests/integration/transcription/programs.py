"""The package's programs as processes, for tests: their environment, log, end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from tests.fakes.media_engine import ROOT

END_SECONDS = 15


class Program:
    """`python -m transcription COMMAND` with nothing of this environment's settings."""

    def __init__(self, command: str, folder: Path, **settings: str) -> None:
        self.log_path = folder / f"{command}.log"
        self._command = command
        self._env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GIAOBAN_")},
            **settings,
        }
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Program:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGTERM)

    async def start(self) -> None:
        """Starts it (again)."""
        with self.log_path.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "transcription", self._command),
                cwd=ROOT,
                env=self._env,
                stderr=log,
            )

    async def end(self, number: signal.Signals) -> int:
        """Sends a signal, unless it has ended already; its exit status."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(END_SECONDS):
            return await self.process.wait()

    def log(self) -> str:
        """What it wrote to standard error so far."""
        return self.log_path.read_text()
