"""The server API (`/twirp/livekit.RoomService/<method>`), as livekit-api calls it.

Twirp: protobuf or JSON in, the same out; errors are JSON with a code. The token must hold the grant
that the method needs, for the room that it names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from livekit.protocol import models
from livekit.protocol import room as api

from server.media import limits
from server.media.participants import Participant
from server.media.permissions import permission_from_proto
from server.media.requests import update_participant
from server.media.rooms import Room, Rooms
from server.media.stats import Stats
from server.media.tokens import Claims, TokenRefused, TokenVerifier

_STATUS = {
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "bad_route": 404,
    "invalid_argument": 400,
    "malformed": 400,
    "failed_precondition": 412,
}
"""HTTP status of each Twirp code that is used."""


class TwirpError(Exception):
    """An answer that is not the one asked for."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(frozen=True)
class _Method:
    request: Any
    grant: str
    """roomCreate and roomList hold for every room, roomAdmin for the one in the token."""
    call: Callable[[Any], Any]


class RoomService:
    """Handlers of the server API."""

    def __init__(self, rooms: Rooms, verifier: TokenVerifier, stats: Stats) -> None:
        self._rooms, self._verifier, self._stats = rooms, verifier, stats
        self._methods = {
            "CreateRoom": _Method(api.CreateRoomRequest, "roomCreate", self.create_room),
            "DeleteRoom": _Method(api.DeleteRoomRequest, "roomCreate", self.delete_room),
            "ListRooms": _Method(api.ListRoomsRequest, "roomList", self.list_rooms),
            "ListParticipants": _Method(
                api.ListParticipantsRequest, "roomAdmin", self.list_participants
            ),
            "GetParticipant": _Method(
                api.RoomParticipantIdentity, "roomAdmin", self.get_participant
            ),
            "RemoveParticipant": _Method(
                api.RoomParticipantIdentity, "roomAdmin", self.remove_participant
            ),
            "MutePublishedTrack": _Method(
                api.MuteRoomTrackRequest, "roomAdmin", self.mute_published_track
            ),
            "UpdateParticipant": _Method(
                api.UpdateParticipantRequest, "roomAdmin", self.update_participant
            ),
            "UpdateRoomMetadata": _Method(
                api.UpdateRoomMetadataRequest, "roomAdmin", self.update_room_metadata
            ),
            "SendData": _Method(api.SendDataRequest, "roomAdmin", self.send_data),
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/twirp/livekit.RoomService/{method}", self.serve)]

    async def serve(self, request: web.Request) -> web.Response:
        """One call."""
        try:
            return await self._answer(request)
        except TwirpError as error:
            self._stats.events["twirp_" + error.code] += 1
            return web.json_response(
                {"code": error.code, "msg": error.text}, status=_STATUS[error.code]
            )

    async def _answer(self, request: web.Request) -> web.Response:
        claims = self._claims(request)
        method = self._methods.get(request.match_info["method"])
        if method is None:
            raise TwirpError("bad_route", "no such method")
        json = request.content_type == "application/json"
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise TwirpError("invalid_argument", "request is too long") from None
        message = _parse(method.request(), body, json)
        _check_grant(claims, method, message)
        result = method.call(message)
        if json:
            return web.Response(
                text=json_format.MessageToJson(result), content_type="application/json"
            )
        return web.Response(body=result.SerializeToString(), content_type="application/protobuf")

    def _claims(self, request: web.Request) -> Claims:
        header = request.headers.get("Authorization", "")
        try:
            return self._verifier.verify(header.removeprefix("Bearer "))
        except TokenRefused as refused:
            raise TwirpError("unauthenticated", refused.text) from None

    def _room(self, name: str) -> Room:
        room = self._rooms.by_name.get(name)
        if room is None:
            raise TwirpError("not_found", "requested room does not exist")
        return room

    def _participant(self, request: Any) -> tuple[Room, Participant]:
        room = self._room(request.room)
        participant = room.participants.get(request.identity)
        if participant is None:
            raise TwirpError("not_found", "participant does not exist")
        return room, participant

    # --- rooms

    def create_room(self, request: Any) -> Any:
        """The room, made or found; it waits `empty_timeout` seconds for somebody (default 300)."""
        if not request.name:
            raise TwirpError("invalid_argument", "a room needs a name")
        room = self._rooms.create(request.name)
        if request.metadata:
            room.set_metadata(request.metadata)
        if request.empty_timeout and not room.participants:
            room.empty_seconds = float(request.empty_timeout)
        return room.info

    def delete_room(self, request: Any) -> Any:
        self._rooms.delete(self._room(request.room))
        return api.DeleteRoomResponse()

    def list_rooms(self, request: Any) -> Any:
        names = set(request.names)
        rooms = [r.info for r in self._rooms.by_name.values() if not names or r.name in names]
        return api.ListRoomsResponse(rooms=rooms)

    def update_room_metadata(self, request: Any) -> Any:
        room = self._room(request.room)
        room.set_metadata(request.metadata)
        return room.info

    def send_data(self, request: Any) -> Any:
        if len(request.data) > limits.DATA_MESSAGE_BYTES - 1024:
            raise TwirpError("invalid_argument", "message is too long")
        room = self._room(request.room)
        identities = set(request.destination_identities)
        reliable = request.kind == models.DataPacket.RELIABLE
        room.send_data(request.data, request.topic, reliable, identities)
        return api.SendDataResponse()

    # --- participants

    def list_participants(self, request: Any) -> Any:
        room = self._room(request.room)
        return api.ListParticipantsResponse(
            participants=[p.info for p in room.participants.values()]
        )

    def get_participant(self, request: Any) -> Any:
        return self._participant(request)[1].info

    def remove_participant(self, request: Any) -> Any:
        """Out, and tokens minted before now open nothing any more."""
        self._rooms.remove_identity(*self._participant(request))
        return api.RemoveParticipantResponse()

    def mute_published_track(self, request: Any) -> Any:
        """Mute only: to open somebody's microphone from afar is refused (LiveKit's default)."""
        room, participant = self._participant(request)
        track = participant.publishing.tracks.get(request.track_sid)
        if track is None:
            raise TwirpError("not_found", "track does not exist")
        if not request.muted:
            if track.muted:
                raise TwirpError("failed_precondition", "remote unmute not enabled")
            return api.MuteRoomTrackResponse(track=track.info)
        room.mute_track(participant, track)
        return api.MuteRoomTrackResponse(track=track.info)

    def update_participant(self, request: Any) -> Any:
        """Set what is given; a permission replaces the old one whole."""
        if request.ByteSize() > limits.ATTRIBUTE_BYTES:
            raise TwirpError("invalid_argument", "attributes are too long")
        room, participant = self._participant(request)
        update_participant(participant, request)
        if request.HasField("permission"):
            room.permit(participant, permission_from_proto(request.permission))
        participant.changed()
        return participant.info


def _parse(message: Any, body: bytes, json: bool) -> Any:
    try:
        if json:
            json_format.Parse(body, message, ignore_unknown_fields=True)
        else:
            message.ParseFromString(body)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError):
        raise TwirpError("malformed", "request cannot be read") from None
    return message


def _check_grant(claims: Claims, method: _Method, message: Any) -> None:
    if not claims.grants(method.grant):
        raise TwirpError("permission_denied", f"token lacks {method.grant}")
    if method.grant == "roomAdmin" and claims.room != message.room:
        raise TwirpError("permission_denied", "token is for another room")
