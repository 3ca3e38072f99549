"""Bad networks on loopback: a TCP proxy that can be cut, a UDP relay that loses packets."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable


class TcpProxy:
    """Forwards a port; `cut` resets every connection, as a network that changes does."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, upstream}
        try:
            await asyncio.gather(_pump(reader, upstream), _pump(upstream_reader, writer))
        finally:
            for side in (writer, upstream):
                self._writers.discard(side)
                side.transport.abort()

    async def __aenter__(self) -> TcpProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        await self._server.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


class LossyRelay:
    """A UDP port that relays to `target`, one socket per client; `loss` is the share dropped each
    way, of media only: STUN and DTLS have repair of their own."""

    def __init__(self, seed: int = 1) -> None:
        self.loss = 0.0
        self.dropped = self.passed = 0
        self.target = 0
        self.port = 0
        self._random = random.Random(seed)
        self._clients: dict[tuple[str, int], asyncio.DatagramTransport] = {}

    def _lost(self, data: bytes) -> bool:
        if 128 <= data[0] < 192 and self._random.random() < self.loss:
            self.dropped += 1
            return True
        self.passed += 1
        return False

    def _from_client(self, data: bytes, address: tuple[str, int]) -> None:
        if not self._lost(data):
            upstream = self._clients.get(address)
            if upstream is not None:
                upstream.sendto(data)
            else:
                self._tasks.append(asyncio.create_task(self._open(data, address)))

    async def _open(self, data: bytes, address: tuple[str, int]) -> None:
        def back(answer: bytes, _: tuple[str, int]) -> None:
            if not self._lost(answer):
                self._front.sendto(answer, address)

        upstream, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Receiver(back), remote_addr=("127.0.0.1", self.target)
        )
        self._clients[address] = upstream
        upstream.sendto(data)

    async def __aenter__(self) -> LossyRelay:
        self._tasks: list[asyncio.Task[None]] = []
        self._front, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Receiver(self._from_client), local_addr=("127.0.0.1", 0)
        )
        self.port = self._front.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._tasks)
        for transport in (self._front, *self._clients.values()):
            transport.close()


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(data, addr)
