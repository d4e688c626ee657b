"""The CLIENT span of one HTTP attempt, its duration as a metric, and the headers that go with it.

Names and attributes follow the stable HTTP semantic conventions (1.23).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from opentelemetry import context as otel_context
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from pywats.http.excerpt import REDACTED
from pywats.sync import vocabulary as say
from pywats.sync.call import current_call
from pywats.sync.metrics import record_request
from pywats.sync.telemetry import error_type, tracer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.http.port import Request

__all__ = ["ClientSpan", "client_span", "propagation_headers", "redacted_url"]

# Instrumentations of HTTP libraries look for this key before they make a span of their own. The
# API has it under a private name, from where they import it too.
_SUPPRESS_HTTP_INSTRUMENTATION = getattr(
    otel_context, "_SUPPRESS_HTTP_INSTRUMENTATION_KEY", "suppress_http_instrumentation"
)

# The conventions name four query keys that carry signatures; the fifth is this API's own.
_SENSITIVE = frozenset({"awsaccesskeyid", "signature", "sig", "x-goog-signature", "token"})


def redacted_url(url: str) -> str:
    """Return the URL as ``url.full`` may carry it: the values of sensitive keys replaced."""
    if "?" not in url:
        return url
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name.lower() in _SENSITIVE for name, _ in query):
        return url
    safe = [(name, REDACTED if name.lower() in _SENSITIVE else value) for name, value in query]
    return urlunsplit(parts._replace(query=urlencode(safe)))


@dataclass(slots=True, eq=False)
class ClientSpan:
    """The span of one attempt, and the attributes of its duration.

    Attributes:
        span: The CLIENT span.
        attributes: What the metric is kept by: fewer and coarser than those of the span.
    """

    span: Span
    attributes: dict[str, str | int]

    def answered(self, status: int) -> None:
        """Note the status of the answer."""
        self.span.set_attribute(say.STATUS_CODE.name, status)
        self.attributes[say.STATUS_CODE.name] = status

    def failed(self, error: BaseException) -> None:
        """Note the error; the call span records it as an exception."""
        kind = error_type(error)
        self.span.set_attribute(say.ERROR_TYPE.name, kind)
        self.span.set_status(Status(StatusCode.ERROR))
        self.attributes[say.ERROR_TYPE.name] = kind


@contextmanager
def client_span(request: Request, url: str, host: str, port: int) -> Iterator[ClientSpan]:
    """Open the CLIENT span and make it current; record how long it lasts.

    An instrumentation of the HTTP library that the application has put on adds nothing meanwhile,
    so that one attempt is one CLIENT span.

    Args:
        request: What is sent.
        url: The absolute URL.
        host: Host of the server.
        port: Its port.

    Yields:
        The span. An exception that passes sets ``error.type`` and the status.
    """
    kept_by: dict[str, str | int] = {
        say.METHOD.name: request.method,
        say.SERVER_ADDRESS.name: host,
        say.SERVER_PORT.name: port,
        say.URL_TEMPLATE.name: request.template,
    }
    attributes = kept_by | {say.URL_FULL.name: redacted_url(url)}
    call = current_call()
    if call is not None and call.attempt > 1:
        attributes[say.RESEND_COUNT.name] = call.attempt - 1
    started = time.perf_counter()
    outside = otel_context.get_current()
    span = tracer.start_span(
        f"{request.method} {request.template}", kind=SpanKind.CLIENT, attributes=attributes
    )
    client = ClientSpan(span, kept_by)
    inside = otel_context.set_value(
        _SUPPRESS_HTTP_INSTRUMENTATION, True, trace.set_span_in_context(span)
    )
    try:
        otel_context.attach(inside)
        yield client
    except BaseException as error:
        client.failed(error)
        raise
    finally:
        # Without a token: where Ctrl-C keeps this from being resumed, it comes to this when the
        # traceback is dropped, and a token would take the context from what runs then.
        if otel_context.get_current() is inside:  # pragma: no branch - only Ctrl-C makes it false
            otel_context.attach(outside)
        span.end()
        record_request(time.perf_counter() - started, kept_by, inside)


def propagation_headers() -> dict[str, str]:
    """Return what the configured propagators inject for the current span (``traceparent``)."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier
