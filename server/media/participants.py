"""One client in a room: who it is, what it may do, its socket and its peer connection.

A participant outlives its socket (a lost one may come back) but not its room. It decides nothing
about others: what they must hear goes to its `RoomOf`.
"""

from __future__ import annotations

import secrets
from typing import Any, Protocol

from livekit.protocol import models, rtc

from server.media import clock, limits, rtcp
from server.media.forward import pass_sender_report
from server.media.negotiation import Negotiation
from server.media.peer import MediaPort, Peer
from server.media.permissions import Permission, proto_from_permission
from server.media.publishing import Publishing
from server.media.subscriptions import Subscriptions
from server.media.tokens import Claims
from server.media.tracks import Track

State = models.ParticipantInfo


def new_sid(prefix: str) -> str:
    """An id as LiveKit writes them: PA_…, TR_…, RM_…"""
    return f"{prefix}_{secrets.token_hex(6)}"


class Refused(Exception):
    """A request that is understood and not granted: rtc.RequestResponse reason and text."""

    def __init__(self, reason: Any, text: str) -> None:
        super().__init__(text)
        self.reason, self.text = reason, text


class Link(Protocol):
    """The socket to a client."""

    def send(self, message: bytes) -> None:
        """Queue one serialized rtc.SignalResponse."""

    def close(self) -> None:
        """Close after what is queued."""


class RoomOf(Protocol):
    """What a participant tells its room."""

    def participant_active(self, participant: Participant) -> None: ...

    def participant_changed(self, participant: Participant) -> None: ...

    def track_published(self, participant: Participant, track: Track) -> None: ...

    def track_ended(self, participant: Participant, track: Track) -> None: ...

    def data_sent(self, participant: Participant, label: str, message: bytes) -> None: ...


