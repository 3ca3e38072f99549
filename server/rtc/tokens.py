"""Tokens for the media room: what a seat's device may do there, and the recorder's.

A token lives six hours, because a full reconnect of the browser's library uses it again; the
rights it carries are only those of the moment and are set whole after every join.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from livekit import api

TTL = timedelta(hours=6)


@dataclass(frozen=True)
class MediaAccess:
    """Where the media server is for programs, and the pair that signs for it."""

    url: str
    key: str
    secret: str


@dataclass(frozen=True)
class SeatDevice:
    """A device about to enter: `name` is the name plate, `role` one of the attributes' values."""

    identity: str
    name: str
    seat_id: int
    role: str


def seat_token(media: MediaAccess, room: str, device: SeatDevice, sources: Iterable[str]) -> str:
    """The token of a seat's device. An empty list of sources would mean every source, so nothing
    allowed is `canPublish` false.
    """
    allowed = sorted(sources)
    grants = api.VideoGrants(
        room_join=True,
        room=room,
        can_subscribe=True,
        can_publish=bool(allowed),
        can_publish_data=True,
        can_publish_sources=allowed or None,
    )
    token = (
        api.AccessToken(media.key, media.secret)
        .with_identity(device.identity)
        .with_name(device.name)
        .with_attributes({"seat": str(device.seat_id), "role": device.role})
        .with_grants(grants)
        .with_ttl(TTL)
    )
    return str(token.to_jwt())


def recorder_token(media: MediaAccess, room: str, identity: str) -> str:
    """The token of a hidden recorder: hears everything, says nothing."""
    grants = api.VideoGrants(
        room_join=True,
        room=room,
        can_subscribe=True,
        can_publish=False,
        can_publish_data=False,
        hidden=True,
        recorder=True,
    )
    token = api.AccessToken(media.key, media.secret).with_identity(identity).with_grants(grants)
    return str(token.with_ttl(TTL).to_jwt())
