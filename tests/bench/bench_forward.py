"""CPU of the media process per forwarded packet: 1 publisher, 16 subscribers, against a floor.

    python tests/bench/bench_forward.py [seconds 8]

Prints one JSON line. `engine_us` is the CPU time of the whole engine process (receiving, RTCP, STUN
and timers included) over the packets it sent, with real signalling, ICE, DTLS and SRTP on loopback.
`floor_us` is taken in the same run: this process protects the same payload for as many sessions and
calls sendto, which is the least a Python loop with pylibsrtp's public interface must do. Compare
runs on one machine only; the kernel's share is loopback's, where the sender also pays for delivery.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import socket
import struct
import sys
import time
from functools import partial
from pathlib import Path

import aiohttp
from pylibsrtp import Policy, Session

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import until
from tests.fakes.media_wire import VP8, WireClient

SUBSCRIBERS = 16
VIDEO_PER_SECOND, AUDIO_PER_SECOND = 170, 50
VIDEO_BYTES, AUDIO_BYTES = 1100, 90
TICK = 0.02
SECONDS = 8.0


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def forwarded(engine: MediaEngine) -> int:
    """Packets sent to subscribers so far."""
    async with aiohttp.ClientSession() as http, http.get(f"{engine.http_url}/metrics") as response:
        match = re.search(r"giaoban_media_packets_forwarded_total (\d\S*)", await response.text())
    assert match is not None
    return int(float(match[1]))


class Source:
    """Sends one second's video and audio packets evenly, tick by tick."""

    def __init__(self, client: WireClient, video_mid: str, audio_mid: str) -> None:
        self._client, self._video, self._audio = client, video_mid, audio_mid
        self._pictures = self._sounds = 0
        self._payload = os.urandom(VIDEO_BYTES - 5)
        self._sound = os.urandom(AUDIO_BYTES)

    async def run(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        pictures, sounds = self._pictures, self._sounds
        while (elapsed := loop.time() - begin) < seconds:
            while self._pictures - pictures < elapsed * VIDEO_PER_SECOND:
                self._picture()
            while self._sounds - sounds < elapsed * AUDIO_PER_SECOND:
                self._client.send_rtp(
                    7, self._sounds, 960 * self._sounds, self._sound, mid=self._audio
                )
                self._sounds += 1
            await asyncio.sleep(TICK)

    def _picture(self) -> None:
        n = self._pictures
        self._pictures += 1
        key = b"\x00" if n % 100 == 0 else b"\x01"
        head = b"\x90\x80" + struct.pack("!H", 0x8000 | n & 0x7FFF) + key
        self._client.send_rtp(
            9, n, 529 * n, head + self._payload, payload_type=VP8, mid=self._video, marker=True
        )


async def engine_run(seconds: float) -> dict[str, float]:
    """CPU of the engine while it forwards."""
    async with MediaEngine() as engine:
        publisher = WireClient(decrypt=False)
        clients = [WireClient(decrypt=False) for _ in range(SUBSCRIBERS)]
        await publisher.connect(engine.url, engine.token("publisher", "bench"))
        video, video_mid = await publisher.publish("cam", "video")
        audio, audio_mid = await publisher.publish("mic")
        for n, client in enumerate(clients):
            token = engine.token(f"subscriber-{n}", "bench")
            await client.connect(engine.url, token, auto_subscribe=True)
        for client in clients:
            for sid in (video, audio):
                await until(partial(client.ssrc_of, sid), "sections")
        source = Source(publisher, video_mid, audio_mid)
        await source.run(1.0)
        packets, cpu = await forwarded(engine), cpu_seconds(engine.pid)
        received = sum(c.datagrams for c in clients)
        await source.run(seconds)
        packets, cpu = await forwarded(engine) - packets, cpu_seconds(engine.pid) - cpu
        received = sum(c.datagrams for c in clients) - received
        for client in (publisher, *clients):
            await client.close()
    wanted = (VIDEO_PER_SECOND + AUDIO_PER_SECOND) * SUBSCRIBERS * seconds
    return {
        "packets_per_second": round(packets / seconds),
        "delivered": round(min(received / wanted, packets / wanted), 3),
        "engine_cpu": round(cpu / seconds, 3),
        "engine_us": round(1e6 * cpu / packets, 2),
    }


def drain(sockets: list[socket.socket]) -> int:
    """A child that takes what arrives, as the engine's clients do; its pid."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    poll, buffer = select.epoll(), bytearray(2000)
    by_fd = {s.fileno(): s for s in sockets}
    for fd in by_fd:
        poll.register(fd, select.EPOLLIN)
    while os.getppid() == parent:
        for fd, _ in poll.poll(0.1):
            by_fd[fd].recv_into(buffer)
    os._exit(0)


def floor_us(rounds: int = 1500) -> float:
    """CPU per packet of a bare loop: protect, sendto."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(SUBSCRIBERS)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    sessions = [_session() for _ in sockets]
    addresses = [s.getsockname() for s in sockets]
    child = drain(sockets)
    payload = os.urandom(VIDEO_BYTES)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        before = time.process_time()
        for n in range(rounds):
            packet = struct.pack("!BBHII", 0x80, VP8, n & 0xFFFF, n * 529, 9) + payload
            for session, address in zip(sessions, addresses, strict=True):
                out.sendto(session.protect(packet), address)
            if n % 8 == 7:
                time.sleep(0.001)
        used = time.process_time() - before
    os.kill(child, 9)
    os.waitpid(child, 0)
    for sock in sockets:
        sock.close()
    return 1e6 * used / rounds / SUBSCRIBERS


def _session() -> Session:
    policy = Policy(
        key=os.urandom(28),
        ssrc_type=Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    )
    return Session(policy)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    floor = floor_us()
    result = asyncio.run(engine_run(seconds))
    result["floor_us"] = round(floor, 2)
    result["ratio"] = round(result["engine_us"] / floor, 2)
    print(json.dumps({"bench": "forward", "subscribers": SUBSCRIBERS, **result}))


if __name__ == "__main__":
    main()
