"""A wrapper around the transport of an `httpx.AsyncClient` in an event loop."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import httpx

from pywats import validation
from pywats.http.attempt import Attempt
from pywats.http.network.settings import ConnectionSettings
from pywats.http.transports.body_check import check_body
from pywats.http.transports.call_body import CallBody, in_time
from pywats.http.transports.credentials import secrets_of, secrets_of_proxy, with_safe_reason
from pywats.http.transports.errors import ClosedError, WrongTransportError, in_family
from pywats.http.transports.event_loop import current_event_loop
from pywats.http.transports.failure import OF_PYWATS, Failure
from pywats.http.transports.families import family_of, is_http_transport
from pywats.http.transports.header_check import check_headers
from pywats.http.transports.inside import Inside
from pywats.http.transports.request_check import check_request
from pywats.http.transports.requests import (
    HttpxOperation,
    Ids,
    address_of,
    merged,
    timeouts_of,
)
from pywats.http.transports.response_body import body_class
from pywats.http.transports.trace_events import note_event
from pywats.redaction import clear_frames, with_safe_constructor
from pywats.validation import in_seconds

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping

    from pywats.http.network.exchange import Exchange
    from pywats.validation import Duration

__all__ = ["CallTransport"]


@with_safe_constructor
class CallTransport(httpx.AsyncBaseTransport):
    """Make each request of an `httpx.AsyncClient` a part of the running call.

    Use it as ``httpx.AsyncClient(transport=CallTransport())``. Each request has a CLIENT span,
    correlation headers and a log line, stops at the deadline of its call, and is not repeated if
    it may have been executed. The wrapped transport sends the requests: HTTP/2,
    `httpx.MockTransport` and `httpx.ASGITransport` keep working. Describe a request with its
    extensions: ``{"idempotent": True}`` for a POST that may be sent twice,
    ``{"template": "/items/{id}"}`` for the name of its span.

    Args:
        transport: The transport that is wrapped; None for connections of its own, which use
            HTTP/1.1 and are made like the connections of a `pywats.DirectTransport`.
        verify_ssl: True verifies the server's certificate, False does not verify it; an
            `ssl.SSLContext` has its own settings. Not for a transport that you pass.
        limits: Size of the connection pool; by default, 100 connections, of which 20 are kept idle.
            Not for a transport that you pass.
        timeout: Limit in seconds (or a timedelta) of a request outside a sync call; None for no
            limit.
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with.
        only: Hosts whose requests carry the ids, such as ``("api.example.com",)``; None for all.
        trust_env: Whether requests go through the proxies that ``HTTP_PROXY``, ``HTTPS_PROXY``,
            ``ALL_PROXY`` and ``NO_PROXY`` name. It has no effect on a transport that you pass.

    Raises:
        OSError: The certificates of this machine cannot be read.
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        verify_ssl: bool | ssl.SSLContext = True,
        limits: httpx.Limits | None = None,
        timeout: Duration | None = None,
        correlation_header: str | None = None,
        only: Iterable[str] | None = None,
        trust_env: bool = True,
    ) -> None:
        if transport is not None and not hasattr(transport, "handle_async_request"):
            raise TypeError(
                # The value is not shown: it may be the address of a proxy, with its password.
                f"transport: must be an httpx.AsyncBaseTransport or None, "
                f"not {type(transport).__name__}"
            )
        validation.boolean("trust_env", trust_env)
        self._transport: Inside | httpx.AsyncBaseTransport
        if transport is None:
            settings = ConnectionSettings(verify_ssl=verify_ssl, trust_env=trust_env)
            self._transport = Inside(
                settings if limits is None else replace(settings, limits=limits)
            )
        elif verify_ssl is not True or limits is not None:
            raise ValueError(
                "verify_ssl and limits are for connections of its own: give them to the transport "
                "that you pass"
            )
        else:
            self._transport = transport
        self._timeout = in_seconds(validation.optional_seconds("timeout", timeout))
        self._ids = Ids(only, correlation_header)
        self._loop: object = None
        self._process = os.getpid()
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the response, whose body is still to be read.

        Raises:
            WrongTransportError: The transport belongs to another event loop; nothing was sent.
            httpx.TransportError: No usable response arrived.
        """
        try:
            return await self._send(request)
        except BaseException as error:
            # The repr of a request shows the password in its URL.
            del request
            clear_frames(error, of=OF_PYWATS)
            raise

    async def _send(self, request: httpx.Request) -> httpx.Response:
        family = family_of(request)
        if self._closed:
            raise in_family(ClosedError, family)(
                "the transport is closed: create a new client with a new one"
            )
        self._check_loop()
        transport = self._transport
        own = isinstance(transport, Inside)
        url, host, port = address_of(request)
        attempt = Attempt(
            HttpxOperation.of(request),
            url,
            host,
            port,
            timeout=self._timeout,
            # A transport that was passed keeps the timeouts of the httpx client itself.
            timeouts=timeouts_of(request) if own else None,
            secrets=secrets_of(request) | secrets_of_proxy(transport),
        )
        with Failure(attempt, family, is_closed=self._is_closed):
            attempt.begin()
            check_request(request, attempt, family)
            check_headers(request, attempt, family)
            check_body(request, attempt, family)
            if isinstance(transport, Inside):
                response = await transport.send(
                    request, self._ids, attempt, family, self._is_closed
                )
            else:
                response = await _pass_on(transport, request, self._ids, attempt, family)
            attempt.responded(response.status_code)
            attempt.hear(response.headers, response.extensions)
            response.extensions = dict(
                with_safe_reason(response.extensions, attempt.status, attempt.secrets)
            )
            attempt.leave()
        if response.is_closed:
            # The response was made with its content, as by a mock: nothing reads the stream.
            attempt.finish(None)
        elif not own:
            body = body_class(CallBody, family)(response.stream, attempt, self._is_closed)
            body.belongs_to(response)
            response.stream = body
        return response

    def handle_request(self, request: httpx.Request) -> NoReturn:
        """Refuse a request of an `httpx.Client`.

        Raises:
            WrongTransportError: Always.
        """
        del request
        raise _for_async_clients()

    def __enter__(self) -> NoReturn:
        raise _for_async_clients()

    def close(self) -> None:
        """Do nothing: an `httpx.Client` cannot have opened a connection."""

    async def aclose(self) -> None:
        """Close the wrapped transport; may be called again."""
        if not self._closed:
            self._closed = True
            await self._transport.aclose()

    def _is_closed(self) -> bool:
        return self._closed

    def _check_loop(self) -> None:
        transport = self._transport
        if isinstance(transport, Inside):
            if self._has_moved(may_move=True):
                transport.leave_behind()
        elif is_http_transport(transport):
            self._has_moved(may_move=False)

    def _has_moved(self, *, may_move: bool) -> bool:
        """Return whether the event loop has changed since the previous request.

        Args:
            may_move: Whether a change is allowed if the previous loop is closed, or was running
                in the parent before a fork.

        Raises:
            WrongTransportError: The change is not allowed.
        """
        before, loop = self._loop, current_event_loop()
        if loop is before:
            return False
        if before is not None:
            forked = self._process != os.getpid()
            is_closed = getattr(before, "is_closed", lambda: False)
            if not may_move or not (forked or is_closed()):
                raise WrongTransportError(
                    "the transport belongs to the event loop of its first request, and its "
                    "connections cannot be used in another one; nothing was sent. Create one "
                    "client for each event loop and process"
                )
        self._loop, self._process = loop, os.getpid()
        return before is not None


def _for_async_clients() -> WrongTransportError:
    return WrongTransportError(
        "CallTransport is for httpx.AsyncClient: give the httpx.Client a DirectTransport; nothing "
        "was sent"
    )


async def _pass_on(
    transport: httpx.AsyncBaseTransport,
    request: httpx.Request,
    ids: Ids,
    attempt: Attempt,
    family: Any,
) -> httpx.Response:
    """Send a request over a transport that was passed, within the limit of the attempt."""
    message = family.Request(
        request.method,
        request.url,
        headers=merged(request.headers, ids.headers(request)),
        stream=request.stream,
        extensions=_extensions(request, attempt.exchange, transport),
    )
    with in_time(attempt, family):
        return await transport.handle_async_request(message)


def _extensions(
    request: httpx.Request, exchange: Exchange, transport: httpx.AsyncBaseTransport
) -> dict[str, Any]:
    """Return the extensions of a request with its limit, and a callback that notes its progress."""
    extensions = dict(request.extensions)
    if exchange.limit is not None:
        left = max(0.001, exchange.limit.expires_at - exchange.now())
        given: Mapping[str, float | None] = extensions.get("timeout", {})
        extensions["timeout"] = {
            name: left if (single := given.get(name)) is None else min(left, single)
            for name in ("connect", "read", "write", "pool")
        }
    if not is_http_transport(transport):
        # Such a transport reports no progress: assume that the request was sent.
        exchange.sent = True
        return extensions
    exchange.enter("pool")
    told = extensions.get("trace")

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        note_event(exchange, event, info)
        if told is not None:
            await told(event, info)

    extensions["trace"] = trace
    return extensions
