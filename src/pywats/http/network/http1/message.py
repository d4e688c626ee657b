"""A request in the form in which it is written, and what a response is for its reader."""

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
        headers: All header fields, those that frame the body included.
        content: The body, whole or in pieces; None for no body.
    """

    method: str
    scheme: bytes
    host: bytes
    port: int | None
    target: bytes
    headers: list[Header]
    content: bytes | Iterable[bytes] | None

    def for_httpcore(self) -> httpcore.Request:
        """Return the request in the form that httpcore has it."""
        url = httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target=self.target)
        return httpcore.Request(self.method, url, headers=self.headers, content=self.content)


class Incoming(Protocol):
    """A response whose body is still to be read; `httpcore.Response` is one."""

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
        """What httpx and httpcore call the extensions: version, reason phrase and stream."""
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
        """Return whether the last response was read to its end, and another request may follow."""
        ...

    def has_expired(self) -> bool:
        """Return whether the connection was idle for too long, or the server has ended it."""
        ...

    def has_leftover(self) -> bool:
        """Return whether more was received than the response that was asked for."""
        ...
