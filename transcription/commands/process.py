"""How a long-running program of ours starts and ends: log to standard error, SIGTERM in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TypeVar

from transcription.server_link.retry import LinkRefused
from transcription.settings import SettingError

S = TypeVar("S")
REFUSED = 78
"""Exit status when the operator must act (sysexits' EX_CONFIG): a restart would not help."""


def log_to_stderr(level: int = logging.INFO) -> None:
    """One line an event, the time first."""
    logging.basicConfig(
        stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("websockets", "livekit"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def serve(
    name: str,
    arguments: Sequence[str],
    settings_of: Callable[[Mapping[str, str]], S],
    program_of: Callable[[S], Coroutine[object, object, None]],
) -> int:
    """A program that takes no arguments, everything is set by the environment; its exit status."""
    if arguments:
        print(f"{name} takes no arguments; see GIAOBAN_* settings", file=sys.stderr)
        return 2
    log_to_stderr()
    try:
        settings = settings_of(os.environ)
    except SettingError as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return REFUSED
    return run_until_ended(program_of(settings))


def run_until_ended(program: Coroutine[object, object, None]) -> int:
    """Runs until it ends by itself or SIGTERM or SIGINT comes; its tasks are cancelled then."""
    try:
        return asyncio.run(_guarded(program))
    except LinkRefused as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return REFUSED


async def _guarded(program: Coroutine[object, object, None]) -> int:
    task = asyncio.ensure_future(program)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return 0
