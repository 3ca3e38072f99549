"""SRTP (RFC 3711) around pylibsrtp, in place: no copy and no allocation per packet.

pylibsrtp's own methods copy each packet twice. Its binding (`ffi`, `lib`, the session's handle) is
private; it is used in this file and in `outbox` and nowhere else.
"""

from __future__ import annotations

from typing import Any

import pylibsrtp

ffi: Any = pylibsrtp.ffi
lib: Any = pylibsrtp.lib

_length = ffi.new("int *")


class SrtpReceiver:
    """Unprotects what one client sends."""

    __slots__ = ("_handle", "_session")

    def __init__(self, session: Any) -> None:
        self._session = session
        self._handle = session._srtp[0]

    def unprotect(self, pointer: Any, length: int) -> int:
        """Unprotect RTP in place; new length, or 0 for a forged, repeated or too old packet."""
        _length[0] = length
        return 0 if lib.srtp_unprotect(self._handle, pointer, _length) else int(_length[0])

    def unprotect_rtcp(self, pointer: Any, length: int) -> int:
        """The same for RTCP."""
        _length[0] = length
        return 0 if lib.srtp_unprotect_rtcp(self._handle, pointer, _length) else int(_length[0])


class SrtpSender:
    """Protects what one client is sent; RTP goes through the outbox with `handle`."""

    __slots__ = ("_session", "handle")

    def __init__(self, session: Any) -> None:
        self._session = session
        self.handle = session._srtp[0]

    def protect_rtcp(self, packet: bytes) -> bytes:
        """Protected copy of an RTCP packet."""
        return bytes(self._session.protect_rtcp(packet))
