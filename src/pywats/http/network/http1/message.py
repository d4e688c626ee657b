"""A request as it is sent, and the interfaces of responses and connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpcore

__all__ = ["Connection", "Header", "Incoming", "Message", "target_for_proxy"]

Header = tuple[bytes, bytes]
"""Name and value of a header field."""


def target_for_proxy(url: httpcore.URL) -> bytes:
    """Return the target of a request to an HTTP proxy: an absolute URL (RFC 9112 section 3.2.2).

    Args:
        url: The URL of the request, whose target may be an absolute URL already.
    """
    if url.target.startswith(b"/"):
        return bytes(url)
    if url.target == b"*":
        # The server as a whole has an empty path here (RFC 9112 section 3.2.4).
        return bytes(httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=b""))
    return url.target


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """A request.

    Attributes:
        method: The HTTP method.
        scheme: Scheme of the server.
        host: Host of the server, in brackets if it is an IPv6 address.
        port: Port of the server; None for the port of the scheme.
        target: Path and query; or another target, such as ``*`` or an absolute URL.
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

    def for_httpcore(self, *, to_proxy: bool = False) -> httpcore.Request:
        """Return the request as an `httpcore.Request`.

        Args:
            to_proxy: Whether an HTTP proxy gets the request, and not the server.
        """
        url = httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target=self.target)
        request = httpcore.Request(self.method, url, headers=self.headers, content=self.content)
        if to_proxy and not self.target.startswith(b"/"):
            # httpcore would put scheme and host before any target.
            request.extensions["target"] = target_for_proxy(url)
        return request


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
