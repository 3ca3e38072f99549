"""What one client publishes: announced, offered, received.

A track is *announced* by AddTrack, *published* when an offer has a section for it, and *ended* when
a later offer lacks it or somebody takes it away. A packet finds its track by SSRC, at first by the
MID and RID in its header (RFC 8843 §9.2, RFC 8852). Who may publish is decided before.
"""

from __future__ import annotations

from collections.abc import Iterable

from server.media import bandwidth, rtcp, rtp, sdp
from server.media.forward import forward
from server.media.outbox import Outbox
from server.media.stats import Stats
from server.media.tracks import Layer, Track

_RID_INDEX = {"q": 0, "h": 1, "f": 2}
_MOST_SSRCS = 64


class Publishing:
    """The publishing side of one participant."""

    def __init__(self, stats: Stats, outbox: Outbox) -> None:
        self._stats, self._outbox = stats, outbox
        self.announced: dict[str, Track] = {}
        self.tracks: dict[str, Track] = {}
        self._by_mid: dict[str, Track] = {}
        self._by_ssrc: dict[int, Layer] = {}
        self._fresh: list[Track] = []
        self._replaced: list[Track] = []
        self._stale_mids: set[str] = set()
        """Sections of tracks that were taken away; their client may not know yet."""
        self._mid_extension = self._rid_extension = 0
        self._names: dict[int, tuple[str, str]] = {}
        """SSRC → (MID, RID) as packets once said."""

    def __len__(self) -> int:
        return len(self.announced) + len(self.tracks)

    def find(self, sid: str) -> Track | None:
        """A published or announced track by its sid."""
        track = self.tracks.get(sid)
        return track or next((t for t in self.announced.values() if t.sid == sid), None)

    def announce(self, track: Track) -> None:
        """AddTrack was granted: the offer that carries the track follows."""
        self.announced[track.cid] = track

    def section_offered(self, section: sdp.Section, payload_type: int) -> Track | None:
        """The track that a section carries; None if nobody announced one, so nothing is taken."""
        track = self._by_mid.get(section.mid)
        if track is None or section.track_id in self.announced:
            if track is not None:
                # the same device published anew before the offer that would have ended it
                self._replaced.append(track)
            track = self._claim(section)
            if track is None:
                return None
            self._by_mid[section.mid] = track
            self._fresh.append(track)
        self._bind(track, section, payload_type)
        return track

    def _claim(self, section: sdp.Section) -> Track | None:
        track = self.announced.pop(section.track_id, None)
        if track is None and section.mid not in self._stale_mids:
            # Firefox's msid is not the announced cid: the oldest announced track of this kind
            cid = next((c for c, t in self.announced.items() if t.kind == section.kind), None)
            track = self.announced.pop(cid) if cid is not None else None
        if track is not None and track.kind != section.kind:
            self.announced[track.cid] = track
            return None
        return track

    def _bind(self, track: Track, section: sdp.Section, payload_type: int) -> None:
        ids = section.extension_ids
        self._mid_extension = ids.get(sdp.EXT_MID, self._mid_extension)
        self._rid_extension = ids.get(sdp.EXT_RID, self._rid_extension)
        track.mid, track.payload_type, track.rids = section.mid, payload_type, section.rids
        track.level_extension = ids.get(sdp.EXT_LEVEL, 0) if track.kind == "audio" else 0
        track.info.mid = section.mid
        track.info.simulcast = len(track.rids) > 1
        for codec in track.info.codecs:
            codec.mid = section.mid

    def offer_answered(self, sending_mids: Iterable[str]) -> tuple[list[Track], list[Track]]:
        """An offer is done: (tracks newly published, tracks that it no longer sends)."""
        sending = set(sending_mids)
        self._stale_mids &= sending
        ended = [track for mid, track in self._by_mid.items() if mid not in sending]
        ended += self._replaced
        self._replaced = []
        fresh, self._fresh = self._fresh, []
        for track in fresh:
            self.tracks[track.sid] = track
        for track in ended:
            self.end(track)
            self._stale_mids.discard(track.mid)
        return fresh, ended

    def end(self, track: Track) -> None:
        """From now on nothing of this track is received; packets still under way are dropped."""
        self.tracks.pop(track.sid, None)
        self.announced.pop(track.cid, None)
        if self._by_mid.get(track.mid) is track:
            del self._by_mid[track.mid]
            self._stale_mids.add(track.mid)
        for ssrc in [s for s, layer in self._by_ssrc.items() if layer.track is track]:
            del self._by_ssrc[ssrc]

    def receive(self, packet: bytes, now: float) -> None:
        """One decrypted RTP packet."""
        header = rtp.parse(packet)
        if header is None:
            self._stats.dropped["rtp_malformed"] += 1
            return
        layer = self._by_ssrc.get(header.ssrc) or self._resolve(packet, header, now)
        if layer is None:
            self._stats.dropped["rtp_unknown"] += 1
            return
        track = layer.track
        if header.payload_type != track.payload_type:
            self._stats.dropped["rtp_payload_type"] += 1
            return
        if track.level_extension and not track.muted:
            level = rtp.extension(packet, header, track.level_extension)
            if level:
                track.speech.heard(level)
        forward(layer, packet, header, now, self._outbox)

    def _resolve(self, packet: bytes, header: rtp.Header, now: float) -> Layer | None:
        """An SSRC that belongs to no track yet."""
        track, rid = self._carried(packet, header)
        if track is None or track.sid not in self.tracks or len(self._by_ssrc) >= _MOST_SSRCS:
            return None
        index = 0
        if track.rids:
            if rid not in track.rids:
                return None
            index = _RID_INDEX.get(rid, track.rids.index(rid))
        for ssrc in [s for s, x in self._by_ssrc.items() if x.track is track and x.index == index]:
            del self._by_ssrc[ssrc]
        layer = self._by_ssrc[header.ssrc] = track.add_layer(index, header.ssrc, now)
        return layer

    def _carried(self, packet: bytes, header: rtp.Header) -> tuple[Track | None, str]:
        """(track, rid) of a packet: by its MID and RID; by what they once were for its SSRC, for
        senders leave them out after the first report; or by a payload type of one track only."""
        mid = rtp.extension(packet, header, self._mid_extension)
        if mid is not None:
            rid = rtp.extension(packet, header, self._rid_extension) or b""
            names = mid.decode("ascii", "replace"), rid.decode("ascii", "replace")
            if len(self._names) >= _MOST_SSRCS:
                self._names.clear()
            self._names[header.ssrc] = names
        elif header.ssrc in self._names:
            names = self._names[header.ssrc]
        else:
            alike = [t for t in self._by_mid.values() if t.payload_type == header.payload_type]
            return (alike[0] if len(alike) == 1 else None), ""
        return self._by_mid.get(names[0]), names[1]

    def layer_of(self, ssrc: int) -> Layer | None:
        return self._by_ssrc.get(ssrc)

    def repair(self, now: float) -> None:
        """NACKs and key frame requests that are due."""
        for layer in self._by_ssrc.values():
            layer.repair(now)

    def reports(self, now: float, uplink_bps: int) -> list[bytes]:
        """What the client is told once a second about what it sends: reception and its cap."""
        blocks = []
        for ssrc, layer in self._by_ssrc.items():
            if now - layer.last_at < 5 * bandwidth.REPORT_SECONDS:
                block = layer.stats.block(ssrc, now)
                if block is not None:
                    blocks.append(block)
        out = [
            rtcp.receiver_report(blocks[i : i + rtcp.MAX_REPORTS])
            for i in range(0, len(blocks), rtcp.MAX_REPORTS)
        ]
        video = [s for s, layer in self._by_ssrc.items() if layer.track.kind == "video"]
        if video:
            out.append(rtcp.remb(uplink_bps, video))
        return out
