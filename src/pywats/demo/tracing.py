"""Spans of the demo, kept in memory and, if an endpoint is configured, exported as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from pywats.telemetry.endpoint import Taken, ask_endpoint, endpoint_of
from pywats.waterfall import EventRecord, SpanRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Tracing", "start_tracing"]

_TIMEOUT: Final = 5.0


class Tracing:
    """The tracer provider of the demo's process, and the spans it has finished.

    Attributes:
        endpoint: The endpoint for spans; None if the environment does not name an endpoint.
        taken: The signals that the endpoint accepts; spans are sent only if it accepts traces.
    """

    def __init__(self) -> None:
        from opentelemetry import trace  # noqa: PLC0415 - the SDK is an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import (  # noqa: PLC0415
            BatchSpanProcessor,
            SimpleSpanProcessor,
        )
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: PLC0415
            InMemorySpanExporter,
        )

        self._exporter = InMemorySpanExporter()
        self._provider = TracerProvider(resource=Resource.create({"service.name": "pywats-demo"}))
        self._provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.endpoint = endpoint_of("TRACES")
        self.taken = Taken() if self.endpoint is None else ask_endpoint(_post)
        if "TRACES" in self.taken.taken:
            from pywats.telemetry.exporters import SpanExporter  # noqa: PLC0415 - needs the SDK

            self._provider.add_span_processor(BatchSpanProcessor(SpanExporter()))
        trace.set_tracer_provider(self._provider)

    def take(self) -> tuple[SpanRecord, ...]:
        """Return the spans that have finished since the last call, sorted by their start."""
        records = []
        for span in self._exporter.get_finished_spans():
            context = span.get_span_context()
            if context is None or span.start_time is None or span.end_time is None:
                continue
            records.append(
                SpanRecord(
                    name=span.name,
                    span_id=context.span_id,
                    parent_id=span.parent.span_id if span.parent else None,
                    start=span.start_time,
                    end=span.end_time,
                    failed=not span.status.is_ok,
                    attributes=dict(span.attributes or {}),
                    events=tuple(
                        EventRecord(event.name, event.timestamp, dict(event.attributes or {}))
                        for event in span.events
                    ),
                )
            )
        self._exporter.clear()
        return tuple(sorted(records, key=lambda record: record.start))

    def finish(self) -> None:
        """Export the queued spans."""
        self._provider.shutdown()


def start_tracing() -> Tracing | None:
    """Return the tracing of this process, None if the OpenTelemetry SDK is not installed."""
    try:
        import opentelemetry.sdk  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError:
        return None
    return Tracing()


def _post(url: str, headers: Mapping[str, str]) -> int | None:
    try:
        return httpx.post(url, content=b"", headers=dict(headers), timeout=_TIMEOUT).status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError):
        # Also if a proxy or a certificate that the environment names is not usable.
        return None
