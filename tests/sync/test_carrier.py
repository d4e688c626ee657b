"""A task joins the trace and the correlation id of whoever submitted it."""

from __future__ import annotations

import json
import logging
import pickle
from contextvars import Context
from typing import TYPE_CHECKING

import pytest
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import TraceFlags

from pywats import (
    SyncServiceWrapper,
    attach_context,
    correlation_id,
    current_correlation_id,
    inject_context,
)
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import Callable

TRACE = "0af7651916cd43dd8448eb211c80319c"
REMOTE = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


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
    assert carrier.keys() == {"traceparent"}
    assert elsewhere(carrier) == here
    assert spans.tree() == ["batch [INTERNAL UNSET]", "  pywats.s.call [INTERNAL UNSET]"]
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
    assert dict(spans.named("pywats.s.call").attributes or {}) == {
        "pywats.correlation_id": "job-42"
    }


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


def test_a_forged_id_is_refused_and_leaves_nothing_behind() -> None:
    with pytest.raises(ValueError, match="correlation_id='a b': must be"):
        attach_context(REMOTE | {"x-correlation-id": "a b"}).__enter__()
    assert current_correlation_id() is None


def test_an_error_leaves_nothing_behind() -> None:
    with pytest.raises(KeyError), attach_context(REMOTE):
        raise KeyError
    assert current_correlation_id() is None
