"""Rooms: who is in, who hears of whom, who receives what; and the registry of all rooms.

State changes here are synchronous and complete: after a call, tables, subscriptions, messages and
webhooks agree. Only the closing of connections goes on in the background.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from server.media import clock, limits, speakers
from server.media.datachannel import LOSSY, RELIABLE
from server.media.participants import Link, Participant, State, new_sid
from server.media.peer import MediaPort
from server.media.permissions import Permission
from server.media.settings import Settings
from server.media.tokens import Claims, TokenRefused
from server.media.tracks import Track

log = logging.getLogger(__name__)

Reason = models.DisconnectReason
CREATED_EMPTY_SECONDS = 300.0
"""How long a room made by the server API waits for its first participant (LiveKit's default)."""

DOOR_PREFIX = "door-"


class Room:
    """Participants that see each other; implements `participants.RoomOf`."""

    def __init__(self, name: str, registry: Rooms, now_ms: int) -> None:
        self.name, self.sid = name, new_sid("RM")
        self.metadata = ""
        self.created_ms = now_ms
        self.participants: dict[str, Participant] = {}
        """By identity."""
        self.empty_since = clock.monotonic()
        self.empty_seconds = CREATED_EMPTY_SECONDS
        self._registry = registry
        self._speaking: dict[str, float] = {}

    @property
    def info(self) -> Any:
        """models.Room; hidden participants are not counted."""
        visible = [p for p in self.participants.values() if not p.hidden]
        return models.Room(
            sid=self.sid,
            name=self.name,
            metadata=self.metadata,
            empty_timeout=int(self.empty_seconds),
            creation_time=self.created_ms // 1000,
            creation_time_ms=self.created_ms,
            num_participants=len(visible),
            num_publishers=sum(bool(p.publishing.tracks) for p in visible),
            enabled_codecs=[models.Codec(mime=m) for m in ("audio/opus", "video/VP8")],
        )

    def others(self, me: Participant) -> Iterable[Participant]:
        return (p for p in self.participants.values() if p is not me)

    def visible_to(self, me: Participant) -> list[Any]:
        """ParticipantInfo of everybody that `me` may know of, without `me`."""
        echo = [me.echo] if self.loops_back(me) else []
        return [p.info for p in self.others(me) if not p.hidden] + echo

    def loops_back(self, participant: Participant) -> bool:
        """At the door, before a meeting, one tests with one's own picture and sound."""
        return self.name.startswith(DOOR_PREFIX) and participant.hears_itself

    def may_receive(self, subscriber: Participant, publisher: Participant) -> bool:
        """Whether one may get the other's tracks."""
        if not subscriber.permission.can_subscribe:
            return False
        if subscriber is publisher:
            return self.loops_back(subscriber)
        return not publisher.hidden

    def track(self, sid: str) -> tuple[Participant, Track] | None:
        """A published track and its owner."""
        for participant in self.participants.values():
            track = participant.publishing.tracks.get(sid)
            if track is not None:
                return participant, track
        return None

    def emit(self, event: str, participant: Any = None, track: Any = None) -> None:
        """A webhook."""
        self._registry.emit(event, self.info, participant, track)

    # --- participants.RoomOf

    def participant_active(self, participant: Participant) -> None:
        self.emit("participant_joined", participant.info)
        participant.changed()

    def participant_changed(self, participant: Participant) -> None:
        update = rtc.ParticipantUpdate(participants=[participant.info])
        participant.tell(update=update)
        if self.loops_back(participant):
            participant.tell(update=rtc.ParticipantUpdate(participants=[participant.echo]))
        if not participant.hidden:
            for other in self.others(participant):
                other.tell(update=update)

    def track_published(self, participant: Participant, track: Track) -> None:
        # clients must know the track before it is negotiated
        participant.changed()
        self.emit("track_published", participant.info, track.info)
        for other in self.participants.values():
            if other.auto_subscribe:
                self.subscribe(other, participant, track)

    def track_ended(self, participant: Participant, track: Track) -> None:
        for other in self.participants.values():
            other.subscriptions.drop(track.sid)
        participant.changed()
        self.emit("track_unpublished", participant.info, track.info)

    def data_sent(self, participant: Participant, label: str, message: bytes) -> None:
        """Stamp a DataPacket with its sender and pass it on."""
        stats = self._registry.port.stats
        if not participant.permission.can_publish_data:
            stats.dropped["data_not_allowed"] += 1
            return
        packet = models.DataPacket()
        try:
            packet.ParseFromString(message)
        except DecodeError:
            stats.dropped["data_malformed"] += 1
            return
        packet.kind = packet.LOSSY if label == LOSSY else packet.RELIABLE
        packet.participant_sid = "" if participant.hidden else participant.sid
        packet.participant_identity = "" if participant.hidden else participant.identity
        wanted = set(packet.destination_identities)
        if packet.WhichOneof("value") == "user":
            packet.user.participant_sid = packet.participant_sid
            packet.user.participant_identity = packet.participant_identity
            wanted |= set(packet.user.destination_identities)
        raw = packet.SerializeToString()
        for other in self.others(participant):
            if not wanted or other.identity in wanted:
                other.peer.send_data(label, raw)

    # --- requests

    def subscribe(self, subscriber: Participant, publisher: Participant, track: Track) -> None:
        """Let one receive the other's track, if it may."""
        if not self.may_receive(subscriber, publisher):
            return
        owner_sid = publisher.echo_sid if subscriber is publisher else publisher.sid
        if subscriber.subscriptions.subscribe(track, owner_sid):
            publisher.tell(track_subscribed=rtc.TrackSubscribed(track_sid=track.sid))

    def subscribe_to_all(self, subscriber: Participant) -> None:
        """Every track there is, for a client that wants them without asking."""
        for publisher in self.participants.values():
            for track in publisher.publishing.tracks.values():
                self.subscribe(subscriber, publisher, track)

    def permit(self, participant: Participant, permission: Permission) -> None:
        """Replace a permission whole; what it no longer allows ends at once."""
        participant.permit(permission)
        if permission.can_subscribe and participant.auto_subscribe:
            self.subscribe_to_all(participant)

    def send_data(self, data: bytes, topic: str, reliable: bool, identities: set[str]) -> None:
        """A message of the server to the clients, or to some of them."""
        kind = models.DataPacket.RELIABLE if reliable else models.DataPacket.LOSSY
        user = models.UserPacket(payload=data, topic=topic)
        raw = models.DataPacket(kind=kind, user=user).SerializeToString()
        for participant in self.participants.values():
            if not identities or participant.identity in identities:
                participant.peer.send_data(RELIABLE if reliable else LOSSY, raw)

    def set_metadata(self, metadata: str) -> None:
        self.metadata = metadata
        for participant in self.participants.values():
            participant.tell(room_update=rtc.RoomUpdate(room=self.info))

    def mute_track(self, participant: Participant, track: Track) -> None:
        """Mute by the moderator: the client is told, and nothing is passed on meanwhile."""
        if track.set_muted(True):
            participant.tell(mute=rtc.MuteTrackRequest(sid=track.sid, muted=True))
            participant.changed()

    def remove(
        self, participant: Participant, reason: Any, action: Any = rtc.LeaveRequest.DISCONNECT
    ) -> None:
        """Take a participant out, whatever the reason; again for the same one is nothing."""
        if self.participants.get(participant.identity) is not participant:
            return
        participant.say_goodbye(reason, action)
        del self.participants[participant.identity]
        was_active = participant.state == State.ACTIVE
        ended = list(participant.publishing.tracks.values())
        for track in ended:
            participant.publishing.end(track)
            for other in self.participants.values():
                other.subscriptions.drop(track.sid)
        participant.subscriptions.drop_all()
        participant.state = State.DISCONNECTED
        participant.version += 1
        info = participant.info
        info.disconnect_reason = reason
        if not participant.hidden:
            for other in self.participants.values():
                other.tell(update=rtc.ParticipantUpdate(participants=[info]))
        for track in ended:
            self.emit("track_unpublished", info, track.info)
        if was_active:
            self.emit("participant_left", info)
        self._registry.spawn(participant.peer.close())
        if not self.participants:
            self.empty_since = clock.monotonic()
            self.empty_seconds = self._registry.settings.empty_seconds

    # --- timers

    def tick(self, now: float) -> None:
        """Four times a second: layers and speakers."""
        speaking: dict[str, float] = {}
        for participant in self.participants.values():
            level = 0.0
            for track in participant.publishing.tracks.values():
                if track.kind == "video":
                    track.choose_layers(now)
                else:
                    level = max(level, track.speech.level)
                    track.speech.decay()
            if level > speakers.LOUD and not participant.hidden:
                speaking[participant.sid] = level
        told = speakers.changed_speakers(self._speaking, speaking)
        self._speaking = speaking
        if told:
            infos = [models.SpeakerInfo(sid=s, level=v, active=v > 0) for s, v in told.items()]
            for participant in self.participants.values():
                participant.tell(speakers_changed=rtc.SpeakersChanged(speakers=infos))

    def expire(self, now: float) -> None:
        """Once a second: who lost socket or media for too long is gone."""
        settings = self._registry.settings
        for participant in list(self.participants.values()):
            no_link = participant.link is None
            if no_link and now - participant.link_lost_at > settings.resume_seconds:
                self.remove(participant, Reason.SIGNAL_CLOSE)
            elif now - participant.peer.silent_since > settings.peer_timeout_seconds:
                self.remove(participant, Reason.CONNECTION_TIMEOUT, rtc.LeaveRequest.RECONNECT)


class Rooms:
    """All rooms by name, and the identities that were removed from them."""

    def __init__(
        self,
        settings: Settings,
        port: MediaPort,
        emit: Callable[[str, Any, Any, Any], None],
    ) -> None:
        self.settings, self.port, self.emit = settings, port, emit
        self.by_name: dict[str, Room] = {}
        self._removals: dict[tuple[str, str], float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def counts(self) -> dict[str, int]:
        """For /metrics."""
        people = [p for room in self.by_name.values() for p in room.participants.values()]
        return {
            "rooms": len(self.by_name),
            "participants": len(people),
            "tracks": sum(len(p.publishing.tracks) for p in people),
            "subscriptions": sum(len(p.subscriptions.downlinks) for p in people),
        }

    def create(self, name: str) -> Room:
        """The room of this name, made if need be."""
        room = self.by_name.get(name)
        if room is None:
            room = self.by_name[name] = Room(name, self, clock.wall_ms())
            log.info("room %r started", name)
            room.emit("room_started")
        return room

    def join(self, claims: Claims, link: Link, auto_subscribe: bool) -> tuple[Room, Participant]:
        """A new participant, told of the room; an older one of the same identity is put out."""
        room = self.create(claims.room)
        old = room.participants.get(claims.identity)
        if old is not None:
            room.remove(old, Reason.DUPLICATE_IDENTITY)
        participant = Participant(claims, room, self.port, clock.wall_ms())
        participant.link, participant.auto_subscribe = link, auto_subscribe
        room.participants[claims.identity] = participant
        return room, participant

    def find_resumable(self, claims: Claims, sid: str) -> tuple[Room, Participant] | None:
        """The participant that this token may take up again."""
        room = self.by_name.get(claims.room)
        participant = room.participants.get(claims.identity) if room else None
        if room is None or participant is None or participant.sid != sid:
            return None
        return room, participant

    def check_not_removed(self, claims: Claims) -> None:
        """Raises TokenRefused(401) for a token from before its identity was removed. `nbf` counts
        whole seconds: one of the same second counts as before."""
        removed_at = self._removals.get((claims.room, claims.identity))
        if removed_at is not None and claims.not_before <= removed_at:
            raise TokenRefused(401, "participant was removed from the room")

    def remove_identity(self, room: Room, participant: Participant) -> None:
        """Removal by the moderator: tokens minted before it open nothing any more."""
        now = clock.wall_seconds()
        self._removals.pop((room.name, participant.identity), None)
        self._removals[room.name, participant.identity] = now
        while len(self._removals) > limits.REMOVALS:
            del self._removals[next(iter(self._removals))]
        room.remove(participant, Reason.PARTICIPANT_REMOVED)

    def delete(
        self,
        room: Room,
        reason: Any = Reason.ROOM_DELETED,
        action: Any = rtc.LeaveRequest.DISCONNECT,
    ) -> None:
        """Everybody out, and the room is gone."""
        for participant in list(room.participants.values()):
            room.remove(participant, reason, action)
        if self.by_name.get(room.name) is room:
            del self.by_name[room.name]
            room.emit("room_finished")
            log.info("room %r finished", room.name)

    def expire(self, now: float) -> None:
        """Once a second: lost participants, empty rooms, old removals."""
        for room in list(self.by_name.values()):
            room.expire(now)
            if not room.participants and now - room.empty_since > room.empty_seconds:
                self.delete(room)
        oldest = clock.wall_seconds() - limits.REMOVAL_SECONDS
        while self._removals and next(iter(self._removals.values())) < oldest:
            del self._removals[next(iter(self._removals))]

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Background work that `close` waits for."""
        task = asyncio.create_task(work, name="closing")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell everybody to come again when the server is back, and end every connection."""
        for room in list(self.by_name.values()):
            self.delete(room, Reason.SERVER_SHUTDOWN, rtc.LeaveRequest.RECONNECT)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
