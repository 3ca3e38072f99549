"""One UDP socket for everybody, ICE-lite (RFC 8445 §2.5) on it.

A datagram finds its peer by its remote address; a STUN request by the user name in it, which is how
an address becomes known in the first place. Nothing is answered without a right MESSAGE-INTEGRITY.
What belongs to nobody is dropped and counted.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
from collections.abc import Callable
from typing import Any

from aioice import stun
from aioice.ice import get_host_addresses

from server.media import clock, limits
from server.media.outbox import Address, Outbox
from server.media.settings import Settings
from server.media.srtp import ffi
from server.media.stats import Stats

BURST = 128
"""Datagrams read before other work gets its turn."""

SOCKET_BUFFER_BYTES = 4 << 20
_CREDENTIALS_KEPT = 3
_ADDRESSES_KEPT = 8

Remote = tuple[str, int]


class IceEndpoint:
    """The ICE side of one peer: credentials, the address in use, when it was last heard.

    `on_dtls` gets a copied datagram; `on_media` gets the socket's buffer and a length and must be
    done with it when it returns.
    """

    def __init__(
        self,
        port: UdpPort,
        on_dtls: Callable[[bytes], None],
        on_media: Callable[[memoryview, Any, int], None],
    ) -> None:
        self._port = port
        self.on_dtls, self.on_media = on_dtls, on_media
        self._passwords: dict[str, str] = {}
        self.ufrag = self.password = ""
        self.remote: Remote | None = None
        self._heard_from: dict[Remote, None] = {}
        self.address: Address | None = None
        self.reachable = asyncio.Event()
        self.last_heard = clock.monotonic()
        self.renew_credentials()

    def renew_credentials(self) -> None:
        """New user name and password (RFC 8445 §9: an ICE restart); the old ones stay good for
        checks that are under way."""
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self._passwords[self.ufrag] = self.password
        self._port.register(self.ufrag, self)
        while len(self._passwords) > _CREDENTIALS_KEPT:
            oldest = next(iter(self._passwords))
            del self._passwords[oldest]
            self._port.forget_ufrag(oldest)

    def password_of(self, ufrag: str) -> str:
        return self._passwords.get(ufrag, "")

    def checked_from(self, remote: Remote) -> None:
        """The peer proved that this address is its own; the longest known of many is forgotten."""
        if remote in self._heard_from:
            return
        self._heard_from[remote] = None
        while len(self._heard_from) > _ADDRESSES_KEPT:
            oldest = next(r for r in self._heard_from if r != self.remote)
            del self._heard_from[oldest]
            self._port.forget_address(oldest, self)

    def move_to(self, remote: Remote) -> None:
        """Send to this address from now on."""
        self.remote = remote
        self.address = Address(*remote)
        self.reachable.set()

    def send(self, data: bytes) -> None:
        """One datagram to the peer; lost if it has no address yet."""
        if self.remote is not None:
            self._port.send(data, self.remote)

    def close(self) -> None:
        """Forget the credentials and every address of this peer."""
        for ufrag in self._passwords:
            self._port.forget_ufrag(ufrag)
        for remote in self._heard_from:
            self._port.forget_address(remote, self)


class UdpPort:
    """The socket, its outbox, and the two tables that find an endpoint."""

    def __init__(self, settings: Settings, stats: Stats) -> None:
        self._stats = stats
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER_BYTES)
        self._socket.bind((settings.bind, settings.udp_port))
        self.port: int = self._socket.getsockname()[1]
        self.candidates = _candidates(settings, self.port)
        self.outbox = Outbox(self._socket, stats)
        self._memory = ffi.new("char[]", limits.DATAGRAM_BYTES + 1)
        self._view = memoryview(ffi.buffer(self._memory)).cast("B")
        self._by_ufrag: dict[str, IceEndpoint] = {}
        self._by_address: dict[Remote, IceEndpoint] = {}

    def start(self) -> None:
        """Read from now on."""
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._readable)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()

    def register(self, ufrag: str, endpoint: IceEndpoint) -> None:
        self._by_ufrag[ufrag] = endpoint

    def forget_ufrag(self, ufrag: str) -> None:
        self._by_ufrag.pop(ufrag, None)

    def forget_address(self, remote: Remote, endpoint: IceEndpoint) -> None:
        if self._by_address.get(remote) is endpoint:
            del self._by_address[remote]

    def send(self, data: bytes, remote: Remote) -> None:
        """One datagram now; dropped and counted if the socket does not take it."""
        try:
            self._socket.sendto(data, remote)
        except OSError:
            self._stats.dropped["unreachable"] += 1

    def _readable(self) -> None:
        try:
            for _ in range(BURST):
                try:
                    length, remote = self._socket.recvfrom_into(self._view)
                except BlockingIOError:
                    break
                except OSError:
                    continue  # an ICMP answer to something that was sent
                self._datagram(length, remote)
        finally:
            self.outbox.flush()

    def _datagram(self, length: int, remote: Remote) -> None:
        """Demultiplex by the first byte (RFC 7983 §7)."""
        self._stats.datagrams_in += 1
        if not 0 < length <= limits.DATAGRAM_BYTES:
            self._stats.dropped["datagram_size"] += 1
            return
        first = self._view[0]
        if first < 4:
            self._stun(bytes(self._view[:length]), remote)
            return
        endpoint = self._by_address.get(remote)
        if endpoint is None:
            self._stats.dropped["unknown_address"] += 1
        elif 128 <= first < 192:
            endpoint.on_media(self._view, self._memory, length)
        elif 20 <= first < 64:
            endpoint.on_dtls(bytes(self._view[:length]))
        else:
            self._stats.dropped["unknown_datagram"] += 1

    def _stun(self, data: bytes, remote: Remote) -> None:
        request = parse_binding_request(data)
        if request is None:
            self._stats.dropped["stun_malformed"] += 1
            return
        ufrag = str(request.attributes.get("USERNAME", "")).partition(":")[0]
        endpoint = self._by_ufrag.get(ufrag)
        key = endpoint.password_of(ufrag).encode() if endpoint else b""
        if endpoint is None or not request.check_message_integrity(key):
            self._stats.dropped["stun_integrity"] += 1
            return
        endpoint.last_heard = clock.monotonic()
        # During a restart a peer checks from two addresses: hear both, send to the nominated one.
        self._by_address[remote] = endpoint
        endpoint.checked_from(remote)
        if endpoint.remote is None or (
            "USE-CANDIDATE" in request.attributes and endpoint.remote != remote
        ):
            endpoint.move_to(remote)
        self.send(binding_response(request, remote, key), remote)


def parse_binding_request(data: bytes) -> Any | None:
    """The STUN binding request in a datagram, None for anything else."""
    try:
        message = stun.parse_message(data)
    except (ValueError, struct.error, IndexError):
        return None
    if message.message_method != stun.Method.BINDING:
        return None
    return message if message.message_class == stun.Class.REQUEST else None


def binding_response(request: Any, remote: Remote, key: bytes) -> bytes:
    """Success response that tells the client its own address (RFC 8489 §6.3.1)."""
    response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
    response.attributes["XOR-MAPPED-ADDRESS"] = remote
    response.add_message_integrity(key)
    return bytes(response)


def _candidates(settings: Settings, port: int) -> list[tuple[str, int]]:
    if settings.announce:
        return [(a.host, a.port or port) for a in settings.announce]
    if settings.bind != "0.0.0.0":  # noqa: S104 - a comparison, nothing is bound here
        return [(settings.bind, port)]
    own = get_host_addresses(use_ipv4=True, use_ipv6=False)
    return [(host, port) for host in own or ["127.0.0.1"]]
