"""httpx transports over the pool of `pywats.http.pool` and the connections of httpcore.

Errors of httpcore pass through as they are: `pywats.http.translate` knows both
families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import httpcore
import httpx

from pywats.http.async_link import AsyncLink
from pywats.http.bell import Bell
from pywats.http.exchange import current_exchange
from pywats.http.link import Link
from pywats.http.pool import Lease, Pool

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

    from pywats.http.route import Route

__all__ = ["LEASE", "AsyncPoolTransport", "PoolTransport"]

LEASE = "pywats.lease"
"""Key of the lease among the extensions of a request."""

# What the end of a connection that was kept looks like to the next request over it.
_STALE = (httpcore.NetworkError, httpcore.RemoteProtocolError)


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
    )


def _response(
    answer: httpcore.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    # Redirects are not followed, and httpx fails on an address that it cannot read although it
    # is not to go there.
    headers = [(name, value) for name, value in answer.headers if name.lower() != b"location"]
    return httpx.Response(
        answer.status, headers=headers, stream=stream, extensions=answer.extensions
    )


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class PoolTransport(httpx.BaseTransport):
    """A blocking transport whose operations end when the exchange's limit does.

    Args:
        route: Where to and how.
        limits: Size of the pool.
    """

    def __init__(self, route: Route, limits: httpx.Limits) -> None:
        self._route = route
        self._pool: Pool[Link] = Pool(limits.max_connections, limits.max_keepalive_connections)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the answer with its body still to be read.

        The request's extension `LEASE` holds what is to be given to `release` afterwards,
        whether this returned, raised or was interrupted.
        """
        lease: Lease[Link] = request.extensions[LEASE]
        exchange = current_exchange()
        turn = Bell()
        self._pool.enter(lease, turn.ring)
        turn.wait(lambda: exchange.left(httpcore.PoolTimeout))
        while True:
            link, kept = self._link(lease)
            try:
                answer = link.connection.handle_request(_core_request(request))
            except _STALE:
                if not kept or exchange.sent:
                    raise
                # Not a byte has left: the server had closed the connection, unseen until now.
                self._pool.discard(lease)
            else:
                return _response(answer, _Body(answer))

    def release(self, lease: Lease[Link], *, fit: bool) -> None:
        """Give back what a request has taken; after an interruption, call it again.

        Args:
            lease: What it has.
            fit: Whether its connection may serve another request.
        """
        self._pool.give_back(lease, fit=fit)
        self._close_unwanted(lease)
        self._pool.leave(lease)

    def close(self) -> None:
        """Close all connections; those in use are ended under the threads that use them."""
        idle, in_use = self._pool.close()
        for link in idle:
            link.close()
        for link in in_use:
            link.hang_up()

    def close_idle(self) -> None:
        """Close the connections that are not in use."""
        for link in self._pool.drain():
            link.close()

    def abandon(self) -> None:
        """Let go of all connections in a forked child: the parent goes on using them."""
        for link in self._pool.links():
            link.close()

    def _link(self, lease: Lease[Link]) -> tuple[Link, bool]:
        self._pool.take_idle(lease)
        self._close_unwanted(lease)
        kept = lease.link
        link = lease.link = kept or Link(self._route)
        if self._pool.closed:
            raise httpcore.ConnectError("the client was closed")
        return link, kept is not None

    def _close_unwanted(self, lease: Lease[Link]) -> None:
        for link in lease.unwanted:
            link.close()
        lease.unwanted.clear()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


class AsyncPoolTransport(httpx.AsyncBaseTransport):
    """The same for an event loop.

    Args:
        route: Where to and how.
        limits: Size of the pool.
    """

    def __init__(self, route: Route, limits: httpx.Limits) -> None:
        self._route = route
        self._pool: Pool[AsyncLink] = Pool(limits.max_connections, limits.max_keepalive_connections)
        self._guard: AsyncGenerator[None] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the answer with its body still to be read.

        The request's extension `LEASE` holds what is to be given to `release` afterwards,
        whether this returned, raised or was cancelled.
        """
        lease: Lease[AsyncLink] = request.extensions[LEASE]
        exchange = current_exchange()
        if self._guard is None:
            self._guard = self._close_idle_at_end_of_loop()
            await anext(self._guard)
        turn = anyio.Event()
        self._pool.enter(lease, turn.set)
        if not turn.is_set():
            try:
                with anyio.fail_after(exchange.left(httpcore.PoolTimeout)):
                    await turn.wait()
            except TimeoutError:
                raise httpcore.PoolTimeout("all connections are in use") from None
        link = await self._link(lease)
        answer = await link.connection.handle_async_request(_core_request(request))
        return _response(answer, _AsyncBody(answer))

    async def release(self, lease: Lease[AsyncLink], *, fit: bool) -> None:
        """Give back what a request has taken.

        Args:
            lease: What it has.
            fit: Whether its connection may serve another request.
        """
        self._pool.give_back(lease, fit=fit)
        try:
            await self._close_unwanted(lease)
        finally:
            self._pool.leave(lease)

    async def aclose(self) -> None:
        """Close all connections; the tasks that use one find it ended."""
        for links in self._pool.close():
            for link in links:
                await link.close()

    async def _close_idle_at_end_of_loop(self) -> AsyncGenerator[None]:
        # Who forgets to close the client: event loops close the generators that are left over.
        try:
            yield
        finally:
            self._guard = None
            for link in self._pool.drain():
                await link.close()

    async def _link(self, lease: Lease[AsyncLink]) -> AsyncLink:
        self._pool.take_idle(lease)
        await self._close_unwanted(lease)
        link = lease.link = lease.link or AsyncLink(self._route)
        if self._pool.closed:
            raise httpcore.ConnectError("the client was closed")
        return link

    async def _close_unwanted(self, lease: Lease[AsyncLink]) -> None:
        for link in lease.unwanted:
            await link.close()
        lease.unwanted.clear()
