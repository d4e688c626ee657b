"""Exporters that stop when the endpoint says that it does not accept their signal.

Jaeger and Tempo accept traces only. Otherwise, each batch of logs and metrics would log another
ERROR.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs.export import LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExportResult
from opentelemetry.sdk.trace.export import SpanExportResult

from pywats.telemetry.endpoint import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.trace import ReadableSpan

    from pywats.telemetry.environment import Signal

__all__ = ["LogExporter", "MetricExporter", "SpanExporter"]


class _Refusal(logging.Filter):
    """Detect in the log records of an exporter that the endpoint does not accept its signal.

    An exporter reports the status of a response only in its log record.

    Args:
        signal: The signal, as in the names of the variables.
        exporter_logger: Name of the exporter's logger.
    """

    def __init__(self, signal: Signal, exporter_logger: str) -> None:
        super().__init__()
        self._signal = signal
        self.met = False
        logging.getLogger(exporter_logger).addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Transient error"):
            # The exporter tries again. If that fails too, it logs an ERROR.
            return False
        arguments = record.args if isinstance(record.args, tuple) else ()
        status = next((each for each in arguments if isinstance(each, int)), None)
        if status not in REFUSALS or not str(record.msg).startswith("Failed to export"):
            return True
        self.met = True
        record.msg = (
            "the OTLP endpoint does not take %s (it returned %d), and no more are sent: set "
            "OTEL_%s_EXPORTER=none, or OTEL_EXPORTER_OTLP_%s_ENDPOINT to an endpoint that does"
        )
        record.args = (self._signal.lower(), status, self._signal, self._signal)
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class SpanExporter(OTLPSpanExporter):
    """Export spans until the endpoint refuses them."""

    def __init__(self) -> None:
        super().__init__()
        self._refusal = _Refusal("TRACES", OTLPSpanExporter.__module__)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export a batch; do nothing once it was refused."""
        return SpanExportResult.SUCCESS if self._refusal.met else super().export(spans)


class MetricExporter(OTLPMetricExporter):
    """Export metrics until the endpoint refuses them."""

    def __init__(self) -> None:
        super().__init__()
        self._refusal = _Refusal("METRICS", OTLPMetricExporter.__module__)

    def export(
        self,
        metrics_data: MetricsData,
        timeout_millis: float | None = 10_000,
        **kwargs: object,
    ) -> MetricExportResult:
        """Export a batch; do nothing once it was refused."""
        if self._refusal.met:
            return MetricExportResult.SUCCESS
        return super().export(metrics_data, timeout_millis, **kwargs)


class LogExporter(OTLPLogExporter):
    """Export log records until the endpoint refuses them."""

    def __init__(self) -> None:
        super().__init__()
        self._refusal = _Refusal("LOGS", OTLPLogExporter.__module__)

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Export a batch; do nothing once it was refused."""
        return LogRecordExportResult.SUCCESS if self._refusal.met else super().export(batch)
