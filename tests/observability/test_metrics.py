"""Metrics of calls and attempts, over a real server and the real SDK."""

from __future__ import annotations

import gc
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.metrics._internal import _ProxyMeterProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader

from pywats import (
    AsyncWATS,
    CircuitBreakerConfig,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    pyWATS,
)
from pywats.errors import CircuitOpenError, NotFoundError, ServerError, WATSTimeoutError
from pywats.events import CircuitState
from pywats.observability import instrumentation
from pywats.observability.metrics import record_transition, watch
from pywats.sandbox import Fault
from pywats.sync import DirectRunner
from pywats.sync.policies.circuit_breaker import CircuitBreaker, Permit
from tests.clock import ManualClock
from tests.observability.scripts import run
from tests.sync.flaky import Flaky, engine, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.events import CircuitTransition
    from pywats.sandbox import Sandbox
    from tests.observability.measuring import Measurements
    from tests.tracing import Spans

ROUTE = "/api/Product/{partNumber}"
REQUEST = "http.client.request.duration"
CALL = "pywats.client.call.duration"
NAME = "pywats.product.get_product"
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.01))
SLOW = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.2))


@pytest.fixture
def part(api: pyWATS) -> str:
    api.product.create_product(part_number="A")
    return "A"


@pytest.fixture
def measured(part: str, measurements: Measurements) -> Measurements:
    """Measure from here on, with a product on the server."""
    del part
    return measurements


def seen(points: list[HistogramDataPoint]) -> list[tuple[int, dict[str, object]]]:
    return [(point.count, dict(point.attributes or {})) for point in points]


def test_an_attempt_is_measured_by_the_attributes_of_the_conventions(
    sandbox: Sandbox, connect: Callable[..., pyWATS], measured: Measurements
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503), times=2)
    connect(sync_config=FAST).product.get_product("A")
    port = int(sandbox.base_url.rpartition(":")[2])
    common = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.template": ROUTE,
    }
    points = measured.histogram(REQUEST)
    assert seen(points) == [
        (1, common | {"http.response.status_code": 200}),
        (2, common | {"http.response.status_code": 503, "error.type": "503"}),
    ]
    assert tuple(points[0].explicit_bounds) == (
        *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
    )
    metric = measured.metric(REQUEST)
    assert metric is not None
    assert metric.unit == "s"


def test_an_attempt_without_a_response_is_measured_by_its_error(
    sandbox: Sandbox, connect: Callable[..., pyWATS], measured: Measurements
) -> None:
    sandbox.inject("GET", ROUTE, Fault.hang())
    api = connect(timeout=0.2)
    started = time.monotonic()
    with pytest.raises(WATSTimeoutError):
        api.product.get_product("A")
    took = time.monotonic() - started
    (point,) = measured.histogram(REQUEST)
    assert dict(point.attributes or {})["error.type"] == "pywats.errors.WATSTimeoutError"
    assert "http.response.status_code" not in (point.attributes or {})
    # The limit begins with the attempt, a moment before the request is made.
    assert 0.19 <= point.sum <= took


async def test_the_async_face_measures_its_attempts(
    sandbox: Sandbox, measured: Measurements
) -> None:
    async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
        await api.product.get_product("A")
    (point,) = measured.histogram(REQUEST)
    assert point.count == 1
    assert dict(point.attributes or {})["http.response.status_code"] == 200


def test_ids_and_values_of_the_caller_are_no_attributes(
    api: pyWATS, measured: Measurements
) -> None:
    for number in range(20):
        with pytest.raises(NotFoundError):
            api.product.get_product(f"missing-{number}")
    assert [point.count for point in measured.histogram(REQUEST)] == [20]


def test_the_exemplar_of_an_attempt_is_its_own_span(
    api: pyWATS, measured: Measurements, spans: Spans
) -> None:
    api.product.get_product("A")
    span = spans.named(f"GET {ROUTE}").get_span_context()
    assert span is not None
    (point,) = measured.histogram(REQUEST)
    (exemplar,) = point.exemplars
    assert (exemplar.trace_id, exemplar.span_id) == (span.trace_id, span.span_id)


def test_a_call_is_measured_with_its_attempts_and_waits(
    sandbox: Sandbox, connect: Callable[..., pyWATS], measured: Measurements, spans: Spans
) -> None:
    api = connect(sync_config=SLOW)
    sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
    api.product.get_product("A")
    with pytest.raises(NotFoundError):
        api.product.get_product("missing")
    succeeded, failed = measured.histogram(CALL)
    assert seen([succeeded, failed]) == [
        (1, {"pywats.call": NAME}),
        (1, {"pywats.call": NAME, "error.type": "404"}),
    ]
    started, ended = spans.finished[2].start_time, spans.finished[2].end_time
    assert started is not None
    assert ended is not None
    assert 0.2 <= succeeded.sum <= (ended - started) / 1e9
    assert tuple(succeeded.explicit_bounds)[-4:] == (30, 60, 120, 300)
    (exemplar,) = succeeded.exemplars
    span = spans.finished[2].get_span_context()
    assert spans.finished[2].name == NAME
    assert span is not None
    assert (exemplar.trace_id, exemplar.span_id) == (span.trace_id, span.span_id)


def test_retries_are_counted_by_what_they_follow(
    sandbox: Sandbox, connect: Callable[..., pyWATS], measured: Measurements
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503), times=2)
    api = connect(sync_config=FAST)
    api.product.get_product("A")
    sandbox.inject("GET", ROUTE, Fault.reset(), times=1)
    api.product.get_product("A")
    assert measured.counts("pywats.client.retries") == {
        ("503", NAME): 2,
        ("pywats.errors.WATSConnectionError", NAME): 1,
    }


