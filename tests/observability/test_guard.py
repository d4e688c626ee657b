"""OpenTelemetry may fail anywhere: a call returns what it returns without it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import context, metrics, propagate, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider

from pywats import (
    AsyncWATS,
    RetryConfig,
    SyncConfig,
    attach_context,
    correlation_id,
    current_correlation_id,
    inject_context,
    pyWATS,
)
from pywats.errors import NotFoundError
from pywats.observability import guard, instrumentation
from pywats.observability import metrics as own_metrics
from pywats.observability.guard import guarded, report
from pywats.sandbox import Fault
from tests.observability.scripts import run, run_untraced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats.sandbox import Sandbox

ROUTE = "/api/Product/{partNumber}"
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=1, max_backoff=0.01))


def told(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return the records that are about telemetry."""
    return [each for each in caplog.records if each.name == "pywats.telemetry"]


@pytest.fixture(autouse=True)
def _nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_reported", set())


def outcomes(sandbox: Sandbox) -> list[object]:
    """Return what calls of all kinds return and raise, and what the server saw of them."""
    sandbox.clear()
    seen: list[object] = []
    with pyWATS(sandbox.base_url, sandbox.token, sync_config=FAST) as api:
        with correlation_id("job-42"), attach_context(inject_context()):
            api.product.create_product("A", name="a")
            seen.append(current_correlation_id())
        sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
        seen.append(api.product.get_product("A").part_number)
        try:
            api.product.get_product("missing")
        except NotFoundError as error:
            seen.append((error.message, len(error.attempts), error.correlation_id is None))
    seen += [(each.method, each.path, each.status) for each in sandbox.requests]
    seen.append([each.header("x-correlation-id") is not None for each in sandbox.requests])
    return seen


@pytest.fixture
def expected(sandbox: Sandbox) -> list[object]:
    return outcomes(sandbox)


def _boom(*_: object, **__: object) -> Any:
    raise ZeroDivisionError("a fault of OpenTelemetry")


FUNCTIONS = [
    (module, name)
    for module, names in (
        (trace, trace.__all__),
        (context, context.__all__),
        (metrics, metrics.__all__),
        (propagate, ("extract", "inject", "get_global_textmap")),
    )
    for name in names
    if callable(getattr(module, name)) and not isinstance(getattr(module, name), type)
]


@pytest.mark.parametrize(
    ("module", "name"), FUNCTIONS, ids=[f"{module.__name__}.{name}" for module, name in FUNCTIONS]
)
@pytest.mark.usefixtures("spans", "measurements")
def test_any_name_of_the_api_may_raise(
    sandbox: Sandbox,
    expected: list[object],
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
) -> None:
    monkeypatch.setattr(module, name, _boom)
    assert outcomes(sandbox) == expected


