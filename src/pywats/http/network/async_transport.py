"""Send requests over a `pywats.http.network.pool` of httpcore's connections, in an event loop."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import anyio
import httpcore

from pywats.http.network.async_connection import AsyncLink
from pywats.http.network.pool import Lease, Pool
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import httpx

    from pywats.http.network.exchange import Exchange
    from pywats.http.network.route import Route

__all__ = ["AsyncPoolTransport"]


class AsyncPoolTransport:
    """Send requests over pooled connections; no operation outlasts the limit of its exchange.

    Args:
        limits: Size of the pool.
    """

    def __init__(self, limits: httpx.Limits) -> None:
        self._pool: Pool[AsyncLink] = Pool(limits.max_connections, limits.max_keepalive_connections)
        self._guard: AsyncGenerator[None] | None = None
        # If the program drops the client without closing it, its idle connections are closed then.
        weakref.finalize(self, _abandon_idle, self._pool)

    def lease(self, exchange: Exchange, route: Route) -> Lease[AsyncLink]:
        """Return an empty lease: give it to `send`, and then to `release`."""
        return Lease(exchange, route)

    async def send(self, lease: Lease[AsyncLink], request: httpcore.Request) -> httpcore.Response:
        """Send the request and return the response, whose body is still to be read.

        Args:
            lease: The lease; pass it to `release` afterwards, whether this returned, raised or was
                cancelled.
            request: The request.
        """
        if self._guard is None:
            self._guard = _close_idle_at_end_of_loop(weakref.ref(self))
            await anext(self._guard)
        lease.exchange.enter("pool")
        lease.exchange.start(httpcore.PoolTimeout)
        turn = anyio.Event()
        self._pool.enter(lease, turn.set)
        if not turn.is_set():
            try:
                with anyio.fail_after(lease.exchange.left(httpcore.PoolTimeout)):
                    await turn.wait()
            except TimeoutError as error:
                if raised_by_signal_handler(error):
                    raise
                raise httpcore.PoolTimeout("all connections are in use") from None
        link = await self._link(lease)
        return await link.connection.handle_async_request(request)

    async def release(self, lease: Lease[AsyncLink], *, fit: bool) -> None:
        """Give back the place and the connection of a request.

        Args:
            lease: The lease of the request.
            fit: Whether its connection may serve another request.
        """
        self._pool.give_back(lease, fit=fit)
        try:
            await self._close_unwanted(lease)
        finally:
            self._pool.leave(lease)

    def abandon(self, lease: Lease[AsyncLink]) -> None:
        """Give up the place and the connection of a request without waiting.

        Args:
            lease: The lease of the request.
        """
        self._pool.give_back(lease, fit=False)
        for link in lease.unwanted:
            link.abandon()
        lease.unwanted.clear()
        self._pool.leave(lease)

    async def aclose(self) -> None:
        """Close all connections; a task that is using a connection gets an error."""
        for links in self._pool.close():
            for link in links:
                await link.close()

    async def close_idle(self) -> None:
        """Close the connections that are not in use; the event loop is about to end."""
        self._guard = None
        for link in self._pool.drain():
            await link.close()

    async def _link(self, lease: Lease[AsyncLink]) -> AsyncLink:
        self._pool.take_idle(lease)
        await self._close_unwanted(lease)
        exchange = lease.exchange
        exchange.reused = lease.link is not None
        link = lease.link = lease.link or AsyncLink(lease.route, exchange)
        link.exchange = exchange
        exchange.peer = link.peer
        if self._pool.closed:
            raise httpcore.ConnectError("the client was closed")
        return link

    async def _close_unwanted(self, lease: Lease[AsyncLink]) -> None:
        for link in lease.unwanted:
            await link.close()
        lease.unwanted.clear()


async def _close_idle_at_end_of_loop(
    transport: weakref.ref[AsyncPoolTransport],
) -> AsyncGenerator[None]:
    # For programs that keep the client and do not close it: an event loop closes its async
    # generators when it ends. The reference is weak because a cycle would keep the sockets open
    # until the garbage collector runs.
    try:
        yield
    finally:
        kept = transport()
        if kept is not None:
            await kept.close_idle()


def _abandon_idle(pool: Pool[AsyncLink]) -> None:
    for link in pool.drain():
        link.abandon()
