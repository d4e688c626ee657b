"""A meter provider in memory, and what it has measured as plain data.

OpenTelemetry lets a process set its provider once, and instruments keep the
first one they find. So there is one for all tests, which reports differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import metrics
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    HistogramDataPoint,
    InMemoryMetricReader,
    NumberDataPoint,
)

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import Metric

_DELTA = AggregationTemporality.DELTA
_READER = InMemoryMetricReader(preferred_temporality={Counter: _DELTA, Histogram: _DELTA})
PROVIDER = MeterProvider([_READER])


class Measurements:
    """What was measured since it was made."""

    def __init__(self) -> None:
        _READER.get_metrics_data()
        self._metrics: dict[str, Metric] | None = None

    @property
    def metrics(self) -> dict[str, Metric]:
        """All metrics by their names; the first question ends the measuring."""
        if self._metrics is None:
            data = _READER.get_metrics_data()
            self._metrics = {
                metric.name: metric
                for by_resource in (data.resource_metrics if data else ())
                for by_scope in by_resource.scope_metrics
                if by_scope.scope.name == "pywats"
                for metric in by_scope.metrics
            }
        return self._metrics

    def metric(self, name: str) -> Metric | None:
        """Return a metric; the first question ends the measuring."""
        return self.metrics.get(name)

    def histogram(self, name: str) -> list[HistogramDataPoint]:
        """Return the points of a histogram, those of failures last."""
        metric = self.metric(name)
        points = [] if metric is None else list(metric.data.data_points)
        kept = [point for point in points if isinstance(point, HistogramDataPoint)]
        return sorted(kept, key=lambda point: "error.type" in (point.attributes or {}))

    def counts(self, name: str) -> dict[tuple[str, ...], float]:
        """Return the values of a sum by those of its attributes, in the order of their names."""
        metric = self.metric(name)
        return {
            tuple(str(value) for _, value in sorted((point.attributes or {}).items())): point.value
            for point in ([] if metric is None else metric.data.data_points)
            if isinstance(point, NumberDataPoint)
        }


def measure() -> Measurements:
    """Measure from here on with the SDK, and nothing from before."""
    current: metrics.MeterProvider = metrics.get_meter_provider()
    if current is not PROVIDER:
        metrics.set_meter_provider(PROVIDER)
    return Measurements()
