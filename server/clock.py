"""The only place that reads the wall clock.

Everything else takes `now` as an argument, so that rules are testable and one request sees one
instant. Instants are UTC with whole milliseconds, because that is what both databases keep.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current instant, UTC, cut to whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
