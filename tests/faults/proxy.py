"""A TCP proxy that misbehaves on demand; its toxics are those of Toxiproxy, by the same names."""

from __future__ import annotations

import asyncio
import copy
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Literal, Self

import anyio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Stream = Literal["upstream", "downstream"]
_CHUNK = 64 * 1024


class CutError(Exception):
    """The connection is over."""


class Toxic:
    """Something that happens to the bytes of one direction; this one does nothing."""

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:  # noqa: ARG002 - others need it
        yield data

    async def end(self, wire: Wire) -> None:
        """Do something when the sender has closed."""


@dataclass
class Latency(Toxic):
    """Delay all data by ``latency`` seconds, plus or minus ``jitter`` in turn."""

    latency: float
    jitter: float = 0.0

    def __post_init__(self) -> None:
        self._signs = cycle((1, -1))

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:  # noqa: ARG002 - others need it
        await asyncio.sleep(self.latency + next(self._signs) * self.jitter)
        yield data


@dataclass
class Bandwidth(Toxic):
    """Let ``rate`` bytes a second through."""

    rate: int

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:  # noqa: ARG002 - others need it
        step = max(1, self.rate // 50)
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            await asyncio.sleep(len(piece) / self.rate)
            yield piece


@dataclass
class SlowClose(Toxic):
    """Pass the end of the connection on only after ``delay`` seconds."""

    delay: float

    async def end(self, wire: Wire) -> None:  # noqa: ARG002 - others need it
        await asyncio.sleep(self.delay)


@dataclass
class Timeout(Toxic):
    """Let nothing through, and close after ``timeout`` seconds; never if 0."""

    timeout: float = 0.0

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:  # noqa: ARG002 - swallowed
        if self.timeout:
            await asyncio.sleep(self.timeout)
            wire.close()
        return
        yield b""  # which makes this a generator

    async def end(self, wire: Wire) -> None:  # noqa: ARG002 - others need it
        await asyncio.sleep(self.timeout or 3600)


@dataclass
class ResetPeer(Toxic):
    """Reset the connection ``timeout`` seconds after the first data."""

    timeout: float = 0.0

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:  # noqa: ARG002 - swallowed
        await asyncio.sleep(self.timeout)
        wire.reset()
        return
        yield b""  # which makes this a generator


@dataclass
class Slicer(Toxic):
    """Cut data into pieces of ``average_size`` bytes, ``delay`` seconds apart.

    By ``size_variation`` they are shorter and longer in turn.
    """

    average_size: int
    size_variation: int = 0
    delay: float = 0.0

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:  # noqa: ARG002 - others need it
        sizes = cycle(
            (self.average_size - self.size_variation, self.average_size + self.size_variation)
        )
        while data:
            size = next(sizes)
            yield data[:size]
            data = data[size:]
            await asyncio.sleep(self.delay)


@dataclass
class LimitData(Toxic):
    """Close the connection after ``count`` bytes."""

    count: int

    async def flow(self, wire: Wire, data: bytes) -> AsyncIterator[bytes]:
        yield data[: self.count]
        self.count -= len(data)
        if self.count <= 0:
            wire.close()


class Wire:
    """One direction of one connection."""

    def __init__(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, back: asyncio.StreamWriter
    ) -> None:
        self._source = source
        self._target = target
        self._back = back

    async def run(self, toxics: list[Toxic]) -> None:
        with suppress(CutError, OSError):
            while data := await self._source.read(_CHUNK):
                async for piece in self._through(toxics, data):
                    self._target.write(piece)
                    await self._target.drain()
            for toxic in toxics:
                await toxic.end(self)
            self._target.write_eof()

    async def _through(self, toxics: list[Toxic], data: bytes) -> AsyncIterator[bytes]:
        if not toxics:
            yield data
            return
        first, *others = toxics
        async for piece in first.flow(self, data):
            async for part in self._through(others, piece):
                yield part

    def close(self) -> None:
        """End the connection in an orderly way, in both directions."""
        self._target.close()
        self._back.close()
        raise CutError

    def reset(self) -> None:
        """End the connection by RST, in both directions."""
        for writer in (self._target, self._back):
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            writer.transport.abort()
        raise CutError


class FaultProxy:
    """Stands between a client and a server on this machine, in a thread of its own.

    Args:
        address: Host and port of the server.
    """

    def __init__(self, address: tuple[str, int]) -> None:
        self._server = address
        self._toxics: dict[Stream, list[Toxic]] = {"upstream": [], "downstream": []}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._stopping = False
        self._thread = threading.Thread(target=asyncio.run, args=[self._serve()])
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, toxic: Toxic, stream: Stream = "downstream") -> Self:
        """Put a toxic on the connections to come."""
        self._toxics[stream].append(toxic)
        return self

    def heal(self) -> None:
        """Take all toxics from the connections to come."""
        for toxics in self._toxics.values():
            toxics.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        # Wakes the proxy up. Cancelling an accept may lose what it has just accepted.
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(120)
        assert not self._thread.is_alive()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        with self._listener:
            async with anyio.create_task_group() as connections:
                while True:
                    accepted, _ = await loop.sock_accept(self._listener)
                    if self._stopping:
                        accepted.close()
                        break
                    connections.start_soon(self._connected, accepted)
                connections.cancel_scope.cancel()
        # For the transports that were just told to close.
        await asyncio.sleep(0)

    async def _connected(self, accepted: socket.socket) -> None:
        self.accepted += 1
        reader, client = await asyncio.open_connection(sock=accepted)
        try:
            responses, server = await asyncio.open_connection(*self._server)
            try:
                await asyncio.gather(
                    Wire(reader, server, client).run(self._copies("upstream")),
                    Wire(responses, client, server).run(self._copies("downstream")),
                )
                for writer in (client, server):
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
            finally:
                server.transport.abort()
        finally:
            client.transport.abort()

    def _copies(self, stream: Stream) -> list[Toxic]:
        """Return the toxics for one connection, which may count."""
        return [copy.copy(toxic) for toxic in self._toxics[stream]]
