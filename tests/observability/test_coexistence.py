"""Error trackers and tracers that patch a process: calls, ids and secrets are as without them.

Each is active in a process of its own. What it would send stays in memory, or goes to a server on
loopback.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.untraced import untraced

ROOT = Path(__file__).parents[2]

# Plays three calls and prints what is to be known of them. `events()` is defined by each program:
# all that its package would send, as bytes.
STORY = """
import io, json, threading
import httpx
from pywats import CallTransport, SyncServiceWrapper, configure_logging, correlation_id, pyWATS
from pywats.errors import NotFoundError, WATSConnectionError
from pywats.sandbox import Fault, Sandbox
out = io.StringIO()
configure_logging(json=True, stream=out)
class Service:
    def __init__(self, server):
        self.headers = {"Authorization": f"Basic {server.token}"}
        self.client = httpx.AsyncClient(transport=CallTransport(), base_url=server.base_url)
    async def query(self):
        response = await self.client.get("/api/Product/Query", headers=self.headers)
        return response.raise_for_status().json()
    async def aclose(self):
        await self.client.aclose()
found = {}
def play(server, capture):
    with pyWATS(server.base_url, server.token) as api:
        api.product.create_product("A")
        found["part"] = api.product.get_product("A").part_number
        try:
            api.product.get_product("missing")
        except NotFoundError as error:
            found["failed"] = error.correlation_id
            capture()
        server.inject("GET", "/api/Product/Query", Fault.reset(), times=1)
        try:
            api.product.get_products()
        except WATSConnectionError:
            capture()
        with correlation_id("job-42"):
            thread = threading.Thread(target=api.product.get_products)
            thread.start()
            thread.join()
    service = SyncServiceWrapper(Service(server), name="own")
    found["own"] = len(service.query())
    service.aclose()
def tell(server):
    sent = events()
    found["size"] = len(sent)
    found["names_the_error"] = b"NotFoundError" in sent
    secrets = (server.token, server.password)
    found["leaks"] = [text for text in secrets if text.encode() in sent]
    found["lines"] = [json.loads(line) for line in out.getvalue().splitlines()]
    found["headers"] = [list(request.headers) for request in server.requests]
    print(json.dumps(found))
"""
SENTRY = """
import sentry_sdk
from sentry_sdk.transport import Transport
sent = []
class Memory(Transport):
    def capture_envelope(self, envelope):
        sent.append(envelope.serialize())
sentry_sdk.init(
    dsn="http://public@127.0.0.1:1/1", transport=Memory, traces_sample_rate=1.0, enable_logs=True
)
def events():
    sentry_sdk.flush()
    return b"".join(sent)
with Sandbox(password="hunter2-s3cret") as server:
    with sentry_sdk.start_transaction(name="script"):
        play(server, sentry_sdk.capture_exception)
    tell(server)
"""
ELASTIC = """
import gzip
import elasticapm
from elasticapm.transport.base import Transport
sent = []
class Memory(Transport):
    def send(self, data, forced_flush=False):
        sent.append(bytes(data))
client = elasticapm.Client(
    service_name="station", transport_class="__main__.Memory", cloud_provider="none",
    central_config=False, capture_body="all",
)
elasticapm.instrument()
def events():
    client.close()
    return b"".join(gzip.decompress(data) for data in sent)
with Sandbox(password="hunter2-s3cret") as server:
    client.begin_transaction("script")
    play(server, client.capture_exception)
    client.end_transaction("script", "ok")
    tell(server)
"""
DATADOG = """
import http.server, os
sent = []
class Agent(http.server.BaseHTTPRequestHandler):
    def answer(self):
        if "chunked" in self.headers.get("transfer-encoding", ""):
            while size := int(self.rfile.readline(), 16):
                sent.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
        else:
            sent.append(self.rfile.read(int(self.headers.get("content-length", 0))))
        body = b"{}"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = do_PUT = answer
    def log_message(self, *args):
        pass
agent = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent)
threading.Thread(target=agent.serve_forever, daemon=True).start()
os.environ |= {
    "DD_TRACE_AGENT_URL": f"http://127.0.0.1:{agent.server_port}",
    "DD_TRACE_OTEL_ENABLED": "true",
    "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
    "DD_REMOTE_CONFIGURATION_ENABLED": "false",
    "DD_SERVICE": "station",
}
import ddtrace.auto
from ddtrace import tracer
from ddtrace.opentelemetry import TracerProvider
from opentelemetry import trace
trace.set_tracer_provider(TracerProvider())
def events():
    tracer.flush()
    tracer.shutdown()
    return b"".join(sent)
with Sandbox(password="hunter2-s3cret") as server:
    with tracer.trace("script"):
        play(server, lambda: None)
    tell(server)
