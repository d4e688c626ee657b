"""Which exchange has which connection: the bookkeeping of a pool, without any I/O.

httpcore's own pools lose a slot for ever when a request is cancelled or times
out just as its turn comes (httpcore issue 1093), close a connection that they
have already promised to another request (issue 1110), and keep a lock locked,
or deadlock in their clean-up, when Ctrl-C comes while they hold it. Here every
change is made so that it can be made again: an exchange that is interrupted at
any point gives back all it has, however often it is told to.
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
        """Where it goes."""
        ...

    def is_reusable(self) -> bool:
        """Return whether another request can go over it, as far as can be told from here."""
        ...


L = TypeVar("L", bound=Reusable)


@dataclass(slots=True, eq=False)
class Lease(Generic[L]):
    """The share that one exchange has in the pool.

    Attributes:
        exchange: The exchange; it limits each socket operation of the connection.
        route: Where the exchange goes: only an idle connection with the same route serves it.
        link: The connection it uses.
        unwanted: Connections that must be closed before the place is free for another exchange.
        wake: Called when the exchange's turn comes.
    """

    exchange: Exchange
    route: Route
    link: L | None = None
    unwanted: list[L] = field(default_factory=list)
    wake: Callable[[], object] = lambda: None


class Pool(Generic[L]):
    """Places for a number of exchanges at a time, first come, first served, and idle connections.

    Args:
        size: How many exchanges may have a connection at a time; None for any number.
        keep: How many idle connections are kept; None for as many as there are.
    """

    def __init__(self, size: int | None, keep: int | None) -> None:
        self._size = sys.maxsize if size is None else size
        self._keep = sys.maxsize if keep is None else keep
        self._admitted: set[Lease[L]] = set()
        self._queue: deque[Lease[L]] = deque()
        self._idle: list[L] = []
        # Written in C, so that Ctrl-C finds it either taken and inside the with block or not
        # taken; reentrant, for the garbage collector may close a client in the middle of it.
        self._lock = threading.RLock()
        self.closed = False

    def enter(self, lease: Lease[L], wake: Callable[[], object]) -> None:
        """Ask for a place.

        Args:
            lease: The exchange.
            wake: Called when there is a place, or when the pool closes: from any thread, perhaps
                before this returns, perhaps more than once.
        """
        lease.wake = wake
        with self._lock:
            self._queue.append(lease)
            self._admit()

    def enter_at_once(self, lease: Lease[L]) -> bool:
        """Take a place if there is one and nobody waits for it; return whether there was.

        Args:
            lease: The exchange.
        """
        with self._lock:
            free = not self._queue and len(self._admitted) < self._size
            if free:
                self._admitted.add(lease)
            return free

    def take_idle(self, lease: Lease[L]) -> None:
        """Give the exchange an idle connection of its route, if one is fit for use."""
        with self._lock:
            while lease.link is None:
                # The one used last: those at the bottom are left to expire.
                for position in reversed(range(len(self._idle))):
                    if self._idle[position].route is lease.route:
                        break
                else:
                    return
                # Taken out before it is asked. The question is a system call, during which gevent
                # runs other greenlets of this thread, and the lock is theirs as well.
                lease.link = self._idle[position]
                del self._idle[position]
                if not lease.link.is_reusable():
                    lease.unwanted.append(lease.link)
                    lease.link = None

    def discard(self, lease: Lease[L]) -> None:
        """Take the connection from an exchange that goes on with another."""
        with self._lock:
            if lease.link is not None:
                lease.unwanted.append(lease.link)
            lease.link = None

    def give_back(self, lease: Lease[L], *, fit: bool) -> None:
        """Keep the connection of an exchange that is over, or add it to those to be closed.

        Args:
            lease: The exchange; it still has its place.
            fit: Whether the exchange went as it should.
        """
        with self._lock:
            link = lease.link
            if link is not None and link not in self._idle:
                keep = fit and not self.closed and len(self._idle) < self._keep
                # A link can be listed twice if this is interrupted; closing it twice does no harm.
                (self._idle if keep and link.is_reusable() else lease.unwanted).append(link)
            lease.link = None
            # The one just kept has been asked, and each question costs a system call.
            while self._idle and self._idle[0] is not link:
                # Taken out before it is asked, see `take_idle`.
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
        """Keep no connection from now on, and wake all that wait.

        Returns:
            The idle connections, to be closed, and those in use.
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

        No lock is taken: in a forked child its owner may be a thread that is no more.
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
