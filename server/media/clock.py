"""The engine's only look at the wall clock; everything else takes `now`.

Media timing uses `monotonic`; tokens, joins and webhooks need real time.
"""

from __future__ import annotations

import time

monotonic = time.monotonic


def wall_seconds() -> float:
    """Seconds since the epoch."""
    return time.time()


def wall_ms() -> int:
    """Milliseconds since the epoch."""
    return int(time.time() * 1000)
