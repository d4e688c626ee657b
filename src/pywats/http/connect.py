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

import anyio
import httpcore

from pywats.sync.patience import patience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pywats.http.resolve import Address, SocketAddress

__all__ = ["connect", "connect_async"]

STAGGER = 0.25


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
                    selector.register(_begin(*untried.popleft(), opened), selectors.EVENT_WRITE)
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
                code = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code == 0:
                    return candidate
                errors.append(OSError(code, os.strerror(code)))
    raise errors[0]


def _begin(
    family: socket.AddressFamily,
    address: SocketAddress,
    opened: Callable[[socket.socket], object],
) -> socket.socket:
    candidate = socket.socket(family, socket.SOCK_STREAM)
    opened(candidate)
    candidate.setblocking(False)
    with suppress(BlockingIOError):
        candidate.connect(address)
    return candidate


async def connect_async(
    addresses: Sequence[Address],
    attempt: Callable[[str, int], Awaitable[httpcore.AsyncNetworkStream]],
) -> httpcore.AsyncNetworkStream:
    """Return a connected stream; the same for an event loop.

    Args:
        addresses: Where to, the best first.
        attempt: Connects to a host and a port; its owner closes the streams that are not returned.

    Raises:
        httpcore.ConnectError: No address could be connected to; the first reason.
    """
    connected: list[httpcore.AsyncNetworkStream] = []
    errors: list[httpcore.ConnectError] = []

    def succeed(stream: httpcore.AsyncNetworkStream) -> None:
        connected.append(stream)
        group.cancel_scope.cancel()

    async def candidate(address: SocketAddress, failed: anyio.Event) -> None:
        try:
            succeed(await attempt(str(address[0]), int(address[1])))
        except httpcore.ConnectError as error:
            errors.append(error)
            failed.set()

    async with anyio.create_task_group() as group:
        for _, address in addresses:
            failed = anyio.Event()
            group.start_soon(candidate, address, failed)
            with anyio.move_on_after(STAGGER):
                await failed.wait()
    if not connected:
        raise errors[0]
    return connected[0]
