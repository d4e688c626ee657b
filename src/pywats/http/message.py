"""Encode the requests of a port for sending, and decode the headers of its responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import httpx

from pywats.http.headers import default_headers
from pywats.http.host import in_url, without_zone
from pywats.http.network.http1.message import Message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping

    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request

__all__ = ["MessageEncoder", "header_map"]

# A request with one of these methods has Content-Length even without a body (RFC 9110 section 8.6).
_LENGTH_EXPECTED = frozenset({"POST", "PUT", "PATCH"})
# Bytes between two reports of progress: small enough for a progress bar, and not slower to send.
_PIECE = 64 * 1024


class MessageEncoder:
    """Encode the requests to one server; the headers that they share are encoded once.

    Args:
        endpoint: The server.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        # httpx knows how to encode paths that are not ASCII.
        url = httpx.URL(endpoint.base_url)
        self._scheme = url.raw_scheme
        # An IPv6 address needs brackets: httpcore writes the host into the request to a proxy.
        self._host = in_url(without_zone(endpoint.host)).encode("ascii")
        self._port = url.port
        self._path = url.raw_path.rstrip(b"/")
        self._headers = [
            (name.encode("ascii"), value.encode("ascii"))
            for name, value in default_headers(endpoint).items()
        ]

    def encode(self, request: Request, target: str, headers: Mapping[str, str]) -> Message:
        """Return the message that is sent for a request.

        Args:
            request: The request.
            target: Path and query of the request.
            headers: The headers that this request does not share with others.
        """
        encoded = self._headers.copy()
        for name, value in headers.items():
            encoded.append((name.encode("ascii"), value.encode("ascii")))
        content = request.content
        if content is not None:
            encoded.append((b"Content-Length", b"%d" % len(content)))
        elif request.method in _LENGTH_EXPECTED:
            encoded.append((b"Content-Length", b"0"))
        return Message(
            request.method,
            self._scheme,
            self._host,
            self._port,
            self._path + target.encode("ascii"),
            encoded,
            content
            if content is None or request.told is None
            else _ReportingBody(content, request.told),
        )


class _ReportingBody:
    """The body of a request in pieces, which reports the progress after each piece.

    Args:
        content: The body.
        told: Called with the number of bytes that were sent, and their total number.
    """

    def __init__(self, content: bytes, told: Callable[[int, int], None]) -> None:
        self._content = content
        self._told = told

    def __iter__(self) -> Iterator[bytes]:
        total = len(self._content)
        for start in range(0, total, _PIECE):
            # The connection asks for the next piece when it has sent this piece.
            yield self._content[start : start + _PIECE]
            self._told(min(start + _PIECE, total), total)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _AsyncPieces(iter(self))


# Not an async generator: if sending stops early, the event loop would have to close it.
class _AsyncPieces:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise StopAsyncIteration
        return piece


def header_map(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers of a response by their lower-case names (RFC 9110 section 5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
