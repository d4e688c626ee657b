"""The headers of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from pywats._version import __version__
from pywats.http.content_coding import accepted_codings
from pywats.observability.propagation import propagation_headers
from pywats.observability.semconv import ALWAYS, Attribute, Signal

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request
    from pywats.observability.call import Call

__all__ = ["HEADERS", "default_headers", "request_headers"]

USER_AGENT: Final = f"pywats/{__version__} python-httpx/{httpx.__version__}"

HEADERS = Signal(
    "<METHOD> <path template>",
    "request",
    "The header fields of one HTTP request. Two attempts of a call differ in `traceparent` alone.",
    {
        Attribute("X-Correlation-ID", str, "the correlation id; `correlation_header` renames it"): (
            "unless `correlation_id_enabled` is `False`"
        ),
        Attribute("traceparent", str, "trace id and span id, by W3C Trace Context"): (
            "there is a span, and `OTEL_PROPAGATORS` does not say otherwise"
        ),
        Attribute("tracestate", str, "what other tracing systems have added to the trace"): (
            "the trace has one"
        ),
        Attribute("baggage", str, "the baggage of the application, by W3C Baggage"): (
            "there is some, and `OTEL_PROPAGATORS` does not say otherwise"
        ),
        Attribute("Authorization", str, "`Basic` and the token"): ALWAYS,
        Attribute("User-Agent", str, "versions of pywats and httpx"): ALWAYS,
        Attribute("Accept", str, "media types that the response may have"): ALWAYS,
        Attribute(
            "Accept-Encoding", str, "`gzip`, and `br` and `zstd` where their packages are installed"
        ): ALWAYS,
        Attribute("Connection", str, "`keep-alive`"): ALWAYS,
        Attribute("Host", str, "host and port of `base_url`"): ALWAYS,
        Attribute("Content-Type", str, "media type of the body"): "the request has a body",
        Attribute("Content-Length", str, "length of the body"): "the request may have a body",
        Attribute("Referer", str, "`base_url`"): "the path begins with `/api/internal/`",
    },
)


def default_headers(endpoint: Endpoint) -> dict[str, str]:
    """Return the headers that all requests to a server share."""
    return {
        "Host": endpoint.host_header,
        "Accept-Encoding": accepted_codings(),
        "Connection": "keep-alive",
        "Authorization": endpoint.authorization,
        "User-Agent": USER_AGENT,
    }


def request_headers(endpoint: Endpoint, request: Request, call: Call) -> dict[str, str]:
    """Return the headers that differ between requests; the span of the request is current."""
    headers = propagation_headers()
    headers["Accept"] = request.accept
    if call.correlation_id is not None:
        headers[endpoint.correlation_header] = call.correlation_id
    if request.content is not None:
        headers["Content-Type"] = request.content_type
    if request.template.startswith("/api/internal/"):
        # The internal API accepts only requests that seem to come from its own pages.
        headers["Referer"] = endpoint.base_url
    return headers
