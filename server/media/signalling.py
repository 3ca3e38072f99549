"""LiveKit signalling over WebSocket: `/rtc/v1`, from a token to the last message.

Here hostile input ends: a bad token is an HTTP status with a text, a bad join request likewise, a
bad message a `leave` for that client alone. Browsers ask `validate` why their socket was refused.

`/rtc`, the older protocol with two peer connections, is not spoken. Clients fall back to it only
when `/rtc/v1` is missing; whoever asks for it is told so.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import zlib
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from server.media import clock, limits
from server.media.participants import Participant
from server.media.requests import Session
from server.media.rooms import Reason, Room, Rooms
from server.media.sdp import SdpError
from server.media.stats import Stats
from server.media.tokens import Claims, TokenRefused, TokenVerifier

log = logging.getLogger(__name__)

PING_INTERVAL_SECONDS = 5
PING_TIMEOUT_SECONDS = 15
SERVER_VERSION = "1.9.0"
"""LiveKit server version whose protocol is spoken; clients refuse to join without one."""
PROTOCOL = 16

_CROSS_ORIGIN = {"Access-Control-Allow-Origin": "*"}
"""The page is served by web, on another port; the answer holds nothing secret."""

_Leave = rtc.LeaveRequest


class BadJoin(ValueError):
    """A join request that cannot be read; the text goes to the client."""


class Signalling:
    """The HTTP handlers."""

    def __init__(self, rooms: Rooms, verifier: TokenVerifier, stats: Stats) -> None:
        self._rooms, self._verifier, self._stats = rooms, verifier, stats
        self._sockets: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/rtc/v1", self.connect),
            web.get("/rtc/v1/validate", self.validate),
            web.get("/rtc", self.refuse_v0),
            web.get("/rtc/validate", self.validate),
        ]

    async def validate(self, request: web.Request) -> web.Response:
        """Why a socket was refused: 200 `success`, 401 or 403 with a text."""
        try:
            self._authenticate(request)
        except TokenRefused as refused:
            return web.Response(status=refused.status, text=refused.text, headers=_CROSS_ORIGIN)
        return web.Response(text="success", headers=_CROSS_ORIGIN)

    async def refuse_v0(self, _: web.Request) -> web.Response:
        """The two-connection protocol."""
        self._stats.dropped["signal_v0"] += 1
        return web.Response(
            status=501,
            text="this server speaks /rtc/v1 (single peer connection) only",
            headers=_CROSS_ORIGIN,
        )

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One WebSocket, from accept to close."""
        try:
            claims = self._authenticate(request)
            join = read_join_request(request.query.get("join_request", ""))
        except TokenRefused as refused:
            self._stats.dropped["signal_token"] += 1
            return web.Response(status=refused.status, text=refused.text)
        except BadJoin as bad:
            self._stats.dropped["signal_join"] += 1
            return web.Response(status=400, text=str(bad))
        socket = web.WebSocketResponse(max_msg_size=limits.SIGNAL_MESSAGE_BYTES, compress=False)
        try:
            await socket.prepare(request)
        except ConnectionError:  # gone between its request and our answer
            self._stats.dropped["signal_gone"] += 1
            return socket
        self._sockets.add(socket)
        link = SocketLink(socket, self._stats)
        try:
            await self._converse(claims, join, socket, link)
        finally:
            self._sockets.discard(socket)
            await link.end()
        return socket

    async def close(self) -> None:
        """Close the sockets that are still open."""
        for socket in list(self._sockets):
            await socket.close()

    def _authenticate(self, request: web.Request) -> Claims:
        token = request.query.get("access_token") or request.headers.get(
            "Authorization", ""
        ).removeprefix("Bearer ")
        claims = self._verifier.verify_join(token)
        self._rooms.check_not_removed(claims)
        return claims

    async def _converse(
        self, claims: Claims, join: Any, socket: web.WebSocketResponse, link: SocketLink
    ) -> None:
        if join.reconnect:
            found = self._rooms.find_resumable(claims, join.participant_sid)
            if found is None:
                leave = _Leave(reason=Reason.STATE_MISMATCH, action=_Leave.RECONNECT)
                link.send(rtc.SignalResponse(leave=leave).SerializeToString())
                return
            room, participant = found
            self._resume(room, participant, link)
        else:
            room, participant = self._rooms.join(
                claims, link, join.connection_settings.auto_subscribe
            )
            self._welcome(room, participant)
        session = Session(room, participant, self._stats)
        try:
            if not join.reconnect:
                for request in join.add_track_requests:
                    session.handle(rtc.SignalRequest(add_track=request))
            if join.HasField("publisher_offer"):
                session.handle(rtc.SignalRequest(offer=join.publisher_offer))
            if not join.reconnect and participant.auto_subscribe:
                room.subscribe_to_all(participant)
            await self._read(socket, session)
        except SdpError as error:
            self._stats.dropped["signal_sdp"] += 1
            log.info("offer of %r cannot be answered: %s", participant.identity, error)
            room.remove(participant, Reason.STATE_MISMATCH)
        except BadMessage as error:
            self._stats.dropped[error.kind] += 1
            log.info("socket of %r: %s", participant.identity, error.kind)
            room.remove(participant, Reason.STATE_MISMATCH)
        finally:
            if participant.link is link:
                participant.link, participant.link_lost_at = None, clock.monotonic()

    def _welcome(self, room: Room, participant: Participant) -> None:
        participant.tell(
            join=rtc.JoinResponse(
                room=room.info,
                participant=participant.info,
                other_participants=room.visible_to(participant),
                server_version=SERVER_VERSION,
                server_info=_server_info(),
                # both must be there: a client without them stops its process or never pings
                ping_interval=PING_INTERVAL_SECONDS,
                ping_timeout=PING_TIMEOUT_SECONDS,
                fast_publish=True,
                enabled_publish_codecs=[
                    models.Codec(mime="video/VP8"),
                    models.Codec(mime="audio/opus"),
                ],
            )
        )

    def _resume(self, room: Room, participant: Participant, link: SocketLink) -> None:
        """A new socket for somebody who is still here: everything before `reconnect` is ignored."""
        old, participant.link = participant.link, link
        if old is not None:
            old.close()
        self._stats.events["resumed"] += 1
        participant.tell(reconnect=rtc.ReconnectResponse(server_info=_server_info()))
        participant.tell_missed()
        everybody = [participant.info, *room.visible_to(participant)]
        participant.tell(update=rtc.ParticipantUpdate(participants=everybody))
        participant.tell(room_update=rtc.RoomUpdate(room=room.info))
        participant.subscriptions.resumed()

    async def _read(self, socket: web.WebSocketResponse, session: Session) -> None:
        """Requests until the socket ends; raises BadMessage."""
        bucket = TokenBucket(limits.SIGNAL_BURST, limits.SIGNAL_PER_SECOND, clock.monotonic())
        while True:
            try:
                message = await socket.receive(timeout=PING_TIMEOUT_SECONDS)
            except TimeoutError:
                self._stats.events["signal_silent"] += 1
                return
            if message.type == WSMsgType.ERROR:
                # aiohttp has closed the socket already
                too_big = getattr(message.data, "code", None) == WSCloseCode.MESSAGE_TOO_BIG
                raise BadMessage("signal_oversized" if too_big else "signal_malformed")
            if message.type == WSMsgType.TEXT:
                raise BadMessage("signal_malformed")
            if message.type != WSMsgType.BINARY:
                return
            if not bucket.take(clock.monotonic()):
                raise BadMessage("signal_rate")
            request = rtc.SignalRequest()
            try:
                request.ParseFromString(message.data)
            except DecodeError:
                raise BadMessage("signal_malformed") from None
            session.handle(request)


