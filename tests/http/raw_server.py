"""A server that says exactly the bytes a test wants, on a real socket."""

from __future__ import annotations

import re
import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable


class RawServer:
    """Accepts connections and hands each, after its first request, to ``response``."""

    def __init__(
        self,
        response: Callable[[socket.socket, bytes], object],
        *,
        tls: ssl.SSLContext | None = None,
        read_body: bool = True,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self._response = response
        self._read_body = read_body
        self._tls = tls
        self._listener = socket.create_server((host, port))
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()
        self._received = threading.Event()
        self.heads: list[bytes] = []
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]

    @property
    def base_url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        # A listener that is merely closed leaves accept() waiting on Linux.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()

    def wait_for_request(self) -> None:
        """Block until a whole request has come in."""
        assert self._received.wait(120)

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(lambda connection=connection: self._serve(connection))  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(120)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    data = connection.recv(65536)
                    if not data:
                        return
                    head += data
                head, _, body = head.partition(b"\r\n\r\n")
                self.heads.append(head + b"\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                missing = int(length[1]) - len(body) if length and self._read_body else 0
                while missing > 0:
                    data = connection.recv(65536)
                    if not data:
                        return
                    missing -= len(data)
                self._received.set()
                self._response(connection, head)
        except OSError:
            # The client went away, which is what some of the tests are about.
            connection.close()


def saying(response: bytes) -> Callable[[socket.socket, bytes], None]:
    """Return a ``response`` that sends the bytes and hangs up."""

    def say(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response)

    return say


def response(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """Return a response with the length of its body."""
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers, b"", body)
    return b"\r\n".join(lines)
