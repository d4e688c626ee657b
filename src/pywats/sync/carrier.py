"""Correlation across processes: a small dict that goes along with a task.

A context variable ends where the process ends. OpenTelemetry's word for what takes the
context further is carrier: the propagator injects into it on one side and extracts from
it on the other. This one holds text alone, so that it can be pickled, written as JSON,
or sent as headers.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import context as otel_context
from opentelemetry import propagate, trace

from pywats.sync.correlation import correlation_id, current_correlation_id, trace_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["attach_context", "inject_context"]

OWN_ID: Final = "x-correlation-id"


def inject_context() -> dict[str, str]:
    """Return what a task needs to join the current trace and correlation id.

    It holds what the OpenTelemetry propagator that is configured injects (``traceparent``), and
    the correlation id if that is another than the trace id.

    Returns:
        A new dict of strings; an empty one outside of a span, a call and
        `correlation_id`.
    """
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    current = current_correlation_id()
    span = trace.get_current_span().get_span_context()
    if current is not None and current != trace_id_of(span):
        carrier[OWN_ID] = current
    return carrier


@contextmanager
def attach_context(carrier: Mapping[str, str]) -> Iterator[None]:
    """Join the trace and correlation id of whoever submitted the task, in the ``with`` block.

    Spans, calls and log records inside carry both. It needs no OpenTelemetry SDK, on either side.

    Args:
        carrier: What `inject_context` returned; other keys do not matter.

    Raises:
        ValueError: The correlation id is one that `correlation_id` refuses.
    """
    # What the carrier does not name stays as it is.
    context = propagate.extract(carrier, otel_context.get_current())
    token = otel_context.attach(context)
    try:
        if OWN_ID in carrier:
            with correlation_id(carrier[OWN_ID]):
                yield
        else:
            yield
    finally:
        otel_context.detach(token)
