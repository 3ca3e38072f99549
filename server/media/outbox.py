"""Packets on their way out: protected in their slots, sent with one system call for many.

`sendmmsg` (Linux) takes a whole fan-out; its structures are plain memory here, wired once, so that
a packet costs two integer stores. A packet that the socket does not take is dropped and counted:
one subscriber's trouble never reaches the publisher.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
from typing import Any

from server.media import limits
from server.media.srtp import ffi, lib
from server.media.stats import Stats

SLOTS = 256
SLOT_BYTES = limits.DATAGRAM_BYTES + 64
"""A received payload always fits, with a new header and the SRTP trailer (at most 16 bytes)."""

_HEADER = 12
_SOCKADDR_BYTES = 16
_WORDS = 8
"""struct mmsghdr in 8-byte words (64-bit Linux, little-endian): name, namelen, iov, iovlen,
control, controllen, flags, len."""
_DONT_WAIT = socket.MSG_DONTWAIT

_libc = ctypes.CDLL(None, use_errno=True)


class Address:
    """A struct sockaddr_in that stays where it is while packets go to it."""

    __slots__ = ("_memory", "pointer")

    def __init__(self, host: str, port: int) -> None:
        raw = struct.pack("=H", socket.AF_INET) + struct.pack(
            "!H4s8x", port, socket.inet_aton(host)
        )
        self._memory = ffi.new("char[]", raw)
        self.pointer = int(ffi.cast("uintptr_t", self._memory))


class Outbox:
    """The queue of one UDP socket."""

    def __init__(self, sock: socket.socket, stats: Stats) -> None:
        self._fd, self._stats = sock.fileno(), stats
        self._count = 0
        self._buffers = ffi.new("char[]", SLOTS * SLOT_BYTES)
        self._bytes = memoryview(ffi.buffer(self._buffers)).cast("B")
        self._pointers = [self._buffers + i * SLOT_BYTES for i in range(SLOTS)]
        self._length = ffi.new("int *")
        self._kept: list[Any] = [None] * SLOTS
        self._wire()

    def _wire(self) -> None:
        self._iov_memory = ffi.new("uint64_t[]", SLOTS * 2)
        self._iov = memoryview(ffi.buffer(self._iov_memory)).cast("B").cast("Q")
        self._message_memory = ffi.new("uint64_t[]", SLOTS * _WORDS)
        self._message = memoryview(ffi.buffer(self._message_memory)).cast("B").cast("Q")
        iov = int(ffi.cast("uintptr_t", self._iov_memory))
        base = int(ffi.cast("uintptr_t", self._buffers))
        for i in range(SLOTS):
            self._iov[2 * i] = base + i * SLOT_BYTES
            self._message[_WORDS * i + 1] = _SOCKADDR_BYTES
            self._message[_WORDS * i + 2] = iov + 16 * i
            self._message[_WORDS * i + 3] = 1
        self._message_base = int(ffi.cast("uintptr_t", self._message_memory))

    def queue(self, handle: Any, address: Address, header: bytes, payload: bytes) -> None:
        """Copy, protect with the session `handle`, and queue one packet; a full box is sent."""
        i = self._count
        start = i * SLOT_BYTES
        end = start + _HEADER + len(payload)
        view = self._bytes
        view[start : start + _HEADER] = header
        view[start + _HEADER : end] = payload
        length = self._length
        length[0] = end - start
        if lib.srtp_protect(handle, self._pointers[i], length):
            self._stats.dropped["protect"] += 1
            return
        self._iov[2 * i + 1] = length[0]
        self._message[_WORDS * i] = address.pointer
        self._kept[i] = address
        self._count = i + 1
        if self._count == SLOTS:
            self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        count, self._count = self._count, 0
        done = 0
        while done < count:
            sent = _libc.sendmmsg(
                self._fd,
                ctypes.c_void_p(self._message_base + 8 * _WORDS * done),
                count - done,
                _DONT_WAIT,
            )
            if sent > 0:
                done += sent
                self._stats.packets_forwarded += sent
            elif ctypes.get_errno() in (errno.EAGAIN, errno.ENOBUFS):
                self._stats.dropped["socket_full"] += count - done
                return
            else:
                # unreachable or refused: that receiver's packet, not the others'
                self._stats.dropped["unreachable"] += 1
                done += 1
