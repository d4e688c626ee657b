"""The port over an async client, for the user's own event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pywats.errors import WATSClosedError
from pywats.http.async_transport import AsyncPoolTransport
from pywats.http.connection import ConnectionSettings, NoCookies
from pywats.http.headers import default_headers
from pywats.http.pool import Lease
from pywats.http.route import Route
from pywats.http.transport import LEASE
from pywats.http.wire import outgoing

if TYPE_CHECKING:
    from pywats.http.async_link import AsyncLink
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
        self._settings = settings or ConnectionSettings()
        self._endpoint = endpoint
        self._timeout = timeout
        self._closed = False
        self._headers = default_headers(endpoint)
        self._transport = AsyncPoolTransport(
            Route.to(endpoint, self._settings), self._settings.limits
        )
        self._client = httpx.AsyncClient(
            transport=self._transport,
            cookies=NoCookies(),
            timeout=None,  # noqa: S113 - each request has its limit in `pywats.http.exchange`
            trust_env=False,
        )

    async def send(self, request: Request, /) -> Response:
        """Send the request; see `pywats.http.port.HttpPort`."""
        if self._closed:
            raise WATSClosedError("the client is closed: make a new one")
        with outgoing(
            self._endpoint,
            request,
            timeout=self._timeout,
            max_response_bytes=self._settings.max_response_bytes,
            is_closed=lambda: self._closed,
        ) as prepared:
            lease: Lease[AsyncLink] = Lease()
            whole = False
            try:
                message = prepared.message(self._headers, {LEASE: lease})
                answer = await self._client.send(message, stream=True)
                body = prepared.begin(answer.status_code, answer.headers)
                async for data in answer.aiter_raw():
                    body.add(data)
                whole = True
            finally:
                await self._transport.release(lease, fit=whole)
            return prepared.conclude(body)

    async def close(self) -> None:
        """Close all connections; any number of times."""
        self._closed = True
        await self._transport.aclose()
