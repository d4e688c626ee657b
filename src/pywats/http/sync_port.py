"""The port for code that blocks: its methods are ``async def``, but never suspend."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from pywats.errors import WATSClosedError
from pywats.http.message import MessageEncoder, header_map
from pywats.http.network.route import Route
from pywats.http.network.settings import ConnectionSettings
from pywats.http.network.transport import PoolTransport
from pywats.http.outgoing import Outgoing
from pywats.runtime.after_fork import renew_after_fork

if TYPE_CHECKING:
    from pywats.http.body import Body
    from pywats.http.endpoint import Endpoint
    from pywats.http.network.http1.message import Incoming
    from pywats.http.port import Request, Response

__all__ = ["BlockingPort"]


class BlockingPort:
    """Send requests over a connection pool of its own, which all threads share.

    Args:
        endpoint: The server, and the credentials for it.
        settings: How connections are made.
        timeout: Limit in seconds for a request outside a sync call; None for no limit.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        settings: ConnectionSettings | None = None,
        *,
        timeout: float | None = None,
    ) -> None:
        self._settings = settings or ConnectionSettings()
        self._timeout = timeout
        self._closed = False
        self._route = Route.to(endpoint, self._settings)
        self._endpoint = endpoint.hiding(self._route.secrets)
        self._encoder = MessageEncoder(endpoint)
        self._connect()
        renew_after_fork(self)

    def _connect(self) -> None:
        self._transport = PoolTransport(self._settings.limits)
        # If the program does not close the client, its idle connections are closed when the client
        # is garbage-collected, or when the interpreter exits.
        self._finalizer = weakref.finalize(self, self._transport.close_idle)

    def renew(self) -> None:
        """Start with new connections in a forked child; see `pywats.runtime.after_fork`."""
        self._finalizer.detach()
        self._transport.abandon()
        self._connect()

    async def send(self, request: Request, /) -> Response:
        """Send the request; see `pywats.http.port.HttpPort`."""
        if self._closed:
            raise WATSClosedError("the client is closed: make a new one")
        transport = self._transport
        with Outgoing(
            self._endpoint,
            request,
            timeout=self._timeout,
            max_response_bytes=self._settings.max_response_bytes,
            is_closed=lambda: self._closed,
        ) as prepared:
            lease = transport.lease(prepared.exchange, self._route)
            whole = False
            try:
                # The message holds credentials, and the variables of a running frame cannot be
                # cleared: do not keep it in a variable.
                response = transport.send(
                    lease, self._encoder.encode(request, prepared.target, prepared.headers)
                )
                headers = header_map(response.headers)
                body = prepared.receive(response.status, headers, response.extensions)
                _read(response, body)
                response.close()
                whole = True
            finally:
                try:
                    transport.release(lease, fit=whole)
                except BaseException:
                    # Ctrl-C may have interrupted the release at any point; each of its steps can be
                    # repeated.
                    transport.release(lease, fit=False)
                    raise
            return prepared.conclude(body)

    def close(self) -> None:
        """Close all connections; may be called again."""
        self._closed = True
        self._transport.close()


# A function of its own, so that its frame can be cleared if it fails: the data may repeat
# credentials.
def _read(response: Incoming, body: Body) -> None:
    for data in response.iter_stream():
        body.add(data)
