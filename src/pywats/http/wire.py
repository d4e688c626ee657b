"""Everything about one request that does not depend on which client moves the bytes.

The two ports differ in one line, the one that sends. All else is here: span,
headers, limit, translation of errors, and what the call remembers of it.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.trace import Span

from pywats.errors import WATSError
from pywats.http.client_span import mark_failed, propagation_headers, start_client_span
from pywats.http.endpoint import Endpoint
from pywats.http.excerpt import excerpt
from pywats.http.exchange import Exchange, enter_exchange, leave_exchange
from pywats.http.port import Request, Response
from pywats.http.status import is_refusal, parse_retry_after, status_error
from pywats.http.translate import TRANSPORT_ERRORS, translate
from pywats.sync.call import Call, Limit, current_call, enter_call, leave_call
from pywats.sync.correlation import new_correlation_id, trace_id_of, user_correlation_id
from pywats.sync.signature import sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


__all__ = ["Outgoing", "outgoing"]

_SUCCESS = range(200, 300)
# Answers that say the request was turned away before anything was done.
_TURNED_AWAY = frozenset({429, 503})


@dataclass(slots=True, eq=False)
class Outgoing:
    """A request ready to be sent.

    Attributes:
        url: The absolute URL.
        headers: Headers of this request alone.
        pool_timeout: Seconds to wait for a connection of the pool; None for no limit.
        status: Status of the answer, once there is one.
    """

    url: str
    headers: dict[str, str]
    pool_timeout: float | None
    request: Request
    endpoint: Endpoint
    span: Span
    status: int | None = None

    @property
    def operation(self) -> str:
        """Method, path template and origin, for error messages."""
        return f"{self.request.method} {self.request.template} at {self.endpoint.base_url}"

    def for_client(
        self, client: httpx.Client | httpx.AsyncClient, defaults: Mapping[str, str]
    ) -> httpx.Request:
        """Return the request for the client to send; its own headers win over the defaults.

        ``client.build_request`` would do it too, but it merges headers and URL that were merged
        before, which costs more than a whole call of the engine.
        """
        return httpx.Request(
            self.request.method,
            self.url,
            headers={**defaults, **self.headers},
            content=self.request.content,
            cookies=client.cookies or None,
            extensions={
                "timeout": {
                    "connect": None,
                    "read": None,
                    "write": None,
                    "pool": self.pool_timeout,
                }
            },
        )

    def conclude(self, status: int, headers: Mapping[str, str], content: bytes) -> Response:
        """Return the answer if its status is 2xx.

        Raises:
            WATSStatusError: It is not.
        """
        self.status = status
        self.span.set_attribute("http.response.status_code", status)
        if status in _SUCCESS:
            media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
            return Response(status, content, media_type, self.endpoint.secrets)
        raise status_error(
            self.operation,
            status,
            excerpt(content, self.endpoint.secrets),
            retry_after=parse_retry_after(headers.get("retry-after")),
            may_have_been_executed=self.request.changes_data and not is_refusal(status),
        )


@contextmanager
def outgoing(endpoint: Endpoint, request: Request, timeout: float | None) -> Iterator[Outgoing]:
    """Prepare a request, and see to it that whatever happens is accounted for.

    Args:
        endpoint: Where it goes.
        request: What is sent.
        timeout: Limit in seconds for a request that no sync call limits.

    Yields:
        The request, to be sent inside the ``with`` block.

    Raises:
        WATSError: In place of any error of the HTTP library.
    """
    url = endpoint.base_url + request.target()
    # Not start_as_current_span: three context managers inside one another cost more than all that
    # is done here.
    span = start_client_span(request, url, endpoint)
    # Without a tracer and a remote parent there is nothing to make current.
    traced = span.get_span_context().is_valid
    context_token = otel_context.attach(trace.set_span_in_context(span)) if traced else None
    running = current_call()
    call = running or _own_call(request, span, timeout)
    call_token = None if running else enter_call(call)
    exchange = Exchange(call.limit)
    exchange_token = enter_exchange(exchange)
    try:
        prepared = Outgoing(
            url=url,
            headers=_headers(endpoint, request, call),
            pool_timeout=exchange.remaining(),
            request=request,
            endpoint=endpoint,
            span=span,
        )
        try:
            yield prepared
        except TRANSPORT_ERRORS as error:
            raise translate(
                error, prepared.operation, exchange, changes_data=request.changes_data
            ) from error
        finally:
            turned_away = prepared.status in _TURNED_AWAY
            if exchange.sent and not turned_away and not request.is_idempotent:
                call.unsafe_request_sent = True
    except BaseException as error:
        if isinstance(error, WATSError):
            call.may_have_been_executed |= error.may_have_been_executed
            if not running:
                sign(call, error, time.monotonic())
        mark_failed(span, error)
        raise
    finally:
        leave_exchange(exchange_token)
        if call_token is not None:
            leave_call(call_token)
        if context_token is not None:
            otel_context.detach(context_token)
        span.end()


def _own_call(request: Request, span: Span, timeout: float | None) -> Call:
    # On the async face no sync call is running; the request is then a call of its own, so that
    # its header, log lines and errors carry one id all the same.
    trace_id = trace_id_of(span.get_span_context()) or new_correlation_id()
    operation = f"{request.method} {request.template}"
    call = Call(operation, user_correlation_id() or trace_id, trace_id, span)
    if timeout is not None:
        call.limit = Limit(call.started + timeout, timeout, "attempt")
    return call


def _headers(endpoint: Endpoint, request: Request, call: Call) -> dict[str, str]:
    headers = propagation_headers()
    headers["Accept"] = request.accept
    if call.correlation_id is not None:
        headers[endpoint.correlation_header] = call.correlation_id
    if request.content is not None:
        headers["Content-Type"] = request.content_type
    if request.template.startswith("/api/internal/"):
        # The internal API answers only requests that seem to come from its own pages.
        headers["Referer"] = endpoint.base_url
    return headers
