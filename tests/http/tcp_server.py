"""A server that hands each connection to a function as it is, before a byte was read."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class TcpServer:
    """Accepts connections and calls ``serve`` with each, on a thread of its own.

    Attributes:
        port: The port on 127.0.0.1.
        accepted: How many connections there were.
    """

    def __init__(self, serve: Callable[[socket.socket], object]) -> None:
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # A listener that is merely closed leaves accept() waiting on Linux.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._start(lambda connection=connection: self._run(connection))  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    def _run(self, connection: socket.socket) -> None:
        connection.settimeout(120)
        with connection:
            try:
                self._serve(connection)
            except OSError:
                # The client went away, which is what some of the tests are about.
                return