class BadMessage(ValueError):
    """A signalling message after which its client must go; `kind` is the counter."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class SocketLink:
    """The way to one client: a bounded queue and the task that empties it."""

    def __init__(self, socket: web.WebSocketResponse, stats: Stats) -> None:
        self._socket, self._stats = socket, stats
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._pump(), name="signalling out")

    def send(self, message: bytes) -> None:
        """Queue one message; a client that doesn't read loses its socket."""
        if self._queue.qsize() >= limits.SIGNAL_QUEUE:
            self._stats.dropped["signal_out"] += 1
            self.close()
            return
        self._queue.put_nowait(message)

    def close(self) -> None:
        """Close after what is queued."""
        self._queue.put_nowait(None)

    async def end(self) -> None:
        """Send what is left, close, and end the task."""
        self.close()
        try:
            await asyncio.wait_for(self._task, timeout=2)
        except TimeoutError:
            self._stats.dropped["signal_out"] += 1

    async def _pump(self) -> None:
        try:
            while (message := await self._queue.get()) is not None:
                await self._socket.send_bytes(message)
            await self._socket.close()
        except ConnectionError:
            return  # the reader notices, too


class TokenBucket:
    """A rate with a burst: `take` is False when there was too much."""

    def __init__(self, burst: int, per_second: float, now: float) -> None:
        self._burst, self._rate = burst, per_second
        self._left, self._at = float(burst), now

    def take(self, now: float) -> bool:
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def read_join_request(encoded: str) -> Any:
    """rtc.JoinRequest from the `join_request` parameter; raises BadJoin."""
    if not encoded:
        raise BadJoin("join_request is missing")
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        wrapped = rtc.WrappedJoinRequest.FromString(raw)
    except (binascii.Error, ValueError, DecodeError):
        raise BadJoin("join_request cannot be read") from None
    body = wrapped.join_request
    if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
        body = _gunzip(body)
    try:
        return rtc.JoinRequest.FromString(body)
    except DecodeError:
        raise BadJoin("join_request cannot be read") from None


def _gunzip(data: bytes) -> bytes:
    """Decompress at most JOIN_REQUEST_BYTES: more is a bomb."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(data, limits.JOIN_REQUEST_BYTES)
    except zlib.error:
        raise BadJoin("join_request cannot be decompressed") from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise BadJoin("join_request is too long or cut off")
    return body


def _server_info() -> Any:
    return models.ServerInfo(
        version=SERVER_VERSION, protocol=PROTOCOL, edition=models.ServerInfo.Standard
    )
