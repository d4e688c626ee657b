"""One connection to the server, for an event loop."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import anyio
import httpcore

from pywats.http.connect import connect_async
from pywats.http.exchange import current_exchange
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
        # httpcore defines the class a second time, without its methods, for want of anyio.
        self._network = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self._tls_layers = route.tls_layers
        self._streams: list[httpcore.AsyncNetworkStream] = []
        self._connecting: anyio.CancelScope | None = None
        self._closed = False
        self.connection = route.async_connection(self)

    def is_reusable(self) -> bool:
        """Return whether the connection is idle and has not been closed by the server."""
        return self.connection.is_idle() and not self.connection.has_expired()

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
                addresses = await resolve_async(host, port)
                stream = await connect_async(addresses, self._connect)
                return _Stream(self, stream, self._tls_layers)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if self._closed:
            raise httpcore.ConnectError("the client was closed")
        raise httpcore.ConnectTimeout("the time limit ran out")

    def add(self, stream: httpcore.AsyncNetworkStream) -> httpcore.AsyncNetworkStream:
        """Take charge of a stream, and return it."""
        self._streams.append(stream)
        return stream

    async def _connect(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        return self.add(await self._network.connect_tcp(host, port))


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(
        self, link: AsyncLink, stream: httpcore.AsyncNetworkStream, tls_layers: int
    ) -> None:
        self._link = link
        self._stream = stream
        self._tls_layers = tls_layers

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the exchange has the limit
        exchange = current_exchange()
        limit = exchange.left(httpcore.ReadTimeout)
        with _errors_as(httpcore.ReadError):
            data = await self._stream.read(max_bytes, limit)
        exchange.disconnected = not data
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the exchange has the limit
        exchange = current_exchange()
        limit = exchange.left(httpcore.WriteTimeout)
        exchange.sent |= self._tls_layers == 0
        with _errors_as(httpcore.WriteError):
            await self._stream.write(buffer, limit)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has the limit
    ) -> httpcore.AsyncNetworkStream:
        limit = current_exchange().left(httpcore.ConnectTimeout)
        with _errors_as(httpcore.ConnectError):
            stream = self._link.add(
                await self._stream.start_tls(ssl_context, server_hostname, limit)
            )
        return _Stream(self._link, stream, self._tls_layers - 1)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _errors_as(kind: type[httpcore.NetworkError]) -> Iterator[None]:
    """Translate what httpcore lets pass, for it does not expect it of anyio."""
    try:
        yield
    except (ssl.SSLError, anyio.EndOfStream, anyio.ClosedResourceError) as error:
        raise kind(str(error)) from error
