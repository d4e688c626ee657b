"""The port for code in an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.errors import WATSClosedError
from pywats.http.message import MessageEncoder, header_map
from pywats.http.network.async_transport import AsyncPoolTransport
from pywats.http.network.route import Route
from pywats.http.network.settings import ConnectionSettings
from pywats.http.outgoing import Outgoing
from pywats.observability.instrumentation import GLOBAL

if TYPE_CHECKING:
    import httpcore

    from pywats.http.body import Body
    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request, Response
    from pywats.observability.instrumentation import Instrumentation

__all__ = ["AsyncPort"]


class AsyncPort:
    """Send requests over a connection pool of its own, which belongs to one event loop.

    Args:
        endpoint: The server, and the credentials for it.
        settings: How connections are made.
        timeout: Limit of one request in seconds; None for no limit.
        instrumentation: Receives spans and metrics. By default, they go to the providers of the
            running sync call, and without one to the global providers.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        settings: ConnectionSettings | None = None,
        *,
        timeout: float | None = None,
        instrumentation: Instrumentation = GLOBAL,
    ) -> None:
        self._settings = settings or ConnectionSettings()
        self._timeout = timeout
        self._instrumentation = instrumentation
        self._closed = False
        self._encoder = MessageEncoder(endpoint)
        self._route = route = Route.to(endpoint, self._settings)
        self._endpoint = endpoint.hiding(route.secrets)
        self._transport = AsyncPoolTransport(self._settings.limits)

    async def send(self, request: Request, /) -> Response:
        """Send the request; see `pywats.http.port.HttpPort`."""
        if self._closed:
            raise WATSClosedError("the client is closed: make a new one")
        with Outgoing(
            self._endpoint,
            request,
            timeout=self._timeout,
            max_response_bytes=self._settings.max_response_bytes,
            is_closed=lambda: self._closed,
            instrumentation=self._instrumentation,
        ) as prepared:
            lease = self._transport.lease(prepared.exchange, self._route)
            whole = False
            try:
                # The message holds credentials, and the variables of a running frame cannot be
                # cleared: do not keep it in a variable.
                response = await self._transport.send(
                    lease,
                    self._encoder.encode(request, prepared.target, prepared.headers).for_httpcore(),
                )
                headers = header_map(response.headers)
                body = prepared.receive(response.status, headers, response.extensions)
                await _read(response, body)
                await response.aclose()
                whole = True
            finally:
                await self._transport.release(lease, fit=whole)
            return prepared.conclude(body)

    async def close(self) -> None:
        """Close all connections; may be called again."""
        self._closed = True
        await self._transport.aclose()


# A function of its own, so that its frame can be cleared if it fails: the data may repeat
# credentials.
async def _read(response: httpcore.Response, body: Body) -> None:
    async for data in response.aiter_stream():
        body.add(data)
