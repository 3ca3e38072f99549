"""A LiveKit client of bare packets: real signalling, ICE, DTLS and SRTP, no SDK, no codec.

For what a well-behaved SDK cannot do: send a track that was not granted, go on after a mute, lose
packets on purpose, answer nothing. Also the light client of the benchmark.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import re
import secrets
import socket
import struct
from collections.abc import Callable
from typing import Any

import aiohttp
import pylibsrtp
from aioice import stun
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from livekit.protocol import models, rtc

from tests.fakes.media_seat import until

OPUS, VP8 = 111, 96
MID_EXTENSION = 4
_CERTIFICATE = RTCCertificate.generateCertificate()
_EXTENSIONS = [
    f"a=extmap:{MID_EXTENSION} urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
]


def join_request(
    *, auto_subscribe: bool = False, compress: bool = True, **fields: Any
) -> dict[str, str]:
    """The query parameter of a join; `fields` of rtc.JoinRequest."""
    settings = rtc.ConnectionSettings(auto_subscribe=auto_subscribe)
    body = rtc.JoinRequest(connection_settings=settings, **fields).SerializeToString()
    wrapped = rtc.WrappedJoinRequest(join_request=body)
    if compress:
        wrapped.join_request = gzip.compress(body)
        wrapped.compression = rtc.WrappedJoinRequest.GZIP
    raw = base64.urlsafe_b64encode(wrapped.SerializeToString())
    return {"join_request": raw.decode().rstrip("=")}


class WireClient:
    """One client. `said` holds every rtc.SignalResponse; `received` every decrypted RTP packet."""

    def __init__(self, decrypt: bool = True) -> None:
        self.said: list[Any] = []
        self.received: list[bytes] = []
        self.datagrams = 0
        self.closed = asyncio.Event()
        self.repeated = 0
        """Packets that SRTP's replay protection knew already: retransmissions of what had come."""
        self.reported: list[bytes] = []
        """Every decrypted RTCP compound."""
        self._decrypt = decrypt
        self._ufrag, self._pwd = secrets.token_hex(4), secrets.token_hex(12)
        self._sections: list[tuple[str, str, str]] = [("application", "", "")]
        """(kind, direction, msid track id) by mid = index."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._server: tuple[str, int] | None = None
        self._shim = _Shim(self)
        self._dtls: Any = RTCDtlsTransport(self._shim, [_CERTIFICATE])
        self._dtls._set_role("client")
        self._tasks: list[asyncio.Task[None]] = []
        self._http = aiohttp.ClientSession()
        self._offers = 0
        self.track_ids: dict[str, str] = {}
        """mid → track sid of the last answer."""
        self.answer = ""

    # --- signalling

    async def connect(self, url: str, token: str, *, auto_subscribe: bool = False) -> None:
        """Join with an offer, and wait until SRTP keys are there."""
        self._open_socket()
        params = {
            "access_token": token,
            **join_request(auto_subscribe=auto_subscribe, publisher_offer=self._description()),
        }
        self._ws = await self._http.ws_connect(f"{url}/rtc/v1", params=params, max_msg_size=0)
        self._tasks.append(asyncio.create_task(self._read()))
        await until(lambda: self._dtls.state == "connected", "DTLS")

    @property
    def sid(self) -> str:
        """Own participant sid."""
        return str(self.said[0].join.participant.sid)

    async def ask(self, **request: Any) -> None:
        """Send one SignalRequest."""
        await self._ws.send_bytes(rtc.SignalRequest(**request).SerializeToString())

    async def told(self, kind: str, good: Callable[[Any], bool] = lambda message: True) -> Any:
        """The first response of this kind that is good, waiting for it."""

        def found() -> Any:
            messages = (getattr(m, kind) for m in self.said if m.WhichOneof("message") == kind)
            return next((m for m in messages if good(m)), None)

        return await until(found, f"told {kind}")

    async def publish(self, cid: str, kind: str = "audio", **fields: Any) -> tuple[str, str]:
        """Announce and offer a track; (its sid, its mid)."""
        audio = kind == "audio"
        fields.setdefault(
            "source", models.TrackSource.MICROPHONE if audio else models.TrackSource.CAMERA
        )
        track_type = models.TrackType.AUDIO if audio else models.TrackType.VIDEO
        await self.ask(add_track=rtc.AddTrackRequest(cid=cid, type=track_type, **fields))
        published = await self.told("track_published", lambda m: m.cid == cid)
        mid = await self.offer_section(kind, cid)
        await until(lambda: self.track_ids.get(mid) == published.track.sid, "published")
        return published.track.sid, mid

    async def offer_section(self, kind: str, track_id: str) -> str:
        """Offer one more section that sends; its mid."""
        self._sections.append((kind, "sendonly", track_id))
        await self._offer()
        return str(len(self._sections) - 1)

    async def _offer(self) -> None:
        await self.ask(offer=self._description())

    def _description(self) -> Any:
        self._offers += 1
        return rtc.SessionDescription(type="offer", sdp=self._sdp(), id=self._offers)

    def _sdp(self) -> str:
        mids = " ".join(str(i) for i in range(len(self._sections)))
        out = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
        fingerprint = _CERTIFICATE.getFingerprints()[0]
        for mid, (kind, direction, track_id) in enumerate(self._sections):
            payload = OPUS if kind == "audio" else VP8
            if kind == "application":
                out.append("m=application 9 UDP/DTLS/SCTP webrtc-datachannel")
            else:
                out.append(f"m={kind} 9 UDP/TLS/RTP/SAVPF {payload}")
            out += [
                "c=IN IP4 0.0.0.0",
                f"a=ice-ufrag:{self._ufrag}",
                f"a=ice-pwd:{self._pwd}",
                f"a=fingerprint:{fingerprint.algorithm} {fingerprint.value}",
                "a=setup:actpass",
                f"a=mid:{mid}",
            ]
            if kind == "application":
                continue
            name = "opus/48000/2" if kind == "audio" else "VP8/90000"
            out += [f"a={direction}", *_EXTENSIONS, f"a=rtpmap:{payload} {name}"]
            if track_id:
                out.append(f"a=msid:- {track_id}")
        return "\r\n".join(out) + "\r\n"

    async def _read(self) -> None:
        async for message in self._ws:
            if message.type != aiohttp.WSMsgType.BINARY:
                break
            response = rtc.SignalResponse.FromString(message.data)
            self.said.append(response)
            if response.HasField("answer"):
                self._answered(response.answer)
            elif response.HasField("media_sections_requirement"):
                need = response.media_sections_requirement
                self._sections += [("audio", "recvonly", "")] * need.num_audios
                self._sections += [("video", "recvonly", "")] * need.num_videos
                await self._offer()
        self.closed.set()

    def _answered(self, answer: Any) -> None:
        self.answer = answer.sdp
        self.track_ids = dict(answer.mid_to_track_id)
        if self._server is None:
            match = re.search(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) ", answer.sdp)
            assert match is not None
            self._server = (match[1], int(match[2]))
            self._tasks.append(asyncio.create_task(self._checks(), name="checks"))
            self._tasks.append(asyncio.create_task(self._handshake(answer.sdp)))

    def ssrc_of(self, track_sid: str) -> int:
        """The SSRC under which a track arrives, 0 while the answer has none."""
        match = re.search(rf"a=ssrc:(\d+) msid:\S+ {track_sid}", self.answer)
        return int(match[1]) if match else 0

    # --- media

    def send_rtp(
        self,
        ssrc: int,
        sequence: int,
        timestamp: int,
        payload: bytes,
        *,
        payload_type: int = OPUS,
        mid: str = "",
        padding: int = 0,
        marker: bool = False,
    ) -> None:
        """Protect and send one packet; `padding` bytes behind the payload."""
        first, extension = 0x80, b""
        if mid:
            first |= 0x10
            value = bytes([MID_EXTENSION << 4 | len(mid) - 1]) + mid.encode()
            value += bytes(-len(value) % 4)
            extension = struct.pack("!HH", 0xBEDE, len(value) // 4) + value
        if padding:
            first |= 0x20
            payload += bytes(padding - 1) + bytes([padding])
        head = struct.pack(
            "!BBHII", first, payload_type | marker << 7, sequence & 0xFFFF, timestamp, ssrc
        )
        self.send(self._dtls._tx_srtp.protect(head + extension + payload))

    def send_rtcp(self, packet: bytes) -> None:
        self.send(self._dtls._tx_srtp.protect_rtcp(packet))

    def send(self, datagram: bytes) -> None:
        """One raw datagram to the engine."""
        assert self._server is not None
        self._socket.sendto(datagram, self._server)

    def _open_socket(self) -> None:
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._readable)

    async def _checks(self) -> None:
        while True:
            ufrag = re.search(r"a=ice-ufrag:(\S+)", self.answer)
            pwd = re.search(r"a=ice-pwd:(\S+)", self.answer)
            assert ufrag is not None
            assert pwd is not None
            request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
            request.attributes["USERNAME"] = f"{ufrag[1]}:{self._ufrag}"
            request.attributes["USE-CANDIDATE"] = None
            request.attributes["ICE-CONTROLLING"] = 1
            request.attributes["PRIORITY"] = 1
            request.add_message_integrity(pwd[1].encode())
            self.send(bytes(request))
            await asyncio.sleep(0.05 if self._dtls.state != "connected" else 0.5)

    async def _handshake(self, description: str) -> None:
        await self._shim.reachable.wait()
        match = re.search(r"a=fingerprint:(\S+) (\S+)", description)
        assert match is not None
        await self._dtls.start(
            RTCDtlsParameters([RTCDtlsFingerprint(algorithm=match[1], value=match[2])])
        )

    def _readable(self) -> None:
        while True:
            try:
                data = self._socket.recv(2048)
            except BlockingIOError:
                return
            self._datagram(data)

    def _datagram(self, data: bytes) -> None:
        if data[0] < 4:
            self._shim.reachable.set()
        elif data[0] < 64:
            self._shim.queue.put_nowait(data)
        else:
            self.datagrams += 1
            if self._decrypt:
                self._decrypted(data)

    def _decrypted(self, data: bytes) -> None:
        session = self._dtls._rx_srtp
        try:
            if 64 <= data[1] & 0x7F < 96:
                self.reported.append(session.unprotect_rtcp(data))
            else:
                self.received.append(session.unprotect(data))
        except pylibsrtp.Error:
            self.repeated += 1

    def packets_of(self, ssrc: int) -> list[bytes]:
        """Received packets of one SSRC, in order of arrival."""
        return [p for p in self.received if struct.unpack_from("!I", p, 8)[0] == ssrc]

    async def close_socket(self) -> None:
        """Lose the signalling socket; media goes on."""
        await self._ws.close()

    def stop_media(self) -> None:
        """Fall silent: no checks, no packets."""
        for task in self._tasks:
            if task.get_name() == "checks":
                task.cancel()

    async def close(self) -> None:
        """End abruptly: no leave."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._ws.close()
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        task = self._dtls._task
        await self._dtls.stop()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)
        self._socket.close()
        await self._http.close()


class _Shim:
    """What RTCDtlsTransport uses of an RTCIceTransport."""

    role = "controlling"
    state = "completed"

    def __init__(self, client: WireClient) -> None:
        self._client = client
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.reachable = asyncio.Event()

    async def _recv(self) -> bytes:
        return await self.queue.get()

    async def _send(self, data: bytes) -> None:
        self._client.send(data)
