"""What one client receives, and in which section of its connection.

The client always offers. To give it a track there must be a section in which it only receives: a
free one, or a new one that it is asked to add (`media_sections_requirement`). Wishes of one tick
are asked for together, because every renegotiation costs some browsers their decoders' state.

A section that carried a track is answered `inactive` once before it carries another: clients tell a
new track by that change, and otherwise go on under the old one's name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from server.media import clock, sdp
from server.media.forward import resend
from server.media.outbox import Outbox
from server.media.peer import Peer
from server.media.tracks import HIGHEST_QUALITY, Downlink, Track


@dataclass
class _Section:
    """A section in which the client only receives; free = no downlink."""

    kind: str
    downlink: Downlink | None = None


class Subscriptions:
    """The receiving side of one participant. `ask_sections` gets the number of audio and video
    sections that the client must add before it offers again."""

    def __init__(
        self, peer: Peer, outbox: Outbox, ask_sections: Callable[[int, int], None]
    ) -> None:
        self._peer, self._outbox, self._ask = peer, outbox, ask_sections
        self.downlinks: dict[str, Downlink] = {}
        self._by_ssrc: dict[int, Downlink] = {}
        self._sections: dict[str, _Section] = {}
        self._paused: set[str] = set()
        self._placed: list[Downlink] = []
        self._scheduled = self._awaiting_offer = self._again = False

    def subscribe(self, track: Track, owner_sid: str) -> bool:
        """Receive a track as soon as a section carries it; False if that is so already."""
        if track.sid in self.downlinks:
            return False
        downlink = Downlink(track, owner_sid)
        self.downlinks[track.sid] = self._by_ssrc[downlink.ssrc] = downlink
        self._renegotiate()
        return True

    def unsubscribe(self, track_sid: str) -> bool:
        """Receive a track no more, at the client's wish: it waits for its section to go."""
        if not self.drop(track_sid):
            return False
        self._renegotiate()
        return True

    def drop(self, track_sid: str) -> bool:
        """A track has ended. The client knows by other messages: its section rests till the next
        offer."""
        downlink = self.downlinks.pop(track_sid, None)
        if downlink is None:
            return False
        del self._by_ssrc[downlink.ssrc]
        self._paused.discard(track_sid)
        downlink.track.detach(downlink)
        return True

    def drop_all(self) -> None:
        for sid in list(self.downlinks):
            self.drop(sid)

    def set_quality(self, track_sid: str, disabled: bool, quality: int, width: int) -> None:
        """What the client shows of a track: nothing, or a picture of this quality or width."""
        downlink = self.downlinks.get(track_sid)
        if downlink is None:
            return
        track = downlink.track
        if width:
            fitting = (x.quality for x in track.info.layers if x.width >= width)
            quality = next(fitting, HIGHEST_QUALITY)
        downlink.highest_quality = quality
        if disabled:
            self._paused.add(track_sid)
            track.detach(downlink)
        else:
            self._paused.discard(track_sid)
            self._attach(downlink)
            track.choose_layers(clock.monotonic())

    # --- negotiation

    def section_offered(self, section: sdp.Section, payload_type: int) -> Downlink | None:
        """What a section in which the client only receives will carry."""
        use = self._sections.setdefault(section.mid, _Section(section.kind))
        if use.downlink is not None and not self._live(use.downlink):
            use.downlink = None
            return None
        if use.downlink is None:
            use.downlink = next((d for d in self._unplaced() if d.track.kind == use.kind), None)
            if use.downlink is None:
                return None
            use.downlink.mid = section.mid
            self._placed.append(use.downlink)
        use.downlink.payload_type = payload_type
        return use.downlink

    def section_rejected(self, mid: str) -> None:
        """The client gave a section up."""
        use = self._sections.pop(mid, None)
        if use is not None and use.downlink is not None:
            use.downlink.mid = ""
            use.downlink.track.detach(use.downlink)

    def offer_answered(self) -> None:
        """The answer is on its way: begin to send in the sections that it filled."""
        placed, self._placed = self._placed, []
        for downlink in placed:
            self._attach(downlink)
        self._awaiting_offer = False
        if self._again or any(self._unplaced()):
            self._again = False
            self._renegotiate()

    def resumed(self) -> None:
        """The client has a new socket; what was asked on the old one may be lost."""
        self._awaiting_offer = False
        if any(self._unplaced()):
            self._renegotiate()

    def connected(self) -> None:
        """Media may flow: begin what was answered before."""
        for downlink in self.downlinks.values():
            self._attach(downlink)

    def _attach(self, downlink: Downlink) -> None:
        """Start a downlink that has a section, once SRTP keys are there."""
        sender = self._peer.sender
        if not downlink.mid or sender is None or downlink.track.sid in self._paused:
            return
        if self._live(downlink):
            downlink.sender, downlink.endpoint = sender, self._peer.endpoint
            downlink.track.attach(downlink, clock.monotonic())

    def _live(self, downlink: Downlink) -> bool:
        return self.downlinks.get(downlink.track.sid) is downlink

    def _unplaced(self) -> list[Downlink]:
        return [d for d in self.downlinks.values() if not d.mid]

    def _renegotiate(self) -> None:
        if self._awaiting_offer:
            self._again = True
        elif not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._ask_for_offer)

    def _ask_for_offer(self) -> None:
        self._scheduled = False
        if self._peer.closed or self._awaiting_offer:
            return
        self._awaiting_offer = True
        wanted = {"audio": 0, "video": 0}
        for downlink in self._unplaced():
            wanted[downlink.track.kind] += 1
        for use in self._sections.values():
            if use.downlink is None:
                wanted[use.kind] -= 1
        self._ask(max(0, wanted["audio"]), max(0, wanted["video"]))

    # --- feedback

    def keyframe_wanted(self, ssrc: int, now: float) -> None:
        """The client lost its picture (PLI, FIR)."""
        downlink = self._by_ssrc.get(ssrc)
        layer = downlink.layer or downlink.target if downlink else None
        if layer is not None and layer.track.kind == "video" and not layer.track.muted:
            layer.keyframes.want()
            layer.repair(now)

    def nack(self, ssrc: int, lost: tuple[int, ...], now: float) -> int:
        """The client lacks packets; how many were sent again."""
        downlink = self._by_ssrc.get(ssrc)
        return resend(downlink, lost, now, self._outbox) if downlink else 0
