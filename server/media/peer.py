"""One client's peer connection: ICE, DTLS, SRTP and data channels put together.

It knows nothing of tracks: decrypted packets go to the callbacks of its owner, and an owner's
packets go out through `sender` and `endpoint.address` (see `forward`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Protocol

from server.media import clock, rtp
from server.media.datachannel import DataChannels
from server.media.dtls import Certificate, DtlsLink
from server.media.ice import IceEndpoint, UdpPort
from server.media.sdp import Transport
from server.media.srtp import SrtpReceiver, SrtpSender
from server.media.stats import Stats

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 30.0


class PeerOwner(Protocol):
    """What a peer tells."""

    def peer_connected(self) -> None:
        """SRTP keys are there: media may flow both ways."""

    def rtp_received(self, packet: bytes) -> None:
        """A decrypted RTP packet."""

    def rtcp_received(self, data: bytes) -> None:
        """A decrypted RTCP compound."""

    def data_received(self, label: str, message: bytes) -> None:
        """A message on a data channel."""


class MediaPort:
    """What all peers share: the socket, the certificate, the counters."""

    def __init__(self, udp: UdpPort, certificate: Certificate, stats: Stats) -> None:
        self.udp, self.certificate, self.stats = udp, certificate, stats
        self.outbox = udp.outbox


class Peer:
    """A peer connection in the answering role."""

    def __init__(self, port: MediaPort, owner: PeerOwner) -> None:
        self._port, self._owner = port, owner
        self.endpoint = IceEndpoint(port.udp, self._dtls_received, self._media_received)
        self._dtls = DtlsLink(port.certificate, self.endpoint.send)
        self._data = DataChannels(self._dtls.transport, owner.data_received)
        self._receiver: SrtpReceiver | None = None
        self.sender: SrtpSender | None = None
        self._task: asyncio.Task[None] | None = None
        self._remote_ufrag = ""
        self.closed = False

    @property
    def connected(self) -> bool:
        """Whether packets can be sent."""
        return self.sender is not None

    @property
    def silent_since(self) -> float:
        """Monotonic time at which the peer was last heard (STUN checks come every few seconds)."""
        return self.endpoint.last_heard

    @property
    def transport(self) -> Transport:
        """What our answers say about ICE and DTLS."""
        return Transport(
            self.endpoint.ufrag,
            self.endpoint.password,
            self._port.certificate.sha256,
            self._port.udp.candidates,
        )

    def remote_description(self, ufrag: str, fingerprints: Sequence[tuple[str, str]]) -> None:
        """The client offered: begin DTLS the first time; a new ufrag is an ICE restart."""
        if self._remote_ufrag and ufrag != self._remote_ufrag:
            self.endpoint.renew_credentials()
        self._remote_ufrag = ufrag
        if self._task is None and not self.closed:
            self._task = asyncio.create_task(self._connect(fingerprints), name="peer")

    async def _connect(self, fingerprints: Sequence[tuple[str, str]]) -> None:
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                await self.endpoint.reachable.wait()
                keys = await self._dtls.handshake(fingerprints)
        except TimeoutError:
            keys = None
        if keys is None:
            self._port.stats.dropped["dtls_handshake"] += 1
            return
        self._receiver, self.sender = keys
        self.endpoint.last_heard = clock.monotonic()
        self._owner.peer_connected()
        await self._data.start()

    def _dtls_received(self, datagram: bytes) -> None:
        if not self._dtls.feed(datagram):
            self._port.stats.dropped["dtls_queue"] += 1

    def _media_received(self, view: memoryview, pointer: Any, length: int) -> None:
        receiver = self._receiver
        if receiver is None or length < rtp.HEADER_BYTES - 4:
            self._port.stats.dropped["media_early"] += 1
        elif rtp.is_rtcp(view[1]):
            length = receiver.unprotect_rtcp(pointer, length)
            if length:
                self._owner.rtcp_received(bytes(view[:length]))
            else:
                self._port.stats.dropped["srtcp"] += 1
        else:
            length = receiver.unprotect(pointer, length)
            if length:
                self._owner.rtp_received(bytes(view[:length]))
            else:
                self._port.stats.dropped["srtp"] += 1

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send one RTCP packet; lost while the peer is not connected."""
        if self.sender is not None:
            self.endpoint.send(self.sender.protect_rtcp(packet))

    def send_data(self, label: str, message: bytes) -> None:
        """One message to the client's data channel; dropped and counted if it cannot go."""
        if not self._data.send(label, message):
            self._port.stats.dropped["data_out"] += 1

    async def close(self) -> None:
        """End everything; packets that still come are unknown from now on."""
        if self.closed:
            return
        self.closed = True
        self.endpoint.close()
        self._receiver = self.sender = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self._data.close()
        except ConnectionError:
            log.debug("peer went before its data channels closed")
        await self._dtls.close()
