"""Sequence numbers of one received stream, made dense: swallowed packets leave no hole.

Bandwidth probes are packets of padding only. Subscribers never see them, so the numbers behind one
move down by one. The shift belongs to a range, not to the stream: a packet repaired by NACK from
before a probe keeps the shift of its own range. Shared by all subscribers of the stream, each of
which only adds a constant.
"""

from __future__ import annotations

from bisect import bisect_right

RANGES = 128
"""Ranges remembered; what is older than the oldest has left every history long ago."""


class Unwrapper:
    """16-bit numbers to unbounded ones (RFC 3550 appendix A.1's cycles)."""

    __slots__ = ("highest",)

    def __init__(self) -> None:
        self.highest = -1

    def unwrap(self, number: int) -> int:
        """The unbounded number nearest to the highest one so far."""
        if self.highest < 0:
            # one cycle of room below, so that a late packet of the start is not negative
            self.highest = number + 0x10000
            return self.highest
        ahead = (number - self.highest) & 0xFFFF
        if ahead < 0x8000:
            self.highest += ahead
            return self.highest
        return self.highest + ahead - 0x10000


class SequenceMap:
    """Received (unbounded) numbers to dense ones."""

    __slots__ = ("_shifts", "_starts", "newest")

    def __init__(self) -> None:
        self.newest = -1
        self._starts = [0]
        self._shifts = [0]

    def forward(self, number: int) -> int | None:
        """Dense number of a packet that is passed on; None if it is too old to know."""
        if number > self.newest:
            self.newest = number
            return number - self._shifts[-1]
        at = bisect_right(self._starts, number) - 1
        return number - self._shifts[at] if at >= 0 else None

    def swallow(self, number: int) -> int | None:
        """Take a packet out. None: its hole is closed. Else it came late, and the returned dense
        number is a hole that subscribers already know: fill it with an empty packet."""
        if number <= self.newest:
            return self.forward(number)
        self.newest = number
        start, shift = number + 1, self._shifts[-1] + 1
        if self._starts[-1] == number and len(self._starts) > 1:
            self._starts[-1], self._shifts[-1] = start, shift
        else:
            self._starts.append(start)
            self._shifts.append(shift)
            if len(self._starts) > RANGES:
                del self._starts[0], self._shifts[0]
        return None
