"""Providers of a wrapper's own, and global ones that are replaced."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from pywats import SyncServiceWrapper
from pywats.observability import guard, instrumentation
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


SET_LATER = """
from opentelemetry import metrics, trace
from opentelemetry.metrics import _internal
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from pywats import SyncServiceWrapper
from tests.tracing import Spans
class Service:
    async def call(self): pass
service = SyncServiceWrapper(Service(), name="s")
service.call()
assert trace._TRACER_PROVIDER is None and _internal._METER_PROVIDER is None
spans, reader = Spans(), InMemoryMetricReader()
trace.set_tracer_provider(spans.provider)
metrics.set_meter_provider(MeterProvider([reader]))
assert trace._TRACER_PROVIDER is spans.provider and _internal._METER_PROVIDER is not None
service.call()
print(spans.tree(), '"count": 1' in reader.get_metrics_data().to_json())
"""


def test_a_global_provider_that_is_set_after_the_first_call_is_found_at_once() -> None:
    """The names that the API keeps its providers under are private: this is their contract."""
    assert run(SET_LATER).out == ["['s.call [INTERNAL UNSET]'] True"]


METRICS_LATER = """
import sys
from pywats import SyncServiceWrapper
class Service:
    async def call(self): pass
service = SyncServiceWrapper(Service(), name="s")
service.call()
print("opentelemetry.metrics" in sys.modules)
from opentelemetry.metrics import set_meter_provider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
reader = InMemoryMetricReader()
set_meter_provider(MeterProvider([reader]))
service.call()
print('"count": 1' in reader.get_metrics_data().to_json())
"""


def test_the_api_of_metrics_is_imported_by_who_sets_a_provider() -> None:
    assert run(METRICS_LATER).out == ["False", "True"]


NAMED = """
import sys
from pywats import SyncServiceWrapper
class Service:
    async def call(self): pass
SyncServiceWrapper(Service(), name="s").call()
print("opentelemetry.sdk.metrics" in sys.modules)
"""


def test_a_meter_provider_that_the_environment_names_is_loaded() -> None:
    assert run(NAMED, OTEL_PYTHON_METER_PROVIDER="sdk_meter_provider").out == ["True"]


def test_an_unset_global_provider_is_looked_up_once_in_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, looked_up = [100.0], list[float]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    api = SimpleNamespace(kept=None)
    monkeypatch.setitem(sys.modules, "some_api", api)

    def look_up() -> object:
        looked_up.append(now[0])
        return api.kept or "none is set"

    provider = instrumentation._GlobalProvider("loading a provider", look_up, "some_api", "kept")
    for now[0] in (100.0, 100.9, 101.0, 101.9):
        assert provider.find() == "none is set"
    assert looked_up == [100.0, 101.0]
    api.kept = "set"
    assert provider.find() == provider.find() == "set"
    api.kept = None
    assert provider.find() == provider.find() == "none is set"
    assert looked_up == [100.0, 101.0, 101.9, 101.9, 101.9]


def test_an_api_that_keeps_its_provider_elsewhere_is_asked_with_every_call() -> None:
    looked_up: list[object] = []
    provider: instrumentation._GlobalProvider[object] = instrumentation._GlobalProvider(
        "loading a provider", lambda: looked_up.append(None), "sys", "renamed"
    )
    assert [provider.find() for _ in range(3)] == [None] * 3
    assert len(looked_up) == 3


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
