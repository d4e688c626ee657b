"""A wrapper around the transport of an `httpx.Client`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from pywats.http.attempt import Attempt
from pywats.http.transports.body_check import check_body
from pywats.http.transports.credentials import secrets_of, secrets_of_proxy, with_safe_reason
from pywats.http.transports.failure import OF_PYWATS, Failure
from pywats.http.transports.families import family_of, is_http_transport
from pywats.http.transports.header_check import check_headers
from pywats.http.transports.request_check import check_request
from pywats.http.transports.requests import HttpxOperation, Ids, address_of, merged
from pywats.http.transports.response_body import ResponseBody, body_class
from pywats.http.transports.trace_events import note_event
from pywats.redaction import clear_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pywats.http.network.exchange import Exchange

__all__ = ["BlockingCallTransport"]


class BlockingCallTransport(httpx.BaseTransport):
    """Make each request of an `httpx.Client` a part of the running call.

    Only the timeouts of httpx limit the time, and they apply to single operations: use a
    `pywats.DirectTransport` if a server may trickle bytes.

    Args:
        transport: The transport that is wrapped.
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with.
        only: Hosts whose requests carry the ids; None for all.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport,
        *,
        correlation_header: str | None = None,
        only: Iterable[str] | None = None,
    ) -> None:
        self._transport = transport
        self._proxy_secrets = secrets_of_proxy(transport)
        self._ids = Ids(only, correlation_header)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the response, whose body is still to be read."""
        try:
            return self._send(request)
        except BaseException as error:
            # The repr of a request shows the password in its URL.
            del request
            clear_frames(error, of=OF_PYWATS)
            raise

    def _send(self, request: httpx.Request) -> httpx.Response:
        family = family_of(request)
        url, host, port = address_of(request)
        attempt = Attempt(
            HttpxOperation.of(request),
            url,
            host,
            port,
            timeout=None,
            secrets=secrets_of(request) | self._proxy_secrets,
        )
        with Failure(attempt, family):
            attempt.begin()
            check_request(request, attempt, family)
            check_headers(request, attempt, family)
            check_body(request, attempt, family)
            message = family.Request(
                request.method,
                request.url,
                headers=merged(request.headers, self._ids.headers(request)),
                stream=request.stream,
                extensions=_extensions(request, attempt.exchange, self._transport),
            )
            response = self._transport.handle_request(message)
            attempt.responded(response.status_code)
            attempt.hear(response.headers, response.extensions)
            response.extensions = dict(
                with_safe_reason(response.extensions, attempt.status, attempt.secrets)
            )
            attempt.leave()
        if response.is_closed:
            # The response was made with its content, as by a mock: nothing reads the stream.
            attempt.finish(None)
        else:
            body = body_class(_Body, family)(response.stream, attempt)
            body.belongs_to(response)
            response.stream = body
        return response

    def close(self) -> None:
        """Close the wrapped transport."""
        self._transport.close()


def _extensions(
    request: httpx.Request, exchange: Exchange, transport: httpx.BaseTransport
) -> dict[str, Any]:
    """Return the extensions of a request with a callback that notes its progress."""
    extensions: dict[str, Any] = request.extensions
    if not is_http_transport(transport):
        # Such a transport reports no progress: assume that the request was sent.
        exchange.sent = True
        return extensions
    exchange.enter("pool")
    told = extensions.get("trace")

    def trace(event: str, info: Mapping[str, Any]) -> None:
        note_event(exchange, event, info)
        if told is not None:
            told(event, info)

    return {**extensions, "trace": trace}


class _Body(ResponseBody):
    """The body of a response."""

    streams = ("SyncByteStream",)

    def __init__(
        self,
        stream: httpx.SyncByteStream,
        attempt: Attempt,
    ) -> None:
        self._stream = stream
        self._attempt = attempt
        self.begin()

    def __iter__(self) -> Iterator[bytes]:
        with Failure(self._attempt, self.family, passes=GeneratorExit):
            yield from self._stream

    def close(self) -> None:
        """End the attempt."""
        try:
            self._stream.close()
        finally:
            self.end()
            self.part_from_response()

    def end(self) -> None:
        """End the attempt; may be called again."""
        self._attempt.finish(None)
        self.over()
