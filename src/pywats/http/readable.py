"""Whether there is something to be read from a socket."""

from __future__ import annotations

import select

__all__ = ["is_readable"]


def is_readable(descriptor: int) -> bool:
    """Return whether a read would not have to wait, as after the end of the connection.

    Args:
        descriptor: The number of the socket, negative if it is closed.
    """
    if descriptor < 0:
        return True
    # Not a peek without a limit of time: the exception that it ends with costs 4 µs.
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    # Windows, whose select takes any descriptor.
    return bool(select.select([descriptor], [], [], 0)[0])
