"""An application that instruments httpx still sees one CLIENT span for an attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from pywats import RetryConfig, SyncConfig, pyWATS
from pywats.observability import otel_context
from pywats.sandbox import Fault
from tests.tracing import PROVIDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

ROUTE = "/api/Product/{partNumber}"
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.01))
TREE = [
    "pywats.product.get_product [INTERNAL UNSET]",
    f"  GET {ROUTE} [CLIENT ERROR http.response.status_code=503 error.type=503]",
    "  * retry: attempt=1, delay=0.01, error.type=503, reason=status 503",
    f"  GET {ROUTE} [CLIENT UNSET http.response.status_code=200 http.request.resend_count=1]",
]


@pytest.fixture
def api(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> pyWATS:
    made = connect(sync_config=FAST)
    made.product.create_product("A")
    sandbox.clear()
    sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
    return made


@pytest.fixture
def instrumentor(spans: Spans) -> Iterator[HTTPXClientInstrumentor]:
    """Return the instrumentor; whatever it instruments globally is restored."""
    del spans
    made = HTTPXClientInstrumentor()
    yield made
    if made.is_instrumented_by_opentelemetry:
        made.uninstrument()


def foreign_spans(sandbox: Sandbox, client: httpx.Client, spans: Spans) -> int:
    """Return how many spans a request of the application's own makes."""
    before = len(spans.finished)
    client.get(f"{sandbox.base_url}/api/App/Version")
    return len(spans.finished) - before


def one_trace_is_sent(sandbox: Sandbox, spans: Spans) -> None:
    (trace_id,) = spans.trace_ids()
    sent = [request.header("traceparent") or "" for request in sandbox.requests]
    assert [parent.split("-")[1] for parent in sent] == [trace_id] * 2
    clients = [span for span in spans.finished if span.kind.name == "CLIENT"]
    ids = [format(c.span_id, "016x") for span in clients if (c := span.get_span_context())]
    assert [parent.split("-")[2] for parent in sent] == ids


def test_instrumented_globally_after_the_client_was_made(
    api: pyWATS, sandbox: Sandbox, spans: Spans, instrumentor: HTTPXClientInstrumentor
) -> None:
    instrumentor.instrument(tracer_provider=PROVIDER)
    spans.exporter.clear()
    assert api.product.get_product("A").part_number == "A"
    assert spans.tree() == TREE
    one_trace_is_sent(sandbox, spans)
    with httpx.Client() as own:
        assert foreign_spans(sandbox, own, spans) == 1


def test_instrumented_globally_before_the_client_is_made(
    api: pyWATS,
    sandbox: Sandbox,
    connect: Callable[..., pyWATS],
    spans: Spans,
    instrumentor: HTTPXClientInstrumentor,
) -> None:
    instrumentor.instrument(tracer_provider=PROVIDER)
    later = connect(sync_config=api.config)
    spans.exporter.clear()
    assert later.product.get_product("A").part_number == "A"
    assert spans.tree() == TREE
    one_trace_is_sent(sandbox, spans)


def test_the_key_that_silences_instrumentations_is_that_of_the_api() -> None:
    from opentelemetry.context import _SUPPRESS_HTTP_INSTRUMENTATION_KEY  # noqa: PLC0415 - private

    assert otel_context.SUPPRESS_HTTP_INSTRUMENTATION == _SUPPRESS_HTTP_INSTRUMENTATION_KEY
