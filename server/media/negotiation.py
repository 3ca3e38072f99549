"""One offer in, one answer out: which section of the client's description carries what.

Sections in which the client sends belong to `publishing`, the others to `subscriptions`. An offer
that cannot be understood raises SdpError and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from livekit.protocol import rtc

from server.media import sdp
from server.media.peer import Peer
from server.media.publishing import Publishing
from server.media.subscriptions import Subscriptions
from server.media.tracks import Downlink, Track


@dataclass(frozen=True)
class Answer:
    """The rtc.SessionDescription, and what changed with it."""

    description: Any
    published: list[Track]
    ended: list[Track]


class Negotiation:
    """The offers and answers of one peer connection."""

    def __init__(self, peer: Peer, publishing: Publishing, subscriptions: Subscriptions) -> None:
        self._peer, self._publishing, self._subscriptions = peer, publishing, subscriptions
        self._version = 0

    def answer(self, description: Any) -> Answer:
        """Answer a client's rtc.SessionDescription; raises SdpError. The caller sends the answer
        and then calls `sent`."""
        offer = sdp.parse_offer(description.sdp)
        self._peer.remote_description(offer.ufrag, offer.fingerprints)
        self._version += 1
        # clients match the answer by the offer's id and find received tracks by their section
        answer = rtc.SessionDescription(type="answer", id=description.id)
        body: list[str] = []
        mids: list[str] = []
        for section in offer.sections:
            lines, track_sid = self._section(section)
            body += lines
            if not lines[0].startswith(f"m={section.kind} 0 "):
                mids.append(section.mid)
            if track_sid:
                answer.mid_to_track_id[section.mid] = track_sid
        answer.sdp = sdp.text(sdp.head(mids, self._version) + body)
        published, ended = self._publishing.offer_answered(
            s.mid for s in offer.sections if s.client_sends and not s.rejected
        )
        return Answer(answer, published, ended)

    def sent(self) -> None:
        """The answer is queued for the client."""
        self._subscriptions.offer_answered()

    def _section(self, section: sdp.Section) -> tuple[list[str], str]:
        """Lines that answer a section, and the sid of the track in it ("" for none)."""
        if section.kind == "application" and not section.rejected:
            return sdp.data_section(section, self._peer.transport), ""
        payload_type = section.payload_type
        if section.rejected or payload_type is None:
            self._subscriptions.section_rejected(section.mid)
            return sdp.rejected_section(section), ""
        transport = self._peer.transport
        if section.client_sends:
            track = self._publishing.section_offered(section, payload_type)
            if track is not None:
                return sdp.receiving_section(section, payload_type, transport), track.sid
        downlink = None
        if section.direction == "recvonly":
            downlink = self._subscriptions.section_offered(section, payload_type)
        lines = sdp.sending_section(section, payload_type, transport, _sending(downlink))
        return lines, downlink.track.sid if downlink else ""


def _sending(downlink: Downlink | None) -> sdp.Sending | None:
    if downlink is None:
        return None
    track = downlink.track
    return sdp.Sending(downlink.owner_sid, track.stream, track.sid, downlink.ssrc)
