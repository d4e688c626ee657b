"""One connection to the server, for an event loop."""

from __future__ import annotations

import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import anyio
import httpcore
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSAttribute, TLSStream

from pywats.http.host import tls_name
from pywats.http.network import first_read
from pywats.http.network.async_connect import connect_async
from pywats.http.network.async_stream import SocketByteStream
from pywats.http.network.connect import peer_of, set_options
from pywats.http.network.dns import resolve_async
from pywats.http.network.leftover import has_leftover
from pywats.http.network.socket_state import has_plaintext, is_readable
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pywats.http.network.exchange import Exchange, Peer
    from pywats.http.network.proxies.socks import Handshake
    from pywats.http.network.route import Route

__all__ = ["AsyncLink"]


class AsyncLink(httpcore.AsyncNetworkBackend):
    """A connection of httpcore and its streams; see `pywats.http.network.connection.Link`.

    Args:
        route: The route of the connection.
        exchange: The exchange that the connection is opened for.
    """

    def __init__(self, route: Route, exchange: Exchange) -> None:
        self.route = route
        self.exchange = exchange
        self.peer: Peer | None = None
        self._expires_at = route.expiry()
        self._streams: list[ByteStream] = []
        self._connecting: anyio.CancelScope | None = None
        self._closed = False
        self.connection: httpcore.AsyncConnectionInterface = route.async_connection(self)

    def is_reusable(self) -> bool:
        """Return whether another request can go over the connection."""
        idle = self.connection.is_idle() and not self.connection.has_expired()
        return idle and time.monotonic() < self._expires_at and not has_leftover(self.connection)

    async def close(self) -> None:
        """Close the streams, even while a task uses them; may be called again."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
        with anyio.CancelScope(shield=True):
            for each in list(self._streams):
                await each.aclose()
        # The connection refers to this object: break the cycle, which would stay until the garbage
        # collector runs.
        self.connection = _ClosedConnection()

    def abandon(self) -> None:
        """Close the socket without waiting: no task uses the connection any more."""
        self._closed = True
        for each in self._streams:
            if isinstance(each, SocketByteStream):
                each.abandon()
        self.connection = _ClosedConnection()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the route has the form to connect to
        port: int,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
        local_address: str | None = None,  # noqa: ARG002 - never given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never given
    ) -> httpcore.AsyncNetworkStream:
        """Look up the host and connect, within the time that is left."""
        self.exchange.start(httpcore.ConnectTimeout)
        limit = self.exchange.left(httpcore.ConnectTimeout)
        try:
            with anyio.move_on_after(limit) as self._connecting:
                self.exchange.enter("dns" if self.route.looks_up else "connect")
                addresses = await resolve_async(*self.route.first_hop)
                self.exchange.enter("connect")
                sock = await connect_async(addresses)
                stream = self.add(SocketByteStream(sock))
                set_options(sock)
                self.exchange.peer = self.peer = peer_of(sock)
                if self.route.tunnels:
                    self.exchange.enter("proxy")
                if self.route.socks is not None:
                    await _negotiate(stream, self.route.handshake(self.route.socks))
                return _Stream(self, stream, self.route.tls_layers)
        except (OSError, UnicodeError, anyio.BrokenResourceError) as error:
            if raised_by_signal_handler(error):
                raise
            raise httpcore.ConnectError(str(error)) from error
        if self._closed:
            raise httpcore.ConnectError("the client was closed")
        raise httpcore.ConnectTimeout("the time limit ran out")

    def is_readable(self) -> bool:
        """Return whether a read from the connection would return at once."""
        # A TLS session reads all that its socket has, which may be more than one record.
        sessions = [each.extra(TLSAttribute.ssl_object, None) for each in self._streams]  # noqa: S610 - not Django's
        if any(has_plaintext(each) for each in sessions if each is not None):
            return True
        return is_readable(self._streams[0].extra(SocketAttribute.raw_socket).fileno())  # noqa: S610

    def add(self, stream: ByteStream) -> ByteStream:
        """Note a stream, which this object closes, and return it."""
        self._streams.append(stream)
        return stream


class _ClosedConnection(httpcore.AsyncConnectionInterface):
    """The connection of a link that was closed."""

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:  # noqa: ARG002 - the interface
        raise httpcore.ConnectError("the connection was closed")

    def is_idle(self) -> bool:
        return False


class _Stream(httpcore.AsyncNetworkStream):
    """A stream of a link; see `pywats.http.network.connection`.

    Args:
        link: The link, which closes the stream.
        stream: The stream, which is connected.
        tls_layers: How many TLS handshakes are still needed before the first request.
    """

    def __init__(self, link: AsyncLink, stream: ByteStream, tls_layers: int) -> None:
        self._link = link
        self._stream = stream
        self._tls_layers = tls_layers
        self._has_read = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        exchange = self._link.exchange
        exchange.follow("send", "wait")
        exchange.start(httpcore.ReadTimeout, timeout)
        try:
            with _in_time(
                exchange.left(httpcore.ReadTimeout), httpcore.ReadTimeout, httpcore.ReadError
            ):
                data = await _receive(self._stream, max_bytes)
        except httpcore.ReadError as error:
            if not self._has_read:
                first_read.check_error(exchange, error)
            raise
        if not self._has_read:
            first_read.check_data(exchange, data, tls=isinstance(self._stream, TLSStream))
        self._has_read = True
        exchange.disconnected = not data
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        exchange = self._link.exchange
        exchange.start(httpcore.WriteTimeout, timeout)
        limit = exchange.left(httpcore.WriteTimeout)
        exchange.sent |= self._tls_layers == 0
        if exchange.sent:
            exchange.enter("send")
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
        exchange = self._link.exchange
        exchange.start(httpcore.ConnectTimeout)
        limit = exchange.left(httpcore.ConnectTimeout)
        exchange.enter("tls")
        with _in_time(limit, httpcore.ConnectTimeout, httpcore.ConnectError):
            stream = await TLSStream.wrap(
                self._stream,
                server_side=False,
                hostname=tls_name(server_hostname or ""),
                ssl_context=ssl_context,
                # Many servers close connections without a TLS close_notify.
                standard_compatible=False,
            )
        if self._tls_layers > 1:
            exchange.enter("proxy")
        return _Stream(self._link, self._link.add(stream), self._tls_layers - 1)

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._stream.extra(TLSAttribute.ssl_object, None)  # noqa: S610 - not Django's
        if info in {"socket", "client_addr", "server_addr"}:
            sock = self._stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - not Django's
            if info == "socket":
                return sock
            return sock.getsockname() if info == "client_addr" else sock.getpeername()
        return self._link.is_readable() if info == "is_readable" else None


async def _receive(stream: ByteStream, max_bytes: int) -> bytes:
    try:
        return await stream.receive(max_bytes)
    except anyio.EndOfStream:
        return b""


async def _negotiate(stream: ByteStream, handshake: Handshake) -> None:
    """Make the SOCKS handshake, by which the proxy connects to the server."""
    to_send, expected = next(handshake)
    while True:
        if to_send:
            await stream.send(to_send)
        received = b""
        while len(received) < expected:
            data = await _receive(stream, expected - len(received))
            if not data:
                raise httpcore.ProxyError("the SOCKS proxy closed the connection")
            received += data
        try:
            to_send, expected = handshake.send(received)
        except StopIteration:
            return


@contextmanager
def _in_time(
    limit: float | None,
    late: type[httpcore.TimeoutException],
    failed: type[httpcore.NetworkError],
) -> Iterator[None]:
    """Limit one operation, and translate its errors into the errors of httpcore."""
    try:
        with anyio.fail_after(limit):
            yield
    except TimeoutError as error:
        if raised_by_signal_handler(error):
            raise
        raise late(str(error)) from error
    except (
        ssl.SSLError,
        anyio.BrokenResourceError,
        anyio.ClosedResourceError,
        anyio.EndOfStream,
    ) as error:
        raise failed(str(error)) from error