def test_timeouts_are_counted_by_limit_and_phase(
    sandbox: Sandbox, connect: Callable[..., pyWATS], measured: Measurements
) -> None:
    sandbox.inject("GET", ROUTE, Fault.hang())
    with pytest.raises(WATSTimeoutError):
        connect(sync_config=FAST, timeout=0.1).product.get_product("A")
    with pytest.raises(WATSTimeoutError):
        connect(deadline=0.1).product.get_product("A")
    assert measured.counts("pywats.client.timeouts") == {
        ("read", NAME, "attempt"): 3,
        ("read", NAME, "deadline"): 1,
    }


def test_timeouts_of_a_wrapped_object_have_neither(measurements: Measurements) -> None:
    class Slow:
        async def respond(self) -> None:
            raise TimeoutError

    class Pooled:
        async def respond(self) -> None:
            raise WATSTimeoutError("no more to say")

    for wrapped in (Slow(), Pooled()):
        with pytest.raises(TimeoutError):
            SyncServiceWrapper(wrapped, name="w").respond()
    assert measurements.counts("pywats.client.timeouts") == {
        ("w.respond",): 1,
        ("w.respond", "attempt"): 1,
    }


def test_circuit_breakers_are_counted_by_their_state(
    sandbox: Sandbox, connect: Callable[..., pyWATS], measured: Measurements
) -> None:
    gc.collect()  # of the tests before
    circuit = CircuitBreakerConfig(minimum_attempts=2, cool_down=60)
    healthy, broken = (connect(sync_config=SyncConfig(circuit_breaker=circuit)) for _ in "ab")
    healthy.product.get_product("A")
    sandbox.inject("GET", ROUTE, Fault.status(500))
    for _ in range(2):
        with pytest.raises(ServerError):
            broken.product.get_product("A")
    with pytest.raises(CircuitOpenError):
        broken.product.get_product("A")
    origin = sandbox.base_url
    assert measured.counts("pywats.client.circuit_breakers") == {
        (origin, "closed"): 1,
        (origin, "open"): 1,
    }
    assert measured.counts("pywats.client.circuit_breaker.transitions") == {(origin, "open"): 1}
    assert measured.counts("pywats.client.retries") == {}


def test_a_circuit_breaker_that_probes_is_half_open_and_one_that_is_gone_is_not_counted(
    measurements: Measurements,
) -> None:
    gc.collect()
    clock = ManualClock()
    config = CircuitBreakerConfig(minimum_attempts=1, cool_down=5)
    states: list[CircuitState] = []
    breaker = CircuitBreaker(config, "here", clock.monotonic, lambda _: None)
    gone = CircuitBreaker(config, "elsewhere", clock.monotonic, lambda _: None)
    watch(breaker)
    watch(gone)
    del gone
    states.append(breaker.state)
    with pytest.raises(ConnectionError), _permit(breaker):
        raise ConnectionError
    states.append(breaker.state)
    clock.now += 5
    probe = _permit(breaker)
    states.append(breaker.state)
    assert states == [CircuitState.CLOSED, CircuitState.OPEN, CircuitState.HALF_OPEN]
    assert measurements.counts("pywats.client.circuit_breakers") == {("here", "half_open"): 1}
    del probe


def _permit(breaker: CircuitBreaker) -> Permit:
    permit = breaker.admit()
    assert isinstance(permit, Permit)
    return permit


WITHOUT = """
import sys
sys.modules["opentelemetry.sdk"] = None  # as if it were not installed
from pywats import pyWATS
from pywats.sandbox import Sandbox
with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("A")
    print(api.product.get_product("A").part_number)
"""


def test_without_the_sdk_measuring_does_nothing() -> None:
    assert run(WITHOUT).out == ["A"]


def test_without_a_provider_a_change_of_state_is_not_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(instrumentation._METER_PROVIDER, "_get", _ProxyMeterProvider)
    changes: list[CircuitTransition] = []
    config = CircuitBreakerConfig(minimum_attempts=1)
    breaker = CircuitBreaker(config, "here", ManualClock().monotonic, changes.append)
    with pytest.raises(ConnectionError), _permit(breaker):
        raise ConnectionError
    (change,) = changes
    record_transition(change)
    assert caplog.messages == []


@pytest.mark.parametrize("failures", [(), (TimeoutError(),)])
def test_a_call_whose_instrumentation_is_suppressed_is_not_measured(
    failures: tuple[Exception, ...], measurements: Measurements, spans: Spans
) -> None:
    service = Flaky(*failures)
    with suppress_instrumentation(), suppress(TimeoutError):
        wrap(service, engine()).work()
    assert service.attempts_seen == [1]
    assert spans.tree() == []
    assert "pywats.client.call.duration" not in measurements.metrics


@pytest.mark.parametrize("is_global", [True, False])
def test_a_provider_that_is_asked_again_has_its_instruments_once(
    monkeypatch: pytest.MonkeyPatch,
    is_global: bool,  # noqa: FBT001 - whether there is another one
) -> None:
    found = MeterProvider() if is_global else _ProxyMeterProvider()
    monkeypatch.setattr(instrumentation._METER_PROVIDER, "_get", lambda: found)
    reader = InMemoryMetricReader()
    meters = MeterProvider([reader])
    own = SyncServiceWrapper(Flaky(), name="own", meter_provider=meters, runner=DirectRunner())
    other = SyncServiceWrapper(Flaky(), name="other", runner=DirectRunner())
    for _ in range(2):
        own.work()
        other.work()
    data = reader.get_metrics_data()
    assert data is not None
    (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
    points = [point for point in metric.data.data_points if isinstance(point, HistogramDataPoint)]
    assert [point.count for point in points] == [2]
    meters.shutdown()
    if isinstance(found, MeterProvider):
        found.shutdown()
