"""`giaoban serve` as whoever starts it meets it: up, mended, refused with a reason, ended whole."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30.0
PROGRAMS = {"web", "media", "scheduler", "recorder", "worker"}
NAMES = {
    "server web": "web",
    "server.media": "media",
    "server scheduler": "scheduler",
    "transcription recorder": "recorder",
    "transcription worker": "worker",
}


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody has now."""
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Installation:
    """One home and its ports."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIAOBAN_")},
            "GIAOBAN_HOME": str(home),
            "GIAOBAN_WEB_PORT": str(self.port),
            "GIAOBAN_MEDIA_PORT": str(free_port()),
            "GIAOBAN_MEDIA_UDP_PORT": str(free_port(socket.SOCK_DGRAM)),
        }

    async def start(self, *switches: str, **settings: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server", "serve", *switches),
            cwd=ROOT,
            env={**self.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def ends(self, *switches: str, **settings: str) -> tuple[int | None, str, str]:
        """Run to its own end: status, output, errors."""
        process = await self.start(*switches, **settings)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        return process.returncode, out.decode(), err.decode()

    @asynccontextmanager
    async def up(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Ready; ended by Ctrl-C if the test did not end it."""
        process = await self.start()
        try:
            assert await line(process.stdout) == f"Giao Ban: http://127.0.0.1:{self.port}"
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.communicate(), PATIENCE_S)

    def running(self) -> dict[str, int]:
        """Process id of every program of this home."""
        found: dict[str, int] = {}
        wanted = f"GIAOBAN_HOME={self.home}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
                mine = wanted in (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            name = NAMES.get(" ".join(words[2:]).strip())
            if mine and name:
                found[name] = int(folder.name)
        return found

    async def healthy(self) -> bool:
        """Whether web says that it is ready."""
        url = f"http://127.0.0.1:{self.port}/readyz"
        try:
            async with aiohttp.ClientSession() as http, http.get(url) as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


async def line(stream: asyncio.StreamReader | None) -> str:
    """The next line."""
    assert stream is not None
    return (await asyncio.wait_for(stream.readline(), PATIENCE_S)).decode().strip()


async def until(true: Callable[[], bool], what: str) -> None:
    """Wait for what other processes bring about."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not true():  # noqa: ASYNC110 - other processes wake nobody here
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"timed out: {what}") from None


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home")


async def test_it_says_where_it_is_and_ctrl_c_ends_all_of_it(installation: Installation) -> None:
    async with installation.up() as process:
        link = await line(process.stdout)
        assert re.fullmatch(
            rf"First administrator, one-time link: http://127.0.0.1:{installation.port}/link/\S+",
            link,
        )
        async with aiohttp.ClientSession() as http, http.get(link.split(": ", 1)[1]) as page:
            assert page.status == 200
        await until(lambda: set(installation.running()) == PROGRAMS, "every program runs")
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
        assert installation.running() == {}


async def test_what_dies_is_started_again(installation: Installation) -> None:
    async with installation.up() as process:
        await until(lambda: set(installation.running()) == PROGRAMS, "every program runs")
        for name, number in (before := installation.running()).items():
            os.kill(number, signal.SIGKILL)
            told = await line(process.stderr)
            assert f"{name} ended by itself; starting it again in" in told

        def renewed() -> bool:
            now = installation.running()
            return set(now) == PROGRAMS and not set(now.values()) & set(before.values())

        await until(renewed, "every program runs again")
        async with asyncio.timeout(PATIENCE_S):
            while not await installation.healthy():  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)


async def test_nothing_is_left_when_the_supervisor_is_killed(installation: Installation) -> None:
    async with installation.up() as process:
        await until(lambda: set(installation.running()) == PROGRAMS, "every program runs")
        process.kill()
        await until(lambda: not installation.running(), "its programs ended")


async def test_a_second_one_on_the_same_home_is_refused(installation: Installation) -> None:
    async with installation.up():
        status, out, err = await installation.ends("--check")
        assert (status, out) == (2, "")
        assert f"already running on {installation.home}" in err
        assert await installation.healthy()


async def test_a_taken_port_is_named(installation: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", installation.port))):
        status, _, err = await installation.ends("--check")
    assert status == 2
    assert f"port {installation.port} on 127.0.0.1 cannot be used" in err
    assert "set GIAOBAN_WEB_PORT" in err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIAOBAN_WEB_PORT", "eighty"),
        ("GIAOBAN_LIVEKIT_SECRET", "short"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_named(
    installation: Installation, name: str, value: str
) -> None:
    status, _, err = await installation.ends("--check", **{name: value})
    assert status == 2
    assert name in err
    assert "Traceback" not in err


async def test_check_starts_everything_and_stops_it(installation: Installation) -> None:
    status, out, _ = await installation.ends("--check")
    assert status == 0
    assert f"Giao Ban: http://127.0.0.1:{installation.port}" in out
    assert installation.running() == {}
