"""Requests and responses of a port in the form in which they are sent and received."""

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

# RFC 9110 section 8.6: what a request without a body is expected to say.
_LENGTH_EXPECTED = frozenset({"POST", "PUT", "PATCH"})
# How often a body that is sent with progress tells: often enough for a bar, at no cost to speed.
_PIECE = 64 * 1024


class MessageEncoder:
    """Makes the messages to one server; what they have in common is encoded once.

    Args:
        endpoint: The server.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        # httpx knows how paths that are not ASCII are written on the wire.
        url = httpx.URL(endpoint.base_url)
        self._scheme = url.raw_scheme
        # In brackets if it is IPv6: httpcore writes it into the request to a proxy.
        self._host = in_url(without_zone(endpoint.host)).encode("ascii")
        self._port = url.port
        self._path = url.raw_path.rstrip(b"/")
        self._headers = [
            (name.encode("ascii"), value.encode("ascii"))
            for name, value in default_headers(endpoint).items()
        ]

    def encode(self, request: Request, target: str, headers: Mapping[str, str]) -> Message:
        """Return the message that a request is sent as.

        Args:
            request: The request.
            target: Its path and query.
            headers: Its own headers.
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
            content if content is None or request.told is None else _Told(content, request.told),
        )


class _Told:
    """A body in pieces, that tells after each how much was sent.

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
            # Asked for the next piece when this one was sent.
            yield self._content[start : start + _PIECE]
            self._told(min(start + _PIECE, total), total)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _AsyncPieces(iter(self))


# Not an async generator: the loop would have to close one that is left before its end.
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
