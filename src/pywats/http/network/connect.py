"""Open a connection to the first address that accepts it.

Addresses are tried a quarter of a second apart, without giving up on those
before (RFC 8305 section 5), so that an address that swallows packets costs
little and never the whole of the limit.
"""

from __future__ import annotations

import os
import socket
import time
from collections import deque
from typing import TYPE_CHECKING

from pywats.http.network.socket_state import wait_writable
from pywats.runtime.interrupts import patience
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pywats.http.network.dns import Address, SocketAddress

__all__ = ["STAGGER", "begin", "connect", "outcome", "peer_of", "set_options"]

STAGGER = 0.25
"""Seconds until the next address is tried, too."""

# Seconds of silence until the other side is asked whether it is still there, seconds between two
# such questions, and how many of them may remain unanswered: a dead peer is noticed after 2 min.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}


def connect(
    addresses: Sequence[Address],
    left: Callable[[], float | None],
    opened: Callable[[socket.socket], object],
) -> socket.socket:
    """Return a connected socket.

    Args:
        addresses: Where to, the best first.
        left: Returns how many seconds may be waited, or raises if none.
        opened: Called with each socket before it connects; its owner closes those that are not
            returned.

    Raises:
        OSError: No address could be connected to; the first reason.
    """
    won = _race(addresses, left, opened)
    if isinstance(won, socket.socket):
        return won
    try:
        raise won
    finally:
        # The traceback refers to this frame; a variable that refers back would make a cycle.
        del won


def _race(
    addresses: Sequence[Address],
    left: Callable[[], float | None],
    opened: Callable[[socket.socket], object],
) -> socket.socket | OSError:
    """Return the first socket that has connected, else the first error."""
    untried = deque(addresses)
    errors: list[OSError] = []
    next_start = 0.0
    connecting: list[socket.socket] = []
    while untried or connecting:
        now = time.monotonic()
        if untried and (now >= next_start or not connecting):
            next_start = now + STAGGER
            try:
                connecting.append(begin(*untried.popleft(), opened))
            except OSError as error:
                if raised_by_signal_handler(error):
                    raise
                errors.append(error)
                continue
        wait = patience(left())
        if untried:
            until_next = max(0.0, next_start - now)
            wait = until_next if wait is None else min(wait, until_next)
        for candidate in wait_writable(connecting, wait):
            connecting.remove(candidate)
            refused = outcome(candidate)
            if refused is None:
                return candidate
            errors.append(refused)
    return errors[0]


def begin(
    family: socket.AddressFamily,
    address: SocketAddress,
    opened: Callable[[socket.socket], object],
) -> socket.socket:
    """Return a socket that has begun to connect; see `connect`."""
    candidate = socket.socket(family, socket.SOCK_STREAM)
    opened(candidate)
    candidate.setblocking(False)
    try:
        candidate.connect(address)
    except BlockingIOError as error:
        if raised_by_signal_handler(error):
            raise
    return candidate


def outcome(candidate: socket.socket) -> OSError | None:
    """Return why a socket that may be written to has not connected; None if it has."""
    code = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return OSError(code, os.strerror(code)) if code else None


def peer_of(connected: socket.socket) -> tuple[str, int] | None:
    """Return address and port of the other end; None if it has gone already."""
    try:
        address = connected.getpeername()
    except OSError as error:
        if raised_by_signal_handler(error):
            raise
        return None
    return address[:2] if isinstance(address, tuple) else None


def set_options(connected: socket.socket) -> None:
    """Send small writes at once, and have a peer noticed that has gone without a word."""
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        # TCP_KEEPALIVE is TCP_KEEPIDLE under another name on macOS.
        if hasattr(socket, name):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
