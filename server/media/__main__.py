"""`python -m server.media`: the engine as a program, told its settings by environment.

Prints `giaoban-media ready http=<port> udp=<port>` when it accepts clients; ends on SIGTERM and
SIGINT after it has told them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import uvloop

from server.media.app import Engine
from server.media.settings import Settings, SettingsError, settings_from_env


def main() -> int:
    """Exit status: 0 ended by signal, 1 an address is taken, 2 a setting is wrong."""
    logging.basicConfig(
        level=logging.INFO, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    for chatty in ("aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = settings_from_env(os.environ)
    except SettingsError as error:
        print(f"giaoban-media: {error}", file=sys.stderr)
        return 2
    try:
        uvloop.run(run(settings))
    except OSError as error:
        print(f"giaoban-media: {error}", file=sys.stderr)
        return 1
    return 0


async def run(settings: Settings) -> None:
    """Serve until a signal comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    engine = Engine(settings)
    await engine.start()
    print(f"giaoban-media ready http={engine.http_port} udp={engine.udp_port}", flush=True)
    await stop.wait()
    await engine.close()


if __name__ == "__main__":
    sys.exit(main())
