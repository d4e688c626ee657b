"""A server for tests that make thousands of requests: it answers, and does nothing else."""

from __future__ import annotations

import re
import socket
import threading
from typing import Self

PRODUCT = b'{"partNumber":"A"}'
OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    % len(PRODUCT)
) + PRODUCT
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
_ID = re.compile(rb"(?i)\r\nx-correlation-id: *([^\r]+)")


class TinyServer:
    """Answers every request with the product A.

    A path that ends in ``flaky`` gets a 503 first, for each correlation id; one that ends in
    ``silent`` gets no answer.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._seen: set[bytes] = set()
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            try:
                while head := connection.recv(65536):
                    self._respond(connection, head)
            except OSError:
                return

    def _respond(self, connection: socket.socket, head: bytes) -> None:
        path = head.split()[1]
        found = _ID.search(head)
        if path.endswith(b"silent") or found is None:
            return
        first = found[1] not in self._seen
        self._seen.add(found[1])
        connection.sendall(BUSY if path.endswith(b"flaky") and first else OK)