class Participant:
    """A participant; implements `peer.PeerOwner`."""

    def __init__(self, claims: Claims, room: RoomOf, port: MediaPort, now_ms: int) -> None:
        self.sid, self.identity = new_sid("PA"), claims.identity
        self.echo_sid = new_sid("PA")
        self.name, self.metadata = claims.name, claims.metadata
        self.attributes = dict(claims.attributes)
        self.permission = claims.permission
        self.auto_subscribe = True
        self.state = State.JOINED
        self.version = 1
        self.joined_ms = now_ms
        self.link: Link | None = None
        self.link_lost_at = 0.0
        """Monotonic time at which the socket was lost; only meaningful while `link` is None."""
        self._missed: list[str] = []
        """Tracks that were taken away while there was no socket."""
        self._room, self._port = room, port
        self.peer = Peer(port, self)
        self.publishing = Publishing(port.stats, port.outbox)
        self.subscriptions = Subscriptions(self.peer, port.outbox, self._ask_sections)
        self._negotiation = Negotiation(self.peer, self.publishing, self.subscriptions)

    @property
    def hidden(self) -> bool:
        return self.permission.hidden

    @property
    def hears_itself(self) -> bool:
        """The door's test asks for its own tracks (attribute `loopback`); see Room.loops_back."""
        return self.attributes.get("loopback") == "1"

    @property
    def echo(self) -> Any:
        """This participant as somebody else: clients take no track that is their own."""
        info = self.info
        info.sid, info.identity = self.echo_sid, f"{self.identity}#echo"
        return info

    @property
    def info(self) -> Any:
        """models.ParticipantInfo as others and the server API see it."""
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            name=self.name,
            state=self.state,
            metadata=self.metadata,
            attributes=self.attributes,
            joined_at=self.joined_ms // 1000,
            joined_at_ms=self.joined_ms,
            version=self.version,
            permission=proto_from_permission(self.permission),
            is_publisher=bool(self.publishing.tracks),
            tracks=[t.info for t in self.publishing.tracks.values()],
        )

    # --- to the client

    def tell(self, **message: Any) -> None:
        """Send one SignalResponse, e.g. tell(update=…); lost while there is no socket (a resumed
        client is told the whole state)."""
        if self.link is not None:
            self.link.send(rtc.SignalResponse(**message).SerializeToString())

    def say_goodbye(self, reason: Any, action: Any = rtc.LeaveRequest.DISCONNECT) -> None:
        """Tell the client to leave, and close its socket."""
        self.tell(leave=rtc.LeaveRequest(reason=reason, action=action))
        if self.link is not None:
            self.link.close()
            self.link = None

    def tell_missed(self) -> None:
        """What was done to the client's tracks while it had no socket. Mutes come before the next
        `update`: a client that finds itself muted there without having been told unmutes."""
        for sid in self._missed:
            self.tell(track_unpublished=rtc.TrackUnpublishedResponse(track_sid=sid))
        self._missed.clear()
        for track in self.publishing.tracks.values():
            if track.muted:
                self.tell(mute=rtc.MuteTrackRequest(sid=track.sid, muted=True))

    def _ask_sections(self, audios: int, videos: int) -> None:
        self.tell(
            media_sections_requirement=rtc.MediaSectionsRequirement(
                num_audios=audios, num_videos=videos
            )
        )

    # --- from the client

    def announce_track(self, request: Any) -> None:
        """AddTrack: grant and name a track, or raise Refused."""
        reasons = rtc.RequestResponse
        if request.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO):
            raise Refused(reasons.UNSUPPORTED_TYPE, "not an audio or video track")
        if not self.permission.may_publish(request.source):
            raise Refused(reasons.NOT_ALLOWED, "no permission to publish this source")
        if request.sid or not request.cid or request.cid in self.publishing.announced:
            raise Refused(reasons.INVALID_REQUEST, "unusable track id")
        if len(self.publishing) >= limits.TRACKS_PER_PARTICIPANT:
            raise Refused(reasons.LIMIT_EXCEEDED, "too many tracks")
        track = Track(new_sid("TR"), request, self.peer.send_rtcp)
        self.publishing.announce(track)
        self.tell(track_published=rtc.TrackPublishedResponse(cid=request.cid, track=track.info))

    def offer(self, description: Any) -> None:
        """The client's offer; raises SdpError."""
        answer = self._negotiation.answer(description)
        self.tell(answer=answer.description)
        self._negotiation.sent()
        for track in answer.ended:
            self._room.track_ended(self, track)
        for track in answer.published:
            self._room.track_published(self, track)

    def mute(self, track_sid: str, muted: bool) -> None:
        """The client muted or unmuted a track of its own."""
        track = self.publishing.find(track_sid)
        if track is not None and track.set_muted(muted):
            track.choose_layers(clock.monotonic())
            self.changed()

    def changed(self) -> None:
        """Something that others see is different now."""
        self.version += 1
        self._room.participant_changed(self)

    # --- rights

    def permit(self, permission: Permission) -> None:
        """Replace the permission whole and end what it no longer allows."""
        self.permission = permission
        tracks = [*self.publishing.tracks.values(), *self.publishing.announced.values()]
        for track in tracks:
            if not permission.may_publish(track.source):
                self.take_away(track)
        if not permission.can_subscribe:
            for sid in list(self.subscriptions.downlinks):
                self.subscriptions.unsubscribe(sid)

    def take_away(self, track: Track) -> None:
        """End a track against its publisher's will."""
        was_published = track.sid in self.publishing.tracks
        self.publishing.end(track)
        if self.link is None:
            self._missed.append(track.sid)
        self.tell(track_unpublished=rtc.TrackUnpublishedResponse(track_sid=track.sid))
        if was_published:
            self._room.track_ended(self, track)

    # --- peer.PeerOwner

    def peer_connected(self) -> None:
        self.state = State.ACTIVE
        self.subscriptions.connected()
        self._room.participant_active(self)

    def rtp_received(self, packet: bytes) -> None:
        self.publishing.receive(packet, clock.monotonic())

    def rtcp_received(self, data: bytes) -> None:
        now = clock.monotonic()
        for packet in rtcp.parse(data):
            match packet:
                case rtcp.SenderReport():
                    layer = self.publishing.layer_of(packet.ssrc)
                    for downlink, report in pass_sender_report(layer, packet, now) if layer else ():
                        self._send_report(downlink.sender, downlink.endpoint, report)
                case rtcp.Nack():
                    count = self.subscriptions.nack(packet.media_ssrc, packet.lost, now)
                    self._port.stats.events["resent"] += count
                case rtcp.KeyframeRequest():
                    self._port.stats.events["keyframe_requests"] += 1
                    self.subscriptions.keyframe_wanted(packet.media_ssrc, now)

    def data_received(self, label: str, message: bytes) -> None:
        self._room.data_sent(self, label, message)

    @staticmethod
    def _send_report(sender: Any, endpoint: Any, report: bytes) -> None:
        if sender is not None and endpoint is not None:
            endpoint.send(sender.protect_rtcp(report))
