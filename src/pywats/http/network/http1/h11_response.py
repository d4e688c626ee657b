"""Parse with h11 all responses that are not ordinary: chunked, interim, HTTP/1.0, malformed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h11
import httpcore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats.http.network.http1.message import Header, Message

__all__ = ["H11Response"]

_LARGEST_HEAD: Final = 100 * 1024
_SWITCHING: Final = 101
# Fields of a request that change how its response is read, or whether another request can follow.
_RELEVANT: Final = frozenset({b"connection", b"upgrade"})


class H11Response:
    """A response that h11 parses.

    Args:
        message: The request, which was sent.
        received: The bytes of the response that were read so far.
        read: Reads more bytes; returns b"" at the end of the connection.

    Attributes:
        status: The HTTP status.
        reason: The reason phrase.
        version: The version of HTTP.
        headers: The header fields as they were received.

    Raises:
        httpcore.RemoteProtocolError: The response is not valid.
    """

    def __init__(self, message: Message, received: bytes, read: Callable[[], bytes]) -> None:
        self._read = read
        self._parser = parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        relevant = [field for field in message.headers if field[0].lower() in _RELEVANT]
        parser.send(
            h11.Request(method=message.method, target=b"/", headers=[(b"Host", b"-"), *relevant])
        )
        parser.send(h11.EndOfMessage())
        self._take(received)
        event = self._next_event()
        while not isinstance(event, h11.Response):
            if isinstance(event, h11.InformationalResponse) and event.status_code == _SWITCHING:
                break
            event = self._next_event()
        self.status: int = event.status_code
        self.reason: bytes = event.reason
        self.version: bytes = b"HTTP/" + event.http_version
        self.headers: list[Header] = event.headers.raw_items()

    def body(self) -> Iterator[bytes]:
        """Yield the body in pieces.

        Raises:
            httpcore.RemoteProtocolError: The body is not valid.
        """
        while isinstance(event := self._next_event(), h11.Data):
            yield bytes(event.data)

    @property
    def may_continue(self) -> bool:
        """Whether the response was read to its end, and another request can follow."""
        parser = self._parser
        ended = parser.trailing_data[1]
        return parser.our_state is h11.DONE and parser.their_state is h11.DONE and not ended

    @property
    def leftover(self) -> bytes:
        """The bytes that were received after the end of the response."""
        return self._parser.trailing_data[0]

    def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            try:
                event = self._parser.next_event()
            except h11.RemoteProtocolError as error:
                raise httpcore.RemoteProtocolError(str(error)) from error
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]  # h11's sentinels are classes, which are not narrowed
            self._take(self._read())

    def _take(self, data: bytes) -> None:
        if not data and self._parser.their_state is h11.SEND_RESPONSE:
            # h11's own message would name its internal states.
            raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
        self._parser.receive_data(data)
