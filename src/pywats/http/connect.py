"""Open a connection to the first address that answers.

Addresses are tried a quarter of a second apart, without giving up on those
before (RFC 8305 section 5), so that an address that swallows packets costs
little and never the whole of the limit.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from pywats.sync.patience import patience

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pywats.http.resolve import Address, SocketAddress

__all__ = ["STAGGER", "begin", "connect", "outcome"]

STAGGER = 0.25
"""Seconds until the next address is tried, too."""


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
    untried = deque(addresses)
    errors: list[OSError] = []
    next_start = 0.0
    with selectors.DefaultSelector() as selector:
        while untried or selector.get_map():
            now = time.monotonic()
            if untried and (now >= next_start or not selector.get_map()):
                next_start = now + STAGGER
                try:
                    selector.register(begin(*untried.popleft(), opened), selectors.EVENT_WRITE)
                except OSError as error:
                    errors.append(error)
                    continue
            wait = patience(left())
            if untried:
                until_next = max(0.0, next_start - now)
                wait = until_next if wait is None else min(wait, until_next)
            for key, _ in selector.select(wait):
                candidate: socket.socket = key.fileobj  # type: ignore[assignment]  # only sockets are registered
                selector.unregister(candidate)
                refused = outcome(candidate)
                if refused is None:
                    return candidate
                errors.append(refused)
    raise errors[0]


def begin(
    family: socket.AddressFamily,
    address: SocketAddress,
    opened: Callable[[socket.socket], object],
) -> socket.socket:
    """Return a socket that has begun to connect; see `connect`."""
    candidate = socket.socket(family, socket.SOCK_STREAM)
    opened(candidate)
    candidate.setblocking(False)
    with suppress(BlockingIOError):
        candidate.connect(address)
    return candidate


def outcome(candidate: socket.socket) -> OSError | None:
    """Return why a socket that may be written to has not connected; None if it has."""
    code = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return OSError(code, os.strerror(code)) if code else None
