"""An HTTP/1.1 connection to a server, direct or through a SOCKS proxy."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

import httpcore

from pywats.http.network.http1.h11_response import H11Response
from pywats.http.network.http1.request_head import CHUNKED, encode_head
from pywats.http.network.http1.response_head import recognise
from pywats.http.network.http1.upgraded import UpgradedStream, changes_protocol

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pywats.http.network.http1.message import Header, Message
    from pywats.http.network.http1.request_head import RequestHead

__all__ = ["HTTP1Connection"]

_READ: Final = 64 * 1024
# A body up to this size is written together with the head, so that both fit into one packet.
_SMALL: Final = 16 * 1024


class HTTP1Connection:
    """Send one request after the other; see `pywats.http.network.http1.message.Connection`.

    Args:
        origin: The server.
        ssl_context: How to verify the server; None for plain http.
        keepalive_expiry: Seconds that the connection may be idle; None for no limit.
        network: Opens the connection, and limits each of its operations.
    """

    def __init__(
        self,
        origin: httpcore.Origin,
        ssl_context: ssl.SSLContext | None,
        keepalive_expiry: float | None,
        network: httpcore.NetworkBackend,
    ) -> None:
        self._origin = origin
        self._ssl_context = ssl_context
        self._keepalive_expiry = keepalive_expiry
        self._network = network
        self._stream: httpcore.NetworkStream | None = None
        self._idle = False
        self._expires_at = math.inf
        self._leftover = False
        self._sent = False

    def send(self, message: Message) -> HTTP1Response:
        """Send a request and return the response, whose body is still to be read.

        Raises:
            httpcore.NetworkError: The connection broke or could not be opened.
            httpcore.ProtocolError: Request or response is not valid.
            httpcore.TimeoutException: The limit of the exchange ran out.
        """
        self._idle = self._sent = False
        stream = self._stream or self._connect(message.server_hostname)
        try:
            request = encode_head(message)
            try:
                _write(stream.write, request, message.content)
                self._sent = True
            except httpcore.WriteError:
                # A server may refuse a request before it has read all of it: its response may say
                # why.
                self._sent = False
            received = stream.read(_READ)
            head = recognise(received, message.method) if request.ordinary else None
            if head is not None:
                return HTTP1Response(
                    self,
                    head.status,
                    head.headers,
                    _extensions(b"HTTP/1.1", head.reason, stream),
                    self._body_of_length(stream, received, head.end, head.length),
                )
            response = H11Response(message, received, lambda: stream.read(_READ))
            return HTTP1Response(
                self,
                response.status,
                response.headers,
                _extensions(
                    response.version,
                    response.reason,
                    UpgradedStream(stream, response.leftover)
                    if changes_protocol(message.method, response.status)
                    else stream,
                ),
                self._body_by_h11(response),
            )
        except BaseException:
            stream.close()
            raise

    def is_idle(self) -> bool:
        """Return whether the last response was read to its end, and another request can follow."""
        return self._idle

    def has_expired(self) -> bool:
        """Return whether the connection was idle for too long, or the server has closed it."""
        stream = self._stream
        return (
            time.monotonic() > self._expires_at
            or stream is None
            # If an idle connection is readable, the server has closed it, or sent unexpected bytes.
            or bool(stream.get_extra_info("is_readable"))
        )

    def has_leftover(self) -> bool:
        """Return whether bytes were received after the end of the response."""
        return self._leftover

    def end(self) -> None:
        """Close the connection unless the response was read to its end; may be called again."""
        if not self._idle and self._stream is not None:
            self._stream.close()

    def _connect(self, server_hostname: str | None) -> httpcore.NetworkStream:
        host = self._origin.host.decode("ascii")
        stream = self._network.connect_tcp(host, self._origin.port)
        if self._ssl_context is not None:
            self._ssl_context.set_alpn_protocols(["http/1.1"])
            stream = stream.start_tls(self._ssl_context, server_hostname or host)
        self._stream = stream
        return stream

    def _body_of_length(
        self, stream: httpcore.NetworkStream, received: bytes, start: int, length: int
    ) -> Iterator[bytes]:
        """Yield a body of known length."""
        left = length
        piece = received[start : start + left]
        extra = len(received) - start - left
        while left:
            if piece:
                yield piece
                left -= len(piece)
            if left:
                received = stream.read(_READ)
                if not received:
                    raise httpcore.RemoteProtocolError(
                        "peer closed connection without sending complete message body "
                        f"(received {length - left} bytes, expected {length})"
                    )
                extra = len(received) - left
                piece = received[:left] if extra > 0 else received
        self._leftover = extra > 0
        self._finish(may_continue=True)

    def _body_by_h11(self, response: H11Response) -> Iterator[bytes]:
        yield from response.body()
        self._leftover = bool(response.leftover)
        self._finish(may_continue=response.may_continue)

    def _finish(self, *, may_continue: bool) -> None:
        if self._keepalive_expiry is not None:
            self._expires_at = time.monotonic() + self._keepalive_expiry
        self._idle = may_continue and self._sent


class HTTP1Response:
    """A response whose body is still to be read; see `pywats.http.network.http1.message.Incoming`.

    Args:
        connection: The connection of the response.
        status: The HTTP status.
        headers: The header fields as they were received.
        extensions: Version, reason phrase and stream.
        body: The body.
    """

    __slots__ = ("_body", "_connection", "extensions", "headers", "status")

    def __init__(
        self,
        connection: HTTP1Connection,
        status: int,
        headers: list[Header],
        extensions: Mapping[str, object],
        body: Iterator[bytes],
    ) -> None:
        self._connection = connection
        self.status = status
        self.headers = headers
        self.extensions = extensions
        self._body = body

    def iter_stream(self) -> Iterator[bytes]:
        """Yield the body in pieces. It can be read once only.

        Raises:
            httpcore.NetworkError: The connection broke.
            httpcore.RemoteProtocolError: The body is not valid, or ends too early.
            httpcore.TimeoutException: The limit of the exchange ran out.
        """
        return self._body

    def close(self) -> None:
        """End the response; the connection is closed if the body was not read to its end."""
        self._connection.end()


def _extensions(
    version: bytes, reason: bytes, stream: httpcore.NetworkStream
) -> Mapping[str, object]:
    return {"http_version": version, "reason_phrase": reason, "network_stream": stream}


def _write(
    write: Callable[[bytes], None],
    request: RequestHead,
    content: bytes | Iterable[bytes] | None,
) -> None:
    head, length = request.encoded, request.length
    if content is None or isinstance(content, bytes):
        body = content or b""
        if length == len(body):
            if length <= _SMALL:
                write(head + body)
            else:
                write(head)
                write(body)
            return
        content = (body,)
    write(head)
    if length == CHUNKED:
        _write_chunks(write, content)
    else:
        _write_pieces(write, content, length)


def _write_chunks(write: Callable[[bytes], None], content: Iterable[bytes]) -> None:
    for piece in content:
        # An empty chunk would end the body.
        if piece:
            write(b"%x\r\n%b\r\n" % (len(piece), piece))
    write(b"0\r\n\r\n")


def _write_pieces(write: Callable[[bytes], None], content: Iterable[bytes], length: int) -> None:
    left = length
    for piece in content:
        left -= len(piece)
        if left < 0:
            raise httpcore.LocalProtocolError("Too much data for declared Content-Length")
        write(piece)
    if left:
        raise httpcore.LocalProtocolError("Too little data for declared Content-Length")
