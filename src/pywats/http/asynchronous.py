"""The port over an async client, for the user's own event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pywats.errors import WATSClosedError
from pywats.http.connection import ConnectionSettings, default_headers
from pywats.http.transport import AsyncPoolTransport
from pywats.http.wire import outgoing

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request, Response

__all__ = ["AsyncPort"]


class AsyncPort:
    """Sends through an `httpx.AsyncClient`, which belongs to one event loop.

    Args:
        endpoint: Where requests go and as whom.
        settings: How connections are made.
        timeout: Limit of one request in seconds; None for none.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        settings: ConnectionSettings | None = None,
        *,
        timeout: float | None = None,
    ) -> None:
        settings = settings or ConnectionSettings()
        self._endpoint = endpoint
        self._timeout = timeout
        self._closed = False
        self._client = httpx.AsyncClient(
            transport=AsyncPoolTransport(
                settings.ssl_context(endpoint), settings.proxy(endpoint), settings.limits
            ),
            trust_env=False,
        )
        self._headers = default_headers(endpoint, self._client)

    async def send(self, request: Request, /) -> Response:
        """Send the request; see `pywats.http.port.HttpPort`."""
        if self._closed:
            raise WATSClosedError("the client is closed: make a new one")
        with outgoing(self._endpoint, request, self._timeout) as prepared:
            answer = await self._client.send(prepared.for_client(self._client, self._headers))
            return prepared.conclude(answer.status_code, answer.headers, answer.content)

    async def close(self) -> None:
        """Close all connections; any number of times."""
        self._closed = True
        await self._client.aclose()
