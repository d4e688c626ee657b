"""Everything about one request that does not depend on which client moves the bytes.

The two ports differ in one line, the one that sends. All else is here: span,
headers, limit, translation of errors, and what the call remembers of it.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

from pywats.errors import WATSClosedError, WATSDecodeError, WATSError
from pywats.http.body import Body, UnusableBodyError
from pywats.http.client_span import ClientSpan, client_span
from pywats.http.endpoint import Endpoint
from pywats.http.excerpt import excerpt, one_line
from pywats.http.exchange import Exchange, current_exchange, enter_exchange
from pywats.http.headers import request_headers
from pywats.http.port import Request, Response
from pywats.http.status import is_refusal, parse_retry_after, status_error
from pywats.http.translate import TRANSPORT_ERRORS, translate
from pywats.sync.call import Call, Limit, current_call, enter_call
from pywats.sync.correlation import new_correlation_id, trace_id_of, user_correlation_id
from pywats.sync.signature import sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from opentelemetry.trace import Span

    from pywats.errors import WATSStatusError

__all__ = ["Outgoing", "outgoing"]

_SUCCESS = range(200, 300)
# Answers that say the request was turned away before anything was done.
_TURNED_AWAY = frozenset({429, 503})
# Of an error answer as much as a message needs; the connection is not kept if there is more.
_MAX_ERROR_BYTES = 64 * 1024
# Errors that quote what came over the wire.
_WORDS_OF_THE_SERVER = (UnusableBodyError, httpcore.ProtocolError, httpcore.ProxyError)


@dataclass(slots=True, eq=False)
class Outgoing:
    """A request ready to be sent, and then its answer.

    Attributes:
        url: The absolute URL.
        headers: Headers of this request alone.
    """

    url: str
    headers: dict[str, str]
    _request: Request
    _endpoint: Endpoint
    _call: Call
    _exchange: Exchange
    _span: ClientSpan
    _max_response_bytes: int | None
    _status: int = 0
    _media_type: str = ""
    _retry_after: float | None = None
    _body: Body | None = None

    def message(self, defaults: Mapping[str, str], extensions: dict[str, object]) -> httpx.Request:
        """Return the request as httpx sends it.

        ``client.build_request`` would do it too, but it parses the URL and merges the headers
        once more, which costs more than a whole call of the engine.

        Args:
            defaults: Headers of every request; those of this one win over them.
            extensions: What the transport is told.
        """
        return httpx.Request(
            self._request.method,
            self.url,
            headers={**defaults, **self.headers},
            content=self._request.content,
            extensions=extensions,
        )

    def begin(self, status: int, headers: Mapping[str, str]) -> Body:
        """Note the head of the answer, and return what takes in its body.

        Raises:
            UnusableBodyError: The body will be of no use.
        """
        self._status = status
        self._span.answered(status)
        self._media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        limit = self._max_response_bytes
        if status not in _SUCCESS:
            self._retry_after = parse_retry_after(headers.get("retry-after"))
            limit = _MAX_ERROR_BYTES
        self._body = Body(headers, limit, lambda: self._exchange.left(httpcore.ReadTimeout))
        if status in _SUCCESS:
            # Of an error, however long, the start is shown.
            self._body.expect(headers.get("content-length", ""))
        return self._body

    def conclude(self, body: Body) -> Response:
        """Return the answer, whose body has come in whole, if its status is 2xx.

        Raises:
            UnusableBodyError: The body is not whole after all.
            WATSStatusError: The status is another.
        """
        if self._status not in _SUCCESS:
            raise self._refusal()
        return Response(
            self._status,
            body.end(),
            self._media_type,
            self._endpoint.secrets,
            self._call.correlation_id,
        )

    def failure(self, error: Exception, *, closed: bool) -> WATSError:
        """Return what leaves the port in place of an error.

        Args:
            error: The error: an `UnusableBodyError` or one of `TRANSPORT_ERRORS`.
            closed: The client was closed meanwhile.
        """
        if self._status and self._status not in _SUCCESS:
            # The server has spoken: that its words break off changes nothing.
            return self._refusal()
        in_doubt = self._exchange.sent and self._request.changes_data
        if isinstance(error, UnusableBodyError):
            reason = one_line(str(error), self._endpoint.secrets)
            return WATSDecodeError(
                f"{self._operation} answered {self._status}, but {reason}",
                status=self._status,
                excerpt=self._excerpt(),
                may_have_been_executed=in_doubt,
            )
        if closed:
            return WATSClosedError(
                f"{self._operation}: the client was closed meanwhile",
                may_have_been_executed=in_doubt,
            )
        return translate(
            error,
            self._operation,
            self._exchange,
            in_doubt=in_doubt,
            status=self._status,
            shown=self._excerpt(),
            secrets=self._endpoint.secrets,
        )

    @property
    def unsafe_to_repeat(self) -> bool:
        """Whether the request may have been carried out, and must not be twice."""
        return (
            self._exchange.sent
            and not self._request.is_idempotent
            and self._status not in _TURNED_AWAY
        )

    @property
    def _operation(self) -> str:
        return f"{self._request.method} {self._request.template} at {self._endpoint.base_url}"

    def _refusal(self) -> WATSStatusError:
        return status_error(
            self._operation,
            self._status,
            self._excerpt(),
            retry_after=self._retry_after,
            may_have_been_executed=self._request.changes_data and not is_refusal(self._status),
        )

    def _excerpt(self) -> str:
        secret = self._request.secret_answer and self._status in _SUCCESS
        if self._body is None or secret:
            return ""
        return excerpt(self._body.start(), self._endpoint.secrets)


@contextmanager
def outgoing(
    endpoint: Endpoint,
    request: Request,
    *,
    timeout: float | None,
    max_response_bytes: int | None,
    is_closed: Callable[[], bool],
) -> Iterator[Outgoing]:
    """Prepare a request, and see to it that whatever happens is accounted for.

    Args:
        endpoint: Where it goes.
        request: What is sent.
        timeout: Limit in seconds for a request that no sync call limits.
        max_response_bytes: How large the body of the answer may be; None for any size.
        is_closed: Tells whether the client was closed.

    Yields:
        The request, to be sent inside the ``with`` block.

    Raises:
        WATSError: In place of any error of the HTTP library.
    """
    url = endpoint.base_url + request.target()
    with client_span(request, url, endpoint.host, endpoint.port) as span:
        outside = current_call()
        running = None if outside is None or outside.ended else outside
        call = running or _own_call(f"{request.method} {request.template}", span.span, timeout)
        exchange = Exchange(call.limit)
        prepared = Outgoing(
            url,
            request_headers(endpoint, request, call),
            request,
            endpoint,
            call,
            exchange,
            span,
            max_response_bytes,
        )
        if not running:
            enter_call(call)
        # A signal handler or a finalizer may send a request of its own in the middle of this one.
        interrupted = current_exchange(exchange)
        enter_exchange(exchange)
        try:
            try:
                yield prepared
            except _WORDS_OF_THE_SERVER as error:
                # Not as the cause: only the message is free of secrets that the server repeats.
                raise prepared.failure(error, closed=is_closed()) from None
            except TRANSPORT_ERRORS as error:
                raise prepared.failure(error, closed=is_closed()) from error
        except WATSError as error:
            call.may_have_been_executed |= error.may_have_been_executed
            if not running:
                sign(call, error, time.monotonic())
            raise
        finally:
            call.unsafe_request_sent |= prepared.unsafe_to_repeat
            enter_exchange(interrupted)
            if current_call() is call and not running:
                enter_call(outside)


def _own_call(operation: str, span: Span, timeout: float | None) -> Call:
    # On the async face no sync call is running; the request is then a call of its own, so that
    # its header, log lines and errors carry one id all the same.
    trace_id = trace_id_of(span.get_span_context()) or new_correlation_id()
    call = Call(operation, user_correlation_id() or trace_id, trace_id, span)
    if timeout is not None:
        call.limit = Limit(call.started + timeout, timeout, "attempt")
    return call
