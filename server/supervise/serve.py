"""The life of one installation: prepare, start, say where it is, watch, end.

`--check` starts everything, waits until it is ready and stops. `--demo` runs an installation of its
own and lets the demo play in it, driven from outside like any visitor.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from server import settings as settings_module
from server.settings import SettingError, Settings
from server.supervise.child import Child
from server.supervise.prepare import check_ports, prepare, sole_owner
from server.supervise.programs import Program, environment_of, programs_of

READY_S = 60.0
POLL_S = 0.15
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def main(argv: Sequence[str]) -> int:
    """`giaoban serve [--demo] [--check]`; exit status 0 when all went well, 2 for a setting to
    mend.
    """
    parser = argparse.ArgumentParser(prog="giaoban serve", description=__doc__)
    parser.add_argument("--check", action="store_true", help="start, wait until ready, stop")
    parser.add_argument(
        "--demo", action="store_true", help="play a spoken conference in a home of its own"
    )
    options = parser.parse_args(argv)
    try:
        settings = settings_module.load(_environ(options.demo))
        with sole_owner(settings):
            check_ports(settings)
            link = prepare(settings)
            return asyncio.run(Roof(settings, options.demo, options.check).run(link))
    except SettingError as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return 2


def _environ(demo: bool) -> dict[str, str]:
    import os

    environ = dict(os.environ)
    if demo:
        home = Path(environ.get("GIAOBAN_HOME", "var")) / "demo"
        environ |= {"GIAOBAN_HOME": str(home), "GIAOBAN_ASR_MODEL": "demo"}
    return environ


class Roof:
    """The children of one installation."""

    def __init__(self, settings: Settings, demo: bool, check: bool) -> None:
        self.settings, self.demo, self.check = settings, demo, check
        self.logs = settings.home / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        environ = environment_of(settings, settings.asr_model)
        self.environ = environ
        self.children = [
            Child(program, environ, self.logs, say)
            for program in programs_of(settings, settings.asr_model)
        ]
        self.stop = asyncio.Event()

    async def run(self, link: str | None) -> int:
        """Everything up, then wait for the end; returns the exit status."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop.set)
        tasks = [
            asyncio.create_task(child.run(), name=f"watch {child.program.name}")
            for child in self.children
        ]
        try:
            return await self._live(link)
        finally:
            for child in self.children:
                child.stop()
            await asyncio.gather(*(child.ended() for child in self.children))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _live(self, link: str | None) -> int:
        if not await self._ready():
            print(
                f"giaoban: not ready after {READY_S:g} s; the logs are in {self.logs},"
                " and `giaoban doctor` says what is wrong",
                file=sys.stderr,
            )
            return 1
        self._tell(link)
        if self.demo:
            status = await self._demo()
            if self.check or status:
                return status
        if not self.check:
            await self.stop.wait()
            say("stopping…")
        return 0

    async def _ready(self) -> bool:
        """Wait until web and media answer; False when the time is over or a stop is asked for."""
        waits = [f"{self.settings.web_url}/readyz"]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + READY_S
        while loop.time() < deadline and not self.stop.is_set():
            if all([await asyncio.to_thread(_answers, url) for url in waits]):
                return True
            await asyncio.sleep(POLL_S)
        return False

    def _tell(self, link: str | None) -> None:
        url = self.settings.web_url
        print(f"Giao Ban: {url}", flush=True)
        if link and not self.demo:
            print(f"First administrator, one-time link: {url}{link}", flush=True)
        if self.settings.bind not in LOOPBACK and url.startswith("http:"):
            print(
                "Browsers give neither camera nor microphone over plain HTTP except on localhost:"
                " put a TLS proxy in front and set GIAOBAN_WEB_URL to its https address.",
                flush=True,
            )

    async def _demo(self) -> int:
        """Play the demo conference as a program of its own; Ctrl-C ends it with the rest."""
        argv = [sys.executable, "-m", "server", "demo", *(["--check"] if self.check else [])]
        process = await asyncio.create_subprocess_exec(*argv, env=self.environ)
        ended = asyncio.create_task(process.wait())
        stop = asyncio.create_task(self.stop.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if ended.done():
            return ended.result()
        process.terminate()
        await ended
        return 1 if self.check else 0  # asked to end: no fault, but nothing was checked either


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def say(text: str) -> None:
    """A line for whoever watches the terminal."""
    print(f"giaoban: {text}", file=sys.stderr, flush=True)


__all__ = ["Program", "Roof", "main"]
