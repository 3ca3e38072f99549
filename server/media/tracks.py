"""Published tracks, the streams they arrive in, and the streams they leave in.

A `Track` has one `Layer` per SSRC received (one, or one per simulcast layer) and one `Downlink` per
subscriber. A downlink is either *waiting* for a packet it can start with (video: a key frame of the
layer it wants) or *following* one layer. The hot loop in `forward` only sees those that follow.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from livekit.protocol import models

from server.media import rtcp, vp8
from server.media.bandwidth import ReceiverStats
from server.media.ice import IceEndpoint
from server.media.keyframes import KeyframeRequests
from server.media.nack import History, Missing, ResendGate
from server.media.sequence import SequenceMap, Unwrapper
from server.media.speakers import SpeechMeter
from server.media.srtp import SrtpSender

CLOCK_RATE = {"audio": 48000, "video": 90000}
LAYER_SILENT_SECONDS = 1.0
HIGHEST_QUALITY = 2

_STREAMS = {
    models.TrackSource.CAMERA: "camera",
    models.TrackSource.MICROPHONE: "camera",
    models.TrackSource.SCREEN_SHARE: "screen",
    models.TrackSource.SCREEN_SHARE_AUDIO: "screen",
}
"""Tracks of one stream are played in step: the microphone goes with the camera."""


class Layer:
    """One received SSRC of a track."""

    def __init__(self, track: Track, index: int, ssrc: int) -> None:
        self.track, self.index, self.ssrc = track, index, ssrc
        self.stats = ReceiverStats(CLOCK_RATE[track.kind])
        self.unwrapper = Unwrapper()
        self.sequence = SequenceMap()
        self.missing = Missing() if track.kind == "video" else None
        self.history = History() if track.kind == "video" else None
        self.keyframes = KeyframeRequests()
        self.downlinks: list[Downlink] = []
        self.newest_number = -1
        self.newest_dense = -1
        self.newest_timestamp = 0
        self.newest_descriptor = vp8.PLAIN
        self.newest_tl0 = 0
        self.last_at = 0.0
        self.packets = self.octets = 0

    def received(self, number: int, timestamp: int, now: float) -> None:
        """Count a packet by its unbounded number; a gap in video becomes something to ask for."""
        self.stats.packet(number, timestamp, now)
        self.last_at = now
        if number > self.newest_number:
            if self.missing is not None and 0 <= self.newest_number < number - 1:
                self.missing.gap(self.newest_number, number, now)
            self.newest_number = number
        elif self.missing is not None:
            self.missing.received(number)

    def repair(self, now: float) -> None:
        """Send what is due upstream: NACKs, and a key frame request where repair was given up."""
        if self.missing is not None:
            lost = self.missing.due(now) if self.missing else []
            if lost:
                self.track.send_rtcp(rtcp.nack(self.ssrc, lost))
            if self.missing.lost:
                self.missing.lost = False
                if self.downlinks:
                    self.keyframes.want()
        if self.keyframes.due(now):
            self.track.send_rtcp(rtcp.pli(self.ssrc))


class Track:
    """A published track. `info` is the models.TrackInfo that clients are told."""

    def __init__(self, sid: str, request: Any, send_rtcp: Callable[[bytes], None]) -> None:
        self.sid, self.cid = sid, request.cid
        self.kind = "audio" if request.type == models.TrackType.AUDIO else "video"
        self.source: int = request.source
        self.send_rtcp = send_rtcp
        self.stream: str = request.stream or _STREAMS.get(request.source, sid)
        self.mid = ""
        self.payload_type = -1
        self.rids: list[str] = []
        self.level_extension = 0
        self.speech = SpeechMeter()
        self.layers: dict[int, Layer] = {}
        self.downlinks: list[Downlink] = []
        self.waiting: list[Downlink] = []
        self.info = _info(self, request)

    @property
    def muted(self) -> bool:
        return bool(self.info.muted)

    def set_muted(self, muted: bool) -> bool:
        """Mute or unmute; whether that was a change. Pictures start anew with a key frame."""
        if self.info.muted == muted:
            return False
        self.info.muted = muted
        if muted:
            self.speech.level = 0.0
        if self.kind == "video":
            for downlink in self.downlinks:
                downlink.stop()
                if downlink not in self.waiting:
                    self.waiting.append(downlink)
        return True

    def add_layer(self, index: int, ssrc: int, now: float) -> Layer:
        """A new stream of this track has begun."""
        old = self.layers.get(index)
        if old is not None:
            for downlink in list(old.downlinks):
                downlink.stop()
        layer = self.layers[index] = Layer(self, index, ssrc)
        layer.last_at = now
        self.choose_layers(now)
        return layer

    def attach(self, downlink: Downlink, now: float) -> None:
        """A subscriber is ready to receive."""
        if downlink not in self.downlinks:
            self.downlinks.append(downlink)
            self.choose_layers(now)

    def detach(self, downlink: Downlink) -> None:
        """A subscriber is gone, or wants nothing for now."""
        downlink.stop()
        if downlink in self.downlinks:
            self.downlinks.remove(downlink)
        if downlink in self.waiting:
            self.waiting.remove(downlink)

    def choose_layers(self, now: float) -> None:
        """Each subscriber gets the best layer being sent that is not above what it asked for."""
        sending = sorted(
            i for i, layer in self.layers.items() if now - layer.last_at < LAYER_SILENT_SECONDS
        )
        choice = sending or sorted(self.layers)
        if not choice:
            return
        for downlink in self.downlinks:
            wanted = [i for i in choice if i <= downlink.highest_quality] or choice[:1]
            self._aim(downlink, self.layers[wanted[-1]])
        for layer in self.layers.values():
            layer.repair(now)

    def _aim(self, downlink: Downlink, layer: Layer) -> None:
        downlink.target = layer
        if downlink.layer is layer:
            if downlink in self.waiting:
                self.waiting.remove(downlink)
            return
        if downlink not in self.waiting:
            self.waiting.append(downlink)
        if self.kind == "video" and not self.muted:
            layer.keyframes.want()


class Downlink:
    """One track as sent to one subscriber: its own SSRC, payload type and number shifts.

    `owner_sid` is the participant whose track the subscriber believes it to be."""

    __slots__ = (
        "_base_octets",
        "_base_packets",
        "_last",
        "_last_layer",
        "endpoint",
        "first_dense",
        "gate",
        "highest_quality",
        "layer",
        "mid",
        "octets",
        "owner_sid",
        "packets",
        "payload_type",
        "picture_shift",
        "rewrites",
        "sender",
        "sequence_shift",
        "ssrc",
        "target",
        "timestamp_shift",
        "tl0_shift",
        "track",
    )

    def __init__(self, track: Track, owner_sid: str) -> None:
        self.track, self.owner_sid = track, owner_sid
        self.ssrc = random.getrandbits(31) | 1
        self.mid = ""
        """"" while no section carries it."""
        self.payload_type = 0
        self.sender: SrtpSender | None = None
        self.endpoint: IceEndpoint | None = None
        self.highest_quality = HIGHEST_QUALITY
        self.target: Layer | None = None
        self.layer: Layer | None = None
        self.gate = ResendGate()
        self.sequence_shift = self.timestamp_shift = self.picture_shift = self.tl0_shift = 0
        self.rewrites = False
        self.first_dense = 0
        self.packets = self.octets = 0
        self._base_packets = self._base_octets = 0
        # a low first number: an early wrap with loss would desynchronise SRTP (RFC 3711 §3.3.1)
        first = random.getrandbits(14)
        self._last = (first, 0, 0, 0, 0.0)
        self._last_layer: Layer | None = None

    def start(
        self, layer: Layer, dense: int, timestamp: int, picture: tuple[int, int], now: float
    ) -> None:
        """Follow `layer` from this packet on: numbers go on where the last packet left them."""
        if self.layer is not None:
            self.stop()
        sequence, last_timestamp, last_picture, last_tl0, last_at = self._last
        self.sequence_shift = dense - sequence - 1
        if self._last_layer is not None and self._last_layer is not layer:
            elapsed = max(1, int((now - last_at) * CLOCK_RATE[self.track.kind]))
            self.timestamp_shift = timestamp - last_timestamp - elapsed
            self.picture_shift = (picture[0] - last_picture - 1) & vp8.PICTURE_ID_MASK
            self.tl0_shift = (picture[1] - last_tl0 - 1) & 0xFF
            self.rewrites = bool(self.picture_shift or self.tl0_shift)
        self.first_dense = dense
        self._base_packets, self._base_octets = layer.packets, layer.octets
        self.layer = layer
        layer.downlinks.append(self)

    def stop(self) -> None:
        """Follow nothing; remember where the numbers stand."""
        layer = self.layer
        if layer is None:
            return
        layer.downlinks.remove(self)
        self._last = (
            max(layer.newest_dense, self.first_dense) - self.sequence_shift,
            layer.newest_timestamp - self.timestamp_shift,
            layer.newest_descriptor.picture_id - self.picture_shift,
            layer.newest_tl0 - self.tl0_shift,
            layer.last_at,
        )
        self.packets, self.octets = self.counts()
        self.layer, self._last_layer = None, layer

    def counts(self) -> tuple[int, int]:
        """Packets and octets sent so far, for sender reports."""
        layer = self.layer
        if layer is None:
            return self.packets, self.octets
        return (
            self.packets + layer.packets - self._base_packets,
            self.octets + layer.octets - self._base_octets,
        )


def _info(track: Track, request: Any) -> Any:
    mime = "audio/opus" if track.kind == "audio" else "video/VP8"
    return models.TrackInfo(
        sid=track.sid,
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        source=request.source,
        layers=request.layers,
        mime_type=mime,
        stereo=request.stereo,
        disable_dtx=request.disable_dtx,
        disable_red=True,
        stream=track.stream,
        encryption=request.encryption,
        audio_features=request.audio_features,
        codecs=[models.SimulcastCodecInfo(mime_type=mime, cid=request.cid, layers=request.layers)],
    )
