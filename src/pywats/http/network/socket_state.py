"""Check whether a socket can be read from or written to."""

from __future__ import annotations

import select
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

__all__ = ["has_plaintext", "is_readable", "wait_writable"]


def is_readable(descriptor: int) -> bool:
    """Return whether a read would return at once; true also if the peer closed the connection.

    Args:
        descriptor: The file descriptor of the socket, negative if it is closed.
    """
    if descriptor < 0:
        return True
    # poll(), not recv() with MSG_PEEK: raising its BlockingIOError costs 4 µs.
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    # Windows has no poll(), but its select() accepts descriptors of any value.
    return bool(select.select([descriptor], [], [], 0)[0])


def wait_writable(sockets: Sequence[socket.socket], seconds: float | None) -> list[socket.socket]:
    """Return the sockets that have connected or failed; empty if the time ran out before.

    The module `selectors` is not used: it suppresses an `InterruptedError` that a signal handler
    raises, as if it came from the operating system.

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
    # On Windows, select() reports a failure to connect as an exceptional condition.
    _, writable, failed = select.select([], sockets, sockets, seconds)
    return [each for each in sockets if each in writable or each in failed]


def has_plaintext(session: ssl.SSLObject) -> bool:
    """Return whether a TLS session has data to be read that it has already taken from its socket.

    If so, the session cannot be used any more, because this function has read one byte of it.

    Args:
        session: The session; its handshake is complete.
    """
    try:
        session.read(1)
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        # Not a TLS record.
        return True
    # One byte, or b"" at the end of the session.
    return True
