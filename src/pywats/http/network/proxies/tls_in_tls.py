"""TLS to a server through a proxy that itself uses TLS (an https:// proxy)."""

from __future__ import annotations

import functools
import ssl
from typing import TYPE_CHECKING, TypeVar

import httpcore

from pywats.http.network import first_read
from pywats.http.network.socket_state import has_plaintext

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pywats.http.network.exchange import HasExchange

__all__ = ["TLSInTLSStream"]

T = TypeVar("T")
_CHUNK = 64 * 1024


class TLSInTLSStream(httpcore.NetworkStream):
    """A TLS session inside another TLS session.

    `ssl.SSLContext.wrap_socket` does not accept a socket that already uses TLS.

    Args:
        link: The connection that both sessions belong to.
        outer: The session with the proxy.
        ssl_context: How to verify the server.
        server_hostname: Host name of the server.

    Raises:
        httpcore.ConnectError: The handshake failed.
        httpcore.ConnectTimeout: The handshake took too long.
    """

    def __init__(
        self,
        link: HasExchange,
        outer: httpcore.NetworkStream,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None,
    ) -> None:
        self._link = link
        self._outer = outer
        self._has_read = False
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._session = ssl_context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )
        try:
            self._run(self._session.do_handshake, httpcore.ConnectError)
            self._outer.write(self._outgoing.read())
        except httpcore.TimeoutException as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except httpcore.NetworkError as error:
            raise httpcore.ConnectError(str(error)) from error

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read up to ``max_bytes``; return b"" at the end of the connection."""

        def read() -> bytes:
            try:
                return self._session.read(max_bytes)
            except ssl.SSLEOFError:
                return b""

        try:
            data = self._run(read, httpcore.ReadError, timeout)
        except httpcore.ReadError as error:
            if not self._has_read:
                first_read.check_error(self._link.exchange, error)
            raise
        self._has_read = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of the buffer."""
        self._link.exchange.sent = True
        for start in range(0, len(buffer), _CHUNK):
            write = functools.partial(self._session.write, buffer[start : start + _CHUNK])
            self._run(write, httpcore.WriteError, timeout)
            self._outer.write(self._outgoing.read(), timeout)

    def close(self) -> None:
        """Close the connection to the proxy."""
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        """Return a fact about the stream, by the name that httpcore uses."""
        if info == "ssl_object":
            return self._session
        # The socket may be empty although a record of the outer session had data for this session.
        if info == "is_readable" and has_plaintext(self._session):
            return True
        return self._outer.get_extra_info(info)

    def _run(
        self,
        operation: Callable[[], T],
        failed: type[httpcore.NetworkError],
        timeout: float | None = None,
    ) -> T:
        while True:
            try:
                result = operation()
            except ssl.SSLWantReadError:
                self._outer.write(self._outgoing.read(), timeout)
                data = self._outer.read(_CHUNK, timeout)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            except ssl.SSLError as error:
                raise failed(str(error)) from error
            else:
                return result
