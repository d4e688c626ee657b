"""Correlation across processes: inject the ids into a small dict, the carrier, and extract them.

A context variable does not reach another process. OpenTelemetry uses a carrier for this: the
propagator injects the context into it on one side and extracts it on the other. The carriers made
here hold text only, so that they can be pickled, written as JSON, or sent as headers.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from opentelemetry.propagators.textmap import Getter, default_setter

from pywats import validation
from pywats.observability.call import DEFAULT_CORRELATION_HEADER, current_call
from pywats.observability.carrier import texts_of
from pywats.observability.correlation import correlation_id, current_correlation_id
from pywats.observability.guard import report, report_once
from pywats.observability.otel_context import attach, current_context, span_context_of
from pywats.observability.propagators import propagator
from pywats.observability.span_scope import trace_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.context import Context

    from pywats.observability.carrier import Carrier

__all__ = ["attach_context", "inject_context", "outgoing_headers", "propagation_headers"]

# RFC 9110 section 5.1 and 5.5, without the obsolete bytes above ASCII.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")


def propagation_headers() -> dict[str, str]:
    """Return the headers that the configured propagators inject (``traceparent``).

    A header whose name or value is not valid in HTTP is left out, which is logged once.
    """
    injected: dict[str, str] = {}
    try:
        propagator().inject(injected, setter=default_setter)
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("injecting the trace context", error)
    return {name: value for name, value in injected.items() if _is_header(name, value)}


def _is_header(name: object, value: object) -> bool:
    # A propagator may inject values of any type, despite its annotations.
    fit = (
        isinstance(name, str)
        and isinstance(value, str)
        and _HEADER_NAME.fullmatch(name) is not None
        and _HEADER_VALUE.fullmatch(value) is not None
    )
    if not fit:
        report_once(
            f"header {name!r:.100}",
            f"a propagator injected {name!r:.100} with a value that is not fit for a header; "
            "it is not sent",
        )
    return fit


def outgoing_headers(*, correlation_header: str | None = None) -> dict[str, str]:
    """Return the headers that correlate a request with the running call.

    Use it for requests that pywats does not send, for example
    ``session.get(url, headers=outgoing_headers())``.

    Args:
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with, which is ``X-Correlation-ID`` by default.

    Returns:
        A new dict with the correlation id, and with the headers that the configured OpenTelemetry
        propagator injects (``traceparent``) if there is a span. It is empty outside of a span, a
        call and `correlation_id`.

    Raises:
        TypeError: The name is not a string.
        ValueError: The name is not valid for a header.
    """
    if correlation_header is None:
        call = current_call()
        name = DEFAULT_CORRELATION_HEADER if call is None else call.correlation_header
    else:
        name = validation.header_name("correlation_header", correlation_header)
    headers = propagation_headers()
    current = current_correlation_id()
    if current is not None:
        headers[name] = current
    return headers


def inject_context(*, correlation_header: str | None = None) -> dict[str, str]:
    """Return the carrier with which a task joins the current trace and correlation id.

    It has the same entries as `outgoing_headers`, with names in lower case, as usual in carriers.

    Args:
        correlation_header: Name for the correlation id; None for the name that the running call
            is configured with, which is ``X-Correlation-ID`` by default.

    Returns:
        A new dict of strings; it is empty outside of a span, a call and `correlation_id`.

    Raises:
        TypeError: The name is not a string.
        ValueError: The name is not valid for a header.
    """
    headers = outgoing_headers(correlation_header=correlation_header)
    return {name.lower(): value for name, value in headers.items()}


class _LowerCaseGetter(Getter[dict[str, list[str]]]):
    """Finds a header by its name in any case."""

    def get(self, carrier: dict[str, list[str]], key: str) -> list[str] | None:
        return carrier.get(key.lower())

    def keys(self, carrier: dict[str, list[str]]) -> list[str]:
        return list(carrier)


_GETTER = _LowerCaseGetter()


@contextmanager
def attach_context(
    carrier: Carrier, *, correlation_header: str = DEFAULT_CORRELATION_HEADER
) -> Iterator[None]:
    """Join the trace and correlation id of the code that submitted the task, for a ``with`` block.

    Spans, calls and log records in the block have both ids. Neither side needs the OpenTelemetry
    SDK. The block may end in another context than it began in, as in a generator.

    Args:
        carrier: The result of `inject_context`, or the headers of a request or a message as a
            framework provides them: a mapping, an object with ``items()``, or pairs of name and
            value. Names may be in any case, values text, bytes, or lists of them. Other headers
            are ignored. An id that is not valid is ignored and logged once, because the carrier
            may come from an untrusted source.
        correlation_header: Name of the header for the correlation id.

    Raises:
        TypeError: The name is not a string.
        ValueError: The name is not valid for a header.
    """
    name = validation.header_name("correlation_header", correlation_header).lower()
    texts = texts_of(carrier)
    outside = current_context()
    inside = _extracted(texts, outside)
    attach(inside)
    own = _own_id(name, texts, inside)
    try:
        with nullcontext() if own is None else correlation_id(own):
            yield
    finally:
        if inside is not None and current_context() is inside:
            attach(outside)


def _extracted(texts: Mapping[str, list[str]], outside: Context | None) -> Context | None:
    try:
        # Values that the carrier does not have stay as in the current context.
        return propagator().extract(dict(texts), outside, getter=_GETTER)
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("extracting the trace context", error)
        return None


def _own_id(name: str, texts: Mapping[str, list[str]], context: Context | None) -> str | None:
    """Return the correlation id of the carrier; None if it is the id of the joined trace."""
    value = next((each for each in texts.get(name, ()) if each), None)
    if value is None:
        return None
    if value == trace_id_of(span_context_of(context)):
        return None
    try:
        return validation.correlation_id_text(name, value)
    except ValueError as error:
        report_once(
            "an inbound correlation id", f"{error}. It is not used: calls have ids of their own"
        )
        return None
