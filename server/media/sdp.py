"""Session descriptions: what an offer says, and the lines of our answer. No state, no decisions.

Only the single peer connection of `/rtc/v1` is spoken: the client always offers, an ICE-lite server
always answers. Lists of lines throughout; `text` joins them. What the answer must repeat and why is
noted where it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from server.media import limits

EXT_MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
EXT_RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
EXT_REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
EXT_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
EXT_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

_EXTENSIONS = {
    "audio": (EXT_MID, EXT_LEVEL),
    "video": (EXT_MID, EXT_RID, EXT_REPAIRED_RID, EXT_SEND_TIME),
}
_FEEDBACK = {"audio": (), "video": ("goog-remb", "ccm fir", "nack", "nack pli")}
_RTPMAP = {"audio": "opus/48000/2", "video": "VP8/90000"}
_CODEC = {"audio": "opus", "video": "vp8"}
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_DIGESTS = ("sha-256", "sha-384", "sha-512")


class SdpError(ValueError):
    """An offer that cannot be answered; the text says what it lacks."""


@dataclass
class Section:
    """One m= section (or the session part, kind "session") with its a= attributes in order."""

    kind: str
    port: int = 9
    protocol: str = ""
    formats: tuple[str, ...] = ()
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def first(self, key: str) -> str:
        """Value of the first a=<key> line, "" if there is none."""
        return next((value for name, value in self.attributes if name == key), "")

    def every(self, key: str) -> list[str]:
        """Values of all a=<key> lines."""
        return [value for name, value in self.attributes if name == key]

    @property
    def mid(self) -> str:
        return self.first("mid")

    @property
    def direction(self) -> str:
        """Seen from the client; without a line it is sendrecv (RFC 8866 §6.7)."""
        return next((name for name, _ in self.attributes if name in _DIRECTIONS), "sendrecv")

    @property
    def client_sends(self) -> bool:
        return self.direction in ("sendonly", "sendrecv")

    @property
    def rejected(self) -> bool:
        """Port 0 means rejected unless the section is bundle-only (RFC 9143 §6)."""
        return self.port == 0 and not any(name == "bundle-only" for name, _ in self.attributes)

    @property
    def payload_type(self) -> int | None:
        """Number of the one codec that we take of this kind (opus, VP8); None if not offered."""
        for value in self.every("rtpmap"):
            number, _, name = value.partition(" ")
            wanted = name.split("/")[0].lower() == _CODEC.get(self.kind)
            if wanted and number.isdigit() and int(number) < 128:
                return int(number)
        return None

    @property
    def extension_ids(self) -> dict[str, int]:
        """Header extension URI → number; a direction behind it (`2/recvonly`) is dropped."""
        found = {}
        for value in self.every("extmap"):
            number, _, uri = value.partition(" ")
            number = number.split("/")[0]
            if number.isdigit():
                found[uri.split(" ")[0]] = int(number)
        return found

    @property
    def rids(self) -> list[str]:
        """Simulcast rids that the client sends, in the order offered (lowest picture first)."""
        parts = (value.split(" ") for value in self.every("rid"))
        return [p[0] for p in parts if len(p) > 1 and p[1] == "send"]

    @property
    def track_id(self) -> str:
        """Second token of a=msid."""
        return self.first("msid").split(" ")[-1]


@dataclass(frozen=True)
class Offer:
    """A checked offer: every section has its own mid, ICE and DTLS parameters are there."""

    sections: tuple[Section, ...]
    ufrag: str
    fingerprints: tuple[tuple[str, str], ...]
    """(digest name, value) of the client's certificate."""


@dataclass(frozen=True)
class Transport:
    """Our side of ICE and DTLS; `candidates` are (address, UDP port)."""

    ufrag: str
    password: str
    fingerprint: str
    candidates: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Sending:
    """What a section carries to the client."""

    participant_sid: str
    stream: str
    track_sid: str
    ssrc: int


def parse_offer(description: str) -> Offer:
    """Checked offer; raises SdpError."""
    session, sections = _split(description)
    if not sections:
        raise SdpError("no media section")
    if len(sections) > limits.MEDIA_SECTIONS:
        raise SdpError("too many media sections")
    mids = [s.mid for s in sections]
    if not all(mids) or len(set(mids)) != len(mids):
        raise SdpError("a media section has no mid of its own")
    # Firefox writes fingerprints at session level, Chromium in each section
    everywhere = [session, *sections]
    ufrag = next((s.first("ice-ufrag") for s in everywhere if s.first("ice-ufrag")), "")
    fingerprints = next((f for f in map(_fingerprints, everywhere) if f), ())
    setups = {s.first("setup") for s in everywhere} - {""}
    if not ufrag or not fingerprints:
        raise SdpError("no ICE credentials or no certificate fingerprint")
    if setups == {"passive"}:
        raise SdpError("the client must be able to take the active DTLS role")
    return Offer(tuple(sections), ufrag, fingerprints)


