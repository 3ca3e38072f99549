"""What the media engine counted, read from its /metrics as an operator would."""

from __future__ import annotations

import asyncio
import re

import aiohttp

from tests.fakes.media_engine import MediaEngine


async def counter(engine: MediaEngine, kind: str, family: str = "dropped") -> int:
    """giaoban_media_{family}_total of one kind; 0 while it never happened."""
    async with aiohttp.ClientSession() as http, http.get(f"{engine.http_url}/metrics") as response:
        text = await response.text()
    match = re.search(rf'giaoban_media_{family}_total{{kind="{kind}"}} (\S+)', text)
    return int(float(match[1])) if match else 0


async def counted(engine: MediaEngine, kind: str, at_least: int, family: str = "dropped") -> None:
    """Wait until so many of a kind were counted."""
    for _ in range(250):
        if (count := await counter(engine, kind, family)) >= at_least:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{kind} counted {count}, expected {at_least}")
