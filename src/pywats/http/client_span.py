"""The CLIENT span of one HTTP attempt and the headers that go with it.

Names and attributes follow the stable HTTP semantic conventions (1.23).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from opentelemetry import propagate
from opentelemetry.trace import SpanKind, Status, StatusCode

from pywats.http.excerpt import REDACTED
from pywats.sync.call import current_call
from pywats.sync.telemetry import error_type, tracer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.trace import Span

    from pywats.http.port import Request

__all__ = ["client_span", "propagation_headers", "redacted_url"]

# The conventions name four query keys that carry signatures; the fifth is this API's own.
_SENSITIVE = frozenset({"awsaccesskeyid", "signature", "sig", "x-goog-signature", "token"})


def redacted_url(url: str) -> str:
    """Return the URL as ``url.full`` may carry it: the values of sensitive keys replaced."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name.lower() in _SENSITIVE for name, _ in query):
        return url
    safe = [(name, REDACTED if name.lower() in _SENSITIVE else value) for name, value in query]
    return urlunsplit(parts._replace(query=urlencode(safe)))


@contextmanager
def client_span(request: Request, url: str, host: str, port: int) -> Iterator[Span]:
    """Open the CLIENT span and make it current.

    Args:
        request: What is sent.
        url: The absolute URL.
        host: Host of the server.
        port: Its port.

    Yields:
        The span. An exception that passes sets ``error.type`` and the status; the call span
        records it.
    """
    attributes: dict[str, str | int] = {
        "http.request.method": request.method,
        "url.full": redacted_url(url),
        "url.template": request.template,
        "server.address": host,
        "server.port": port,
    }
    call = current_call()
    if call is not None and call.attempt > 1:
        attributes["http.request.resend_count"] = call.attempt - 1
    with tracer.start_as_current_span(
        f"{request.method} {request.template}",
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", error_type(error))
            span.set_status(Status(StatusCode.ERROR))
            raise


def propagation_headers() -> dict[str, str]:
    """Return what the configured propagators inject for the current span (``traceparent``)."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier
