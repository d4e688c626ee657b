"""A tracer provider with the batch exporter, whose spans go to the benchmark server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk.trace import ReadableSpan

__all__ = ["CountingExporter", "batch_exporting"]


class CountingExporter(SpanExporter):
    """Exports by OTLP over HTTP, and counts the spans that the server received.

    Args:
        base_url: Address of the server.
    """

    def __init__(self, base_url: str) -> None:
        self._exporter = OTLPSpanExporter(f"{base_url}/v1/traces")
        self.exported = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send the spans."""
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self.exported += len(spans)
        return result

    def shutdown(self) -> None:
        """Close the connection."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # of the exporter's own


def batch_exporting(base_url: str) -> tuple[TracerProvider, CountingExporter]:
    """Make the provider of this process; its settings are the defaults of the SDK."""
    exporter = CountingExporter(base_url)
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider, exporter
