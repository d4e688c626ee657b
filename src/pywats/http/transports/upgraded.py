"""The network stream of a response that changed the protocol of its connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import httpcore

from pywats.http.transports.direct_body import called_outside, nearest
from pywats.runtime.running_loop import inline_loop

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from typing import Any

    from pywats.http.attempt import Attempt
    from pywats.http.network.exchange import Exchange

__all__ = ["AwaitableStream", "with_awaitable_stream"]

T = TypeVar("T")


def with_awaitable_stream(
    extensions: Mapping[str, object], attempt: Attempt
) -> Mapping[str, object]:
    """Return the extensions of a response with a network stream for an `httpx.AsyncClient`.

    Args:
        extensions: The extensions of a response that changed the protocol; their network stream
            blocks.
        attempt: The attempt, whose exchange limits the operations of the stream.
    """
    stream = cast("httpcore.NetworkStream", extensions["network_stream"])
    return {**extensions, "network_stream": AwaitableStream(stream, attempt.exchange)}


class AwaitableStream(httpcore.AsyncNetworkStream):
    """A network stream that blocks, with the interface for async code; it never suspends.

    Args:
        stream: The stream.
        exchange: The exchange, which limits each operation.
    """

    def __init__(self, stream: httpcore.NetworkStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange
        self._limit = exchange.limit

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read up to ``max_bytes``; return b"" at the end of the connection."""
        return self._limited(lambda: self._stream.read(max_bytes, timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of the buffer."""
        self._limited(lambda: self._stream.write(buffer, timeout))

    async def aclose(self) -> None:
        """Close the connection."""
        self._stream.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return the stream of a TLS session over this connection."""
        stream = self._limited(
            lambda: self._stream.start_tls(ssl_context, server_hostname, timeout)
        )
        return AwaitableStream(stream, self._exchange)

    def get_extra_info(self, info: str) -> Any:
        """Return a fact about the stream, by the name that httpcore uses."""
        return self._stream.get_extra_info(info)

    def _limited(self, operation: Callable[[], T]) -> T:
        loop = inline_loop()
        self._exchange.limit = nearest(self._limit, loop)
        return called_outside(loop, operation)
