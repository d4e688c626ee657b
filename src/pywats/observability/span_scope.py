"""Start the span of a call or attempt, make it current and end it, even if OpenTelemetry fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace

from pywats.observability.guard import report
from pywats.observability.otel_context import (
    attach,
    current_context,
    instrumentation_is_suppressed,
    with_value,
)

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, SpanKind, Tracer
    from opentelemetry.util.types import Attributes

__all__ = ["SpanScope", "trace_id_of"]


def trace_id_of(context: trace.SpanContext) -> str | None:
    """Return the trace id as 32 lower-case hex digits; None if the span context is not valid."""
    return format(context.trace_id, "032x") if context.is_valid else None


class SpanScope:
    """A span, with the contexts before it and during it.

    Attributes:
        adopted: Whether other code has started the span, and ends it.
        span: The span. Without a tracer, it records nothing and has the ids of the parent span.
        trace_id: Its trace id as 32 hex digits; None if there is neither a tracer nor a parent.
        outside: The context before `start`; None if the API failed.
        inside: The context in which the span is current; None if no context was made current.
        suppressed: Whether the application has switched off instrumentation in this context.
    """

    __slots__ = ("adopted", "inside", "outside", "span", "started", "suppressed", "trace_id")

    def __init__(self) -> None:
        self.adopted = False
        self.outside = current_context()
        self.inside: Context | None = None
        self.span: Span = trace.INVALID_SPAN
        self.trace_id: str | None = None
        self.started = False
        # Most programs without a tracer have an empty context. Not asking it for the two keys, and
        # below for a span, saves a tenth of the engine's time.
        self.suppressed = bool(self.outside) and instrumentation_is_suppressed(self.outside)

    def start(
        self,
        tracer: Tracer | None,
        name: str,
        kind: SpanKind = trace.SpanKind.INTERNAL,
        attributes: Attributes = None,
    ) -> None:
        """Start the span and make it current.

        Args:
            tracer: Starts the span; with None, no span is started.
            name: Name of the span.
            kind: Kind of the span.
            attributes: Attributes that are known before the start, so that samplers see them.
        """
        if tracer is not None and not self.suppressed:
            try:
                self.span = tracer.start_span(name, kind=kind, attributes=attributes)
                self.started = True
                self.trace_id = trace_id_of(self.span.get_span_context())
                inside = trace.set_span_in_context(self.span, self.outside)
            except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
                report("starting a span", error)
                self.end()
                self.started = False
            else:
                self.inside = inside
                attach(inside)
                return
        self._stand_in()

    def adopt(self, span: Span) -> None:
        """Use the current span, which other code has started for the same purpose, and ends."""
        try:
            self.trace_id = trace_id_of(span.get_span_context())
        except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
            report("reading the current span", error)
            self._stand_in()
        else:
            self.span = span
            self.adopted = True

    def _stand_in(self) -> None:
        """Use a span with the ids of the parent span, which does not add events to the parent."""
        if not self.outside:
            self.trace_id = None
            self.span = trace.INVALID_SPAN
            return
        try:
            ids = trace.get_current_span(self.outside).get_span_context()
            self.trace_id = trace_id_of(ids)
            self.span = trace.INVALID_SPAN if self.trace_id is None else trace.NonRecordingSpan(ids)
        except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
            report("reading the current span", error)
            self.trace_id = None
            self.span = trace.INVALID_SPAN

    def is_recording(self) -> bool:
        """Return whether the span records attributes; it does not after its end."""
        try:
            return (self.started or self.adopted) and self.span.is_recording()
        except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
            report("asking a span whether it records", error)
            return False

    def set_value(self, key: str, value: object) -> None:
        """Set a value in the context `inside`."""
        inside = with_value(key, value, self.outside if self.inside is None else self.inside)
        if attach(inside):
            self.inside = inside

    def end(self) -> None:
        """End the span; may be called again."""
        if not self.started:
            return
        try:
            if self.span.is_recording():
                self.span.end()
        except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
            report("ending a span", error)

    def leave(self) -> None:
        """Restore the context from before `start`; may be called again."""
        if self.inside is not None:
            attach(self.outside)
