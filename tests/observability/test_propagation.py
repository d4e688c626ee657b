"""A task joins the trace and the correlation id of whoever submitted it."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
from contextvars import Context, copy_context
from email.message import Message
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from django.http.request import HttpHeaders
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import TraceFlags
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import EnvironHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from pywats import (
    SyncServiceWrapper,
    attach_context,
    correlation_id,
    current_correlation_id,
    inject_context,
)
from pywats.observability import guard
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pywats.observability.carrier import Carrier

TRACE = "0af7651916cd43dd8448eb211c80319c"
JOINED = {"x-correlation-id": "a"}
REMOTE: dict[str, str] = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


class Service:
    async def call(self) -> str | None:
        return current_correlation_id()

    async def submit(self) -> dict[str, str]:
        return inject_context()


SERVICE = SyncServiceWrapper(Service(), name="s")


def elsewhere(carrier: dict[str, str]) -> str | None:
    """Make a call where nothing is set but what the carrier holds, as text."""

    def task() -> str | None:
        with attach_context(json.loads(json.dumps(carrier))):
            called: str | None = SERVICE.call()
            assert current_correlation_id() == called
        assert current_correlation_id() is None
        return called

    return Context().run(task)


def test_a_call_joins_the_trace(spans: Spans) -> None:
    with spans.provider.get_tracer("app").start_as_current_span("batch"):
        carrier = inject_context()
        here = current_correlation_id()
    assert carrier.keys() == {"traceparent", "x-correlation-id"}
    assert carrier["x-correlation-id"] == carrier["traceparent"].split("-")[1]
    assert elsewhere(carrier) == here
    assert spans.tree() == ["batch [INTERNAL UNSET]", "  s.call [INTERNAL UNSET]"]
    assert pickle.loads(pickle.dumps(carrier)) == carrier  # noqa: S301 - made here


def test_without_an_sdk_it_has_the_trace_id_all_the_same() -> None:
    assert elsewhere(REMOTE) == TRACE


def test_the_decision_not_to_sample_goes_along(trace_with: Callable[[Spans], Spans]) -> None:
    spans = trace_with(Spans(ALWAYS_OFF))
    with spans.provider.get_tracer("app").start_as_current_span("batch"):
        carrier = inject_context()
    assert int(carrier["traceparent"].rpartition("-")[2], 16) & TraceFlags.SAMPLED == 0
    assert elsewhere(carrier) == carrier["traceparent"].split("-")[1]


def test_an_id_of_the_users_own_goes_along_with_and_without_a_trace(
    trace_with: Callable[[Spans], Spans],
) -> None:
    with correlation_id("job-42"):
        assert inject_context() == {"x-correlation-id": "job-42"}
        assert elsewhere(inject_context()) == "job-42"
        spans = trace_with(Spans())
        with spans.provider.get_tracer("app").start_as_current_span("batch"):
            carrier = inject_context()
    assert carrier.keys() == {"traceparent", "x-correlation-id"}
    assert elsewhere(carrier) == "job-42"
    assert len(spans.trace_ids()) == 1
    assert dict(spans.named("s.call").attributes or {}) == {"pywats.correlation_id": "job-42"}


def test_from_inside_a_call_its_id_goes_along_even_if_it_was_made_here() -> None:
    carrier = SERVICE.submit()
    assert carrier.keys() == {"x-correlation-id"}
    assert elsewhere(carrier) == carrier["x-correlation-id"]


def test_outside_of_everything_there_is_nothing_to_carry() -> None:
    assert inject_context() == {}
    first, second = SERVICE.call(), SERVICE.call()
    assert first != second


def test_what_the_carrier_does_not_name_stays() -> None:
    outer = context.attach(baggage.set_baggage("line", "7"))
    try:
        with attach_context(REMOTE):
            assert baggage.get_baggage("line") == "7"
            with correlation_id("here"), attach_context({"unrelated": "header"}):
                assert current_correlation_id() == "here"
                assert format(trace.get_current_span().get_span_context().trace_id, "x") in TRACE
        assert not trace.get_current_span().get_span_context().is_valid
    finally:
        context.detach(outer)


def test_log_lines_of_the_task_carry_it(log_lines: list[str]) -> None:
    with attach_context(REMOTE | {"x-correlation-id": "job-42"}):
        logging.getLogger("task").info("begun")
    logging.getLogger("task").info("ended")
    assert log_lines == [f"job-42 {TRACE} task INFO begun", "- - task INFO ended"]


@pytest.mark.parametrize(
    "odd", ["a b", "a" * 129, "", None, 7, b"lot 7\r\nX: y", [], ["a b"], object()]
)
def test_an_id_that_is_not_valid_is_ignored_and_the_trace_is_joined(odd: object) -> None:
    with attach_context({**REMOTE, "x-correlation-id": odd}):
        assert current_correlation_id() == TRACE
        assert SERVICE.call() == TRACE
    assert current_correlation_id() is None


def test_an_id_that_is_not_valid_is_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_reported", set())
    for odd in ("a b", "c d"):
        with attach_context({"x-correlation-id": odd}):
            assert current_correlation_id() is None
    assert [
        (each.name, each.levelname, each.getMessage())
        for each in caplog.records
        if each.name == "pywats.telemetry"
    ] == [
        (
            "pywats.telemetry",
            "WARNING",
            "x-correlation-id='a b': must be 1 to 128 characters of A-Z a-z 0-9 . _ : / -. It is "
            "not used: calls have ids of their own",
        )
    ]


@pytest.mark.parametrize("traceparent", ["zz", "", None, b"\xff", "00-" + "0" * 32, [], 1.5])
def test_a_traceparent_that_is_not_valid_is_ignored(traceparent: object) -> None:
    with attach_context({"traceparent": traceparent, "x-correlation-id": "lot-7"}):
        assert current_correlation_id() == "lot-7"
        assert not trace.get_current_span().get_span_context().is_valid


def _message(carrier: dict[str, str]) -> Message:
    message = Message()
    for name, value in carrier.items():
        message[name] = value
    return message


CARRIERS: dict[str, Callable[[dict[str, str]], Carrier]] = {
    "as it is": lambda carrier: carrier,
    "title case": lambda carrier: {name.title(): value for name, value in carrier.items()},
    "upper case": lambda carrier: {name.upper(): value for name, value in carrier.items()},
    "WSGI, Django": lambda carrier: {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in carrier.items()
    },
    "bytes": lambda carrier: {name.encode(): value.encode() for name, value in carrier.items()},
    "Kafka": lambda carrier: [(name, value.encode()) for name, value in carrier.items()],
    "ASGI": lambda carrier: [(name.encode(), value.encode()) for name, value in carrier.items()],
    "lists": lambda carrier: {name: [value] for name, value in carrier.items()},
    "tuples": lambda carrier: {name: (value,) for name, value in carrier.items()},
    "Werkzeug": lambda carrier: WerkzeugHeaders(list(carrier.items())),
    "Werkzeug environ": lambda carrier: EnvironHeaders(
        {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in carrier.items()}
    ),
    "Starlette": StarletteHeaders,
    "httpx": httpx.Headers,
    "Django": lambda carrier: HttpHeaders(
        {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in carrier.items()}
    ),
    "http.server": _message,
}


@pytest.mark.parametrize("given", CARRIERS.values(), ids=CARRIERS)
def test_a_carrier_is_taken_as_frameworks_give_it(
    given: Callable[[dict[str, str]], Carrier],
) -> None:
    carrier = REMOTE | {"x-correlation-id": "lot-7", "tracestate": "a=1", "baggage": "line=7"}
    with attach_context(given(carrier)):
        span = trace.get_current_span().get_span_context()
        assert format(span.trace_id, "032x") == TRACE
        assert span.trace_state.get("a") == "1"
        assert baggage.get_baggage("line") == "7"
        assert current_correlation_id() == "lot-7"
    assert current_correlation_id() is None


@pytest.mark.parametrize("carrier", [None, {}, [], 7, [1, 2], ["ab"], "text", object()])
def test_a_carrier_that_cannot_be_read_changes_nothing(carrier: object) -> None:
    with attach_context(carrier):  # type: ignore[arg-type]  # what comes from outside may be anything
        assert current_correlation_id() is None


@pytest.mark.parametrize("join", [lambda: correlation_id("a"), lambda: attach_context(JOINED)])
def test_a_block_may_be_left_in_another_context(join: Callable[[], Any]) -> None:
    block = join()
    copy_context().run(block.__enter__)
    with correlation_id("here"):
        before = context.get_current()
        block.__exit__(None, None, None)
        assert current_correlation_id() == "here"
        assert context.get_current() is before


@pytest.mark.parametrize("join", [lambda: correlation_id("a"), lambda: attach_context(JOINED)])
async def test_a_generator_may_be_closed_by_another_task(join: Callable[[], Any]) -> None:
    async def lines() -> AsyncIterator[str | None]:
        with join():
            yield current_correlation_id()

    stream = lines()
    assert await asyncio.create_task(anext(stream)) == "a"  # type: ignore[arg-type]  # an awaitable is enough
    await asyncio.create_task(stream.aclose())  # type: ignore[attr-defined]  # an async generator
    assert current_correlation_id() is None


def test_what_the_block_has_attached_and_left_stays_without_the_id() -> None:
    before = context.get_current()
    with correlation_id("a"):
        context.attach(baggage.set_baggage("line", "7"))
    assert baggage.get_baggage("line") == "7"
    assert current_correlation_id() is None
    context.attach(before)


def test_the_id_goes_where_the_context_of_opentelemetry_goes() -> None:
    with correlation_id("job-42"):
        captured = context.get_current()

    def elsewhere() -> str | None:
        context.attach(captured)
        return current_correlation_id()

    assert Context().run(elsewhere) == "job-42"


def test_an_error_leaves_nothing_behind() -> None:
    with pytest.raises(KeyError), attach_context(REMOTE):
        raise KeyError
    assert current_correlation_id() is None
