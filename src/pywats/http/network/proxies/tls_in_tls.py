"""TLS to a server through a proxy that is itself reached by TLS."""

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
    """A TLS session whose records travel inside another one.

    `ssl.SSLContext.wrap_socket` takes no socket that speaks TLS already.

    Args:
        link: The connection that the two sessions belong to.
        outer: The session with the proxy.
        ssl_context: How to verify the server.
        server_hostname: The server.

    Raises:
        httpcore.ConnectError: The handshake failed.
        httpcore.ConnectTimeout: It took too long.
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

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the exchange has the limit
        """Read up to ``max_bytes``; nothing at the end of the connection."""

        def read() -> bytes:
            try:
                return self._session.read(max_bytes)
            except ssl.SSLEOFError:
                return b""

        try:
            data = self._run(read, httpcore.ReadError)
        except httpcore.ReadError as error:
            if not self._has_read:
                first_read.check_error(self._link.exchange, error)
            raise
        self._has_read = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the exchange has the limit
        """Write all of the buffer."""
        self._link.exchange.sent = True
        for start in range(0, len(buffer), _CHUNK):
            write = functools.partial(self._session.write, buffer[start : start + _CHUNK])
            self._run(write, httpcore.WriteError)
            self._outer.write(self._outgoing.read())

    def close(self) -> None:
        """Close the connection to the proxy."""
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks for."""
        if info == "ssl_object":
            return self._session
        # What came in one record of the proxy's is not in the socket any more.
        if info == "is_readable" and has_plaintext(self._session):
            return True
        return self._outer.get_extra_info(info)

    def _run(self, operation: Callable[[], T], failed: type[httpcore.NetworkError]) -> T:
        while True:
            try:
                result = operation()
            except ssl.SSLWantReadError:
                self._outer.write(self._outgoing.read())
                data = self._outer.read(_CHUNK)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            except ssl.SSLError as error:
                raise failed(str(error)) from error
            else:
                return result
