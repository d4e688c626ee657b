"""One connection to the server, for code that blocks."""

from __future__ import annotations

import functools
import socket
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import httpcore

from pywats.http.host import tls_name
from pywats.http.network import first_read
from pywats.http.network.connect import connect, peer_of, set_options
from pywats.http.network.dns import resolve
from pywats.http.network.proxies.tls_in_tls import TLSInTLSStream
from pywats.http.network.socket_state import is_readable
from pywats.runtime.interrupts import patience
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pywats.http.network.exchange import Exchange, Peer
    from pywats.http.network.http1.message import Connection, Incoming, Message
    from pywats.http.network.proxies.socks import Handshake
    from pywats.http.network.route import Route

__all__ = ["Link"]

T = TypeVar("T")


class Link(httpcore.NetworkBackend):
    """A connection, and the sockets under it.

    Each socket operation gets only the time that the running exchange has left. httpx limits
    each read and each write by itself, so that a server that trickles single bytes would
    never exceed a limit.

    Args:
        route: The route of the connection.
        exchange: The exchange that the connection is opened for.

    Attributes:
        route: The route of the connection.
        exchange: The exchange that uses the connection, or the last exchange that used it.
        peer: Address and port of the other end; None before the connection is open.
    """

    def __init__(self, route: Route, exchange: Exchange) -> None:
        self.route = route
        self.exchange = exchange
        self.peer: Peer | None = None
        self._expires_at = route.expiry()
        self._sockets: list[socket.socket] = []
        self._hung_up = False
        self.connection: Connection = route.connection(self)

    def is_reusable(self) -> bool:
        """Return whether another request can go over the connection.

        The connection must be idle and not too old, and the server must not have sent anything
        more or closed the connection.
        """
        idle = self.connection.is_idle() and not self.connection.has_expired()
        return idle and time.monotonic() < self._expires_at and not self.connection.has_leftover()

    def close(self) -> None:
        """Close the sockets; may be called again.

        It takes no lock and sends no TLS close_notify: in a forked child, it closes only the
        child's copy of the socket, and the parent can still use the connection.
        """
        for each in list(self._sockets):
            each.close()
        # The connection refers to this object: break the cycle, which would stay until the garbage
        # collector runs.
        self.connection = _ClosedConnection()

    def hang_up(self) -> None:
        """End the connection from another thread; the thread that uses it gets an error.

        That thread then closes the socket. Closing it here would not wake the thread, and a new
        socket could get the same file descriptor before the thread notices.
        """
        self._hung_up = True
        for each in list(self._sockets):
            with suppress(OSError):
                # SSLSocket.shutdown would first remove the TLS session, during a running read.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the route has the form to connect to
        port: int,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
        local_address: str | None = None,  # noqa: ARG002 - never given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never given
    ) -> httpcore.NetworkStream:
        """Look up the host and connect, within the time that is left."""
        exchange = self.exchange
        exchange.start(httpcore.ConnectTimeout)

        def left() -> float | None:
            return exchange.left(httpcore.ConnectTimeout)

        try:
            exchange.enter("dns" if self.route.looks_up else "connect")
            addresses = resolve(*self.route.first_hop, left)
            exchange.enter("connect")
            sock = connect(addresses, left, self.add)
            set_options(sock)
        except (OSError, UnicodeError) as error:
            if raised_by_signal_handler(error):
                raise
            raise httpcore.ConnectError(str(error)) from error
        self.close_all_but(sock)
        exchange.peer = self.peer = peer_of(sock)
        if self.route.tunnels:
            exchange.enter("proxy")
        if self.route.socks is not None:
            _negotiate(sock, self.route.handshake(self.route.socks), left)
        return _Stream(self, sock, self.route.tls_layers)

    def add(self, sock: socket.socket) -> None:
        """Note a socket, which this object closes."""
        self._sockets.append(sock)
        if self._hung_up:
            raise httpcore.ConnectError("the client was closed")

    def close_all_but(self, chosen: socket.socket) -> None:
        """Close the sockets of the addresses that were slower than the chosen one."""
        for each in list(self._sockets):
            if each is not chosen:
                each.close()
                self._sockets.remove(each)


class _ClosedConnection:
    """The connection of a link that was closed."""

    def send(self, message: Message) -> Incoming:  # noqa: ARG002 - the interface
        raise httpcore.ConnectError("the connection was closed")

    def is_idle(self) -> bool:
        return False

    def has_expired(self) -> bool:
        return True

    def has_leftover(self) -> bool:
        return False


