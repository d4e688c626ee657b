"""Send requests over a `pywats.http.network.pool`, for code that blocks.

It raises the errors of httpcore, which `pywats.http.errors.transport` translates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore

from pywats.http.network.connection import Link
from pywats.http.network.pool import Lease, Pool
from pywats.runtime.bell import Bell

if TYPE_CHECKING:
    import httpx

    from pywats.http.network.exchange import Exchange
    from pywats.http.network.http1.message import Incoming, Message
    from pywats.http.network.route import Route

__all__ = ["PoolTransport"]

# Errors that indicate a stale keep-alive connection.
_STALE = (httpcore.NetworkError, httpcore.RemoteProtocolError)


class PoolTransport:
    """Send requests over pooled connections; no operation outlasts the limit of its exchange.

    Args:
        limits: Size of the pool.
    """

    def __init__(self, limits: httpx.Limits) -> None:
        self._pool: Pool[Link] = Pool(limits.max_connections, limits.max_keepalive_connections)

    def lease(self, exchange: Exchange, route: Route) -> Lease[Link]:
        """Return an empty lease: give it to `send`, and then to `release`."""
        return Lease(exchange, route)

    def send(self, lease: Lease[Link], message: Message) -> Incoming:
        """Send the request and return the response, whose body is still to be read.

        Args:
            lease: The lease; pass it to `release` afterwards, whether this returned, raised or was
                interrupted.
            message: The request. If a keep-alive connection turns out to be stale before any byte
                was sent, the request is sent over a new connection.
        """
        exchange = lease.exchange
        exchange.start(httpcore.PoolTimeout)
        exchange.enter("pool")
        if not self._pool.enter_at_once(lease):
            turn = Bell()
            self._pool.enter(lease, turn.ring)
            turn.wait(lambda: exchange.left(httpcore.PoolTimeout))
        while True:
            link = self._link(lease)
            try:
                return link.connection.send(message)
            except _STALE:
                if not exchange.reused or exchange.sent:
                    raise
                # No byte was sent: the server had closed the keep-alive connection.
                self._pool.discard(lease)

    def release(self, lease: Lease[Link], *, fit: bool) -> None:
        """Give back the place and the connection of a request; after an interruption, call again.

        Args:
            lease: The lease of the request.
            fit: Whether its connection may serve another request.
        """
        self._pool.give_back(lease, fit=fit)
        self._close_unwanted(lease)
        self._pool.leave(lease)

    def close(self) -> None:
        """Close all connections; a thread that is using a connection gets an error."""
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
        """Close the sockets in a forked child; the connections stay open for the parent."""
        for link in self._pool.links():
            link.close()

    def _link(self, lease: Lease[Link]) -> Link:
        self._pool.take_idle(lease)
        self._close_unwanted(lease)
        exchange = lease.exchange
        exchange.reused = lease.link is not None
        link = lease.link = lease.link or Link(lease.route, exchange)
        link.exchange = exchange
        exchange.peer = link.peer
        if self._pool.closed:
            raise httpcore.ConnectError("the client was closed")
        return link

    def _close_unwanted(self, lease: Lease[Link]) -> None:
        for link in lease.unwanted:
            link.close()
        lease.unwanted.clear()
