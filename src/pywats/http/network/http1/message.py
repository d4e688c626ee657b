"""A request as it is sent, and the interfaces of responses and connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpcore

__all__ = ["Connection", "Header", "Incoming", "Message"]

Header = tuple[bytes, bytes]
"""Name and value of a header field."""


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """A request.

    Attributes:
        method: The HTTP method.
        scheme: Scheme of the server.
        host: Host of the server, in brackets if it is an IPv6 address.
        port: Port of the server; None for the port of the scheme.
        target: Path and query.
        headers: All header fields, including Content-Length or Transfer-Encoding.
        content: The body, whole or in pieces; None for no body.
        server_hostname: The name that a new TLS connection asks for and verifies; None for the
            host of the server.
    """

    method: str
    scheme: bytes
    host: bytes
    port: int | None
    target: bytes
    headers: list[Header]
    content: bytes | Iterable[bytes] | None
    server_hostname: str | None = None

    def for_httpcore(self) -> httpcore.Request:
        """Return the request as an `httpcore.Request`."""
        url = httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target=self.target)
        return httpcore.Request(self.method, url, headers=self.headers, content=self.content)


class Incoming(Protocol):
    """A response whose body is still to be read, such as an `httpcore.Response`."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> list[Header]:
        """The header fields as they were received."""
        ...

    @property
    def extensions(self) -> Mapping[str, object]:
        """The extensions, as in httpx and httpcore: version, reason phrase and stream."""
        ...

    def iter_stream(self) -> Iterator[bytes]:
        """Yield the body in pieces."""
        ...

    def close(self) -> None:
        """End the response; the connection is closed if the body was not read to its end."""
        ...


class Connection(Protocol):
    """A connection that carries one request after the other."""

    def send(self, message: Message) -> Incoming:
        """Send a request and return the response, whose body is still to be read."""
        ...

    def is_idle(self) -> bool:
        """Return whether the last response was read to its end, and another request can follow."""
        ...

    def has_expired(self) -> bool:
        """Return whether the connection was idle for too long, or the server has closed it."""
        ...

    def has_leftover(self) -> bool:
        """Return whether bytes were received after the end of the response."""
        ...
