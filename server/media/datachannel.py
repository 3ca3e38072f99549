"""Data channels: SCTP inside DTLS, on aiortc's transport.

The client opens the channels (`_reliable`, `_lossy`); what others say goes back on the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from server.media import limits

SCTP_PORT = 5000
RELIABLE, LOSSY = "_reliable", "_lossy"
EARLY_MESSAGES = 64


class DataChannels:
    """The association of one peer. `on_message` gets (label, message)."""

    def __init__(self, dtls_transport: Any, on_message: Callable[[str, bytes], None]) -> None:
        self._sctp: Any = RTCSctpTransport(dtls_transport)
        self._sctp.on("datachannel", self._opened)
        self._channels: dict[str, Any] = {}
        self._early: list[bytes] = []
        """Reliable messages from before the client opened its channel."""
        self._on_message = on_message
        self._started = False

    async def start(self) -> None:
        """DTLS is up: begin the association."""
        self._started = True
        capabilities = RTCSctpCapabilities(maxMessageSize=limits.DATA_MESSAGE_BYTES)
        await self._sctp.start(capabilities, SCTP_PORT)

    async def close(self) -> None:
        if self._started:
            await self._sctp.stop()
        for channel in self._channels.values():
            channel.remove_all_listeners()

    def send(self, label: str, message: bytes) -> bool:
        """Queue a message; False if it is lost: an unreliable one before its channel is open, or
        any while its client is too slow."""
        channel = self._channels.get(label)
        if channel is None and label == RELIABLE and len(self._early) < EARLY_MESSAGES:
            self._early.append(message)
            return True
        if channel is None or channel.readyState != "open":
            return False
        if channel.bufferedAmount + len(message) > limits.DATA_BUFFERED_BYTES:
            return False
        channel.send(message)
        return True

    def _opened(self, channel: Any) -> None:
        label = str(channel.label)
        if label not in (RELIABLE, LOSSY):
            return
        self._channels[label] = channel

        def message(data: bytes | str) -> None:
            if isinstance(data, bytes):
                self._on_message(label, data)

        channel.on("message", message)
        if label == RELIABLE:
            early, self._early = self._early, []
            for waiting in early:
                self.send(label, waiting)
