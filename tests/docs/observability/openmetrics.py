"""What the collector's Prometheus exporter makes of exported metrics, as far as pywats needs it.

The names are those of OpenTelemetry's compatibility specification for Prometheus: dots become
underscores, units and ``_total`` are added, ``job`` is the name of the service.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from typing import TYPE_CHECKING

from tests.otlp import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opentelemetry.proto.common.v1.common_pb2 import KeyValue
    from opentelemetry.proto.metrics.v1.metrics_pb2 import (
        Exemplar,
        HistogramDataPoint,
        Metric,
        NumberDataPoint,
    )

NANOSECONDS = 1e9


def exposition(metrics: Iterable[tuple[str, Metric]]) -> str:
    """Return the last export of each metric in the OpenMetrics text format."""
    last = {metric.name: (service, metric) for service, metric in metrics}
    lines = [line for service, metric in last.values() for line in _lines(service, metric)]
    return "\n".join([*lines, "# EOF", ""])


@contextmanager
def exposed(text: str) -> Iterator[str]:
    """Serve the text on a free port; yields ``host:port``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = text.encode()
            self.send_response(200)
            media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8"
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _lines(service: str, metric: Metric) -> Iterator[str]:
    name = metric.name.replace(".", "_") + ("_seconds" if metric.unit == "s" else "")
    kind = metric.WhichOneof("data")
    if kind == "histogram":
        yield f"# TYPE {name} histogram"
        for point in metric.histogram.data_points:
            yield from _histogram(name, service, point)
    else:
        counter = kind == "sum" and metric.sum.is_monotonic
        yield f"# TYPE {name} {'counter' if counter else 'gauge'}"
        suffix = "_total" if counter else ""
        for number in metric.sum.data_points if kind == "sum" else metric.gauge.data_points:
            yield f"{name}{suffix}{_labels(service, number.attributes)} {_number(number)}"


def _histogram(name: str, service: str, point: HistogramDataPoint) -> Iterator[str]:
    bounds = [*(f"{bound:g}" for bound in point.explicit_bounds), "+Inf"]
    left = list(point.exemplars)
    for bound, count in zip(bounds, accumulate(point.bucket_counts), strict=True):
        here = [each for each in left if each.as_double <= float(bound)]
        left = [each for each in left if each not in here]
        exemplar = _exemplar(here[-1]) if here else ""
        yield f"{name}_bucket{_labels(service, point.attributes, le=bound)} {count}{exemplar}"
    yield f"{name}_count{_labels(service, point.attributes)} {point.count}"
    yield f"{name}_sum{_labels(service, point.attributes)} {point.sum}"


def _labels(service: str, attributes: Iterable[KeyValue], **more: str) -> str:
    labels = {key.replace(".", "_"): value for key, value in values(attributes).items()}
    pairs = ({"job": service} | labels | more).items()
    return "{" + ",".join(f'{key}="{value}"' for key, value in pairs) + "}"


def _number(point: NumberDataPoint) -> float:
    return float(getattr(point, point.WhichOneof("value") or "as_int"))


def _exemplar(exemplar: Exemplar) -> str:
    labels = f'trace_id="{exemplar.trace_id.hex()}",span_id="{exemplar.span_id.hex()}"'
    return f" # {{{labels}}} {exemplar.as_double} {exemplar.time_unix_nano / NANOSECONDS}"
