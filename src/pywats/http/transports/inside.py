"""The connections of a `CallTransport` to which no transport was passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore

from pywats.http.network.async_transport import AsyncPoolTransport
from pywats.http.network.http1.message import target_for_proxy
from pywats.http.network.http1.upgraded import changes_protocol
from pywats.http.transports.pool_body import PoolBody
from pywats.http.transports.requests import merged, target_of
from pywats.http.transports.response_body import body_class
from pywats.http.transports.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from pywats.http.attempt import Attempt
    from pywats.http.network.route import Route
    from pywats.http.network.settings import ConnectionSettings
    from pywats.http.transports.requests import Ids

__all__ = ["Inside"]


class Inside:
    """A connection pool for one event loop at a time; it has the limits of `pywats.AsyncWATS`.

    The constructor loads the certificates, which takes a while.

    Args:
        settings: How connections are made.

    Raises:
        OSError: The certificates of this machine cannot be read.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._limits = settings.limits
        self._routes = Routes(settings)
        # A request would block its event loop.
        self._routes.load_certificates()
        self._pool = AsyncPoolTransport(self._limits)
        self._left_behind: list[AsyncPoolTransport] = []

    def leave_behind(self) -> None:
        """Start with new connections, because the event loop of the old ones is gone."""
        # Keep the old pool alive: its connections cannot be closed in another loop.
        self._left_behind.append(self._pool)
        self._pool = AsyncPoolTransport(self._limits)

    async def send(
        self,
        request: httpx.Request,
        ids: Ids,
        attempt: Attempt,
        family: Any,
        is_closed: Callable[[], bool],
    ) -> httpx.Response:
        """Send the request and return the response, whose body is still to be read.

        Args:
            request: The request.
            ids: The headers to add.
            attempt: The attempt, whose exchange limits each socket operation.
            family: The package of the request, httpx or httpx2.
            is_closed: Returns whether the transport was closed.

        Raises:
            Exception: An error of httpcore.
        """
        url = request.url
        route = self._routes.to(url, family)
        attempt.secrets |= route.secrets
        pool = self._pool
        lease = pool.lease(attempt.exchange, route)
        try:
            # The message holds credentials, and the variables of a running frame cannot be cleared:
            # do not keep it in a variable.
            response = await pool.send(
                lease,
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme,
                        # As the connection has it: an IPv6 address in brackets.
                        host=route.origin.host,
                        port=url.port,
                        target=url.raw_path,
                    ),
                    headers=merged(request.headers, ids.headers(request)),
                    content=request.stream,
                    extensions=_extensions(request, route),
                ),
            )
        except BaseException:
            await pool.release(lease, fit=False)
            raise
        if changes_protocol(request.method, response.status):
            # The timeouts of the client are for HTTP; each operation of the stream has its own.
            attempt.exchange.timeouts = None
        body = body_class(PoolBody, family)(pool, lease, response, attempt, is_closed)
        made: httpx.Response = family.Response(
            response.status, headers=response.headers, stream=body, extensions=response.extensions
        )
        body.belongs_to(made)
        return made

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


def _extensions(request: httpx.Request, route: Route) -> dict[str, Any]:
    extensions: dict[str, Any] = request.extensions
    if "target" in extensions and route.forwards:
        # httpcore sends this target as it is, and a proxy needs an absolute URL.
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=route.origin.host,
            port=request.url.port,
            target=target_of(request),
        )
        return {**extensions, "target": target_for_proxy(url)}
    return extensions
