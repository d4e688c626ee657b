"""A connection through an HTTP proxy, implemented by httpcore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.http.network.leftover import has_leftover

if TYPE_CHECKING:
    import httpcore

    from pywats.http.network.http1.message import Message

__all__ = ["ProxiedConnection"]


class ProxiedConnection:
    """Send requests through a proxy; see `pywats.http.network.http1.message.Connection`.

    Args:
        connection: The connection of httpcore.
        forwards: Whether the proxy gets the requests; otherwise it passes on bytes.
    """

    def __init__(self, connection: httpcore.ConnectionInterface, *, forwards: bool = False) -> None:
        self._connection = connection
        self._forwards = forwards

    def send(self, message: Message) -> httpcore.Response:
        """Send a request and return the response, whose body is still to be read."""
        return self._connection.handle_request(message.for_httpcore(to_proxy=self._forwards))

    def is_idle(self) -> bool:
        """Return whether the connection can take another request."""
        return self._connection.is_idle()

    def has_expired(self) -> bool:
        """Return whether the connection was idle for too long, or the server has closed it."""
        return self._connection.has_expired()

    def has_leftover(self) -> bool:
        """Return whether bytes were received after the end of the response."""
        return has_leftover(self._connection)
