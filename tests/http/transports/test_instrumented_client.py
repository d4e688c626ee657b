"""A client that OpenTelemetry's instrumentation of httpx instruments has one CLIENT span a request.

`HTTPXClientInstrumentor.instrument_client(client)` starts its span around the transport of pywats,
which adds its own attributes to that span.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from opentelemetry import context, trace
from opentelemetry.instrumentation.httpx import (
    AsyncOpenTelemetryTransport,
    HTTPX2ClientInstrumentor,
    HTTPXClientInstrumentor,
)
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from pywats import (
    CallTransport,
    DirectTransport,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    instrument_httpx,
)
from pywats.observability import guard
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, response, saying
from tests.observability.scripts import run
from tests.tracing import PROVIDER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from opentelemetry.sdk.trace import ReadableSpan

    from tests.tracing import Spans

OK = response(b"{}", b"Connection: close")
BUSY = response(b"{}", b"Connection: close", status=b"503 Busy")
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=1, max_backoff=0.01), timeout=5)
REQUEST = "http.client.request.duration"


class Service:
    def __init__(self, client: Any) -> None:
        self.client = client

    async def get(self, url: str) -> int:
        extensions = {"template": "/items/{id}"}
        received = await self.client.get(url, extensions=extensions)
        received.raise_for_status()
        status: int = received.status_code
        return status

    async def aclose(self) -> None:
        await self.client.aclose()


def instrument(client: Any, **options: Any) -> Any:
    HTTPXClientInstrumentor.instrument_client(client, tracer_provider=PROVIDER, **options)
    return client


def face(client: Any, config: SyncConfig | None = FAST) -> SyncServiceWrapper[Service]:
    direct = "DirectTransport" in repr(client._transport)
    runner = DirectRunner() if direct else None
    return SyncServiceWrapper(Service(client), config, name="service", runner=runner)


def over(make: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: instrument(httpx.AsyncClient(transport=make()))


def over_httpx2() -> Any:
    # The annotations of both libraries have the classes of httpx only.
    client: Any = httpx2.AsyncClient(transport=CallTransport())  # type: ignore[arg-type]
    HTTPX2ClientInstrumentor.instrument_client(client, tracer_provider=PROVIDER)
    return client


CLIENTS: dict[str, Callable[[], Any]] = {
    "direct": over(DirectTransport),
    "call": over(CallTransport),
    "over httpx": over(lambda: CallTransport(httpx.AsyncHTTPTransport())),
    "instrumented before": lambda: instrument_httpx(instrument(httpx.AsyncClient())),
    "instrumented after": lambda: instrument(instrument_httpx(httpx.AsyncClient())),
    "a transport around it": lambda: httpx.AsyncClient(
        transport=AsyncOpenTelemetryTransport(CallTransport(), tracer_provider=PROVIDER)
    ),
    "httpx2": over_httpx2,
}
each_client = pytest.mark.parametrize("kind", CLIENTS)


def clients(spans: Spans) -> list[ReadableSpan]:
    return [span for span in spans.finished if span.kind is trace.SpanKind.CLIENT]


def parent_ids(server: RawServer) -> list[str]:
    """Return the ids of the spans that the server was told, one for each request."""
    told = [head.partition(b"\r\ntraceparent: ")[2][:55].decode() for head in server.heads]
    return [each.split("-")[2] for each in told]


def ids(spans: list[ReadableSpan]) -> list[str]:
    contexts = [span.get_span_context() for span in spans]
    return [format(context.span_id, "016x") for context in contexts if context is not None]


@each_client
def test_one_span_with_the_attributes_of_both(
    kind: str, spans: Spans, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "opentelemetry")
    with RawServer(saying(OK)) as server:
        made = face(CLIENTS[kind]())
        assert made.get(server.base_url) == 200
        made.aclose()
    (span,) = clients(spans)
    assert parent_ids(server) == ids([span])
    assert span.parent is not None
    assert format(span.parent.span_id, "016x") in ids([spans.named("service.get")])
    attributes = span.attributes or {}
    assert attributes["url.template"] == "/items/{id}"
    assert attributes["http.request.method"] == "GET"
    assert attributes["http.response.status_code"] == 200
    # The SDK warns of attributes that are set after the end of a span.
    assert not caplog.records


@each_client
def test_each_attempt_has_its_span(kind: str, spans: Spans) -> None:
    with RawServer(saying(BUSY)) as server:
        made = face(CLIENTS[kind]())
        with pytest.raises(Exception, match="503 Busy"):
            made.get(server.base_url)
        made.aclose()
    first, second = clients(spans)
    assert parent_ids(server) == ids([first, second])
    assert "http.request.resend_count" not in (first.attributes or {})
    assert (second.attributes or {})["http.request.resend_count"] == 1
    assert {span.status.status_code.name for span in (first, second)} == {"ERROR"}


@each_client
def test_a_request_that_fails(kind: str, spans: Spans) -> None:
    made = face(CLIENTS[kind](), SyncConfig(timeout=5))
    with pytest.raises(Exception, match="no connection"):
        made.get("http://127.0.0.1:1")
    made.aclose()
    (span,) = clients(spans)
    assert span.status.status_code.name == "ERROR"
    assert "ConnectError" in str((span.attributes or {})["error.type"])


MEASURED = """
import httpx
from opentelemetry import metrics
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import set_tracer_provider

