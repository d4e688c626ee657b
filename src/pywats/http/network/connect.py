"""Open a connection to the first address that accepts it.

A new address is tried every quarter of a second, while the attempts before it continue (RFC 8305
section 5). So an address that does not reply costs little time, and never uses up the whole limit.
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
"""Seconds until the next address is tried in parallel."""

# TCP keep-alive: seconds of silence until the first probe, seconds between two probes, and number
# of probes without a reply. A dead peer is noticed after 2 min.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}


def connect(
    addresses: Sequence[Address],
    left: Callable[[], float | None],
    opened: Callable[[socket.socket], object],
) -> socket.socket:
    """Return a connected socket.

    Args:
        addresses: The addresses to try, the best first.
        left: Returns how many seconds are left, or raises if the time has run out.
        opened: Called with each socket before it connects; the callee must close the sockets that
            are not returned.

    Raises:
        OSError: No address could be connected to; this is the first error.
    """
    won = _race(addresses, left, opened)
    if isinstance(won, socket.socket):
        return won
    try:
        raise won
    finally:
        # The traceback refers to this frame: a variable that refers back makes a reference cycle.
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
    """Return the error of a socket that has become writable; None if it has connected."""
    code = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return OSError(code, os.strerror(code)) if code else None


def peer_of(connected: socket.socket) -> tuple[str, int] | None:
    """Return address and port of the other end; None if it has already disconnected."""
    try:
        address = connected.getpeername()
    except OSError as error:
        if raised_by_signal_handler(error):
            raise
        return None
    return address[:2] if isinstance(address, tuple) else None


def set_options(connected: socket.socket) -> None:
    """Send small writes at once, and detect a peer that has vanished (TCP keep-alive)."""
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        # TCP_KEEPALIVE is the name of TCP_KEEPIDLE on macOS.
        if hasattr(socket, name):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
