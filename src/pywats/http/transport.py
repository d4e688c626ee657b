"""The httpx transport over the pool of `pywats.http.pool` and the connections of httpcore.

Errors of httpcore pass through as they are: `pywats.http.translate` knows both
families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore
import httpx

from pywats.http.bell import Bell
from pywats.http.exchange import current_exchange
from pywats.http.link import Link
from pywats.http.pool import Lease, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.http.route import Route

__all__ = ["LEASE", "PoolTransport", "from_httpcore", "to_httpcore"]

LEASE = "pywats.lease"
"""Key of the lease among the extensions of a request."""

# What the end of a connection that was kept looks like to the next request over it.
_STALE = (httpcore.NetworkError, httpcore.RemoteProtocolError)


def to_httpcore(request: httpx.Request) -> httpcore.Request:
    """Return the request as httpcore takes it."""
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


def from_httpcore(
    answer: httpcore.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    """Return the answer as httpx gives it, its body still to be read from the stream."""
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
                answer = link.connection.handle_request(to_httpcore(request))
            except _STALE:
                if not kept or exchange.sent:
                    raise
                # Not a byte has left: the server had closed the connection, unseen until now.
                self._pool.discard(lease)
            else:
                return from_httpcore(answer, _Body(answer))

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