class Failing:
    """Stands for an object of OpenTelemetry, one of whose methods raises.

    Args:
        real: The object.
        name: The method; of whichever class has it, for what methods return is wrapped too.
    """

    def __init__(self, real: object, name: str) -> None:
        self._real = real
        self._name = name

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if name == self._name:
            return _boom
        return self._wrapping(value) if callable(value) else value

    def _wrapping(self, method: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            result = method(*args, **kwargs)
            kept = isinstance(result, str | int | float | bool | None | trace.SpanContext)
            return result if kept else Failing(result, self._name)

        return call


class FailingSpan(Failing, trace.Span):
    """A span, for the context holds nothing else."""

    def _call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return _boom() if name == self._name else getattr(self._real, name)(*args, **kwargs)


def _span_method(name: str) -> Callable[..., Any]:
    def call(self: FailingSpan, *args: Any, **kwargs: Any) -> Any:
        return self._call(name, *args, **kwargs)

    return call


SPAN_METHODS = sorted(trace.Span.__abstractmethods__ | {"add_link"})
for method in SPAN_METHODS:
    setattr(FailingSpan, method, _span_method(method))
FailingSpan.__abstractmethods__ = frozenset()


class FailingTracer:
    def __init__(self, name: str) -> None:
        self._name = name
        self._real = TracerProvider().get_tracer("real")

    def start_span(self, *args: Any, **kwargs: Any) -> trace.Span:
        if self._name == "start_span":
            _boom()
        return FailingSpan(self._real.start_span(*args, **kwargs), self._name)  # type: ignore[abstract]  # its methods are set above


class FailingTracerProvider(trace.TracerProvider):
    def __init__(self, name: str) -> None:
        self._name = name

    def get_tracer(self, *_: Any, **__: Any) -> Any:
        return _boom() if self._name == "get_tracer" else FailingTracer(self._name)


@pytest.mark.parametrize("name", ["get_tracer", "start_span", *SPAN_METHODS])
def test_any_method_of_a_tracer_and_its_spans_may_raise(
    sandbox: Sandbox,
    expected: list[object],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    provider = FailingTracerProvider(name)
    with _global(monkeypatch, "_TRACER_PROVIDER", provider):
        assert outcomes(sandbox) == expected
        assert not trace.get_current_span().get_span_context().is_valid
        reported = [each for each in caplog.records if each.name == "pywats.telemetry"]
        called = name not in {"add_link", "update_name"}
        assert bool(reported) == called
        assert len({each.getMessage() for each in reported}) == len(reported)


METER_METHODS = ["get_meter", "create_histogram", "create_counter", "record", "add"]


@pytest.mark.parametrize("name", [*METER_METHODS, "create_observable_up_down_counter"])
def test_any_method_of_a_meter_and_its_instruments_may_raise(
    sandbox: Sandbox,
    expected: list[object],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    with _global(monkeypatch, "_METER_PROVIDER", Failing(MeterProvider(), name)):
        assert outcomes(sandbox) == expected
        assert [each.name for each in caplog.records].count("pywats.telemetry") >= 1


@contextmanager
def _global(monkeypatch: pytest.MonkeyPatch, name: str, provider: object) -> Iterator[None]:
    """Make a provider the global one, as the environment would have it."""
    known = instrumentation._GlobalProvider("loading a provider", lambda: provider, "sys", "")
    with monkeypatch.context() as patched:
        patched.setattr(instrumentation, name, known)
        patched.setattr(own_metrics, "_latest", (None, None))
        yield


@pytest.mark.parametrize("get", [_boom, iter(()).__next__])
def test_a_provider_that_cannot_be_loaded_is_looked_up_again_after_a_while(
    get: Callable[[], object], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    asked: list[float] = []
    there: list[object] = []

    def look_up() -> object:
        asked.append(now[0])
        return there[0] if there else get()

    provider = instrumentation._GlobalProvider("loading a provider", look_up, "sys", "")
    for now[0] in (100.0, 100.9, 101.0, 102.9, 103.0, 106.9):
        assert provider.find() is None
    there.append("set later")
    now[0] = 107.0
    assert provider.find() == provider.find() == "set later"
    assert asked == [100.0, 101.0, 103.0, 107.0, 107.0]
    assert len(told(caplog)) == 1


async def test_the_async_face_is_guarded_too(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("start_span", *SPAN_METHODS):
        with _global(monkeypatch, "_TRACER_PROVIDER", FailingTracerProvider(name)):
            async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
                with pytest.raises(NotFoundError, match="404"):
                    await api.product.get_product("missing")


def test_a_failure_is_logged_with_its_traceback_once(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[int] = []

    @guarded("counting to three")
    def count(number: int) -> None:
        ran.append(number)
        _boom()

    for number in range(3):
        count(number)
    assert ran == [0, 1, 2]
    (record,) = told(caplog)
    assert record.getMessage() == (
        "telemetry failed while counting to three, and the call goes on without it; further "
        "failures of this kind are not logged"
    )
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


def test_ctrl_c_and_exit_leave_a_guard() -> None:
    @guarded("waiting")
    def leave(error: type[BaseException]) -> None:
        raise error

    for error in (KeyboardInterrupt, SystemExit):
        with pytest.raises(error):
            leave(error)


def test_a_log_handler_that_fails_does_not_make_a_report_fail() -> None:
    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            del record
            _boom()
            return True

    handler = Broken()
    guard.logger.addHandler(handler)
    try:
        report("anything", ValueError())
    finally:
        guard.logger.removeHandler(handler)


def test_no_more_kinds_of_failures_are_remembered_than_a_few(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for number in range(1000):
        report(f"doing {number}", ValueError())
    assert len(told(caplog)) == len(guard._reported) == 256


ENVIRONMENT = [
    {name: value, **disabled}
    for name, value in (
        ("OTEL_PROPAGATORS", "b3-of-nobody"),
        ("OTEL_PROPAGATORS", "tracecontext,baggage,xray"),
        ("OTEL_PROPAGATORS", "none"),
        ("OTEL_PROPAGATORS", ",,"),
        ("OTEL_PYTHON_TRACER_PROVIDER", "some_tracer_provider"),
        ("OTEL_PYTHON_METER_PROVIDER", "some_meter_provider"),
        ("OTEL_PYTHON_CONTEXT", "some_context"),
        ("OTEL_TRACES_SAMPLER", "xray"),
    )
    for disabled in ({}, {"OTEL_SDK_DISABLED": "true"})
]
PROGRAM = """
from pywats import attach_context, correlation_id, inject_context, pyWATS
with pyWATS() as api:
    with correlation_id("job-42"), attach_context(inject_context()):
        print(api.product.create_product("A").part_number)
"""


@pytest.mark.parametrize("variables", ENVIRONMENT, ids=str)
def test_no_variable_of_opentelemetry_stops_a_program(
    sandbox: Sandbox, variables: dict[str, str]
) -> None:
    # What stands in for a propagator is traced by the test below.
    assert run_untraced(PROGRAM, **server(sandbox), **variables).out == ["A"]


def server(sandbox: Sandbox) -> dict[str, str]:
    """Return the variables that name a server, which saves the program the import of its own."""
    return {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}


HEADERS = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from pywats import pyWATS
trace.set_tracer_provider(TracerProvider())
with pyWATS() as api:
    for _ in range(2):
        api.product.create_product("A")
"""


@pytest.mark.parametrize(
    ("configured", "sent"), [("xray,tracecontext", True), ("xray", False), ("none", False)]
)
def test_a_propagator_that_is_missing_is_left_out(
    sandbox: Sandbox, configured: str, *, sent: bool
) -> None:
    run(HEADERS, OTEL_PROPAGATORS=configured, **server(sandbox))
    seen = [each.header("traceparent") is not None for each in sandbox.requests]
    assert seen == [sent, sent]


UNSET = """
from opentelemetry import metrics
from pywats.observability.instrumentation import GLOBAL, _UNSET_METER_PROVIDER
print(type(metrics.get_meter_provider()).__name__ == _UNSET_METER_PROVIDER)
print(GLOBAL.meter_provider(), GLOBAL.tracer())
"""


def test_the_private_class_of_a_provider_that_was_not_set_is_the_one_that_is_looked_for() -> None:
    assert run(UNSET).out == ["True", "None None"]
