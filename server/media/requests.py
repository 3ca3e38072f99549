"""What a client may ask over its signalling socket: one function per rtc.SignalRequest.

Requests that need a right are checked here or where the right is held; an unknown or senseless one
is counted and ignored, because newer clients send more than we know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from livekit.protocol import rtc

from server.media import clock, limits
from server.media.participants import Participant, Refused
from server.media.rooms import Reason, Room
from server.media.stats import Stats


class Session:
    """One client's requests against its room."""

    def __init__(self, room: Room, participant: Participant, stats: Stats) -> None:
        self.room, self.participant, self._stats = room, participant, stats
        self._handlers: dict[str, Callable[[Any], None]] = {
            "offer": participant.offer,
            "add_track": self._add_track,
            "mute": self._mute,
            "subscription": self._subscription,
            "track_setting": self._track_setting,
            "update_metadata": self._update_metadata,
            "ping": self._ping,
            "ping_req": self._ping_req,
            "leave": self._leave,
            # an ICE-lite server needs no candidates; a resumed client is told everything anew
            "trickle": _nothing,
            "sync_state": _nothing,
        }

    def handle(self, request: Any) -> None:
        """One rtc.SignalRequest; raises SdpError for an offer that cannot be answered."""
        kind = request.WhichOneof("message")
        handler = self._handlers.get(kind or "")
        if handler is None:
            self._stats.dropped["signal_unknown"] += 1
            return
        handler(getattr(request, kind))

    def _add_track(self, request: Any) -> None:
        try:
            self.participant.announce_track(request)
        except Refused as refused:
            self._stats.events["track_refused"] += 1
            self.participant.tell(
                request_response=rtc.RequestResponse(
                    reason=refused.reason, message=refused.text, add_track=request
                )
            )

    def _mute(self, request: Any) -> None:
        self._stats.events["mutes_told" if request.muted else "unmutes_told"] += 1
        self.participant.mute(request.sid, request.muted)

    def _subscription(self, request: Any) -> None:
        sids = [*request.track_sids, *(s for t in request.participant_tracks for s in t.track_sids)]
        for sid in sids:
            if not request.subscribe:
                self.participant.subscriptions.unsubscribe(sid)
                continue
            found = self.room.track(sid)
            if found is not None:
                self.room.subscribe(self.participant, *found)

    def _track_setting(self, request: Any) -> None:
        for sid in request.track_sids:
            self.participant.subscriptions.set_quality(
                sid, request.disabled, request.quality, request.width
            )

    def _update_metadata(self, request: Any) -> None:
        participant, reasons = self.participant, rtc.RequestResponse
        reason: Any = reasons.OK
        if not participant.permission.can_update_metadata:
            reason = reasons.NOT_ALLOWED
        elif request.ByteSize() > limits.ATTRIBUTE_BYTES:
            reason = reasons.LIMIT_EXCEEDED
        else:
            update_participant(participant, request)
            participant.changed()
        participant.tell(
            request_response=reasons(
                request_id=request.request_id, reason=reason, update_metadata=request
            )
        )

    def _ping(self, _: Any) -> None:
        self.participant.tell(pong=clock.wall_ms())

    def _ping_req(self, request: Any) -> None:
        self.participant.tell(
            pong_resp=rtc.Pong(last_ping_timestamp=request.timestamp, timestamp=clock.wall_ms())
        )

    def _leave(self, _: Any) -> None:
        self.room.remove(self.participant, Reason.CLIENT_INITIATED)


def update_participant(participant: Participant, request: Any) -> None:
    """Name, metadata and attributes of an update, ours or the client's own; empty = unchanged, an
    attribute with an empty value is taken away (LiveKit's rule)."""
    participant.name = request.name or participant.name
    participant.metadata = request.metadata or participant.metadata
    for key, value in request.attributes.items():
        if value:
            participant.attributes[key] = value
        else:
            participant.attributes.pop(key, None)


def _nothing(_: Any) -> None:
    """Understood, and nothing to do."""
