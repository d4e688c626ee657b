"""What goes out is what the configured propagators say, whichever they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import baggage, context, propagate
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.jaeger import JaegerPropagator
from opentelemetry.propagators.textmap import (
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pywats import attach_context
from pywats.observability import guard
from tests.observability.scripts import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

HEADERS = ("traceparent", "baggage", "b3", "x-b3-traceid", "x-b3-spanid", "uber-trace-id")


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    previous = propagate.get_global_textmap()
    yield
    propagate.set_global_textmap(previous)


@pytest.mark.parametrize(
    ("propagator", "sent"),
    [
        (
            CompositePropagator([TraceContextTextMapPropagator(), W3CBaggagePropagator()]),
            {"traceparent": "00-{trace}-{span}-0[13]", "baggage": "line=7"},
        ),
        (B3SingleFormat(), {"b3": "{trace}-{span}-1"}),
        (B3MultiFormat(), {"x-b3-traceid": "{trace}", "x-b3-spanid": "{span}"}),
        (JaegerPropagator(), {"uber-trace-id": "{trace}:{span}:[0-9a-f]+:0[13]"}),
    ],
    ids=["tracecontext,baggage", "b3", "b3multi", "jaeger"],
)
def test_the_span_of_the_attempt_goes_out_in_the_headers_of_the_propagator(
    api: pyWATS,
    sandbox: Sandbox,
    spans: Spans,
    propagator: TextMapPropagator,
    sent: dict[str, str],
) -> None:
    propagate.set_global_textmap(propagator)
    token = context.attach(baggage.set_baggage("line", "7"))
    try:
        api.product.create_product("A")
    finally:
        context.detach(token)
    client = spans.named("PUT /api/Product").get_span_context()
    assert client is not None
    trace_id, span_id = format(client.trace_id, "032x"), format(client.span_id, "016x")
    (request,) = sandbox.requests
    found = {name: value for name in HEADERS if (value := request.header(name)) is not None}
    assert found.keys() == sent.keys()
    for name, pattern in sent.items():
        assert re.fullmatch(pattern.format(trace=trace_id, span=span_id), found[name]), found
    assert request.header("x-correlation-id") == trace_id


def test_an_inbound_context_of_any_propagator_is_the_parent(
    api: pyWATS, sandbox: Sandbox, spans: Spans
) -> None:
    inbound = {"b3": "5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-1"}
    token = context.attach(B3SingleFormat().extract(inbound))
    try:
        api.product.create_product("A")
    finally:
        context.detach(token)
    assert spans.trace_ids() == {"5b8efff798038103d269b633813fc60c"}
    assert sandbox.requests[0].header("x-correlation-id") == "5b8efff798038103d269b633813fc60c"


SCRIPT = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from pywats import pyWATS
from pywats.sandbox import Sandbox
trace.set_tracer_provider(TracerProvider())
with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("A")
    (request,) = sandbox.requests
print([name for name in ("traceparent", "b3", "uber-trace-id") if request.header(name)])
"""


def test_the_environment_chooses_the_propagators() -> None:
    assert run(SCRIPT, OTEL_PROPAGATORS="jaeger,b3").out == ["['b3', 'uber-trace-id']"]


def test_what_is_not_fit_for_a_header_is_not_sent_and_told_once(
    api: pyWATS,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    of_context = context.Context

    class Odd(TextMapPropagator):
        def inject(
            self,
            carrier: Any,
            context: context.Context | None = None,  # noqa: ARG002 - the interface
            setter: Setter[Any] = default_setter,
        ) -> None:
            for name, value in (("x-fit", "1"), ("x y", "1"), ("x-lines", "a\nb"), ("x-int", 7)):
                setter.set(carrier, name, value)  # type: ignore[arg-type]  # the mistakes

        def extract(
            self,
            carrier: Any,
            context: context.Context | None = None,  # noqa: ARG002 - the interface
            getter: Getter[Any] = default_getter,
        ) -> context.Context:
            read.extend(getter.keys(carrier))
            return of_context()

        @property
        def fields(self) -> set[str]:
            return set()

    read: list[str] = []
    monkeypatch.setattr(guard, "_reported", set())
    propagate.set_global_textmap(Odd())
    for _ in range(2):
        api.product.create_product("A")
    sent = sandbox.requests[-1]
    assert sent.header("x-fit") == "1"
    assert [sent.header(name) for name in ("x y", "x-lines", "x-int")] == [None] * 3
    told = [each.getMessage() for each in caplog.records if each.name == "pywats.telemetry"]
    assert told == [
        f"a propagator injected {name!r} with a value that is not fit for a header; it is not sent"
        for name in ("x y", "x-lines", "x-int")
    ]
    with attach_context({"X-Fit": "1"}):
        assert read == ["x-fit"]
