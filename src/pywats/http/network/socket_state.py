"""Whether a socket may be read from or written to."""

from __future__ import annotations

import select
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

__all__ = ["has_plaintext", "is_readable", "wait_writable"]


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


def wait_writable(sockets: Sequence[socket.socket], seconds: float | None) -> list[socket.socket]:
    """Return the sockets that have connected or failed to; none if none has in time.

    Not by `selectors`, which take an `InterruptedError` of a signal handler for one of the system.

    Args:
        sockets: Sockets that are connecting.
        seconds: How long to wait; None for no limit.
    """
    if hasattr(select, "poll"):
        poll = select.poll()
        for each in sockets:
            poll.register(each, select.POLLOUT)
        ready = {number for number, _ in poll.poll(None if seconds is None else seconds * 1000)}
        return [each for each in sockets if each.fileno() in ready]
    # Windows, where a failure is an exceptional condition.
    _, writable, failed = select.select([], sockets, sockets, seconds)
    return [each for each in sockets if each in writable or each in failed]


def has_plaintext(session: ssl.SSLObject) -> bool:
    """Return whether a session of TLS has something to be read that left the socket already.

    The session is of no use after that, for a byte of it is missing.

    Args:
        session: Whose handshake is over.
    """
    try:
        session.read(1)
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        # Not a TLS record.
        return True
    # A byte, or none at its end.
    return True
