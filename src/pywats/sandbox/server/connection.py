"""Connections that can trickle, truncate or lose responses.

uvicorn accepts any asyncio protocol class for HTTP. The class here stands between the socket and
uvicorn's protocol, and gives the protocol a transport that applies faults.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pywats.sandbox.server.faults import Fault

__all__ = ["Connection", "Connections", "FaultyProtocol"]

_END_OF_HEAD = b"\r\n\r\n"


class Connection(asyncio.Transport):
    """A transport for uvicorn that wraps the real transport.

    Args:
        transport: The real transport.
        number: Number of the connection on this server, from 1.
    """

    def __init__(self, transport: asyncio.Transport, number: int) -> None:
        super().__init__()
        self._transport = transport
        self._fault: Fault | None = None
        self._head_pending = False
        self._pending = bytearray()
        self._dripping: asyncio.Task[None] | None = None
        self._close_when_done = False
        self.number = number
        self.lost = asyncio.Event()

    def begin(self, fault: Fault | None) -> None:
        """Set the fault of the next response."""
        self._fault = fault
        self._head_pending = True

    def reset(self) -> None:
        """End the connection with RST."""
        linger_for_no_time = struct.pack("ii", 1, 0)
        self._transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time
        )
        self._transport.abort()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send data, changed by the fault."""
        piece = bytes(data)
        fault = self._fault
        if fault is None or fault.kind not in {"drip", "truncate"}:
            self._transport.write(piece)
            return
        if self._head_pending and not (fault.kind == "drip" and fault.head):
            head, end, piece = piece.partition(_END_OF_HEAD)
            self._transport.write(head + end)
            self._head_pending = not end
        self._pending += piece
        if fault.kind == "truncate":
            if len(self._pending) >= fault.count:
                self._transport.write(bytes(self._pending[: fault.count]))
                self._transport.close()
        elif self._dripping is None:
            self._dripping = asyncio.get_running_loop().create_task(self._drip(fault))

    async def _drip(self, fault: Fault) -> None:
        while self._pending and not self.lost.is_set():
            self._transport.write(bytes(self._pending[: fault.count]))
            del self._pending[: fault.count]
            await asyncio.sleep(fault.seconds)
        self._dripping = None
        if self._close_when_done:
            self._transport.close()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Send several pieces of data."""
        for data in list_of_data:
            self.write(data)

    def close(self) -> None:
        """Close once everything is sent."""
        if self._dripping is None:
            self._transport.close()
        else:
            self._close_when_done = True

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def is_closing(self) -> bool:
        """Return whether the real transport is closing."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return information of the real transport."""
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Stop reading."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Resume reading."""
        self._transport.resume_reading()


class Connections:
    """The open connections of a server, by the address of their client."""

    def __init__(self) -> None:
        self.opened = 0
        self._open: dict[tuple[str, int], Connection] = {}

    @property
    def open_now(self) -> int:
        """Number of open connections."""
        return len(self._open)

    def accept(self, transport: asyncio.Transport) -> Connection:
        """Count a connection and keep it until it is lost."""
        self.opened += 1
        connection = Connection(transport, self.opened)
        self._open[_peer(transport)] = connection
        return connection

    def of(self, client: tuple[str, int]) -> Connection:
        """Return the connection of a client's address."""
        return self._open[client[0], client[1]]

    def forget(self, connection: Connection) -> None:
        """Drop a connection that was lost."""
        # After a reset, the client may already use its port for another connection.
        if self._open.get(_peer(connection)) is connection:
            del self._open[_peer(connection)]
        connection.lost.set()

    async def abort_all(self) -> None:
        """End all connections immediately, and return when they are closed."""
        connections = list(self._open.values())
        for connection in connections:
            connection.abort()
        for connection in connections:
            await connection.lost.wait()


def _peer(transport: asyncio.Transport) -> tuple[str, int]:
    host, port = transport.get_extra_info("peername")[:2]
    return host, port


class FaultyProtocol(asyncio.Protocol):
    """Hands events of the socket to an HTTP protocol, with a `Connection` as its transport.

    Args:
        connections: Where the connection registers.
        protocol: The HTTP protocol.
    """

    def __init__(self, connections: Connections, protocol: asyncio.Protocol) -> None:
        self._connections = connections
        self._protocol = protocol
        self._connection: Connection | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register the connection."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"expected a stream transport, not {transport!r}")
        # asyncio sets TCP_NODELAY only on sockets with a protocol number, which accepted sockets
        # do not have. Without it, the body arrives 40 ms after the headers (Nagle's algorithm and
        # delayed ACK).
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = self._connections.accept(transport)
        self._protocol.connection_made(self._connection)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._protocol.connection_lost(exc)
        if self._connection is not None:
            self._connections.forget(self._connection)

    def data_received(self, data: bytes) -> None:
        """Pass data to the HTTP protocol."""
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Tell the HTTP protocol that the client has stopped sending."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Tell the HTTP protocol to stop writing."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Tell the HTTP protocol to resume writing."""
        self._protocol.resume_writing()
