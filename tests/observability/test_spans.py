"""What a span says of the end of its call, whatever the exception is like."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.instrumentation.utils import (
    suppress_http_instrumentation,
    suppress_instrumentation,
)
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import StatusCode

from pywats import AsyncWATS, RetryConfig, SyncConfig, SyncServiceWrapper, correlation_id
from pywats.errors import NotFoundError
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import Link, SpanKind, TraceState
    from opentelemetry.util.types import Attributes

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from tests.observability.measuring import Measurements

ROUTE = "GET /api/Product/{partNumber}"


class Raising:
    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.calls = 0

    async def call(self) -> None:
        self.calls += 1
        raise self.error


class BrokenStr(ConnectionError):
    def __str__(self) -> str:
        raise AttributeError("'NoneType' object has no attribute 'status'")


class BrokenRepr(ConnectionError):
    def __repr__(self) -> str:
        raise AttributeError("'NoneType' object has no attribute 'status'")


class StrOfNoText(ConnectionError):
    def __str__(self) -> str:
        return 7  # type: ignore[return-value]  # noqa: PLE0307 - what a mock may return


class BrokenNotes(ConnectionError):
    @property
    def __notes__(self) -> list[str]:  # type: ignore[override]  # a class may do so
        raise AttributeError("no notes")


class OddModule(ConnectionError):
    __module__ = None  # type: ignore[assignment]  # a class may say so


ODD = [BrokenStr, BrokenRepr, StrOfNoText, BrokenNotes, OddModule]


@pytest.mark.parametrize("retried", [False, True])
@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("kind", ODD)
def test_an_odd_exception_is_raised_as_it_is_and_retried(
    kind: type[ConnectionError],
    trace_with: Callable[[Spans], Spans],
    caplog: pytest.LogCaptureFixture,
    *,
    traced: bool,
    retried: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    spans = Spans()
    if traced:
        trace_with(spans)
    wrapped = Raising(kind())
    config = SyncConfig(retry_enabled=retried, retry=RetryConfig(max_retries=2, max_backoff=0.01))
    with pytest.raises(kind) as raised:
        SyncServiceWrapper(wrapped, config, name="w").call()
    assert raised.value is wrapped.error
    assert raised.value.__context__ is None
    assert wrapped.calls == (3 if retried else 1)
    if traced:
        span = spans.named("w.call")
        assert span.status.status_code is StatusCode.ERROR
        (exception,) = [event for event in span.events if event.name == "exception"]
        assert set(exception.attributes or {}) == {
            "exception.type",
            "exception.message",
            "exception.stacktrace",
            "exception.escaped",
        }
    assert [each for each in caplog.records if each.name == "pywats.telemetry"] == []


def test_the_text_of_an_exception_whose_str_fails_says_so(spans: Spans) -> None:
    with pytest.raises(BrokenStr):
        SyncServiceWrapper(Raising(BrokenStr()), name="w").call()
    span = spans.named("w.call")
    assert span.status.description == "BrokenStr: <unprintable BrokenStr object>"
    (event,) = span.events
    assert (event.attributes or {})["exception.message"] == "<unprintable BrokenStr object>"


@pytest.mark.parametrize(
    "error", [SystemExit(0), SystemExit(1), KeyboardInterrupt(), GeneratorExit()], ids=repr
)
def test_an_end_that_is_not_a_failure_is_not_an_error(
    error: BaseException, spans: Spans, measurements: Measurements
) -> None:
    with pytest.raises(type(error)):
        SyncServiceWrapper(Raising(error), name="w").call()
    assert spans.tree() == [
        "w.call [INTERNAL UNSET]",
        f"  * interrupted: exception.type={type(error).__name__}",
    ]
    (point,) = measurements.histogram("pywats.client.call.duration")
    assert dict(point.attributes or {}) == {"pywats.call": "w.call"}


async def test_a_cancelled_request_is_not_an_error(sandbox: Sandbox, spans: Spans) -> None:
    async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
        task = asyncio.create_task(api.product.get_product("A"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [line for line in spans.tree() if "ERROR" in line] == []


@pytest.mark.parametrize("text", ["x" * 5_000_000, "é" * 5_000_000, "\udce9" * 1_000_000])
def test_a_huge_message_makes_a_small_span(text: str, spans: Spans) -> None:
    inner = ValueError(text)
    error = ConnectionError(text)
    error.__cause__ = inner
    with pytest.raises(ConnectionError):
        SyncServiceWrapper(Raising(error), name="w").call()
    span = spans.named("w.call")
    values = [span.status.description, *(span.attributes or {}).values()]
    values += [value for event in span.events for value in (event.attributes or {}).values()]
    assert sum(len(str(value)) for value in values) < 200_000


def test_a_deep_traceback_makes_a_small_span(spans: Spans) -> None:
    def even(depth: int) -> None:
        odd(depth - 1)

    def odd(depth: int) -> None:
        if depth <= 0:
            raise ConnectionError("deep")
        even(depth - 1)

    class Deep:
        async def call(self) -> None:
            even(700)

    with pytest.raises(ConnectionError):
        SyncServiceWrapper(Deep(), name="w").call()
    (event,) = spans.named("w.call").events
    stacktrace = str((event.attributes or {})["exception.stacktrace"])
    assert len(stacktrace) < 70_000
    assert stacktrace.endswith("ConnectionError: deep\ncorrelation_id=" + _trace_id(spans) + "\n")


def _trace_id(spans: Spans) -> str:
    (trace_id,) = spans.trace_ids()
    return trace_id


class ByAttribute(Sampler):
    """Samples what has an attribute at the start."""

    def __init__(self, name: str) -> None:
        self._name = name

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        del parent_context, trace_id, name, kind, links, trace_state
        keep = self._name in (attributes or {})
        return SamplingResult(
            Decision.RECORD_AND_SAMPLE if keep else Decision.DROP, attributes=attributes
        )

    def get_description(self) -> str:
        return f"has {self._name}"


def test_a_sampler_sees_the_users_own_id(trace_with: Callable[[Spans], Spans]) -> None:
    spans = trace_with(Spans(ByAttribute("pywats.correlation_id")))
    wrapped = SyncServiceWrapper(Raising(KeyError("a")), name="w")
    with pytest.raises(KeyError):
        wrapped.call()
    with correlation_id("debug-4711"), pytest.raises(KeyError):
        wrapped.call()
    assert [dict(span.attributes or {})["pywats.correlation_id"] for span in spans.finished] == [
        "debug-4711"
    ]


@pytest.mark.parametrize("name", ["url.full", "http.request.method", "url.template"])
def test_a_sampler_sees_the_request(
    api: pyWATS, trace_with: Callable[[Spans], Spans], name: str
) -> None:
    spans = trace_with(Spans(ByAttribute(name)))
    with pytest.raises(NotFoundError):
        api.product.get_product("missing")
    assert [span.name for span in spans.finished] == [ROUTE]


@pytest.mark.parametrize(
    ("suppress", "left"),
    [
        (suppress_instrumentation, []),
        (suppress_http_instrumentation, ["pywats.product.get_product"]),
    ],
)
def test_suppressed_instrumentation_leaves_no_span_and_no_metric(
    api: pyWATS,
    spans: Spans,
    measurements: Measurements,
    suppress: Callable[[], Any],
    left: list[str],
) -> None:
    with suppress(), pytest.raises(NotFoundError) as raised:
        api.product.get_product("missing")
    assert raised.value.correlation_id is not None
    assert [span.name for span in spans.finished] == left
    assert measurements.histogram("http.client.request.duration") == []
    assert len(measurements.histogram("pywats.client.call.duration")) == len(left)


def test_a_call_inside_an_attempt_has_its_own_client_span(
    api: pyWATS, spans: Spans, sandbox: Sandbox
) -> None:
    """The key that keeps instrumentations of httpx quiet is not taken for the application's."""

    class Nested(logging.Handler):
        nested = False

        def emit(self, record: logging.LogRecord) -> None:
            if not self.nested and "Product" in record.getMessage():
                self.nested = True
                with pytest.raises(NotFoundError):
                    api.product.get_product("inner")

    logger = logging.getLogger("pywats.http")
    handler = Nested()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with pytest.raises(NotFoundError):
            api.product.get_product("outer")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert len(sandbox.requests) == 2
    assert [span.name for span in spans.finished].count(ROUTE) == 2
