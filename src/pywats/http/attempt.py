"""One HTTP attempt: its call, CLIENT span, time limit, outcome and log line.

The ports of the WATS services (`pywats.http.outgoing`) and the httpx transports
(`pywats.http.transports`) both use `Attempt`. They differ in the classes of requests, responses
and errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pywats.errors import CallError
from pywats.http.attempt_log import is_logged, log_attempt
from pywats.http.client_span import ClientSpan
from pywats.http.errors.status import is_refusal
from pywats.http.network.exchange import Exchange
from pywats.http.network.phases import Phases
from pywats.http.response_facts import (
    captured_headers,
    peer_of,
    progress_of,
    protocol_of,
)
from pywats.observability import semconv as say
from pywats.observability.call import Call, Limit, current_call, enter_call
from pywats.observability.correlation import new_correlation_id, user_correlation_id
from pywats.observability.guard import guarded
from pywats.observability.instrumentation import GLOBAL
from pywats.observability.otel_context import current_context
from pywats.observability.request_method import OTHER, recorded_method
from pywats.observability.spans import error_type
from pywats.redaction import NO_SECRETS
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.util.types import AttributeValue

    from pywats.http.network.exchange import Timeouts
    from pywats.observability.instrumentation import Instrumentation
    from pywats.redaction import Secrets

__all__ = ["Attempt", "Operation"]

# With these statuses, the server refused the request before it did anything.
_NOT_EXECUTED = frozenset({429, 503})


class Operation(Protocol):
    """What an attempt needs to know about a request, whatever class the request has."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        ...

    @property
    def template(self) -> str:
        """The path with names for its variable segments; empty if it is not known."""
        ...

    @property
    def is_idempotent(self) -> bool:
        """True if sending the request twice has the effect of sending it once."""
        ...

    @property
    def changes_data(self) -> bool:
        """True if the request may change something on the server."""
        ...


