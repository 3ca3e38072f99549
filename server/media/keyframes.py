"""Asking a publisher for key frames: seldom enough not to hurt it, again until one came.

A key frame costs the bandwidth of many pictures, so all subscribers of a layer share its requests;
a request may be lost and a still screen sends nothing by itself, so it is repeated.
"""

from __future__ import annotations

INTERVAL_SECONDS = 0.5


class KeyframeRequests:
    """Requests for one layer."""

    __slots__ = ("_last", "_wanted")

    def __init__(self) -> None:
        self._wanted = False
        self._last = float("-inf")

    def want(self) -> None:
        """Somebody cannot go on without a key frame."""
        self._wanted = True

    def arrived(self) -> None:
        """A key frame came."""
        self._wanted = False

    def due(self, now: float) -> bool:
        """Whether a request must be sent now; counts as sent."""
        if not self._wanted or now - self._last < INTERVAL_SECONDS:
            return False
        self._last = now
        return True
