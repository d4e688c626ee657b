"""OpenTelemetry logs: records exported over OTLP, each with the ids of its span.

Run it with no arguments: it brings its own server, and a collector that prints what arrives.
"""

import logging
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from pywats import pyWATS, telemetry
from pywats.sandbox import Sandbox


class Collector(BaseHTTPRequestHandler):
    """Prints the log records that are exported to it."""

    def do_POST(self) -> None:
        """Take one export."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/logs":
            for resource in ExportLogsServiceRequest.FromString(body).resource_logs:
                for scope in resource.scope_logs:
                    for record in scope.log_records:
                        print("exported:", record.trace_id.hex(), record.body.string_value)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


collector = HTTPServer(("127.0.0.1", 0), Collector)
threading.Thread(target=collector.serve_forever, daemon=True).start()
os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{collector.server_port}"

telemetry.configure("station-7")  # spans, metrics and log records
logging.getLogger().setLevel(logging.INFO)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("PCBA-100")
