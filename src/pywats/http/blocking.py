"""The port over a blocking client: ``async def`` in form, it never suspends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx

from pywats.errors import WATSClosedError
from pywats.http.connection import ConnectionSettings, default_headers
from pywats.http.fork import renew_after_fork
from pywats.http.transport import PoolTransport
from pywats.http.wire import outgoing

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request, Response

__all__ = ["BlockingPort"]


class BlockingPort:
    """Sends through an `httpx.Client`, shared by all threads.

    Args:
        endpoint: Where requests go and as whom.
        settings: How connections are made.
        timeout: Limit in seconds for a request that no sync call limits; None for none.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        settings: ConnectionSettings | None = None,
        *,
        timeout: float | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._settings = settings or ConnectionSettings()
        self._timeout = timeout
        self._closed = threading.Event()
        self._ssl_context = self._settings.ssl_context(endpoint)
        self._connect()
        renew_after_fork(self)

    def _connect(self) -> None:
        self._transport = PoolTransport(
            self._ssl_context, self._settings.proxy(self._endpoint), self._settings.limits
        )
        self._client = httpx.Client(transport=self._transport, trust_env=False)
        self._headers = default_headers(self._endpoint, self._client)

    def renew(self) -> None:
        """Start afresh in a forked child; see `pywats.http.fork`."""
        self._transport.abandon()
        self._connect()

    async def send(self, request: Request, /) -> Response:
        """Send the request; see `pywats.http.port.HttpPort`."""
        if self._closed.is_set():
            raise WATSClosedError("the client is closed: make a new one")
        with outgoing(self._endpoint, request, self._timeout) as prepared:
            answer = self._client.send(prepared.for_client(self._client, self._headers))
            return prepared.conclude(answer.status_code, answer.headers, answer.content)

    def close(self) -> None:
        """Close all connections; any number of times."""
        self._closed.set()
        self._client.close()
