"""Repair of lost packets, both ways.

Upstream `Missing` asks the publisher again and again until a packet came or is hopeless. Downstream
one `History` per stream answers the NACKs of all subscribers, and one `ResendGate` per subscriber
keeps a loss from becoming a storm.
"""

from __future__ import annotations

from server.media.vp8 import Descriptor

RETRY_SECONDS = 0.04
TRIES = 10
MOST_MISSING = 300
"""More than this in one gap is an outage: a key frame is cheaper than repair."""

HISTORY = 1024
"""Packets kept of a video stream: 4 s of 250 packets/s."""

RESEND_GAP_SECONDS = 0.1
RESENDS = 3


class Missing:
    """What one received video stream lacks."""

    __slots__ = ("_tries", "lost")

    def __init__(self) -> None:
        self._tries: dict[int, list[float]] = {}
        """unbounded number → [requests sent, due time of the next one]"""
        self.lost = False
        """Something was given up: the picture needs a key frame."""

    def __bool__(self) -> bool:
        return bool(self._tries)

    def gap(self, after: int, before: int, now: float) -> None:
        """The numbers between these two (both received) are missing."""
        if before - after - 1 + len(self._tries) > MOST_MISSING:
            self._tries.clear()
            self.lost = True
            return
        for number in range(after + 1, before):
            self._tries[number] = [0, now]

    def received(self, number: int) -> None:
        """A late or repaired packet came."""
        self._tries.pop(number, None)

    def due(self, now: float) -> list[int]:
        """Numbers to ask for now, modulo 2^16, oldest first; each counts as one more try."""
        ask = []
        for number, state in list(self._tries.items()):
            if state[1] > now:
                continue
            if state[0] >= TRIES:
                del self._tries[number]
                self.lost = True
                continue
            state[0] += 1
            state[1] = now + RETRY_SECONDS
            ask.append(number & 0xFFFF)
        return ask


class Sent:
    """One packet of a stream as its subscribers got it, before their own numbers."""

    __slots__ = ("dense", "descriptor", "marker", "payload", "timestamp")

    def __init__(
        self,
        dense: int,
        timestamp: int,
        marker: int,
        payload: bytes,
        descriptor: Descriptor,
    ) -> None:
        self.dense, self.timestamp, self.marker = dense, timestamp, marker
        self.payload, self.descriptor = payload, descriptor


class History:
    """The last packets of one stream by dense number."""

    __slots__ = ("_ring",)

    def __init__(self) -> None:
        self._ring: list[Sent | None] = [None] * HISTORY

    def keep(self, sent: Sent) -> None:
        self._ring[sent.dense % HISTORY] = sent

    def find(self, dense_low: int) -> Sent | None:
        """The packet whose dense number has these low 16 bits."""
        sent = self._ring[dense_low % HISTORY]
        return sent if sent is not None and sent.dense & 0xFFFF == dense_low else None


class ResendGate:
    """Which of a subscriber's requests are answered."""

    __slots__ = ("_sent",)

    def __init__(self) -> None:
        self._sent: dict[int, tuple[int, float]] = {}

    def opens(self, sequence: int, now: float) -> bool:
        """Whether a packet is sent again now: not twice within 100 ms, at most 3 times."""
        count, last = self._sent.get(sequence, (0, -1.0))
        if count and now - last > 10.0:
            count = 0  # the number has come round again
        if count >= RESENDS or (count and now - last < RESEND_GAP_SECONDS):
            return False
        self._sent.pop(sequence, None)
        self._sent[sequence] = (count + 1, now)
        if len(self._sent) > HISTORY:
            del self._sent[next(iter(self._sent))]
        return True
