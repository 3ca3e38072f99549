"""Offers of the three kinds of clients, and the lines of the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media import sdp

FINGERPRINT = "sha-256 " + ":".join(["AB"] * 32)
TRANSPORT = sdp.Transport("ufrag", "password", "CD:EF", [("127.0.0.1", 7882), ("10.0.0.1", 9)])

CHROMIUM = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "a=group:BUNDLE 0 1 2",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:secret",
        f"a=fingerprint:{FINGERPRINT}",
        "a=setup:actpass",
        "a=mid:0",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        "a=mid:1",
        "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "a=extmap:12 urn:example:unknown",
        "a=sendonly",
        "a=msid:- cam-id",
        "a=rtpmap:96 VP8/90000",
        "a=rtpmap:97 rtx/90000",
        "a=rid:q send",
        "a=rid:f send",
        "a=simulcast:send q;f",
        "m=audio 9 UDP/TLS/RTP/SAVPF 63 111",
        "a=mid:2",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=recvonly",
        "a=rtpmap:63 red/48000/2",
        "a=rtpmap:111 opus/48000/2",
        "",
    ]
)

FIREFOX = "\r\n".join(
    [
        "v=0",
        f"a=fingerprint:{FINGERPRINT.replace('sha-256', 'SHA-256')}",
        "m=audio 9 UDP/TLS/RTP/SAVPF 109",
        "a=ice-ufrag:abcd",
        "a=setup:actpass",
        "a=mid:0",
        "a=recvonly",
        "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=rtpmap:109 opus/48000/2",
        "a=ssrc:5 cname:{x}",
        "m=audio 0 UDP/TLS/RTP/SAVPF 109",
        "a=bundle-only",
        "a=mid:1",
        "a=recvonly",
        "a=rtpmap:109 opus/48000/2",
    ]
)


def test_chromiums_offer_is_read() -> None:
    offer = sdp.parse_offer(CHROMIUM)
    data, video, audio = offer.sections
    assert (offer.ufrag, offer.fingerprints) == ("abcd", (("sha-256", FINGERPRINT[8:]),))
    assert (data.kind, video.kind, audio.kind) == ("application", "video", "audio")
    assert video.client_sends
    assert not audio.client_sends
    assert (video.payload_type, audio.payload_type) == (96, 111)
    assert (video.track_id, video.rids) == ("cam-id", ["q", "f"])
    assert video.extension_ids[sdp.EXT_RID] == 10


def test_firefoxs_offer_is_read() -> None:
    offer = sdp.parse_offer(FIREFOX)
    assert offer.fingerprints[0][0] == "sha-256"
    assert offer.sections[0].extension_ids == {sdp.EXT_LEVEL: 2}
    assert [s.rejected for s in offer.sections] == [False, False]


def test_port_0_without_bundle_only_is_a_rejection() -> None:
    offer = sdp.parse_offer(FIREFOX.replace("a=bundle-only\r\n", ""))
    assert [s.rejected for s in offer.sections] == [False, True]


@pytest.mark.parametrize(
    ("cut", "complaint"),
    [
        ("a=mid:1\r\n", "mid"),
        ("a=ice-ufrag:abcd\r\n", "ICE"),
        (f"a=fingerprint:{FINGERPRINT}\r\n", "fingerprint"),
    ],
)
def test_an_offer_that_lacks_something_is_refused(cut: str, complaint: str) -> None:
    with pytest.raises(sdp.SdpError, match=complaint):
        sdp.parse_offer(CHROMIUM.replace(cut, ""))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m=audio\r\n",
        "m=audio x UDP/TLS/RTP/SAVPF 111\r\n",
        "m=text 9 UDP 1\r\n",
        CHROMIUM.replace("a=mid:2", "a=mid:1"),
        CHROMIUM.replace("actpass", "passive"),
        CHROMIUM + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{}\r\n" * 500,
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(sdp.SdpError):
        sdp.parse_offer(text)


@given(st.text(alphabet="ma=udio 9:\r\n0xvid", max_size=200))
def test_any_text_is_an_offer_or_an_error(text: str) -> None:
    try:
        offer = sdp.parse_offer(text)
    except sdp.SdpError:
        return
    for section in offer.sections:
        assert section.payload_type is None or section.payload_type < 128
        assert isinstance(section.rids, list)


def test_a_received_section_accepts_the_layers_and_known_extensions() -> None:
    video = sdp.parse_offer(CHROMIUM).sections[1]
    lines = sdp.receiving_section(video, 96, TRANSPORT)
    assert lines[0] == "m=video 9 UDP/TLS/RTP/SAVPF 96"
    assert "a=recvonly" in lines
    assert "a=rid:q recv" in lines
    assert "a=simulcast:recv q;f" in lines
    assert "a=rtcp-fb:96 nack pli" in lines
    assert "a=rtcp-fb:96 goog-remb" in lines
    assert "a=extmap:10 " + sdp.EXT_RID in lines
    assert not any("unknown" in line or "rtx" in line for line in lines)


def test_candidates_carry_every_announced_address_in_order() -> None:
    audio = sdp.parse_offer(CHROMIUM).sections[2]
    lines = sdp.sending_section(audio, 111, TRANSPORT, None)
    candidates = [line.split(" ") for line in lines if line.startswith("a=candidate:")]
    assert [(c[4], c[5]) for c in candidates] == [("127.0.0.1", "7882"), ("10.0.0.1", "9")]
    assert int(candidates[0][3]) > int(candidates[1][3])


def test_a_sent_section_names_participant_stream_and_track() -> None:
    audio = sdp.parse_offer(CHROMIUM).sections[2]
    lines = sdp.sending_section(audio, 111, TRANSPORT, sdp.Sending("PA_1", "camera", "TR_1", 77))
    assert "a=sendonly" in lines
    assert "a=msid:PA_1|camera TR_1" in lines
    assert "a=ssrc:77 cname:PA_1" in lines


def test_an_empty_section_is_inactive_and_keeps_its_extensions() -> None:
    audio = sdp.parse_offer(CHROMIUM).sections[2]
    lines = sdp.sending_section(audio, 111, TRANSPORT, None)
    assert "a=inactive" in lines
    assert "a=extmap:1 " + sdp.EXT_LEVEL in lines
