"""The media server's API, as far as a conference needs it: who is there, rights, mute, remove.

Every call either answers or raises `MediaDown`; an unknown participant or room is no trouble
(somebody left in the meantime).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from livekit import api
from livekit.protocol import models
from livekit.protocol import room as proto

from server.rtc.tokens import MediaAccess

TIMEOUT_S = 4.0
SOURCES = {
    "camera": models.CAMERA,
    "microphone": models.MICROPHONE,
    "screen_share": models.SCREEN_SHARE,
    "screen_share_audio": models.SCREEN_SHARE_AUDIO,
}


class MediaDown(Exception):
    """The media server does not answer as it should; trying again later may help."""


@dataclass(frozen=True)
class Present:
    """A participant in the room. `sources` are what it may publish now; `microphones` the sids of
    its open microphone tracks.
    """

    identity: str
    sid: str
    joined_at: datetime
    sources: frozenset[str]
    microphones: tuple[str, ...]


class MediaClient:
    """One session to the media server's API."""

    def __init__(self, access: MediaAccess) -> None:
        self.access = access
        self._http: aiohttp.ClientSession | None = None
        self._api: Any = None

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()

    async def present(self, room: str) -> tuple[Present, ...]:
        """Who is in the room; nobody when there is no such room."""
        request = proto.ListParticipantsRequest(room=room)
        answer = await self._call("list_participants", request)
        return tuple(_present(info) for info in answer.participants) if answer else ()

    async def answers(self) -> bool:
        """Whether the media server answers at all."""
        try:
            await self._call("list_rooms", proto.ListRoomsRequest(names=["none"]))
        except MediaDown:
            return False
        return True

    async def permit(self, room: str, identity: str, sources: Iterable[str]) -> None:
        """Set what a participant may publish, whole (it replaces)."""
        allowed = [SOURCES[source] for source in sorted(sources)]
        permission = models.ParticipantPermission(
            can_subscribe=True,
            can_publish=bool(allowed),
            can_publish_data=True,
            can_publish_sources=allowed,
        )
        request = proto.UpdateParticipantRequest(
            room=room, identity=identity, permission=permission
        )
        await self._call("update_participant", request)

    async def mute(self, room: str, identity: str, track_sid: str) -> None:
        """Mute a published track; only its publisher can open it again."""
        request = proto.MuteRoomTrackRequest(
            room=room, identity=identity, track_sid=track_sid, muted=True
        )
        await self._call("mute_published_track", request)

    async def remove(self, room: str, identity: str) -> None:
        """Take a participant out of the room."""
        request = proto.RoomParticipantIdentity(room=room, identity=identity)
        await self._call("remove_participant", request)

    async def _call(self, method: str, request: Any) -> Any:
        if self._api is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
            access = self.access
            self._api = api.LiveKitAPI(
                access.url, access.key, access.secret, session=self._http, failover=False
            )
        try:
            return await getattr(self._api.room, method)(request)
        except api.TwirpError as error:
            if error.code == api.TwirpErrorCode.NOT_FOUND:
                return None
            raise MediaDown(str(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MediaDown(str(error)) from error


def _present(info: Any) -> Present:
    names = {number: name for name, number in SOURCES.items()}
    permission = info.permission
    # An empty list means every source.
    listed = permission.can_publish_sources or list(names)
    sources = listed if permission.can_publish else []
    return Present(
        identity=info.identity,
        sid=info.sid,
        joined_at=datetime.fromtimestamp(info.joined_at, UTC),
        sources=frozenset(names[number] for number in sources if number in names),
        microphones=tuple(
            track.sid
            for track in info.tracks
            if track.source == models.MICROPHONE and not track.muted
        ),
    )
