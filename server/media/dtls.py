"""DTLS-SRTP on aiortc's transport: handshake, keys, and the tunnel for data channels.

aiortc's RTCDtlsTransport wants an RTCIceTransport; `_IceShim` is the part of it that it touches.
The transport's own RTP path is not used (a task switch per packet): after the handshake its two
SRTP sessions are taken over. These private names are used here and nowhere else; the version is
pinned, and the integration tests fail at once if one changes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import (
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from OpenSSL import SSL

from server.media.srtp import SrtpReceiver, SrtpSender

log = logging.getLogger(__name__)

QUEUE = 512
"""DTLS records waiting; a peer that sends faster loses them (SCTP repairs)."""


class Certificate:
    """The engine's own certificate, one per process."""

    def __init__(self) -> None:
        self.aiortc: Any = RTCCertificate.generateCertificate()
        prints = {f.algorithm: f.value for f in self.aiortc.getFingerprints()}
        self.sha256: str = prints["sha-256"]


class DtlsLink:
    """One peer's DTLS association, always in the passive role."""

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None]) -> None:
        self._ice = _IceShim(send)
        self.transport: Any = _Transport(self._ice, [certificate.aiortc])
        self.transport._set_role("server")

    def feed(self, datagram: bytes) -> bool:
        """A DTLS record came; False if it was dropped because too many wait."""
        return self._ice.feed(datagram)

    async def handshake(
        self, fingerprints: Sequence[tuple[str, str]]
    ) -> tuple[SrtpReceiver, SrtpSender] | None:
        """SRTP both ways with a peer that has this certificate; None if it failed."""
        await self.transport.start(
            RTCDtlsParameters(
                fingerprints=[RTCDtlsFingerprint(algorithm=a, value=v) for a, v in fingerprints]
            )
        )
        if self.transport.state != "connected":
            return None
        return SrtpReceiver(self.transport._rx_srtp), SrtpSender(self.transport._tx_srtp)

    async def close(self) -> None:
        """Say goodbye and end the transport's task."""
        task = self.transport._task
        await self.transport.stop()
        self._ice.end()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)


class _Transport(RTCDtlsTransport):  # type: ignore[misc]
    """Data for a peer that went is lost in silence: SCTP's timers send from tasks that nobody
    awaits, and give up by themselves."""

    async def _send_data(self, data: bytes) -> None:
        try:
            await super()._send_data(data)
        except (ConnectionError, SSL.Error):
            log.debug("data for a peer that went")


class _IceShim:
    """What RTCDtlsTransport uses of an RTCIceTransport."""

    role = "controlled"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._deliver = send
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)

    def feed(self, datagram: bytes) -> bool:
        if self._queue.full():
            return False
        self._queue.put_nowait(datagram)
        return True

    def end(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def _recv(self) -> bytes:
        datagram = await self._queue.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self._deliver(data)
