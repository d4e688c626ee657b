"""A stand-in for the stack of ``make observe``: takes OTLP, and responds as Tempo and Loki do."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from google.protobuf.json_format import MessageToDict

from tests.otlp import OTLPReceiver, values

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def trace_store() -> Iterator[dict[str, str]]:
    """Run the store; yield its ports by the ports that the guide names."""
    with OTLPReceiver() as receiver:

        class Stores(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                query = {name: given[0] for name, given in parse_qs(url.query).items()}
                response: dict[str, Any] | None
                if url.path == "/api/search":
                    response = _search(receiver, query["q"])
                elif url.path == "/loki/api/v1/query_range":
                    response = _log_lines(receiver, query["query"])
                else:
                    response = _trace(receiver, url.path.rpartition("/")[2])
                body = json.dumps(response).encode()
                self.send_response(404 if response is None else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
                """Keep the test's output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Stores)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            received = receiver.endpoint.rpartition(":")[2]
            stores = str(server.server_port)
            yield {"4318": received, "3200": stores, "3100": stores}
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _trace(receiver: OTLPReceiver, trace_id: str) -> dict[str, Any] | None:
    spans = [span for _, span in receiver.spans if span.trace_id.hex() == trace_id]
    # In this JSON of protobuf, ids are base64, as Tempo's are.
    found = {"scopeSpans": [{"spans": [MessageToDict(span) for span in spans]}]}
    return {"trace": {"resourceSpans": [found]}} if spans else None


def _search(receiver: OTLPReceiver, traceql: str) -> dict[str, Any]:
    asked = re.fullmatch(r'\{ \.(\S+) = "(\S+)" \}', traceql)
    assert asked is not None, traceql
    matches = [
        {
            # Tempo leaves out leading zeros.
            "traceID": span.trace_id.hex().lstrip("0"),
            "rootServiceName": service,
            "rootTraceName": span.name,
            "startTimeUnixNano": str(span.start_time_unix_nano),
            "durationMs": (span.end_time_unix_nano - span.start_time_unix_nano) // 1_000_000,
        }
        for service, span in receiver.spans
        if values(span.attributes).get(asked[1]) == asked[2]
    ]
    return {"traces": matches, "metrics": {}}


def _log_lines(receiver: OTLPReceiver, logql: str) -> dict[str, Any]:
    streams = [
        {
            "stream": {
                "service_name": service,
                "severity_text": record.severity_text,
                "scope_name": logger,
                "trace_id": record.trace_id.hex(),
                "span_id": record.span_id.hex(),
            },
            "values": [[str(record.time_unix_nano), record.body.string_value]],
        }
        for (service, record), logger in zip(receiver.logs, receiver.loggers, strict=True)
        if f'| trace_id="{record.trace_id.hex()}"' in logql
    ]
    return {"status": "success", "data": {"resultType": "streams", "result": streams}}
