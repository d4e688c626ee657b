"""A connection that carries another protocol after a response, such as WebSocket."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import httpcore

if TYPE_CHECKING:
    import ssl
    from typing import Any

__all__ = ["UpgradedStream", "changes_protocol"]


def changes_protocol(method: str, status: int) -> bool:
    """Return whether a response ends the use of HTTP on its connection (RFC 9110 section 7.8).

    Args:
        method: The method of the request.
        status: The status of the response.
    """
    connects = method == "CONNECT" and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return connects or status == HTTPStatus.SWITCHING_PROTOCOLS


class UpgradedStream(httpcore.NetworkStream):
    """The stream of a connection whose response changed the protocol.

    Args:
        stream: The stream of the connection.
        received: Bytes of the new protocol that were read together with the response.
    """

    def __init__(self, stream: httpcore.NetworkStream, received: bytes) -> None:
        self._stream = stream
        self._received = received

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read up to ``max_bytes``; return b"" at the end of the connection."""
        if self._received:
            data, self._received = self._received[:max_bytes], self._received[max_bytes:]
            return data
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of the buffer."""
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the stream of a TLS session over this connection."""
        return self._stream.start_tls(ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return a fact about the stream, by the name that httpcore uses."""
        if info == "is_readable" and self._received:
            return True
        return self._stream.get_extra_info(info)
