"""What the engine takes from a client before it says no: in one place, to be reviewed together."""

from __future__ import annotations

SIGNAL_MESSAGE_BYTES = 1 << 20
"""One signalling message (a `sync_state` of a client that receives 150 tracks is about 300 KiB)."""

JOIN_REQUEST_BYTES = 1 << 20
"""A join request after decompression."""

HTTP_LINE_BYTES = 1 << 17
"""Request line: the join request travels base64-encoded in the query."""

DATAGRAM_BYTES = 1600
"""Longest UDP datagram taken; WebRTC stays below 1,500."""

SIGNAL_BURST = 600
"""Signalling messages a client may send at once (a wall page subscribes one by one) …"""

SIGNAL_PER_SECOND = 60.0
"""… and how many a second after that."""

SIGNAL_QUEUE = 2000
"""Messages waiting for a client that doesn't read; then its socket is cut (it may resume)."""

MEDIA_SECTIONS = 400
"""m-lines of one offer."""

TRACKS_PER_PARTICIPANT = 16
"""Published and announced tracks of one participant."""

ATTRIBUTE_BYTES = 64 << 10
"""Name, metadata and attributes of one participant together."""

DATA_MESSAGE_BYTES = 65536
"""One data channel message (announced as a=max-message-size)."""

DATA_BUFFERED_BYTES = 1 << 20
"""Data waiting for one slow client; more is dropped and counted."""

TWIRP_BODY_BYTES = 1 << 20
"""Body of one server API call."""

REMOVALS = 10_000
"""Removed identities remembered; the oldest is forgotten first."""

REMOVAL_SECONDS = 24 * 3600.0
"""How long a removal is remembered (tokens live 6 h by default)."""

WEBHOOKS_WAITING = 1000
"""Webhook events waiting per room; then new ones are dropped and counted."""
