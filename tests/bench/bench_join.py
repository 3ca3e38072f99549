"""From the press of “Vào họp” to the chair's first picture, in real Chromium.

    python tests/bench/bench_join.py [joins 7]

Prints one JSON line, milliseconds. The chair is in the room with a moving picture; a commune's
browser goes through the door, is timed until it has decoded the chair's first picture, and leaves.
Web, engine and both browsers share this machine and loopback; `door_ms` is the load of the door
page in the same run, to compare machines by.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.e2e.conftest import chromium
from tests.meeting import live
from tests.people import DAM_DOI, NAM_CAN
from tests.running import Running

JOINS = 7
SEES_THE_CHAIR = """() => [...document.querySelectorAll("video")].some((video) =>
    !video.parentElement.textContent.includes("(mình)")
    && video.getVideoPlaybackQuality().totalVideoFrames > 0)"""


async def measure(joins: int) -> tuple[list[float], list[float]]:
    """Seconds of each load of the door, and from each press to the first picture."""
    doors: list[float] = []
    pictures: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Running(Path(folder)) as running, chromium(running.served) as people:
            door = f"/conferences/{live(running.house, DAM_DOI, NAM_CAN)}/door"
            chair = await people.page("anh", door)
            await chair.check("#known")
            await chair.click("#go")
            await chair.wait_for_url("**/room")
            for _ in range(joins):
                began = time.perf_counter()
                seat = await people.page("khai", door)
                await seat.check("#known")
                doors.append(time.perf_counter() - began)
                began = time.perf_counter()
                await seat.click("#go")
                await seat.wait_for_url("**/room")
                await seat.wait_for_function(SEES_THE_CHAIR, polling=10)
                pictures.append(time.perf_counter() - began)
                await seat.context.close()
    return doors, pictures


def main() -> None:
    """Measure and print."""
    joins = int(sys.argv[1]) if len(sys.argv) > 1 else JOINS
    doors, pictures = asyncio.run(measure(joins))
    print(
        json.dumps(
            {
                "bench": "join",
                "joins": joins,
                "first_picture_ms": round(statistics.median(pictures) * 1000),
                "worst_ms": round(max(pictures) * 1000),
                "door_ms": round(statistics.median(doors) * 1000),
            }
        )
    )


if __name__ == "__main__":
    main()
