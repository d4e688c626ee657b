"""One connection to the server, for code that blocks."""

from __future__ import annotations

import functools
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import httpcore

from pywats.http.connect import connect
from pywats.http.exchange import current_exchange
from pywats.http.leftover import has_leftover
from pywats.http.readable import is_readable
from pywats.http.resolve import resolve
from pywats.http.tls_in_tls import TLSInTLSStream
from pywats.sync.patience import patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pywats.http.exchange import Exchange
    from pywats.http.route import Route

__all__ = ["Link"]

T = TypeVar("T")


class Link(httpcore.NetworkBackend):
    """A connection of httpcore, and the sockets under it.

    Each socket operation gets only the time that the running exchange has left. httpx limits
    each read and each write by itself, so that a server that drips a byte now and then would
    never be too late.

    Args:
        route: Where to and how.
    """

    def __init__(self, route: Route) -> None:
        self._tls_layers = route.tls_layers
        self._sockets: list[socket.socket] = []
        self._hung_up = False
        self.connection = route.connection(self)

    def is_reusable(self) -> bool:
        """Return whether the connection is idle, and the server has neither spoken nor hung up."""
        idle = self.connection.is_idle() and not self.connection.has_expired()
        return idle and not has_leftover(self.connection)

    def close(self) -> None:
        """Close the sockets; any number of times.

        It takes no lock and says no goodbye: in a forked child it ends nothing but the child's
        share in the connection.
        """
        for each in list(self._sockets):
            each.close()

    def hang_up(self) -> None:
        """End the connection from another thread; the one that uses it will find out and close it.

        Closing the socket here would not wake that thread, and the number of the closed socket
        might be that of a new one before it looks.
        """
        self._hung_up = True
        for each in list(self._sockets):
            with suppress(OSError):
                # The method of an SSLSocket takes its TLS away first, under a running read.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
        local_address: str | None = None,  # noqa: ARG002 - never given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never given
    ) -> httpcore.NetworkStream:
        """Look the host up and connect, within the time that is left."""
        exchange = current_exchange()

        def left() -> float | None:
            return exchange.left(httpcore.ConnectTimeout)

        try:
            sock = connect(resolve(host, port, left), left, self.add)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        self.close_all_but(sock)
        return _Stream(self, sock, self._tls_layers)

    def add(self, sock: socket.socket) -> None:
        """Take charge of a socket."""
        self._sockets.append(sock)
        if self._hung_up:
            raise httpcore.ConnectError("the client was closed")

    def close_all_but(self, chosen: socket.socket) -> None:
        """Close the sockets of addresses that were too slow."""
        for each in list(self._sockets):
            if each is not chosen:
                each.close()
                self._sockets.remove(each)


class _Stream(httpcore.NetworkStream):
    """A socket of a link.

    Args:
        link: Closes the socket in the end.
        sock: Connected.
        tls_layers: How many sessions of TLS are still to begin before the first request: what is
            written until then is the talk with a proxy.
    """

    def __init__(self, link: Link, sock: socket.socket, tls_layers: int) -> None:
        self._link = link
        self._socket = sock
        self._tls_layers = tls_layers

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the exchange has the limit
        exchange = current_exchange()
        data = _in_time(
            self._socket,
            lambda: self._socket.recv(max_bytes),
            lambda: exchange.left(httpcore.ReadTimeout),
            httpcore.ReadError,
        )
        exchange.disconnected = not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the exchange has the limit
        exchange = current_exchange()
        data = memoryview(buffer)
        sent = 0
        while sent < len(data):
            sent += _in_time(
                self._socket,
                functools.partial(self._send, exchange, data[sent:]),
                lambda: exchange.left(httpcore.WriteTimeout),
                httpcore.WriteError,
            )

    def _send(self, exchange: Exchange, data: memoryview) -> int:
        untouched = not exchange.sent
        # Set before, not after: the moment between might be that of a Ctrl-C.
        exchange.sent |= self._tls_layers == 0
        try:
            return self._socket.send(data)
        except OSError as error:
            # The first bytes were refused, for the server had closed the connection. (Under TLS
            # a part of a record may have left.)
            if untouched and not _is_late(error) and not isinstance(self._socket, ssl.SSLSocket):
                exchange.sent = False
            raise

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
    ) -> httpcore.NetworkStream:
        if isinstance(self._socket, ssl.SSLSocket):
            return TLSInTLSStream(self, ssl_context, server_hostname)
        exchange = current_exchange()

        def left() -> float | None:
            return exchange.left(httpcore.ConnectTimeout)

        def wrap() -> ssl.SSLSocket:
            return ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )

        wrapped = _in_time(self._socket, wrap, left, httpcore.ConnectError)
        self._link.add(wrapped)
        _in_time(wrapped, wrapped.do_handshake, left, httpcore.ConnectError)
        return _Stream(self._link, wrapped, self._tls_layers - 1)

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return is_readable(self._socket.fileno()) if info == "is_readable" else None


def _in_time(
    sock: socket.socket,
    operation: Callable[[], T],
    left: Callable[[], float | None],
    failed: type[httpcore.NetworkError],
) -> T:
    while True:
        sock.settimeout(patience(left()))
        try:
            return operation()
        except OSError as error:
            if not _is_late(error):
                raise failed(str(error)) from error


def _is_late(error: OSError) -> bool:
    """Return whether the time of one operation ran out.

    With a number it is the operating system that has given the connection up.
    """
    return isinstance(error, TimeoutError) and error.errno is None
