"""A bare HTTP/1.1 server with answers that were built before: it must not be the bottleneck.

It runs in a process of its own and ends with its parent, whose end closes its standard input.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks import payloads

__all__ = ["main"]


def _answer(body: bytes, content_type: str = "application/json; charset=utf-8") -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


_PRODUCT = _answer(payloads.PRODUCT)
_PRODUCTS = _answer(payloads.PRODUCTS)
_TRACES = _answer(b"", "application/x-protobuf")
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        while (end := received.find(_END)) >= 0:
            head = received[:end]
            total = end + len(_END) + _body_length(head)
            if len(received) < total:
                break
            self._transport.write(_for(head))
            received = received[total:]
        self._received = received


def _body_length(head: bytes) -> int:
    if head.startswith(b"GET"):
        return 0
    _, _, rest = head.lower().partition(_LENGTH)
    return int(rest.partition(b"\r\n")[0] or 0)


def _for(head: bytes) -> bytes:
    if head.startswith(b"POST"):
        return _TRACES
    return _PRODUCTS if head.startswith(b"GET /api/Product/Query") else _PRODUCT


async def main() -> None:
    """Serve on a free port of the loopback interface, which is the first line of the output."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
