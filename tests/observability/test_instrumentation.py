"""Providers of a wrapper's own, and global ones that are replaced."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from pywats import SyncServiceWrapper
from pywats.observability import guard
from pywats.sync import wrap
from tests.observability.scripts import run
from tests.tracing import Spans


class Service:
    async def call(self) -> int:
        return 1


@pytest.mark.parametrize("make", [SyncServiceWrapper, wrap])
def test_spans_and_metrics_go_to_the_providers_of_the_wrapper(
    make: type[SyncServiceWrapper[Service]], spans: Spans
) -> None:
    own, reader = Spans(), InMemoryMetricReader()
    meters = MeterProvider([reader])
    service = make(Service(), name="s", tracer_provider=own.provider, meter_provider=meters)
    assert service.call() == 1
    assert own.tree() == ["s.call [INTERNAL UNSET]"]
    assert spans.tree() == []
    data = reader.get_metrics_data()
    assert data is not None
    names = [
        metric.name
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    ]
    assert names == ["pywats.client.call.duration"]
    meters.shutdown()


REPLACED = """
from opentelemetry import trace
from opentelemetry.util._once import Once
from pywats import SyncServiceWrapper
from tests.tracing import Spans
class Service:
    async def call(self): pass
service = SyncServiceWrapper(Service(), name="s")
for _ in "ab":
    spans = Spans()
    trace._TRACER_PROVIDER, trace._TRACER_PROVIDER_SET_ONCE = None, Once()
    trace.set_tracer_provider(spans.provider)
    service.call()
    print(spans.tree())
"""


def test_a_global_provider_that_a_test_replaces_is_found() -> None:
    assert run(REPLACED).out == ["['s.call [INTERNAL UNSET]']"] * 2


@pytest.mark.parametrize("name", ["tracer_provider", "meter_provider"])
def test_what_is_not_a_provider_is_refused(name: str) -> None:
    kind = "TracerProvider" if name == "tracer_provider" else "MeterProvider"
    wrong: Any = {name: 7}
    with pytest.raises(TypeError, match=f"{name}=7: must be an OpenTelemetry {kind}, or None"):
        SyncServiceWrapper(Service(), **wrong)


def test_a_provider_that_fails_is_reported_and_the_call_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        def get_tracer(self, *_: object, **__: object) -> NoReturn:
            raise ZeroDivisionError

    monkeypatch.setattr(guard, "_reported", set())
    wrong: Any = Failing()
    assert SyncServiceWrapper(Service(), tracer_provider=wrong).call() == 1
    (told,) = [record for record in caplog.records if record.name == "pywats.telemetry"]
    assert told.getMessage().startswith("telemetry failed while getting a tracer")
