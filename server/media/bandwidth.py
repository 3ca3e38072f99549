"""What a publisher learns about its own stream: receiver reports and a cap on its rate.

The cap is a setting, not an estimate: without transport-wide feedback the browser stays at its
lowest rate unless a REMB allows more. It must go out together with receiver reports, whose loss
makes the sender slow down by itself.
"""

from __future__ import annotations

from server.media import rtcp

REPORT_SECONDS = 1.0


class ReceiverStats:
    """Loss and jitter of one received stream (RFC 3550 appendix A.3, A.8)."""

    __slots__ = (
        "_arrival",
        "_base",
        "_expected_before",
        "_highest",
        "_jitter",
        "_rate",
        "_received_before",
        "_report_at",
        "_report_ntp",
        "_timestamp",
        "received",
    )

    def __init__(self, clock_rate: int) -> None:
        self._rate = clock_rate
        self._base = self._highest = -1
        self.received = 0
        self._expected_before = self._received_before = 0
        self._jitter = 0.0
        self._arrival, self._timestamp = 0.0, -1
        self._report_ntp, self._report_at = 0, 0.0

    def packet(self, number: int, timestamp: int, now: float) -> None:
        """One packet with its unbounded number."""
        self.received += 1
        if number > self._highest:
            if self._highest < 0:
                self._base = number
            self._highest = number
        if timestamp != self._timestamp:
            if self._timestamp >= 0:
                step = (timestamp - self._timestamp) & 0xFFFFFFFF
                step -= (step & 0x80000000) << 1
                difference = abs((now - self._arrival) * self._rate - step)
                self._jitter += (difference - self._jitter) / 16
            self._arrival, self._timestamp = now, timestamp

    def sender_report(self, ntp: int, now: float) -> None:
        """A sender report came: the next block says how long ago."""
        self._report_ntp, self._report_at = ntp, now

    def block(self, ssrc: int, now: float) -> rtcp.ReportBlock | None:
        """Report block since the last one; None while nothing was received."""
        if self._highest < 0:
            return None
        expected = self._highest - self._base + 1
        expected_now = expected - self._expected_before
        lost_now = expected_now - (self.received - self._received_before)
        self._expected_before, self._received_before = expected, self.received
        fraction = 256 * lost_now // expected_now if expected_now > 0 and lost_now > 0 else 0
        return rtcp.ReportBlock(
            ssrc=ssrc,
            fraction_lost=min(255, fraction),
            total_lost=expected - self.received,
            # the unwrapper starts one cycle up
            highest=self._highest - 0x10000,
            jitter=int(self._jitter),
            last_report=(self._report_ntp >> 16) & 0xFFFFFFFF,
            delay=int((now - self._report_at) * 65536) if self._report_ntp else 0,
        )
