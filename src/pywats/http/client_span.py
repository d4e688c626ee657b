"""The CLIENT span of one HTTP attempt, and its duration as a metric.

Names and attributes follow the stable HTTP semantic conventions (1.23).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span

from pywats.observability import semconv as say
from pywats.observability.call import current_call
from pywats.observability.guard import guarded, report
from pywats.observability.metrics import record_request
from pywats.observability.otel_context import (
    SUPPRESS_HTTP_INSTRUMENTATION,
    current_context,
)
from pywats.observability.span_scope import SpanScope
from pywats.redaction import REDACTED, is_secret_query_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.util.types import AttributeValue

    from pywats.observability.instrumentation import Instrumentation

__all__ = ["ClientSpan", "redacted_url"]

# This module sets the key to this value. Another value is from an application that suppresses
# HTTP spans itself.
_OURS = "pywats"
_HTTPX_SCOPE = "opentelemetry.instrumentation.httpx"


def redacted_url(url: str) -> str:
    """Return the URL for the attribute ``url.full``, with the values of sensitive keys redacted."""
    if "?" not in url:
        return url
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not any(is_secret_query_key(name) for name, _ in query):
        return url
    safe = [(name, REDACTED if is_secret_query_key(name) else value) for name, value in query]
    return urlunsplit(parts._replace(query=urlencode(safe)))


def _span_of_httpx(context: Context | None) -> Span | None:
    """Return the current span if it is the CLIENT span of OpenTelemetry's httpx instrumentation."""
    # Within an attempt, such as in the iterator of its body, the span is the attempt's.
    if not context or context.get(SUPPRESS_HTTP_INSTRUMENTATION) == _OURS:
        return None
    try:
        span = get_current_span(context)
        # Spans that are recorded have kind, instrumentation_scope and attributes; others need not.
        if getattr(span, "kind", None) is not SpanKind.CLIENT:
            return None
        scope = getattr(span, "instrumentation_scope", None)
        return span if getattr(scope, "name", "") == _HTTPX_SCOPE else None
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("looking for the span of another instrumentation", error)
        return None


def _is_measured(span: Span) -> bool:
    """Return whether the instrumentation records the same metric, ``http.client.request.duration``.

    By default, it uses the names of conventions before 1.23, and another metric. The variable
    OTEL_SEMCONV_STABILITY_OPT_IN selects the stable names for both.
    """
    return say.METHOD.name in (getattr(span, "attributes", None) or ())


class ClientSpan:
    """The CLIENT span of one attempt, current from its start on, and its duration as a metric.

    While the span is current, OpenTelemetry's instrumentations of HTTP libraries are suppressed,
    so that one attempt has one CLIENT span. If OpenTelemetry's instrumentation of httpx has started
    a span for the same request already, as it does around the transport of a client that the
    application instruments, the attributes are added to that span. If the application has
    suppressed instrumentation, there is neither a span nor a metric.

    Args:
        name: Name of the span.
        described: Attributes of the metric: fewer and coarser than the attributes of the span.
        url: The absolute URL.
        instrumentation: Receives span and metric.
    """

    __slots__ = ("_attributes", "_instrumentation", "_is_measured", "_scope", "_started")

    def __init__(
        self,
        name: str,
        described: dict[str, str | int],
        url: str,
        instrumentation: Instrumentation,
    ) -> None:
        self._attributes = described
        attributes = {
            **described,
            say.URL_FULL.name: redacted_url(url),
            say.PEER_SERVICE.name: described.get(say.SERVER_ADDRESS.name, ""),
        }
        call = current_call()
        if call is not None and call.attempt > 1:
            attributes[say.RESEND_COUNT.name] = call.attempt - 1
        self._instrumentation = instrumentation
        self._started = time.perf_counter()
        self._scope = scope = SpanScope()
        if scope.outside is not None and not scope.suppressed:
            given = scope.outside.get(SUPPRESS_HTTP_INSTRUMENTATION)
            scope.suppressed = bool(given) and given != _OURS
        theirs = None if scope.suppressed else _span_of_httpx(scope.outside)
        self._is_measured = theirs is not None and _is_measured(theirs)
        if theirs is None:
            scope.start(instrumentation.tracer(), name, SpanKind.CLIENT, attributes)
        else:
            scope.adopt(theirs)
            self.describe(attributes)
        scope.set_value(SUPPRESS_HTTP_INSTRUMENTATION, _OURS)

    @property
    def span(self) -> Span:
        """The CLIENT span."""
        return self._scope.span

    @property
    def is_recording(self) -> bool:
        """Whether the span records attributes; without an SDK, it does not."""
        return self._scope.is_recording()

    @property
    def trace_id(self) -> str | None:
        """The trace id as 32 hex digits; None if there is neither a tracer nor a parent."""
        return self._scope.trace_id

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started

    @guarded("recording the status of a response")
    def responded(self, status: int) -> None:
        """Record the status of the response."""
        self._attributes[say.STATUS_CODE.name] = status
        self.span.set_attribute(say.STATUS_CODE.name, status)

    @guarded("recording the server's side of a request")
    def describe(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Add attributes to the span; the metric does not get them."""
        if self._is_over():
            return
        self.span.set_attributes(attributes)

    @guarded("recording the failure of a request")
    def failed(self, kind: str) -> None:
        """Record the failure; the call span records the exception.

        Args:
            kind: Value of ``error.type``.
        """
        self._attributes[say.ERROR_TYPE.name] = kind
        if self._is_over():
            return
        self.span.set_attribute(say.ERROR_TYPE.name, kind)
        self.span.set_status(Status(StatusCode.ERROR))

    def _is_over(self) -> bool:
        # The instrumentation ends its span when the response begins, before its body is read.
        return self._scope.adopted and not self._scope.is_recording()

    def leave(self) -> None:
        """Restore the context from before the start; may be called again."""
        # After Ctrl-C, this may run only when the traceback is dropped. By then, other code may
        # have set another context, which must stay.
        if current_context() is self._scope.inside:
            self._scope.leave()

    def end(self) -> None:
        """End the span and record the duration; `leave` restores the context."""
        scope = self._scope
        scope.end()
        if not scope.suppressed and not self._is_measured:
            record_request(self.seconds, self._attributes, scope.inside, self._instrumentation)
