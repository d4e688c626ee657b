"""Bookkeeping of a connection pool: which exchange has which connection. It does no I/O.

httpcore's own pools lose a slot for ever when a request is cancelled or times
out just as its turn comes (httpcore issue 1093), and close a connection that they
have already promised to another request (issue 1110). If Ctrl-C comes while they
hold their lock, it stays locked, or their clean-up deadlocks. In this pool every
change can be repeated: an exchange that was interrupted at any point gives back
all that it has, and may do so more than once.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pywats.http.network.exchange import Exchange
from pywats.http.network.route import Route

__all__ = ["Lease", "Pool", "Reusable"]


class Reusable(Protocol):
    """A connection that a pool can keep."""

    @property
    def route(self) -> Route:
        """The route of the connection."""
        ...

    def is_reusable(self) -> bool:
        """Return whether another request can use it, as far as the client can tell."""
        ...


L = TypeVar("L", bound=Reusable)


@dataclass(slots=True, eq=False)
class Lease(Generic[L]):
    """What one exchange holds of the pool: its place, and its connections.

    Attributes:
        exchange: The exchange; it limits each socket operation of the connection.
        route: Route of the exchange: it can use only idle connections with the same route.
        link: The connection that the exchange uses.
        unwanted: Connections to close before the place is free for another exchange.
        wake: Called when the exchange's turn comes.
    """

    exchange: Exchange
    route: Route
    link: L | None = None
    unwanted: list[L] = field(default_factory=list)
    wake: Callable[[], object] = lambda: None


class Pool(Generic[L]):
    """A pool of places and idle connections; exchanges that wait get a place in their order.

    Args:
        size: How many exchanges may have a connection at a time; None for any number.
        keep: How many idle connections are kept; None for any number.
    """

    def __init__(self, size: int | None, keep: int | None) -> None:
        self._size = sys.maxsize if size is None else size
        self._keep = sys.maxsize if keep is None else keep
        self._admitted: set[Lease[L]] = set()
        self._queue: deque[Lease[L]] = deque()
        self._idle: list[L] = []
        # An RLock is written in C: when Ctrl-C comes, either the lock is taken and the with block
        # has begun, or it is not taken. It must be reentrant, because the garbage collector may
        # close a client on a thread that holds the lock.
        self._lock = threading.RLock()
        self.closed = False

    def enter(self, lease: Lease[L], wake: Callable[[], object]) -> None:
        """Ask for a place.

        Args:
            lease: The exchange.
            wake: Called when there is a place, or when the pool closes. It may be called from any
                thread, before this method returns, and more than once.
        """
        lease.wake = wake
        with self._lock:
            self._queue.append(lease)
            self._admit()

    def enter_at_once(self, lease: Lease[L]) -> bool:
        """Take a place if one is free and no exchange waits; return whether it was taken.

        Args:
            lease: The exchange.
        """
        with self._lock:
            free = not self._queue and len(self._admitted) < self._size
            if free:
                self._admitted.add(lease)
            return free

    def take_idle(self, lease: Lease[L]) -> None:
        """Give the exchange an idle connection of its route, if there is a usable one."""
        with self._lock:
            while lease.link is None:
                # Use the most recent connection first, so that the others can expire.
                for position in reversed(range(len(self._idle))):
                    if self._idle[position].route is lease.route:
                        break
                else:
                    return
                # Remove the connection before is_reusable, a system call. Meanwhile gevent may run
                # other greenlets of this thread, and they can enter the reentrant lock too.
                lease.link = self._idle[position]
                del self._idle[position]
                if not lease.link.is_reusable():
                    lease.unwanted.append(lease.link)
                    lease.link = None

    def discard(self, lease: Lease[L]) -> None:
        """Take the connection from an exchange that continues with another connection."""
        with self._lock:
            if lease.link is not None:
                lease.unwanted.append(lease.link)
            lease.link = None

    def give_back(self, lease: Lease[L], *, fit: bool) -> None:
        """Keep the connection of an exchange that has ended, or note that it must be closed.

        Args:
            lease: The exchange; it still has its place.
            fit: Whether the exchange ended normally, so that its connection can be used again.
        """
        with self._lock:
            link = lease.link
            if link is not None and link not in self._idle:
                keep = fit and not self.closed and len(self._idle) < self._keep
                # A link can be listed twice if this is interrupted; closing it twice does no harm.
                (self._idle if keep and link.is_reusable() else lease.unwanted).append(link)
            lease.link = None
            # The connection that was just kept has been checked; each check costs a system call.
            while self._idle and self._idle[0] is not link:
                # Remove the connection before the check, as in `take_idle`.
                oldest = self._idle[0]
                lease.unwanted.append(oldest)
                del self._idle[0]
                if oldest.is_reusable() and not self.closed:
                    self._idle.insert(0, oldest)
                    lease.unwanted.remove(oldest)
                    break

    def leave(self, lease: Lease[L]) -> None:
        """Free the place of an exchange, or its place in the queue."""
        with self._lock:
            self._admitted.discard(lease)
            if lease in self._queue:
                self._queue.remove(lease)
            self._admit()

    def close(self) -> tuple[list[L], list[L]]:
        """Keep no connection from now on, and wake all exchanges that wait.

        Returns:
            The idle connections, which the caller closes, and the connections in use.
        """
        with self._lock:
            self.closed = True
            for lease in self._queue:
                lease.wake()
            return self.drain(), self._in_use()

    def drain(self) -> list[L]:
        """Return the idle connections and forget them."""
        with self._lock:
            idle, self._idle = self._idle, []
            return idle

    def links(self) -> list[L]:
        """Return all connections.

        No lock is taken: in a forked child, its owner may be a thread that does not exist there.
        """
        return self._in_use() + list(self._idle)

    def _in_use(self) -> list[L]:
        links = [lease.link for lease in list(self._admitted)]
        return [link for link in links if link is not None]

    def _admit(self) -> None:
        while self._queue and len(self._admitted) < self._size:
            lease = self._queue[0]
            self._admitted.add(lease)
            lease.wake()
            self._queue.popleft()