from pywats import DirectTransport
from tests.http.raw_server import RawServer, response, saying

set_tracer_provider(TracerProvider())
reader = InMemoryMetricReader()
metrics.set_meter_provider(MeterProvider([reader]))
with RawServer(saying(response(b"", b"Connection: close"))) as server:
    with httpx.Client(transport=DirectTransport()) as client:
        HTTPXClientInstrumentor.instrument_client(client)
        client.get(server.base_url)
found = [
    f"{scope.scope.name}: {metric.name}"
    for resource in reader.get_metrics_data().resource_metrics
    for scope in resource.scope_metrics
    for metric in scope.metrics
]
print(*found, sep="\\n")
"""


@pytest.mark.parametrize(
    ("opt_in", "measured"),
    [
        ("", {"opentelemetry.instrumentation.httpx: http.client.duration", f"pywats: {REQUEST}"}),
        ("http", {f"opentelemetry.instrumentation.httpx: {REQUEST}"}),
    ],
)
def test_one_measurement_by_each_name(opt_in: str, measured: set[str]) -> None:
    """The instrumentation reads the variable once in a process."""
    printed = run(MEASURED, OTEL_SEMCONV_STABILITY_OPT_IN=opt_in)
    assert set(printed.out) == measured


def test_a_blocking_client(spans: Spans) -> None:
    with RawServer(saying(OK)) as server, httpx.Client(transport=DirectTransport()) as client:
        instrument(client).get(server.base_url)
        instrument_httpx(instrument(httpx.Client())).get(server.base_url)
        instrument(instrument_httpx(httpx.Client())).get(server.base_url)
    assert parent_ids(server) == ids(clients(spans))
    assert len(clients(spans)) == 3


def test_the_hooks_of_the_instrumentation_are_called(spans: Spans) -> None:
    async def note(span: trace.Span, *_: object) -> None:
        span.set_attribute("station", 7)

    with RawServer(saying(OK)) as server:
        made = face(instrument(httpx.AsyncClient(transport=CallTransport()), request_hook=note))
        made.get(server.base_url)
        made.aclose()
    (span,) = clients(spans)
    assert (span.attributes or {})["station"] == 7


def test_a_request_within_a_request_has_a_span_of_its_own(spans: Spans) -> None:
    """The body of a request may be made with requests, while the first has its span."""

    async def main(url: str) -> None:
        async with (
            instrument(httpx.AsyncClient(transport=CallTransport())) as outer,
            httpx.AsyncClient(transport=CallTransport()) as inner,
        ):

            async def body() -> AsyncIterator[bytes]:
                yield (await inner.get(url)).content

            await outer.post(url, content=body())

    with RawServer(saying(OK), read_body=False) as server:
        asyncio.run(main(server.base_url))
    assert {
        span.instrumentation_scope.name for span in clients(spans) if span.instrumentation_scope
    } == {
        "pywats",
        "opentelemetry.instrumentation.httpx",
    }
    assert len(clients(spans)) == 2


def test_a_client_span_of_the_program_is_left_alone(spans: Spans) -> None:
    with RawServer(saying(OK)) as server:
        made = face(httpx.AsyncClient(transport=CallTransport()))
        with PROVIDER.get_tracer("mine").start_as_current_span("call", kind=trace.SpanKind.CLIENT):
            made.get(server.base_url)
        made.aclose()
    assert dict(spans.named("call").attributes or {}) == {}
    assert len(clients(spans)) == 2


class WithoutKind(trace.NonRecordingSpan):
    """A span whose attributes raise."""

    @property
    def kind(self) -> trace.SpanKind:
        raise ZeroDivisionError("a fault of the tracer")


class WithoutContext(trace.NonRecordingSpan):
    """A span of the instrumentation that has no ids when it is asked again."""

    kind = trace.SpanKind.CLIENT
    instrumentation_scope = InstrumentationScope("opentelemetry.instrumentation.httpx")

    def get_span_context(self) -> trace.SpanContext:
        raise ZeroDivisionError("a fault of the tracer")


@pytest.mark.parametrize("kind", [WithoutKind, WithoutContext])
def test_a_span_that_raises_does_not_fail_the_request(
    kind: type[trace.NonRecordingSpan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_reported", set())
    broken = kind(trace.INVALID_SPAN_CONTEXT)
    with RawServer(saying(OK)) as server, httpx.Client(transport=DirectTransport()) as client:
        token = context.attach(trace.set_span_in_context(broken, context.Context()))
        try:
            assert client.get(server.base_url).status_code == 200
        finally:
            context.detach(token)
    assert server.connections == 1
