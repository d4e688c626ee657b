"""The port over a blocking client: ``async def`` in form, it never suspends."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import httpx

from pywats.errors import WATSClosedError
from pywats.http.connection import ConnectionSettings, NoCookies
from pywats.http.headers import default_headers
from pywats.http.pool import Lease
from pywats.http.route import Route
from pywats.http.transport import LEASE, PoolTransport
from pywats.http.wire import outgoing
from pywats.sync.fork import renew_after_fork

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.link import Link
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
        self._closed = False
        self._route = Route.to(endpoint, self._settings)
        self._headers = default_headers(endpoint)
        self._connect()
        renew_after_fork(self)

    def _connect(self) -> None:
        self._transport = PoolTransport(self._route, self._settings.limits)
        self._client = httpx.Client(
            transport=self._transport,
            cookies=NoCookies(),
            timeout=None,  # noqa: S113 - each request has its limit in `pywats.http.exchange`
            trust_env=False,
        )
        # Whoever forgets to close the client has its idle connections closed when it is collected,
        # or when the interpreter exits.
        self._finalizer = weakref.finalize(self, self._transport.close_idle)

    def renew(self) -> None:
        """Start afresh in a forked child; see `pywats.sync.fork`."""
        self._finalizer.detach()
        self._transport.abandon()
        self._connect()

    async def send(self, request: Request, /) -> Response:
        """Send the request; see `pywats.http.port.HttpPort`."""
        if self._closed:
            raise WATSClosedError("the client is closed: make a new one")
        transport, client = self._transport, self._client
        with outgoing(
            self._endpoint,
            request,
            timeout=self._timeout,
            max_response_bytes=self._settings.max_response_bytes,
            is_closed=lambda: self._closed,
        ) as prepared:
            lease: Lease[Link] = Lease()
            whole = False
            try:
                message = prepared.message(self._headers, {LEASE: lease})
                answer = client.send(message, stream=True)
                body = prepared.begin(answer.status_code, answer.headers)
                for data in answer.iter_raw():
                    body.add(data)
                whole = True
            finally:
                try:
                    transport.release(lease, fit=whole)
                except BaseException:
                    # Ctrl-C, perhaps before it began; each of its steps can be made again.
                    transport.release(lease, fit=False)
                    raise
            return prepared.conclude(body)

    def close(self) -> None:
        """Close all connections; any number of times."""
        self._closed = True
        self._transport.close()
