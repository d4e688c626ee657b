"""One connection to the server, for an event loop."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

import anyio
import httpcore
from anyio.abc import ByteStream, SocketAttribute, SocketStream
from anyio.streams.tls import TLSAttribute, TLSStream

from pywats.http.async_connect import connect_async
from pywats.http.exchange import current_exchange
from pywats.http.leftover import has_leftover
from pywats.http.readable import has_plaintext, is_readable
from pywats.http.resolve import resolve_async

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pywats.http.route import Route

__all__ = ["AsyncLink"]


class AsyncLink(httpcore.AsyncNetworkBackend):
    """A connection of httpcore, and the streams under it; see `pywats.http.link.Link`.

    Args:
        route: Where to and how.
    """

    def __init__(self, route: Route) -> None:
        self._tls_layers = route.tls_layers
        self._streams: list[ByteStream] = []
        self._connecting: anyio.CancelScope | None = None
        self._closed = False
        self.connection = route.async_connection(self)

    def is_reusable(self) -> bool:
        """Return whether the connection is idle, and the server has neither spoken nor hung up."""
        idle = self.connection.is_idle() and not self.connection.has_expired()
        return idle and not has_leftover(self.connection)

    async def close(self) -> None:
        """Close the streams, under the task that uses them if need be; any number of times."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
        with anyio.CancelScope(shield=True):
            for each in list(self._streams):
                await each.aclose()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
        local_address: str | None = None,  # noqa: ARG002 - never given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never given
    ) -> httpcore.AsyncNetworkStream:
        """Look the host up and connect, within the time that is left."""
        limit = current_exchange().left(httpcore.ConnectTimeout)
        try:
            with anyio.move_on_after(limit) as self._connecting:
                sock = await connect_async(await resolve_async(host, port))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = self.add(await SocketStream.from_socket(sock))
                return _Stream(self, stream, self._tls_layers)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if self._closed:
            raise httpcore.ConnectError("the client was closed")
        raise httpcore.ConnectTimeout("the time limit ran out")

    def is_readable(self) -> bool:
        """Return whether a read from the connection would not have to wait."""
        # Sessions of TLS take all that a socket has, which may be more than one record.
        sessions = [each.extra(TLSAttribute.ssl_object, None) for each in self._streams]  # noqa: S610 - not Django's
        if any(has_plaintext(each) for each in sessions if each is not None):
            return True
        return is_readable(self._streams[0].extra(SocketAttribute.raw_socket).fileno())  # noqa: S610

    def add(self, stream: ByteStream) -> ByteStream:
        """Take charge of a stream, and return it."""
        self._streams.append(stream)
        return stream


class _Stream(httpcore.AsyncNetworkStream):
    """A stream of a link; see `pywats.http.link`.

    Args:
        link: Takes charge of the stream of TLS.
        stream: Connected.
        tls_layers: How many sessions of TLS are still to begin before the first request.
    """

    def __init__(self, link: AsyncLink, stream: ByteStream, tls_layers: int) -> None:
        self._link = link
        self._stream = stream
        self._tls_layers = tls_layers

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the exchange has the limit
        exchange = current_exchange()
        with _in_time(
            exchange.left(httpcore.ReadTimeout), httpcore.ReadTimeout, httpcore.ReadError
        ):
            try:
                data = await self._stream.receive(max_bytes)
            except anyio.EndOfStream:
                data = b""
        exchange.disconnected = not data
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the exchange has the limit
        if not buffer:
            return
        exchange = current_exchange()
        limit = exchange.left(httpcore.WriteTimeout)
        exchange.sent |= self._tls_layers == 0
        with _in_time(limit, httpcore.WriteTimeout, httpcore.WriteError):
            await self._stream.send(buffer)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
    ) -> httpcore.AsyncNetworkStream:
        limit = current_exchange().left(httpcore.ConnectTimeout)
        with _in_time(limit, httpcore.ConnectTimeout, httpcore.ConnectError):
            stream = await TLSStream.wrap(
                self._stream,
                server_side=False,
                hostname=server_hostname,
                ssl_context=ssl_context,
                # Servers end connections without TLS's own goodbye.
                standard_compatible=False,
            )
        return _Stream(self._link, self._link.add(stream), self._tls_layers - 1)

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._stream.extra(TLSAttribute.ssl_object, None)  # noqa: S610 - not Django's
        return self._link.is_readable() if info == "is_readable" else None


@contextmanager
def _in_time(
    limit: float | None,
    late: type[httpcore.TimeoutException],
    failed: type[httpcore.NetworkError],
) -> Iterator[None]:
    """Limit one operation, and translate what it raises as httpcore expects it."""
    try:
        with anyio.fail_after(limit):
            yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (
        ssl.SSLError,
        anyio.BrokenResourceError,
        anyio.ClosedResourceError,
        anyio.EndOfStream,
    ) as error:
        raise failed(str(error)) from error