class _Stream(httpcore.NetworkStream):
    """A socket of a link.

    Args:
        link: The link, which closes the socket.
        sock: The socket, which is connected.
        tls_layers: How many TLS handshakes are still needed before the first request; bytes that
            are written until then go to a proxy.
    """

    def __init__(self, link: Link, sock: socket.socket, tls_layers: int) -> None:
        self._link = link
        self._socket = sock
        self._tls_layers = tls_layers
        self._has_read = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        exchange = self._link.exchange
        exchange.start(httpcore.ReadTimeout, timeout)
        exchange.follow("send", "wait")
        sock = self._socket
        try:
            data = None
            while data is None:
                # `_in_time` is not used here: calling its functions adds 5 % to the time of a GET.
                try:
                    # This fails too if the socket was closed.
                    sock.settimeout(patience(exchange.left(httpcore.ReadTimeout)))
                    data = sock.recv(max_bytes)
                except OSError as error:
                    if raised_by_signal_handler(error):
                        raise
                    if not _is_late(error):
                        raise httpcore.ReadError(str(error)) from error
        except httpcore.ReadError as error:
            if not self._has_read:
                first_read.check_error(exchange, error)
            raise
        if not self._has_read:
            first_read.check_data(exchange, data, tls=isinstance(sock, ssl.SSLSocket))
        self._has_read = True
        exchange.disconnected = not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        exchange = self._link.exchange
        exchange.start(httpcore.WriteTimeout, timeout)
        if exchange.sent or self._tls_layers == 0:
            exchange.enter("send")
        sock = self._socket
        data = memoryview(buffer)
        while data:
            try:
                sock.settimeout(patience(exchange.left(httpcore.WriteTimeout)))
                data = data[self._send(exchange, data) :]
            except OSError as error:
                if raised_by_signal_handler(error):
                    raise
                if not _is_late(error):
                    raise httpcore.WriteError(str(error)) from error

    def _send(self, exchange: Exchange, data: memoryview) -> int:
        untouched = not exchange.sent
        # Set before sending: Ctrl-C might come between sending and an assignment after it.
        exchange.sent |= self._tls_layers == 0
        try:
            return self._socket.send(data)
        except OSError as error:
            # If the first bytes are refused, the server has closed the connection, and nothing was
            # sent. Under TLS, a part of a record may have been sent.
            refused = not _is_late(error) and not raised_by_signal_handler(error)
            if untouched and refused and not isinstance(self._socket, ssl.SSLSocket):
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
        self._link.exchange.enter("tls")
        name = tls_name(server_hostname or "")
        if isinstance(self._socket, ssl.SSLSocket):
            return TLSInTLSStream(self._link, self, ssl_context, name)
        exchange = self._link.exchange
        exchange.start(httpcore.ConnectTimeout)

        def left() -> float | None:
            return exchange.left(httpcore.ConnectTimeout)

        def wrap() -> ssl.SSLSocket:
            return ssl_context.wrap_socket(
                self._socket, server_hostname=name, do_handshake_on_connect=False
            )

        wrapped = _in_time(self._socket, wrap, left, httpcore.ConnectError)
        self._link.add(wrapped)
        _in_time(wrapped, wrapped.do_handshake, left, httpcore.ConnectError)
        if self._tls_layers > 1:
            exchange.enter("proxy")
        return _Stream(self._link, wrapped, self._tls_layers - 1)

    def get_extra_info(self, info: str) -> Any:
        if info == "server_addr":
            return self._socket.getpeername()
        if info == "client_addr":
            return self._socket.getsockname()
        if info == "socket":
            return self._socket
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return is_readable(self._socket.fileno()) if info == "is_readable" else None


def _negotiate(sock: socket.socket, handshake: Handshake, left: Callable[[], float | None]) -> None:
    """Make the SOCKS handshake, by which the proxy connects to the server."""
    to_send, expected = next(handshake)
    while True:
        _in_time(sock, functools.partial(sock.sendall, to_send), left, httpcore.ConnectError)
        received = b""
        while len(received) < expected:
            receive = functools.partial(sock.recv, expected - len(received))
            data = _in_time(sock, receive, left, httpcore.ConnectError)
            if not data:
                raise httpcore.ProxyError("the SOCKS proxy closed the connection")
            received += data
        try:
            to_send, expected = handshake.send(received)
        except StopIteration:
            return


def _in_time(
    sock: socket.socket,
    operation: Callable[[], T],
    left: Callable[[], float | None],
    failed: type[httpcore.NetworkError],
) -> T:
    while True:
        try:
            sock.settimeout(patience(left()))
            return operation()
        except OSError as error:
            if raised_by_signal_handler(error):
                # It is not an error of the socket, but for example the caller's own timeout.
                raise
            if not _is_late(error):
                raise failed(str(error)) from error


def _is_late(error: OSError) -> bool:
    """Return whether the timeout of one operation ran out.

    A `TimeoutError` with an errno is from the operating system, which has given up the connection.
    """
    return isinstance(error, TimeoutError) and error.errno is None
