"""Clip each socket operation to what is left of the limit.

httpx limits each read and each write by itself, so a server that drips a byte
now and then is never too late for it. These streams go through httpcore's
public ``network_backend`` seam and give each operation only the time that the
running exchange has left. Nothing is cancelled: on httpcore 1.0 a cancelled
request leaves its pool slot dead (httpcore issue 1093).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from weakref import WeakSet

import httpcore

from pywats.http.exchange import current_exchange

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable
    from typing import Any

__all__ = ["AsyncClippingBackend", "ClippingBackend"]


def _left(timeout: float | None, expired: type[httpcore.TimeoutException]) -> float | None:
    exchange = current_exchange()
    remaining = None if exchange is None else exchange.remaining()
    if remaining is None:
        return timeout
    if remaining <= 0:
        raise expired("the time limit ran out")
    return remaining if timeout is None else min(timeout, remaining)


def _mark_sent() -> None:
    exchange = current_exchange()
    if exchange is not None:
        exchange.sent = True


def _mark_end(data: bytes) -> bytes:
    exchange = current_exchange()
    if exchange is not None and not data:
        exchange.disconnected = True
    return data


class _ClippingStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, streams: WeakSet[_ClippingStream]) -> None:
        self._stream = stream
        self._streams = streams
        streams.add(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return _mark_end(self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        limit = _left(timeout, httpcore.WriteTimeout)
        _mark_sent()
        self._stream.write(buffer, limit)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, limit)
        return _ClippingStream(stream, self._streams)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class ClippingBackend(httpcore.NetworkBackend):
    """The blocking network backend, clipped to the running exchange."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()
        self._streams: WeakSet[_ClippingStream] = WeakSet()

    def abandon(self) -> None:
        """Close the descriptors of all connections here, and leave the connections alone.

        For a forked child: the parent goes on using them.
        """
        for stream in list(self._streams):
            stream.get_extra_info("socket").close()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the time that is left."""
        limit = _left(timeout, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, limit, local_address, socket_options)
        return _ClippingStream(stream, self._streams)


class _AsyncClippingStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        limit = _left(timeout, httpcore.ReadTimeout)
        return _mark_end(await self._stream.read(max_bytes, limit))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        limit = _left(timeout, httpcore.WriteTimeout)
        _mark_sent()
        await self._stream.write(buffer, limit)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        stream = await self._stream.start_tls(ssl_context, server_hostname, limit)
        return _AsyncClippingStream(stream)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class AsyncClippingBackend(httpcore.AsyncNetworkBackend):
    """The network backend for asyncio and trio, clipped to the running exchange."""

    def __init__(self) -> None:
        # httpcore defines the class a second time, without its methods, for want of anyio.
        self._backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect within the time that is left."""
        limit = _left(timeout, httpcore.ConnectTimeout)
        return _AsyncClippingStream(
            await self._backend.connect_tcp(host, port, limit, local_address, socket_options)
        )
