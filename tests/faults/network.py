"""A network in which things go wrong before there is a connection."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def black_hole(host: str = "127.0.0.1") -> Iterator[int]:
    """Yield a port of this machine where connections are neither accepted nor refused."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((host, 0), backlog=0))
        port = listener.getsockname()[1]
        # Nobody accepts: once the queue is full, the kernel drops what asks for a connection.
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((host, port))
        yield port


def resolver(addresses: Callable[[], list[str]]) -> Callable[..., list[Any]]:
    """Return a `socket.getaddrinfo` that knows all names under ``test``."""
    look_up = socket.getaddrinfo

    def resolve(host: str | bytes, port: int, *options: int) -> list[Any]:
        # anyio looks up names that are encoded.
        name = host.decode() if isinstance(host, bytes) else host
        if not name.endswith(".test"):
            return look_up(host, port, *options)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
            for address in addresses()
        ]

    return resolve
