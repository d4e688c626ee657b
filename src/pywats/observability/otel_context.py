"""The OpenTelemetry context of the running code; failures of its API are reported, not raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry import context as otel_context
from opentelemetry import trace

from pywats.observability.guard import report

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import SpanContext

__all__ = [
    "SUPPRESS_HTTP_INSTRUMENTATION",
    "SUPPRESS_INSTRUMENTATION",
    "attach",
    "current_context",
    "current_span_context",
    "empty_context",
    "instrumentation_is_suppressed",
    "span_context_of",
    "with_value",
]

# Instrumentations check these keys before they make a span. The API has them under private names,
# which OpenTelemetry's own instrumentations import too.
SUPPRESS_INSTRUMENTATION: Final[str] = getattr(
    otel_context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation"
)
SUPPRESS_HTTP_INSTRUMENTATION: Final[str] = getattr(
    otel_context, "_SUPPRESS_HTTP_INSTRUMENTATION_KEY", "suppress_http_instrumentation"
)
# opentelemetry-instrumentation sets this key too, for older instrumentations.
_PLAIN_KEY: Final = "suppress_instrumentation"


def current_context() -> Context | None:
    """Return the current context; None if the API fails."""
    try:
        return otel_context.get_current()
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("reading the OpenTelemetry context", error)
        return None


def attach(context: Context | None) -> bool:
    """Make a context current, without a token; attach the previous context to restore it.

    A token can be reset only in the context in which it was made. A generator, or a dependency of a
    web framework, may end in another context.

    Args:
        context: The context; with None, nothing is done.

    Returns:
        Whether the context is current now.
    """
    if context is None:
        return False
    try:
        otel_context.attach(context)
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("setting the OpenTelemetry context", error)
        return False
    return True


def empty_context() -> Context:
    """Return a context without span and values."""
    return otel_context.Context()


def with_value(key: str, value: object, context: Context | None) -> Context | None:
    """Return a copy of the context with a value; None if there is no context or the API fails."""
    if context is None:
        return None
    try:
        return otel_context.set_value(key, value, context)
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("adding to the OpenTelemetry context", error)
        return None


def current_span_context() -> SpanContext:
    """Return ids of the current span; invalid ids if there is no span or the API fails."""
    return span_context_of(None)


def span_context_of(context: Context | None) -> SpanContext:
    """Return ids of the span in a context; invalid ids if there is no span or the API fails.

    Args:
        context: The context; None for the current context.
    """
    try:
        return trace.get_current_span(context).get_span_context()
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("reading the current span", error)
        return trace.INVALID_SPAN_CONTEXT


def instrumentation_is_suppressed(context: Context | None) -> bool:
    """Return whether ``suppress_instrumentation()`` is in effect: no spans, no metrics."""
    return context is not None and bool(
        context.get(SUPPRESS_INSTRUMENTATION) or context.get(_PLAIN_KEY)
    )
