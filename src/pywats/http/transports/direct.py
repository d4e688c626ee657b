"""An httpx transport that blocks, so that an async client does not need an event loop."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import httpx

from pywats import validation
from pywats.http.attempt import Attempt
from pywats.http.message import header_map
from pywats.http.network.http1.message import Message
from pywats.http.network.http1.upgraded import changes_protocol
from pywats.http.network.settings import ConnectionSettings
from pywats.http.network.transport import PoolTransport
from pywats.http.transports.body_check import check_body
from pywats.http.transports.credentials import secrets_of, with_safe_reason
from pywats.http.transports.direct_body import DirectBody, blocks, called_outside, nearest
from pywats.http.transports.errors import (
    ClosedError,
    WrongTransportError,
    in_family,
)
from pywats.http.transports.event_loop import current_event_loop
from pywats.http.transports.failure import OF_PYWATS, Failure
from pywats.http.transports.families import family_of
from pywats.http.transports.header_check import check_headers
from pywats.http.transports.request_check import check_request
from pywats.http.transports.requests import (
    HttpxOperation,
    Ids,
    address_of,
    merged,
    target_of,
    timeouts_of,
)
from pywats.http.transports.response_body import body_class
from pywats.http.transports.routes import Routes
from pywats.http.transports.upgraded import with_awaitable_stream
from pywats.observability.call import current_call
from pywats.redaction import clear_frames, with_safe_constructor
from pywats.runtime.after_fork import renew_after_fork
from pywats.runtime.running_loop import inline_loop
from pywats.validation import in_seconds

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from pywats.http.network.connection import Link
    from pywats.http.network.pool import Lease
    from pywats.http.network.route import Route
    from pywats.runtime.inline_loop import InlineLoop
    from pywats.validation import Duration

__all__ = ["DirectTransport"]

T = TypeVar("T")


@with_safe_constructor
class DirectTransport(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Send requests on the calling thread, so that an `httpx.AsyncClient` never suspends.

    Create the client as ``httpx.AsyncClient(transport=DirectTransport())``, and wrap the service
    that uses it with ``SyncServiceWrapper(service, config, runner=DirectRunner())``: it then runs
    without an event loop or a helper thread. Each request has a CLIENT span, correlation headers
    and a log line, stops at the deadline of its call, and is not repeated if it may have been
    executed. Any number of threads can share the transport. It supports HTTP/1.1 only. An
    `httpx.Client` may use it too.

    The timeouts of the httpx client (``timeout=``) apply to single socket operations, as with
    httpx. Describe a request with its extensions: ``{"idempotent": True}`` for a POST that may be
    sent twice, ``{"template": "/items/{id}"}`` for the name of its span.

    The certificates of this machine are loaded with the first https request, which raises
    `OSError` if they cannot be read.

    Args:
        verify_ssl: True verifies the server's certificate, False does not verify it; an
            `ssl.SSLContext` has its own settings.
        limits: Size of the connection pool; by default, 100 connections, of which 20 are kept idle.
        timeout: Limit in seconds (or a timedelta) of a request outside a sync call; None for no
            limit.
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with.
        only: Hosts whose requests carry the ids, such as ``("api.example.com",)``; None for all.
        trust_env: Whether requests go through the proxies that ``HTTP_PROXY``, ``HTTPS_PROXY``,
            ``ALL_PROXY`` and ``NO_PROXY`` name.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    def __init__(
        self,
        *,
        verify_ssl: bool | ssl.SSLContext = True,
        limits: httpx.Limits | None = None,
        timeout: Duration | None = None,
        correlation_header: str | None = None,
        only: Iterable[str] | None = None,
        trust_env: bool = True,
    ) -> None:
        settings = ConnectionSettings(verify_ssl=verify_ssl, trust_env=trust_env)
        settings = settings if limits is None else replace(settings, limits=limits)
        self._limits = settings.limits
        self._routes = Routes(settings)
        self._timeout = in_seconds(validation.optional_seconds("timeout", timeout))
        self._ids = Ids(only, correlation_header)
        self._closed = False
        self._connect()
        renew_after_fork(self)

    def _connect(self) -> None:
        self._pool = PoolTransport(self._limits)
        # If the program does not close the client, its idle connections are closed when the
        # transport is garbage-collected, or when the interpreter exits.
        self._finalizer = weakref.finalize(self, self._pool.close_idle)

    def renew(self) -> None:
        """Start with new connections in a forked child; see ``pywats.runtime.after_fork``."""
        self._finalizer.detach()
        self._pool.abandon()
        self._connect()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the response, whose body is still to be read.

        Raises:
            WrongTransportError: The request would block an event loop; nothing was sent.
            httpx.TransportError: No usable response arrived.
        """
        refuse_in_event_loop()
        loop = inline_loop()
        try:
            return called_outside(loop, lambda: self._send(request, loop, awaited=True))
        except BaseException as error:
            # The repr of a request shows the password in its URL.
            del request
            clear_frames(error, of=OF_PYWATS)
            raise

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request of an `httpx.Client`."""
        try:
            return self._send(request)
        except BaseException as error:
            del request
            clear_frames(error, of=OF_PYWATS)
            raise

    async def aclose(self) -> None:
        """Close all connections; may be called again."""
        self.close()

    def close(self) -> None:
        """Close all connections; may be called again."""
        self._closed = True
        self._pool.close()

    def _send(
        self, request: httpx.Request, loop: InlineLoop | None = None, *, awaited: bool = False
    ) -> httpx.Response:
        family = family_of(request)
        if self._closed:
            raise in_family(ClosedError, family)(
                "the transport is closed: create a new client with a new one"
            )
        address, host, port = address_of(request)
        attempt = Attempt(
            HttpxOperation.of(request),
            address,
            host,
            port,
            timeout=self._timeout,
            timeouts=timeouts_of(request),
            secrets=secrets_of(request),
        )
        pool = self._pool
        lease: Lease[Link] | None = None
        with Failure(attempt, family, is_closed=self._is_closed):
            try:
                attempt.begin()
                check_request(request, attempt, family)
                check_headers(request, attempt, family)
                check_body(request, attempt, family)
                attempt.call.over_direct_transport = True
                attempt.exchange.limit = nearest(attempt.call.limit, loop)
                route = self._routes.to(request.url, family)
                attempt.secrets |= route.secrets
                lease = pool.lease(attempt.exchange, route)
                response = pool.send(lease, self._message(request, route, loop))
                attempt.responded(response.status)
                attempt.hear(header_map(response.headers), response.extensions)
                attempt.leave()
                extensions = with_safe_reason(response.extensions, response.status, attempt.secrets)
                if changes_protocol(request.method, response.status):
                    # The timeouts of the client are for HTTP; each operation has its own.
                    attempt.exchange.timeouts = None
                    if awaited:
                        extensions = with_awaitable_stream(extensions, attempt)
                body = body_class(DirectBody, family)(
                    pool, lease, response, attempt, self._is_closed
                )
                made: httpx.Response = family.Response(
                    response.status,
                    headers=response.headers,
                    stream=body,
                    extensions=extensions,
                )
            except BaseException:
                if lease is not None:
                    pool.release(lease, fit=False)
                raise
            body.belongs_to(made)
        return made

    def _message(self, request: httpx.Request, route: Route, loop: InlineLoop | None) -> Message:
        url = request.url
        return Message(
            request.method,
            url.raw_scheme,
            route.origin.host,
            url.port,
            target_of(request),
            merged(request.headers, self._ids.headers(request)),
            blocks(request.stream, loop),
            request.extensions.get("sni_hostname"),
        )

    def _is_closed(self) -> bool:
        return self._closed


def refuse_in_event_loop() -> None:
    """Refuse to block an event loop.

    A call through the DirectRunner is allowed on a thread that runs an event loop, such as in a
    notebook: its coroutine is not driven by that loop.

    Raises:
        WrongTransportError: The running coroutine is driven by an event loop.
    """
    call = current_call()
    if call is not None and call.direct and not call.ended:
        return
    if current_event_loop() is not None:
        raise WrongTransportError(
            "DirectTransport was awaited in an event loop, which it would block; nothing was sent. "
            "Call the service through SyncServiceWrapper(service, config, runner=DirectRunner()), "
            "or give the client that the event loop runs a CallTransport"
        )