class Attempt:
    """One HTTP request, from its span to its log line.

    Between `begin` and `leave`, the span is the current span and the call is the running call.

    Args:
        operation: The request.
        url: The absolute URL.
        host: Host of the server.
        port: Port of the server.
        timeout: Limit in seconds for a request outside a sync call; None for no limit.
        timeouts: Limits in seconds of single socket operations; None for no limits.
        instrumentation: Receives span and metric. By default, they go to the providers of the
            running call, and without one to the global providers.
        secrets: Texts to redact in errors, log lines and spans: the server may repeat them.

    Attributes:
        call: The running call; without one, a call that the attempt makes.
        exchange: Time limit and progress, which the connection reads and writes.
        status: Status of the response; 0 until a response has arrived.
        owns_call: True if no sync call is running, so that the attempt makes a call of its own.
        secrets: Texts that must not be shown.
    """

    def __init__(
        self,
        operation: Operation,
        url: str,
        host: str,
        port: int,
        *,
        timeout: float | None,
        timeouts: Timeouts | None = None,
        instrumentation: Instrumentation = GLOBAL,
        secrets: Secrets = NO_SECRETS,
    ) -> None:
        self._operation = operation
        self._url = url
        self._host = host
        self._port = port
        self._timeout = timeout
        self._instrumentation = instrumentation
        self._span: ClientSpan
        self._outside: Call | None = None
        self._begun = False
        self._over = False
        self.call: Call
        self.exchange = Exchange(None, timeouts=timeouts)
        self.status = 0
        self.owns_call = False
        self.secrets = secrets

    def begin(self) -> None:
        """Start the span, and the call if none is running."""
        operation = self._operation
        method = recorded_method(operation.method)
        described: dict[str, str | int] = {
            say.METHOD.name: method,
            say.SERVER_ADDRESS.name: self._host,
            say.SERVER_PORT.name: self._port,
        }
        if operation.template:
            described[say.URL_TEMPLATE.name] = operation.template
        self._outside = outside = current_call()
        if outside is not None and self._instrumentation is GLOBAL:
            self._instrumentation = outside.instrumentation
        name = _name("HTTP" if method == OTHER else method, operation.template)
        self._span = span = ClientSpan(name, described, self._url, self._instrumentation)
        if method == OTHER:
            span.describe({say.METHOD_ORIGINAL.name: operation.method})
        if outside is None or outside.ended:
            self.call = self._own_call(span)
            self.owns_call = True
            enter_call(self.call)
        else:
            self.call = outside
        self.exchange.limit = self.call.limit
        if span.is_recording:
            self.exchange.phases = Phases()
        self.call.requests_known = True
        self._begun = True

    def responded(self, status: int) -> None:
        """Note the status of the response."""
        self.status = status
        self.exchange.follow("wait", "receive")
        self._span.responded(status)

    @guarded("reading what a response says of the server")
    def hear(self, headers: Mapping[str, str], extensions: Mapping[str, object]) -> None:
        """Note the server's own id of the request, and which machine has responded.

        Args:
            headers: The headers of the response, by their names in lower case.
            extensions: The extensions of the response, in which httpcore or httpx describes the
                connection.
        """
        call = self.call
        call.status = self.status
        captured, call.server_request_id = captured_headers(headers, self.secrets)
        call.response_headers = captured
        if self._span.is_recording:
            attributes: dict[str, AttributeValue] = {
                f"{say.RESPONSE_HEADER}.{name}": [value] for name, value in captured.items()
            }
            self._span.describe(attributes | protocol_of(extensions))
            if self.exchange.peer is None:
                self.exchange.peer = peer_of(extensions)

    def leave(self) -> None:
        """Restore the context and the call from before `begin`; may be called again."""
        if self.owns_call and current_call() is self.call:
            enter_call(self._outside)
        self._span.leave()

    def finish(self, error: BaseException | None) -> None:
        """End the attempt: remember what may have been sent, log, end the span.

        It can be called any number of times; only the first call counts.

        Args:
            error: The error that the attempt raises; None if there is no error.
        """
        span = self._span_if_made()
        if self._over or span is None:
            return
        self._over = True
        try:
            if self._begun:
                self._account(span, error)
        finally:
            self.leave()
            span.end()

    def _span_if_made(self) -> ClientSpan | None:
        # Ctrl-C may have interrupted `begin` before it made the span.
        span: ClientSpan | None = getattr(self, "_span", None)
        return span

    def _account(self, span: ClientSpan, error: BaseException | None) -> None:
        self._remember(error)
        if self.exchange.phases is not None:
            span.describe(progress_of(self.exchange, self.exchange.phases))
        if isinstance(error, Exception):
            span.failed(error_type(error))
        elif self.status >= 400 and error is None:  # noqa: PLR2004 - RFC 9110 section 15.5
            span.failed(str(self.status))
        self._log(span, error)

    @property
    def in_doubt(self) -> bool:
        """Whether a change that the request asks for may have been made."""
        return self.exchange.sent and self._operation.changes_data

    def _remember(self, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, CallError):
            self.call.interrupted |= raised_by_signal_handler(error)
        if not self.exchange.sent:
            return
        operation = self._operation
        if not operation.is_idempotent and self.status not in _NOT_EXECUTED:
            self.call.unsafe_request_sent = True
        if operation.changes_data:
            unanswered = error is not None and self.status < 300  # noqa: PLR2004 - RFC 9110 section 15.3
            unclear = bool(self.status) and not is_refusal(self.status)
            self.call.may_have_been_executed |= unanswered or unclear

    def _log(self, span: ClientSpan, error: BaseException | None) -> None:
        if not is_logged():
            return
        outside = current_call()
        if outside is not self.call:
            # The body may be read after its call has ended, where another call is running.
            enter_call(self.call)
        log_attempt(
            self.log_name,
            span.seconds,
            None if error is None else type(error).__name__,
            status=self.status,
            attempt=max(1, self.call.attempt),
            reused=self.exchange.reused,
        )
        if outside is not self.call:
            enter_call(outside)

    @property
    def described(self) -> str:
        """Method and URL without its query, for errors."""
        address = self._url.partition("?")[0]
        return f"{self._operation.method} {address}"

    @property
    def log_name(self) -> str:
        """Method and path template; without a template, method and URL."""
        operation = self._operation
        return _name(operation.method, operation.template) if operation.template else self.described

    def _own_call(self, span: ClientSpan) -> Call:
        # Without a running call too, header, log line and error of the request share one id.
        trace_id = span.trace_id or new_correlation_id()
        chosen = user_correlation_id(current_context()) or trace_id
        name = _name(self._operation.method, self._operation.template)
        call = Call(name, chosen, trace_id, span.span, self._instrumentation)
        if self._timeout is not None:
            call.limit = Limit(call.started + self._timeout, self._timeout, "attempt")
        return call


def _name(method: str, template: str) -> str:
    return f"{method} {template}" if template else method
