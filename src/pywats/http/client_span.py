"""The CLIENT span of one HTTP attempt and the headers that go with it.

Names and attributes follow the stable HTTP semantic conventions (1.23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from opentelemetry import propagate
from opentelemetry.trace import SpanKind, Status, StatusCode

from pywats.http.excerpt import REDACTED
from pywats.sync.call import current_call
from pywats.sync.telemetry import error_type, tracer

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request

__all__ = ["mark_failed", "propagation_headers", "redacted_url", "start_client_span"]

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


def start_client_span(request: Request, url: str, endpoint: Endpoint) -> Span:
    """Start the CLIENT span of a request.

    Args:
        request: What is sent.
        url: The absolute URL.
        endpoint: Where it goes.
    """
    attributes: dict[str, str | int] = {
        "http.request.method": request.method,
        "url.full": redacted_url(url),
        "url.template": request.template,
        "server.address": endpoint.host,
        "server.port": endpoint.port,
    }
    call = current_call()
    if call is not None and call.attempt > 1:
        attributes["http.request.resend_count"] = call.attempt - 1
    return tracer.start_span(
        f"{request.method} {request.template}", kind=SpanKind.CLIENT, attributes=attributes
    )


def mark_failed(span: Span, error: BaseException) -> None:
    """Set ``error.type`` and the status; it is the call span that records the exception."""
    span.set_attribute("error.type", error_type(error))
    span.set_status(Status(StatusCode.ERROR))


def propagation_headers() -> dict[str, str]:
    """Return what the configured propagators inject for the current span (``traceparent``)."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier
