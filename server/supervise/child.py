"""One child program: started, its output kept in a log file, started again when it dies."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from server.supervise.programs import Program

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
STEADY_S = 60.0
END_S = 10.0
LOG_LIMIT = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


class Child:
    """Keeps one program running until `stop`. `on_event(text)` hears of starts after the first and
    of deaths.
    """

    def __init__(
        self,
        program: Program,
        environ: dict[str, str],
        logs: Path,
        on_event: Callable[[str], None],
    ) -> None:
        self.program, self.environ, self.on_event = program, environ, on_event
        self.log = logs / f"{program.name}.log"
        self.process: asyncio.subprocess.Process | None = None
        self.stopping = False
        self.deaths = 0

    async def run(self) -> None:
        """Start, wait, start again: a pause of 0.5 s doubles up to 30 s, and begins anew after a
        steady minute.
        """
        pause = FIRST_PAUSE_S
        while not self._is_stopping():
            began = time.monotonic()
            await self._run_once()
            if self._is_stopping():
                return
            self.deaths += 1
            steady = time.monotonic() - began > STEADY_S
            pause = FIRST_PAUSE_S if steady else min(pause * 2, LONGEST_PAUSE_S)
            self.on_event(
                f"{self.program.name} ended by itself; starting it again in {pause:g} s"
                f" (its log: {self.log})"
            )
            await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.program.argv,
                env=self.environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
            )
        await self.process.wait()

    def _is_stopping(self) -> bool:
        return self.stopping

    def stop(self) -> None:
        """Ask the program to end; it is not started again."""
        self.stopping = True
        self._signal(signal.SIGTERM)

    async def ended(self) -> None:
        """Wait for the end; kill the whole group after ten seconds."""
        process = self.process
        if process is None:
            return
        try:
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            self.on_event(f"{self.program.name} did not end in {END_S:g} s and was killed")
            self._signal(signal.SIGKILL)
            await process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                self.process = None


def _die_with(parent: int) -> Callable[[], None]:
    """Linux: the child gets SIGTERM when the supervisor is killed, so that nothing is left
    running.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
