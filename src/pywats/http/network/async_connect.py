"""Open a connection to the first address that accepts it, in an event loop.

It works like `pywats.http.network.connect`, and does not use anyio's ``connect_tcp`` (4.16). That
function loses a cancellation, and the connection too, if its caller is cancelled in the same turn
of the event loop in which it would try the next address, for example after the loop was blocked for
a quarter of a second. Here, the delay before the next address has a task of its own, and nothing is
cancelled when an attempt succeeds: the sockets of the other attempts are closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from pywats.http.network.connect import STAGGER, begin, outcome
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from anyio.abc import TaskGroup

    from pywats.http.network.dns import Address

__all__ = ["connect_async"]


async def connect_async(addresses: Sequence[Address]) -> socket.socket:
    """Return a connected socket.

    Args:
        addresses: The addresses to try, the best first.

    Raises:
        OSError: No address could be connected to; this is the first error.
    """
    race = _Race()
    interrupted: BaseException | None = None
    try:
        async with anyio.create_task_group() as group:
            await race.run(group, *addresses)
    except BaseExceptionGroup as group_error:
        # Unwrap the exception of a signal handler: the caller does not expect a group.
        interrupted = group_error.exceptions[0]
    except BaseException:
        # Cancelled, perhaps after a socket has connected.
        race.close_all_but(None)
        raise
    if interrupted is not None:
        race.close_all_but(None)
        try:
            raise interrupted
        finally:
            # Avoid a cycle, as below.
            del interrupted
    race.close_all_but(race.winner)
    if race.winner is None:
        try:
            raise race.errors[0]
        finally:
            # The traceback refers to this frame: a list that refers back makes a reference cycle.
            race.errors.clear()
    return race.winner


class _Race:
    """Parallel attempts to connect; the first that succeeds wins.

    Attributes:
        winner: The socket that has connected.
        errors: The errors of the attempts that failed.
    """

    def __init__(self) -> None:
        self.winner: socket.socket | None = None
        self.errors: list[OSError] = []
        self._opened: list[socket.socket] = []

    async def run(self, group: TaskGroup, address: Address, *later: Address) -> None:
        """Try an address; try the next when this attempt fails, or after `STAGGER` seconds."""
        over = anyio.Event()
        if later:
            group.start_soon(self._follow, group, over, later)
        try:
            connected = begin(*address, self._opened.append)
            await anyio.wait_writable(connected)
            refused = outcome(connected)
            if refused is None:
                self.winner = connected
                self._end_the_others()
            else:
                self.errors.append(refused)
        except OSError as error:
            if raised_by_signal_handler(error):
                raise
            self.errors.append(error)
        except anyio.ClosedResourceError:
            # Another attempt has won and closed this socket.
            return
        over.set()

    async def _follow(self, group: TaskGroup, over: anyio.Event, later: Sequence[Address]) -> None:
        with anyio.move_on_after(STAGGER):
            await over.wait()
        if self.winner is None:
            await self.run(group, *later)

    def _end_the_others(self) -> None:
        for each in self._opened:
            if each is not self.winner and each.fileno() >= 0:
                anyio.notify_closing(each)
                each.close()

    def close_all_but(self, kept: socket.socket | None) -> None:
        """Close all sockets except ``kept``."""
        for each in self._opened:
            if each is not kept:
                each.close()
