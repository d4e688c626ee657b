"""A connected socket as a stream of an event loop.

anyio's own stream is not used: it wraps an asyncio transport, which drops unread data when a write
fails. The unread data may contain the reason for which a server refused the handshake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from anyio.abc import ByteStream, SocketAttribute

from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping
    from typing import Any

__all__ = ["SocketByteStream"]


class SocketByteStream(ByteStream):
    """A stream over a connected, non-blocking socket.

    Args:
        sock: The socket; the stream closes it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._not_sent: OSError | None = None

    async def receive(self, max_bytes: int = 65536) -> bytes:
        """Return the next bytes, even if sending over the connection has failed."""
        while True:
            try:
                data = self._socket.recv(max_bytes)
            except (BlockingIOError, InterruptedError) as error:
                if raised_by_signal_handler(error):
                    raise
                await anyio.wait_readable(self._socket)
            except OSError as error:
                if raised_by_signal_handler(error):
                    raise
                raise self._broken() from self._not_sent or error
            else:
                if data:
                    return data
                if self._not_sent is not None:
                    raise self._broken() from self._not_sent
                raise anyio.EndOfStream

    async def send(self, item: bytes) -> None:
        """Send all bytes; if sending fails, `receive` raises the error after the unread data."""
        rest = memoryview(item)
        while rest and self._not_sent is None:
            try:
                rest = rest[self._socket.send(rest) :]
            except (BlockingIOError, InterruptedError) as error:
                if raised_by_signal_handler(error):
                    raise
                await anyio.wait_writable(self._socket)
            except OSError as error:
                if raised_by_signal_handler(error):
                    raise
                if self._socket.fileno() < 0:
                    raise self._broken() from error
                # Not raised yet: TLS would stop reading, but the peer may have sent the reason.
                self._not_sent = error

    async def send_eof(self) -> None:
        """Not supported, nor needed: HTTP/1.1 ends a request by its length."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close the socket, and wake the task that waits for it."""
        if self._socket.fileno() >= 0:
            anyio.notify_closing(self._socket)
            self._socket.close()

    def abandon(self) -> None:
        """Close the socket; no task waits for it."""
        self._socket.close()

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """The socket and the address of its peer, by `anyio.abc.SocketAttribute`."""
        return {
            SocketAttribute.raw_socket: lambda: self._socket,
            SocketAttribute.remote_address: self._socket.getpeername,
        }

    def _broken(self) -> Exception:
        closed = self._socket.fileno() < 0
        return anyio.ClosedResourceError() if closed else anyio.BrokenResourceError()
