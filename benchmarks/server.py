"""A minimal HTTP/1.1 server with prebuilt responses, so that mostly the client is measured.

It has one thread and no event loop: a request costs one select, one read and one write. The server
runs in its own process, and on its own core if the machine has several. It ends with its parent,
whose end closes its standard input. With the file of a certificate and its key as the argument, it
speaks TLS.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import sys

from benchmarks import payloads
from benchmarks.cores import take_last_core

__all__ = ["main"]


def _response(body: bytes, content_type: str = "application/json; charset=utf-8") -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


_PRODUCT = _response(payloads.PRODUCT)
_PRODUCTS = _response(payloads.PRODUCTS)
_TRACES = _response(b"", "application/x-protobuf")
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_LIST = b"GET /api/Product/Query"


def _body_length(head: bytes) -> int:
    _, _, rest = head.lower().partition(_LENGTH)
    return int(rest.partition(b"\r\n")[0] or 0)


def _response_to(received: bytes) -> bytes | None:
    """Return the response to a request; None if the request is not complete yet."""
    if received.startswith(b"GET "):
        if not received.endswith(_END):
            return None
        return _PRODUCTS if received.startswith(_LIST) else _PRODUCT
    end = received.find(_END)
    if end < 0 or len(received) < end + len(_END) + _body_length(received[:end]):
        return None
    return _TRACES


class _Client:
    """A connection; its client sends a request only after the response to the one before."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def serve(self) -> bool:
        """Read the available bytes, and respond to a complete request; False at the end."""
        try:
            data = self._connection.recv(262_144)
        except ConnectionError:
            data = b""
        if not data:
            return False
        received = self._received + data if self._received else data
        response = _response_to(received)
        self._received = received if response is None else b""
        if response is not None:
            self._connection.sendall(response)
        return True

    def close(self) -> None:
        self._connection.close()


def main() -> None:
    """Serve on a free port of the loopback interface; the first line of output is its address."""
    take_last_core()
    tls = None
    if sys.argv[1:]:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        scheme = "http" if tls is None else "https"
        sys.stdout.write(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        _serve(listener, tls)


def _serve(listener: socket.socket, tls: ssl.SSLContext | None) -> None:
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            client = key.data
            if client is not None:
                if not client.serve():
                    selector.unregister(key.fd)
                    client.close()
            elif key.fileobj is listener:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True)
                selector.register(connection.fileno(), selectors.EVENT_READ, _Client(connection))
            elif not sys.stdin.read(1):
                return


if __name__ == "__main__":
    main()
