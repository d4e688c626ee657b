"""Everything about one request that does not depend on which client moves the bytes.

The two ports differ in one line, the one that sends. All else is here: span,
headers, limit, translation of errors, and what the call remembers of it.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.errors import WATSError
from pywats.http.client_span import ClientSpan, client_span, propagation_headers
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

    from opentelemetry.trace import Span

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
    operation: str
    request: Request
    endpoint: Endpoint
    span: ClientSpan
    status: int | None = None

    def conclude(self, status: int, headers: Mapping[str, str], content: bytes) -> Response:
        """Return the answer if its status is 2xx.

        Raises:
            WATSStatusError: It is not.
        """
        self.status = status
        self.span.answered(status)
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
    operation = f"{request.method} {request.template}"
    with client_span(request, url, endpoint.host, endpoint.port) as span:
        running = current_call()
        call = running or _own_call(operation, span.span, timeout)
        call_token = None if running else enter_call(call)
        exchange = Exchange(call.limit)
        exchange_token = enter_exchange(exchange)
        prepared = Outgoing(
            url=url,
            headers=_headers(endpoint, request, call),
            pool_timeout=exchange.remaining(),
            operation=f"{operation} at {endpoint.base_url}",
            request=request,
            endpoint=endpoint,
            span=span,
        )
        try:
            try:
                yield prepared
            except TRANSPORT_ERRORS as error:
                raise translate(
                    error, prepared.operation, exchange, changes_data=request.changes_data
                ) from error
        except WATSError as error:
            call.may_have_been_executed |= error.may_have_been_executed
            if not running:
                sign(call, error, time.monotonic())
            raise
        finally:
            leave_exchange(exchange_token)
            if call_token is not None:
                leave_call(call_token)
            if exchange.sent and not request.is_idempotent and prepared.status not in _TURNED_AWAY:
                call.unsafe_request_sent = True


def _own_call(operation: str, span: Span, timeout: float | None) -> Call:
    # On the async face no sync call is running; the request is then a call of its own, so that
    # its header, log lines and errors carry one id all the same.
    trace_id = trace_id_of(span.get_span_context()) or new_correlation_id()
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
