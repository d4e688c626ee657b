"""A global tracer provider whose delegate a test may choose, and span trees as text.

OpenTelemetry lets a process set its provider once. This one stays, and hands
every span to the real provider of the test that runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler
from opentelemetry.trace import NoOpTracerProvider, Span, SpanKind, Tracer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Link
    from opentelemetry.util.types import Attributes


class SwitchableProvider(trace.TracerProvider):
    """Delegates to the provider in ``delegate``."""

    def __init__(self) -> None:
        self.delegate: trace.TracerProvider = NoOpTracerProvider()

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes | None = None,
    ) -> Tracer:
        del schema_url, attributes
        return _SwitchableTracer(self, instrumenting_module_name, instrumenting_library_version)


class _SwitchableTracer(Tracer):
    def __init__(self, provider: SwitchableProvider, name: str, version: str | None) -> None:
        self._provider = provider
        self._name = name
        self._version = version

    def _tracer(self) -> Tracer:
        return self._provider.delegate.get_tracer(self._name, self._version)

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes | None = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002 - the interface's signature
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002 - the interface's signature
    ) -> Span:
        return self._tracer().start_span(
            name,
            context,
            kind,
            attributes,
            links,
            start_time,
            record_exception,
            set_status_on_exception,
        )

    def start_as_current_span(  # type: ignore[override]  # the API declares its own decorator class
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes | None = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002 - the interface's signature
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002 - the interface's signature
        end_on_exit: bool = True,  # noqa: FBT001, FBT002 - the interface's signature
    ) -> AbstractContextManager[Span]:
        return self._tracer().start_as_current_span(
            name,
            context,
            kind,
            attributes,
            links,
            start_time,
            record_exception,
            set_status_on_exception,
            end_on_exit,
        )


PROVIDER = SwitchableProvider()


class Spans:
    """The spans that a test has made, as data and as a tree."""

    def __init__(self, sampler: Sampler = ALWAYS_ON) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider(sampler=sampler)
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    @property
    def finished(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    def named(self, name: str) -> ReadableSpan:
        (span,) = [each for each in self.finished if each.name == name]
        return span

    def trace_ids(self) -> set[str]:
        return {format(_context(span).trace_id, "032x") for span in self.finished}

    def tree(self) -> list[str]:
        """Return one line a span (indented by depth) and one a event, oldest first."""
        ids = {_context(span).span_id for span in self.finished}
        roots = [s for s in self.finished if s.parent is None or s.parent.span_id not in ids]
        return [line for root in sorted(roots, key=_start) for line in self._lines(root, 0)]

    def _lines(self, span: ReadableSpan, depth: int) -> list[str]:
        indent = "  " * depth
        attributes = span.attributes or {}
        facts = [span.kind.name, span.status.status_code.name]
        shown = ("http.response.status_code", "http.request.resend_count", "error.type")
        facts += [f"{key}={attributes[key]!s}" for key in shown if key in attributes]
        below: list[tuple[int, list[str]]] = []
        for event in span.events:
            text = ", ".join(
                f"{key}={value!s}"
                for key, value in sorted((event.attributes or {}).items())
                if key not in {"exception.stacktrace", "exception.message", "exception.escaped"}
            )
            below.append((event.timestamp, [f"{indent}  * {event.name}: {text}"]))
        below += [
            (_start(child), self._lines(child, depth + 1))
            for child in self.finished
            if child.parent is not None and child.parent.span_id == _context(span).span_id
        ]
        below.sort(key=lambda each: each[0])
        line = f"{indent}{span.name} [{' '.join(facts)}]"
        return [line, *(text for _, lines in below for text in lines)]


def _context(span: ReadableSpan) -> trace.SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


def _start(span: ReadableSpan) -> int:
    assert span.start_time is not None
    return span.start_time