"""
LOGFIRE = """
import logfire
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter = InMemorySpanExporter()
logfire.configure(
    send_to_logfire=False, console=False, service_name="station",
    additional_span_processors=[SimpleSpanProcessor(exporter)],
)
logfire.instrument_httpx(capture_all=True)
def events():
    logfire.force_flush()
    found["clients"] = [s.name for s in exporter.get_finished_spans() if s.kind.name == "CLIENT"]
    return "".join(span.to_json() for span in exporter.get_finished_spans()).encode()
with Sandbox(password="hunter2-s3cret") as server:
    with logfire.span("script"):
        play(server, lambda: logfire.exception("failed"))
    tell(server)
"""
THREADING = """
from opentelemetry import trace
from opentelemetry.instrumentation.threading import ThreadingInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
ThreadingInstrumentor().instrument()
def events():
    return "".join(span.to_json() for span in exporter.get_finished_spans()).encode()
with Sandbox(password="hunter2-s3cret") as server:
    with trace.get_tracer("script").start_as_current_span("script") as span:
        found["trace"] = format(span.get_span_context().trace_id, "032x")
        play(server, lambda: None)
    tell(server)
"""
PROGRAMS = {
    "sentry-sdk": SENTRY,
    "elastic-apm": ELASTIC,
    "ddtrace": DATADOG,
    "logfire": LOGFIRE,
    "opentelemetry-instrumentation-threading": THREADING,
}


@dataclass(frozen=True)
class Told:
    """What a program has printed of its calls.

    Attributes:
        part: Part number that the call for a product has returned.
        failed: Correlation id of the exception of the call that failed.
        own: How many products the service over httpx has found.
        size: Bytes that the package would send.
        names_the_error: Whether the exception is among them.
        leaks: The secrets that are among them.
        lines: The log lines.
        headers: The headers of each request that the server has received.
        clients: Names of CLIENT spans, if the package has spans of OpenTelemetry.
        trace: The trace of the program, if it has one of OpenTelemetry.
    """

    part: str
    failed: str
    own: int
    size: int
    names_the_error: bool
    leaks: list[str]
    lines: list[dict[str, object]]
    headers: list[list[tuple[str, str]]]
    clients: tuple[str, ...] = ()
    trace: str = ""

    def sent(self, name: str) -> list[str]:
        """Return the values of a header, one for each request that has it."""
        return [value for each in self.headers for key, value in each if key.lower() == name]


def play(package: str) -> Told:
    # Without the tests' own switch: the plugin for pydantic is a part of what logfire does.
    environment = {
        name: text
        for name, text in untraced().items()
        if not name.startswith(("OTEL_", "PYDANTIC_", "DD_", "SENTRY_", "ELASTIC_", "LOGFIRE_"))
    }
    done = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, "-c", STORY + PROGRAMS[package]],
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return Told(**json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.skipif(sys.platform != "linux", reason="ddtrace is installed on Linux only")
@pytest.mark.parametrize("package", PROGRAMS)
def test_calls_ids_and_secrets_are_as_without_it(package: str) -> None:
    told = play(package)
    assert (told.part, told.own) == ("A", 1)
    # It has something to send, and no secret is in it.
    assert told.size > 500
    assert told.names_the_error
    assert told.leaks == []
    # No header twice, whoever else adds some.
    for each in told.headers:
        names = [name.lower() for name, _ in each]
        assert sorted(set(names)) == sorted(names)
    ids = told.sent("x-correlation-id")
    assert len(ids) == len(told.headers)
    # Each request has the id of the log lines of its call.
    lines = [line for line in told.lines if str(line["logger"]).startswith("pywats")]
    assert {line["correlation_id"] for line in lines} == set(ids)
    (failure,) = [line for line in lines if line.get("status") == 404 and "outcome" in line]
    assert failure["correlation_id"] == told.failed
    for line in lines:
        if line["correlation_id"] != "job-42":
            assert line["trace_id"] == line["correlation_id"]
    if package in {"logfire", "opentelemetry-instrumentation-threading", "ddtrace"}:
        # `traceparent` names the trace that the log lines name.
        traces = {value.split("-")[1] for value in told.sent("traceparent")}
        assert traces == {line["trace_id"] for line in lines}
    if package == "logfire":
        # One CLIENT span for each request, those over httpx included.
        assert len(told.clients) == len(told.headers)
    if package == "opentelemetry-instrumentation-threading":
        # Trace and the program's own id go along into threads.
        assert {line["correlation_id"] for line in lines} == {told.trace, "job-42"}
        assert {line["trace_id"] for line in lines} == {told.trace}
