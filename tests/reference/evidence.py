"""What real calls emit: every case that telemetry knows, over a real server and the real SDK."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
import ssl
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from uuid import uuid4

import httpx
import pytest
import trustme
from opentelemetry import baggage, context
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics.export import Metric
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import NoOpTracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pywats import (
    AsyncWATS,
    CallTransport,
    CircuitBreakerConfig,
    Outbox,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    configure_logging,
    correlation_id,
    pyWATS,
)
from pywats.errors import (
    BadRequestError,
    CircuitOpenError,
    NotFoundError,
    ServerError,
    WATSConnectionError,
    WATSTimeoutError,
)
from pywats.observability.logs.fields import FieldNames
from pywats.sandbox import Fault, RecordedRequest, Sandbox
from pywats.telemetry.log_handler import OTLPHandler
from tests.http.network.proxies.test_environment import relay
from tests.http.raw_server import RawServer, saying
from tests.observability.measuring import measure
from tests.tracing import PROVIDER, Spans

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ROUTE: Final = "/api/Product/{partNumber}"
RETRY: Final = RetryConfig(max_retries=2, max_backoff=0.01)
REMOTE: Final = {
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "vendor=1",
}
LOGGER: Final = logging.getLogger("tests.reference")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was emitted.

    Attributes:
        spans: The spans, of all cases.
        metrics: The metrics by their names.
        requests: What the server received.
        lines: JSON lines by the names of their fields: one outside a call, one in a call, and one
            with an exception.
        exported: The attributes of the same records over OTLP.
    """

    spans: tuple[ReadableSpan, ...]
    metrics: dict[str, Metric]
    requests: tuple[RecordedRequest, ...]
    lines: dict[FieldNames, list[dict[str, object]]]
    exported: list[dict[str, object]]


