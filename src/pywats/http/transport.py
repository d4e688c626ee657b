"""httpx transports over httpcore's connection pools with the clipping network backend.

`httpx.HTTPTransport` takes no network backend, so the two classes here stand in
its place. Errors of httpcore pass through as they are: `pywats.http.translate`
knows both families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore
import httpx

from pywats.http.clip import AsyncClippingBackend, ClippingBackend

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator

__all__ = ["AsyncPoolTransport", "PoolTransport"]


def _core_request(request: httpx.Request) -> httpcore.Request:
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class PoolTransport(httpx.BaseTransport):
    """A blocking transport whose socket operations end when the exchange's limit does.

    Args:
        ssl_context: How to verify the server.
        proxy: An HTTP proxy that all requests go through.
        limits: Size of the pool.
    """

    def __init__(
        self, ssl_context: ssl.SSLContext | None, proxy: httpcore.Proxy | None, limits: httpx.Limits
    ) -> None:
        self._backend = ClippingBackend()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            proxy=proxy,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=self._backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the answer with its body still to be read."""
        response = self._pool.handle_request(_core_request(request))
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def abandon(self) -> None:
        """Let go of connections that a forked child has inherited; see `ClippingBackend`."""
        self._backend.abandon()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()


class AsyncPoolTransport(httpx.AsyncBaseTransport):
    """The same for an event loop."""

    def __init__(
        self, ssl_context: ssl.SSLContext | None, proxy: httpcore.Proxy | None, limits: httpx.Limits
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            proxy=proxy,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=AsyncClippingBackend(),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the answer with its body still to be read."""
        response = await self._pool.handle_async_request(_core_request(request))
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_AsyncBody(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
