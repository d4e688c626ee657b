"""The transport of `pywats.http.transport` for an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import httpcore
import httpx

from pywats.http.async_link import AsyncLink
from pywats.http.exchange import current_exchange
from pywats.http.pool import Lease, Pool
from pywats.http.transport import LEASE, from_httpcore, to_httpcore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from pywats.http.route import Route

__all__ = ["AsyncPoolTransport"]


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


class AsyncPoolTransport(httpx.AsyncBaseTransport):
    """A transport for an event loop, whose operations end when the exchange's limit does.

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
        answer = await link.connection.handle_async_request(to_httpcore(request))
        return from_httpcore(answer, _AsyncBody(answer))

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
