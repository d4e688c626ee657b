"""Small stand-ins for the query APIs of Jaeger and Tempo, over the spans of a receiver.

Shapes by Jaeger's ``internal/uimodel`` and Tempo's HTTP API. They do not know a trace when it is
first looked up, as a store that has not yet written it.
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from google.protobuf.json_format import MessageToDict

from tests.otlp import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opentelemetry.proto.common.v1.common_pb2 import KeyValue
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

KINDS = {1: "internal", 3: "client"}

Unknown = tuple[int, str, str]
"""Status, media type and body of the response for a trace that is not known."""

OF_TEMPO: Final[Unknown] = (404, "text/plain; charset=utf-8", "trace not found")
OF_JAEGER: Final[Unknown] = (
    404,
    "application/json",
    '{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":404,"msg":"trace not found"}]}',
)
# As stores respond that have Jaeger's query API without being Jaeger.
OF_ANOTHER: Final[Unknown] = (
    200,
    "application/json",
    '{"data":[],"total":0,"limit":0,"offset":0,"errors":null}',
)


class FakeStore:
    """Serves the spans of one service.

    Args:
        spans: Each with the name of its service.
        unknown: The response of Jaeger's API for a trace that is not known; Tempo's has one form.
    """

    def __init__(self, spans: list[tuple[str, Span]], *, unknown: Unknown = OF_JAEGER) -> None:
        asked: set[str] = set()
        routes: list[tuple[str, Callable[..., dict[str, Any] | None]]] = [
            (r"/api/traces/([0-9a-f]{32})", self._jaeger_trace),
            (r"/api/traces", self._jaeger_search),
            (r"/api/v2/traces/([0-9a-f]{32})", self._tempo_trace),
            (r"/api/search", self._tempo_search),
        ]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                query = {name: given[0] for name, given in parse_qs(url.query).items()}
                response: dict[str, Any] | None = None
                for pattern, route in routes:
                    matched = re.fullmatch(pattern, url.path)
                    known = not (matched and matched.groups()) or url.path in asked
                    if matched and known:
                        response = route(*matched.groups(), **query)
                asked.add(url.path)
                status, kind, text = OF_TEMPO if url.path.startswith("/api/v2/") else unknown
                if response is not None:
                    status, kind, text = 200, "application/json", json.dumps(response)
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
                """Keep the test's output clean."""

        self._spans = spans
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def _of(self, trace_id: str) -> list[Span]:
        return [span for _, span in self._spans if span.trace_id.hex() == trace_id]

    def _with(self, service: str, attribute: str, value: str) -> set[str]:
        return {
            span.trace_id.hex()
            for name, span in self._spans
            if name == service and values(span.attributes).get(attribute) == value
        }

    def _jaeger_trace(self, trace_id: str) -> dict[str, Any] | None:
        spans = self._of(trace_id)
        if not spans:
            return None
        trace = {"traceID": trace_id, "spans": [_jaeger_span(span) for span in spans]}
        return {"data": [trace], "errors": None}

    def _jaeger_search(self, service: str, tags: str, lookback: str) -> dict[str, Any]:
        assert lookback == "1h"
        ((attribute, value),) = json.loads(tags).items()
        found = self._with(service, attribute, value)
        return {"data": [{"traceID": trace_id, "spans": []} for trace_id in found]}

    def _tempo_trace(self, trace_id: str) -> dict[str, Any] | None:
        spans = self._of(trace_id)
        if not spans:
            return None
        as_json = [MessageToDict(span) for span in spans]
        return {"trace": {"resourceSpans": [{"scopeSpans": [{"spans": as_json}]}]}}

    def _tempo_search(self, q: str) -> dict[str, Any]:
        asked = re.fullmatch(r'\{ resource\.service\.name = "(.*)" && span\.(.*) = "(.*)" \}', q)
        assert asked is not None, q
        # Tempo writes trace ids without their leading zeros.
        found = self._with(*asked.groups())
        return {"traces": [{"traceID": trace_id.lstrip("0")} for trace_id in found]}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _jaeger_span(span: Span) -> dict[str, Any]:
    trace_id = span.trace_id.hex()
    parent = span.parent_span_id.hex()
    return {
        "traceID": trace_id,
        "spanID": span.span_id.hex(),
        "operationName": span.name,
        "references": [{"refType": "CHILD_OF", "traceID": trace_id, "spanID": parent}]
        if parent
        else [],
        "startTime": span.start_time_unix_nano // 1000,
        "duration": (span.end_time_unix_nano - span.start_time_unix_nano) // 1000,
        "tags": [
            *_jaeger_pairs(span.attributes),
            {"key": "span.kind", "type": "string", "value": KINDS[span.kind]},
        ],
        "logs": [
            {
                "timestamp": event.time_unix_nano // 1000,
                "fields": [
                    {"key": "event", "type": "string", "value": event.name},
                    *_jaeger_pairs(event.attributes),
                ],
            }
            for event in span.events
        ],
    }


def _jaeger_pairs(attributes: Iterable[KeyValue]) -> list[dict[str, Any]]:
    types = {str: "string", bool: "bool", int: "int64", float: "float64"}
    return [
        {"key": name, "type": types[type(value)], "value": value}
        for name, value in values(attributes).items()
    ]