class Meter:
    """An async object of somebody else's."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0)

    async def values(self) -> AsyncIterator[int]:
        yield 1
        yield 2

    async def slow(self) -> None:
        await asyncio.sleep(60)

    async def late(self) -> None:
        raise TimeoutError

    async def fail(self) -> None:
        raise KeyError("no such channel")

    async def leave(self) -> None:
        raise SystemExit

    async def log(self) -> None:
        LOGGER.info("measured")
        LOGGER.error("failed", exc_info=KeyError("no such channel"), stack_info=True)


def collect() -> Evidence:
    """Run every case and return what was emitted."""
    spans = Spans()
    with Sandbox() as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setattr(PROVIDER, "delegate", NoOpTracerProvider())
        with client(sandbox, sync_config=SyncConfig(correlation_id_enabled=False)) as api:
            api.product.create_product("A")
        patch.setattr(PROVIDER, "delegate", spans.provider)
        measurements = measure()
        success(sandbox)
        retries(sandbox)
        limits(sandbox)
        asyncio.run(awaited(sandbox))
        kept_reports(sandbox)
        connections()
        foreign_object()
        lines, exported = log_records()
        with circuit(sandbox):
            measured = measurements.metrics
        return Evidence(spans.finished, measured, sandbox.requests, lines, exported)


def client(sandbox: Sandbox, **settings: object) -> pyWATS:
    return pyWATS(sandbox.base_url, sandbox.token, **settings)  # type: ignore[arg-type]  # each case passes what pyWATS takes


def success(sandbox: Sandbox) -> None:
    """Calls inside a remote trace with baggage, one of pages, one of the internal API."""
    inbound = baggage.set_baggage("line", "7", TraceContextTextMapPropagator().extract(REMOTE))
    token = context.attach(inbound)
    try:
        with client(sandbox) as api, correlation_id("job-42"):
            api.product.get_product("A")
            list(api.report.iter_headers())
            with pytest.raises(NotFoundError):
                api.production.get_unit_info("SN-1", "A")
    finally:
        context.detach(token)


def retries(sandbox: Sandbox) -> None:
    """A call that succeeds in the end, one that gives up, one that must not be repeated."""
    with client(sandbox, retry_config=RETRY) as api:
        sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
        api.product.get_product("A")
        sandbox.inject("GET", ROUTE, Fault.status(503), times=3)
        with pytest.raises(ServerError):
            api.product.get_product("A")
        report = api.report.create_uut_report("op", "A", "1", "SN-1", 100)
        report.conclude()
        sandbox.inject("*", "*", Fault.reset(executed=True), times=1)
        with pytest.raises(WATSConnectionError):
            api.report.submit_report(report)


def limits(sandbox: Sandbox) -> None:
    """An attempt that takes too long and is followed by another, and a call that does."""
    with client(sandbox, retry_config=RETRY) as api:
        sandbox.inject("GET", ROUTE, Fault.hang(), times=1)
        api.with_options(timeout=0.1).product.get_product("A")
        sandbox.inject("GET", ROUTE, Fault.hang(), times=1)
        with pytest.raises(WATSTimeoutError):
            api.with_options(deadline=0.1).product.get_product("A")


def kept_reports(sandbox: Sandbox) -> None:
    """A report that waits in an outbox, one that is sent, and one that is refused."""
    with (
        tempfile.TemporaryDirectory() as directory,
        client(sandbox, outbox=directory) as api,
    ):
        sandbox.inject("POST", "/api/Report/WSJF", Fault.status(503), times=1)
        for unit in ("SN-2", "SN-3"):
            api.report.submit_report(api.report.create_uut_report("op", "A", "1", unit, 100))
        with pytest.raises(BadRequestError):
            api.report.submit_report({"id": str(uuid4())})
        OUTBOXES.append(Outbox(directory))


OUTBOXES: list[Outbox] = []
"""Kept, so that the metrics have something to tell when they are collected."""


def connections() -> None:
    """Requests by TLS through a proxy, to a host name, that nobody takes, of an unknown method."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    def tunnel(client: socket.socket, _: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as onward:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(client, onward)

    response = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
    with (
        RawServer(response, tls=context) as server,
        RawServer(tunnel) as proxy,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("HTTPS_PROXY", proxy.base_url)
        patch.setenv("NO_PROXY", "")
        with pyWATS(server.base_url, TOKEN, verify_ssl=trusting) as api:
            api.product.get_products()
    with RawServer(response) as server:
        url = f"http://localhost:{server.port}"
        with pyWATS(url, TOKEN) as api:
            api.product.get_products()
    with pyWATS(url, TOKEN) as api, pytest.raises(WATSConnectionError):
        api.product.get_products()
    with (
        RawServer(response) as server,
        SyncServiceWrapper(httpx.AsyncClient(transport=CallTransport()), name="w") as other,
    ):
        other.request("PURGE", server.base_url, extensions={"template": ROUTE})


TOKEN: Final = "c3RhdGlvbjpodW50ZXIy"


async def awaited(sandbox: Sandbox) -> None:
    """A request of the asynchronous face."""
    async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
        await api.product.get_product("A")


def foreign_object() -> None:
    """What a wrapped object may do."""
    meter = SyncServiceWrapper(Meter(), SyncConfig(timeout=0.1), name="meter")
    with meter as entered:
        assert list(entered.values()) == [1, 2]
    with pytest.raises(KeyError):
        meter.fail()
    with pytest.raises(SystemExit):
        meter.leave()
    for method in (meter.slow, meter.late):
        with pytest.raises(TimeoutError):
            method()


def log_records() -> tuple[dict[FieldNames, list[dict[str, object]]], list[dict[str, object]]]:
    """Return log records as JSON lines in each form, and as OTLP exports them."""
    forms: list[FieldNames] = ["otel", "ecs", "datadog"]
    lines = {}
    for form in forms:
        stream = io.StringIO()
        with handling(configure_logging(json=True, fields=form, stream=stream, logger=LOGGER)):
            log()
        lines[form] = [json.loads(line) for line in stream.getvalue().splitlines()]
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider = LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    for code in (False, True):
        with handling(OTLPHandler(provider, code=code)):
            log()
    provider.shutdown()
    records = [each.log_record for each in exporter.get_finished_logs()]
    return lines, [dict(record.attributes or {}) for record in records]


def log() -> None:
    LOGGER.info("outside")
    SyncServiceWrapper(Meter(), name="meter").log()


@contextmanager
def handling(handler: logging.Handler) -> Iterator[None]:
    LOGGER.propagate = False
    LOGGER.setLevel(logging.INFO)
    LOGGER.addHandler(handler)
    yield
    LOGGER.removeHandler(handler)
    LOGGER.propagate = True
    handler.close()


@contextmanager
def circuit(sandbox: Sandbox) -> Iterator[None]:
    """Open a circuit, meet it, and close it again; its client is open until the end."""
    breaker = CircuitBreakerConfig(minimum_attempts=1, cool_down=0.05)
    with client(sandbox, circuit_breaker=breaker) as api:
        sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
        with pytest.raises(ServerError):
            api.product.get_product("A")
        with pytest.raises(CircuitOpenError) as refused:
            api.product.get_product("A")
        time.sleep(refused.value.retry_in)
        api.product.get_product("A")
        yield
