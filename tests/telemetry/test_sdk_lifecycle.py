"""The SDK set up late, shut down early, switched off, or put on from outside."""

from __future__ import annotations

from tests.observability.scripts import run, run_under
from tests.otlp import OTLPReceiver

CALL = """
from opentelemetry import metrics, trace
from pywats import pyWATS
from pywats.sandbox import Sandbox
with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("A")
    {between}
    api.product.get_product("A")
    first, second = sandbox.requests
{end}
"""

SET_UP = """
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([reader])
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(meters)
"""


def test_providers_set_after_the_client_was_made_are_found() -> None:
    end = """
print(first.header("traceparent"))
print([span.name for span in exporter.get_finished_spans()])
trace_id = format(exporter.get_finished_spans()[0].context.trace_id, "032x")
print(second.header("x-correlation-id") == trace_id)
data = reader.get_metrics_data().resource_metrics[0].scope_metrics[0]
print(sorted(m.name for m in data.metrics if m.name == "http.client.request.duration"))
print([p.count for m in data.metrics for p in m.data.data_points if hasattr(p, "count")][:1])
"""
    assert run(CALL.format(between=SET_UP, end=end)).out == [
        "None",
        "['GET /api/Product/{partNumber}', 'pywats.product.get_product']",
        "True",
        "['http.client.request.duration']",
        "[1]",
    ]


def test_an_sdk_that_was_shut_down_before_the_client_disturbs_no_call() -> None:
    between = (
        SET_UP
        + """
    api.product.get_product("A")
    tracers.shutdown()
    meters.shutdown()
"""
    )
    source = CALL.format(between=between, end="").replace(
        "first, second = sandbox.requests", "_, traced, after = sandbox.requests"
    )
    source += """
print(len(exporter.get_finished_spans()))
print(len(after.header("x-correlation-id")), after.header("traceparent") is not None)
print(after.header("x-correlation-id") != traced.header("x-correlation-id"))
"""
    assert run(source).out == ["2", "32 True", "True"]


def test_with_the_sdk_disabled_calls_have_ids_made_here() -> None:
    end = """
print(len(exporter.get_finished_spans()), reader.get_metrics_data())
print(len(second.header("x-correlation-id")), second.header("traceparent"))
"""
    done = run(CALL.format(between=SET_UP, end=end), OTEL_SDK_DISABLED="true")
    assert done.out == ["0 None", "32 None"]


AUTO = """
from pywats import pyWATS
from pywats.sandbox import Sandbox
import httpx
with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("A")
    httpx.get(sandbox.base_url + "/api/App/Version")
    print(sandbox.requests[0].header("x-correlation-id"))
"""


def test_instrumented_from_outside_by_the_program_of_opentelemetry() -> None:
    with OTLPReceiver() as receiver:
        done = run_under(
            "opentelemetry-instrument",
            AUTO,
            OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint,
            OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
            OTEL_SERVICE_NAME="auto",
        )
    (correlation_id,) = done.out
    assert [
        (service, span.name)
        for service, span in receiver.spans
        if span.trace_id.hex() == correlation_id
    ] == [("auto", "PUT /api/Product"), ("auto", "pywats.product.create_product")]
    # The application's own request: the instrumentation of httpx was really put on.
    others = [span.name for _, span in receiver.spans if span.trace_id.hex() != correlation_id]
    assert others == ["GET"]
    assert {metric.name for _, metric in receiver.metrics} >= {"http.client.request.duration"}