def _split(description: str) -> tuple[Section, list[Section]]:
    session = current = Section("session")
    sections: list[Section] = []
    for line in description.replace("\r\n", "\n").split("\n"):
        if line.startswith("m="):
            parts = line[2:].split(" ")
            if len(parts) < 4 or not parts[1].isdigit():
                raise SdpError("malformed media line")
            if parts[0] not in ("audio", "video", "application"):
                raise SdpError("unknown kind of media")
            current = Section(parts[0], int(parts[1]), parts[2], tuple(parts[3:]))
            sections.append(current)
        elif line.startswith("a="):
            key, _, value = line[2:].partition(":")
            current.attributes.append((key, value))
    return session, sections


def _fingerprints(section: Section) -> tuple[tuple[str, str], ...]:
    pairs = (value.partition(" ") for value in section.every("fingerprint"))
    return tuple((name.lower(), value) for name, _, value in pairs if name.lower() in _DIGESTS)


def head(mids: Iterable[str], version: int) -> list[str]:
    """Session part; `mids` are those of sections that are not rejected."""
    return [
        "v=0",
        f"o=- 4242 {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE " + " ".join(mids),
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
    ]


def rejected_section(section: Section) -> list[str]:
    """Port 0: no codec in common, or the client gave the section up."""
    return [
        f"m={section.kind} 0 {section.protocol} {section.formats[0]}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        "a=inactive",
    ]


def data_section(section: Section, transport: Transport) -> list[str]:
    """The data channel section."""
    return [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        "a=sctp-port:5000",
        f"a=max-message-size:{limits.DATA_MESSAGE_BYTES}",
        *_transport(transport),
    ]


def receiving_section(section: Section, payload_type: int, transport: Transport) -> list[str]:
    """Answer to a section in which the client sends a track that was announced."""
    out = _media(section, payload_type, transport)
    if section.kind == "audio":
        out.append(f"a=fmtp:{payload_type} minptime=10;useinbandfec=1;usedtx=1")
    out.append("a=recvonly")
    rids = section.rids
    if rids:
        out += [f"a=rid:{rid} recv" for rid in rids]
        out.append("a=simulcast:recv " + ";".join(rids))
    return out


def sending_section(
    section: Section, payload_type: int, transport: Transport, sending: Sending | None
) -> list[str]:
    """A section in which we send a track, or nothing for now (inactive)."""
    out = _media(section, payload_type, transport)
    if section.kind == "audio":
        out.append(f"a=fmtp:{payload_type} minptime=10;useinbandfec=1")
    if sending is None:
        return [*out, "a=inactive"]
    # clients read participant and stream from the two halves of the stream id
    msid = f"{sending.participant_sid}|{sending.stream} {sending.track_sid}"
    return [
        *out,
        "a=sendonly",
        f"a=msid:{msid}",
        f"a=ssrc:{sending.ssrc} cname:{sending.participant_sid}",
        f"a=ssrc:{sending.ssrc} msid:{msid}",
    ]


def _media(section: Section, payload_type: int, transport: Transport) -> list[str]:
    kind = section.kind
    # Even an inactive answer repeats the header extensions: libwebrtc drops what one answer left
    # out from every later section of that kind, and then refuses its own simulcast offer.
    wanted = _EXTENSIONS[kind]
    return [
        f"m={kind} 9 {section.protocol} {payload_type}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        *_transport(transport),
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *(f"a=extmap:{n} {uri}" for uri, n in section.extension_ids.items() if uri in wanted),
        f"a=rtpmap:{payload_type} {_RTPMAP[kind]}",
        *(f"a=rtcp-fb:{payload_type} {feedback}" for feedback in _FEEDBACK[kind]),
    ]


def _transport(transport: Transport) -> list[str]:
    return [
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:sha-256 {transport.fingerprint}",
        "a=setup:passive",
        *(
            f"a=candidate:{n} 1 udp {2130706431 - 256 * n} {host} {port} typ host"
            for n, (host, port) in enumerate(transport.candidates, 1)
        ),
        "a=end-of-candidates",
    ]


def text(lines: Iterable[str]) -> str:
    """Lines to a description."""
    return "\r\n".join(lines) + "\r\n"
