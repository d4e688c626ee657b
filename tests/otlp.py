"""An OTLP/HTTP receiver on a real socket, decoding with opentelemetry-proto."""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opentelemetry.proto.common.v1.common_pb2 import KeyValue
    from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
    from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource
    from opentelemetry.proto.trace.v1.trace_pb2 import Span


class OTLPReceiver:
    """Keeps every span, log record and metric that is exported to ``endpoint``.

    Each comes with the name of its service; a metric is there once for every export. The sets
    have the ``service.instance.id`` of each process that exported.
    """

    def __init__(self) -> None:
        self.spans: list[tuple[str, Span]] = []
        self.logs: list[tuple[str, LogRecord]] = []
        self.loggers: list[str] = []  # of the records in ``logs``
        self.metrics: list[tuple[str, Metric]] = []
        self.span_instances: set[str] = set()
        self.metric_instances: set[str] = set()
        self._refused: set[str] = set()
        self._busy: set[str] = set()
        refused, busy = self._refused, self._busy
        decoders: dict[str, Callable[[bytes], bytes]] = {
            "/v1/traces": self._keep_spans,
            "/v1/logs": self._keep_logs,
            "/v1/metrics": self._keep_metrics,
        }

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                if self.path in busy:
                    busy.remove(self.path)
                    status, response = 503, b""
                elif self.path in refused:
                    status, response = 404, b"404 page not found"
                else:
                    status, response = 200, decoders[self.path](body)
                self.send_response(status)
                self.send_header("Retry-After", "0")
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(response)))
                self.end_headers()
                self.wfile.write(response)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def refuse(self, *paths: str) -> None:
        """Answer 404 at these paths, as a store does that takes traces only."""
        self._refused.update(paths)

    def be_busy(self, *paths: str) -> None:
        """Answer 503 to the next request to each of these paths."""
        self._busy.update(paths)

    def _keep_spans(self, body: bytes) -> bytes:
        for by_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _service(by_resource.resource)
            self.span_instances.add(_instance(by_resource.resource))
            for by_scope in by_resource.scope_spans:
                self.spans.extend((service, span) for span in by_scope.spans)
        return _encoded(ExportTraceServiceResponse())

    def _keep_logs(self, body: bytes) -> bytes:
        for by_resource in ExportLogsServiceRequest.FromString(body).resource_logs:
            service = _service(by_resource.resource)
            for by_scope in by_resource.scope_logs:
                self.logs.extend((service, record) for record in by_scope.log_records)
                self.loggers.extend(by_scope.scope.name for _ in by_scope.log_records)
        return _encoded(ExportLogsServiceResponse())

    def _keep_metrics(self, body: bytes) -> bytes:
        for by_resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            service = _service(by_resource.resource)
            self.metric_instances.add(_instance(by_resource.resource))
            for by_scope in by_resource.scope_metrics:
                self.metrics.extend((service, metric) for metric in by_scope.metrics)
        return _encoded(ExportMetricsServiceResponse())

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def values(attributes: Iterable[KeyValue]) -> dict[str, object]:
    """Return attributes as a dictionary of plain values."""
    return {
        each.key: getattr(each.value, each.value.WhichOneof("value") or "string_value")
        for each in attributes
    }


def _encoded(
    response: ExportTraceServiceResponse | ExportLogsServiceResponse | ExportMetricsServiceResponse,
) -> bytes:
    encoded: bytes = response.SerializeToString()
    return encoded


def _service(resource: Resource) -> str:
    return str(values(resource.attributes)["service.name"])


def _instance(resource: Resource) -> str:
    return str(values(resource.attributes).get("service.instance.id"))
