"""The same as `pywats.http.network.connect` for an event loop.

Not by anyio's ``connect_tcp``. If its caller is cancelled in the turn of the loop in which its next
address is due, as after something has blocked the loop for a quarter of a second, the cancellation
is lost, and the connection with it (anyio 4.16). Here the scope of that delay is in a task of its
own, and nothing is cancelled when an attempt succeeds: the others find their sockets closed.
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
        addresses: Where to, the best first.

    Raises:
        OSError: No address could be connected to; the first reason.
    """
    race = _Race()
    interrupted: BaseException | None = None
    try:
        async with anyio.create_task_group() as group:
            await race.run(group, *addresses)
    except BaseExceptionGroup as group_error:
        # What a signal handler raised; its caller knows of no group.
        interrupted = group_error.exceptions[0]
    except BaseException:
        # Cancelled, perhaps after one has connected.
        race.close_all_but(None)
        raise
    if interrupted is not None:
        race.close_all_but(None)
        try:
            raise interrupted
        finally:
            # As below.
            del interrupted
    race.close_all_but(race.winner)
    if race.winner is None:
        try:
            raise race.errors[0]
        finally:
            # The traceback refers to this frame; a list that refers back would make a cycle.
            race.errors.clear()
    return race.winner


class _Race:
    """Attempts to connect, of which the first that succeeds wins.

    Attributes:
        winner: The socket that has connected.
        errors: Why others have not.
    """

    def __init__(self) -> None:
        self.winner: socket.socket | None = None
        self.errors: list[OSError] = []
        self._opened: list[socket.socket] = []

    async def run(self, group: TaskGroup, address: Address, *later: Address) -> None:
        """Try an address, and the next when this has failed or a while has passed."""
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
            # Another one has won.
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
        """Close the sockets."""
        for each in self._opened:
            if each is not kept:
                each.close()
