"""The hot path: one packet in, the same packet to every follower with its own numbers.

Nothing is decoded and nothing is kept per subscriber and packet. Work that all subscribers share
(dense numbers, the payload kept for repair, a rewritten descriptor) is done once per packet.
"""

from __future__ import annotations

from server.media import rtcp, rtp, vp8
from server.media.nack import Sent
from server.media.outbox import Outbox
from server.media.rtp import Header
from server.media.tracks import Downlink, Layer, Track

_VERSION = 0x80


def forward(layer: Layer, packet: bytes, header: Header, now: float, outbox: Outbox) -> None:
    """Pass one received packet on to all who follow its layer, or wait for one like it."""
    track = layer.track
    number = layer.unwrapper.unwrap(header.sequence)
    layer.received(number, header.timestamp, now)
    payload = packet[header.payload_start : header.payload_end]
    if track.muted or not payload:
        dense, payload = layer.sequence.swallow(number), b""
    else:
        dense = layer.sequence.forward(number)
    if dense is None:
        return
    video = track.kind == "video"
    descriptor = vp8.parse(payload) if video else vp8.PLAIN
    late = dense < layer.newest_dense
    if not late:
        layer.newest_dense, layer.newest_timestamp = dense, header.timestamp
        if descriptor.picture_id_at:
            layer.newest_descriptor = descriptor
            layer.newest_tl0 = payload[descriptor.tl0_at] if descriptor.tl0_at else 0
    if track.waiting and payload and (descriptor.starts_keyframe or not video):
        _start_waiting(track, layer, dense, header.timestamp, payload, descriptor, now)
    if descriptor.starts_keyframe:
        layer.keyframes.arrived()
    sent = Sent(dense, header.timestamp, header.marker, payload, descriptor)
    if layer.history is not None:
        layer.history.keep(sent)
    followers = layer.downlinks
    if late:
        followers = [d for d in followers if d.first_dense <= dense]
    if followers:
        layer.packets += 1
        layer.octets += len(payload)
        _fan_out(followers, sent, descriptor, outbox)


def _fan_out(
    followers: list[Downlink], sent: Sent, descriptor: vp8.Descriptor, outbox: Outbox
) -> None:
    dense, timestamp, marker, payload = sent.dense, sent.timestamp, sent.marker, sent.payload
    pack, queue = rtp.pack_header, outbox.queue
    rewritten: dict[tuple[int, int], bytes] = {}
    for d in followers:
        sender, endpoint = d.sender, d.endpoint
        if sender is None or endpoint is None or endpoint.address is None:
            continue
        out = payload
        if d.rewrites and payload:
            shifts = (d.picture_shift, d.tl0_shift)
            out = rewritten.get(shifts) or rewritten.setdefault(
                shifts, vp8.shifted(payload, descriptor, *shifts)
            )
        queue(
            sender.handle,
            endpoint.address,
            pack(
                _VERSION,
                marker | d.payload_type,
                (dense - d.sequence_shift) & 0xFFFF,
                (timestamp - d.timestamp_shift) & 0xFFFFFFFF,
                d.ssrc,
            ),
            out,
        )


def _start_waiting(
    track: Track,
    layer: Layer,
    dense: int,
    timestamp: int,
    payload: bytes,
    descriptor: vp8.Descriptor,
    now: float,
) -> None:
    picture = (descriptor.picture_id, payload[descriptor.tl0_at] if descriptor.tl0_at else 0)
    for downlink in [d for d in track.waiting if d.target is layer]:
        track.waiting.remove(downlink)
        downlink.start(layer, dense, timestamp, picture, now)


def resend(downlink: Downlink, lost: tuple[int, ...], now: float, outbox: Outbox) -> int:
    """Answer a subscriber's NACK from the shared history; how many packets went out again."""
    layer = downlink.layer
    if layer is None or layer.history is None:
        return 0
    count = 0
    for sequence in lost:
        sent = layer.history.find((sequence + downlink.sequence_shift) & 0xFFFF)
        # what was sent before the present layer was followed had other numbers
        if sent is None or sent.dense < downlink.first_dense:
            continue
        if downlink.gate.opens(sequence, now):
            _fan_out([downlink], sent, sent.descriptor, outbox)
            count += 1
    return count


def pass_sender_report(
    layer: Layer, report: rtcp.SenderReport, now: float
) -> list[tuple[Downlink, bytes]]:
    """The publisher's sender report in the numbers of each follower, so that sound and picture stay
    in step."""
    layer.stats.sender_report(report.ntp, now)
    out = []
    for downlink in layer.downlinks:
        packets, octets = downlink.counts()
        timestamp = (report.timestamp - downlink.timestamp_shift) & 0xFFFFFFFF
        own = rtcp.SenderReport(downlink.ssrc, report.ntp, timestamp, packets, octets)
        out.append((downlink, rtcp.sender_report(own, downlink.owner_sid)))
    return out
