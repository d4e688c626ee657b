from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from opentelemetry import context, trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from pywats import SyncServiceWrapper, correlation_id, current_correlation_id
from pywats.sync import Call, current_call
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import Callable


class Service:
    async def call(self) -> Call:
        call = current_call()
        assert call is not None
        return call


SERVICE = SyncServiceWrapper(Service(), name="s")


def is_hex_id(text: str | None) -> bool:
    return text is not None and len(text) == 32 and int(text, 16) > 0 and text == text.lower()


@pytest.mark.parametrize(
    "text", ["", "a" * 129, "job 42", "job\n42", "job\r\nX-Evil: 1", "æ", "a\x00b", 'a"b', "a,b"]
)
def test_an_id_that_could_forge_a_line_or_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"correlation_id=.*must be 1 to 128 characters"):
        correlation_id(text).__enter__()


def test_a_long_id_is_not_repeated_whole_in_the_error() -> None:
    with pytest.raises(ValueError, match="…") as caught:
        correlation_id("x" * 10_000).__enter__()
    assert len(str(caught.value)) < 200


def test_an_id_must_be_text() -> None:
    with pytest.raises(TypeError, match="correlation_id=42: must be a string, not int"):
        correlation_id(42).__enter__()  # type: ignore[arg-type]  # the mistake under test


def test_the_innermost_id_is_in_effect_and_leaves_with_its_block() -> None:
    assert current_correlation_id() is None
    with correlation_id("outer") as outer:
        assert outer == "outer"
        with correlation_id("inner:1/2.3-4_5"):
            assert current_correlation_id() == "inner:1/2.3-4_5"
        assert current_correlation_id() == "outer"
    assert current_correlation_id() is None


def test_another_thread_does_not_see_the_id() -> None:
    seen: list[str | None] = []
    with correlation_id("here"):
        thread = threading.Thread(target=lambda: seen.append(current_correlation_id()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_without_a_tracer_the_id_has_the_form_of_a_trace_id() -> None:
    call = SERVICE.call()
    assert is_hex_id(call.correlation_id)
    assert call.correlation_id == call.trace_id


def test_with_a_tracer_the_id_is_the_trace_id(spans: Spans) -> None:
    call = SERVICE.call()
    assert spans.trace_ids() == {call.correlation_id}


def test_a_call_inside_an_outer_span_joins_its_trace(spans: Spans) -> None:
    tracer = spans.provider.get_tracer("app")
    with tracer.start_as_current_span("request"):
        outer_id = current_correlation_id()
        ids = {SERVICE.call().correlation_id, SERVICE.call().correlation_id}
    assert ids == {outer_id}
    assert spans.trace_ids() == {outer_id}
    assert spans.tree() == [
        "request [INTERNAL UNSET]",
        "  s.call [INTERNAL UNSET]",
        "  s.call [INTERNAL UNSET]",
    ]


def test_an_unsampled_call_has_its_trace_id_all_the_same(
    trace_with: Callable[[Spans], Spans],
) -> None:
    spans = trace_with(Spans(ALWAYS_OFF))
    call = SERVICE.call()
    assert spans.finished == ()
    assert is_hex_id(call.correlation_id)
    assert call.correlation_id == format(call.span.get_span_context().trace_id, "032x")
    assert not call.span.get_span_context().trace_flags.sampled


def test_a_remote_parent_gives_its_trace_id_even_without_an_sdk() -> None:
    remote = SpanContext(
        trace_id=0x5B8EFFF798038103D269B633813FC60C,
        span_id=0xEEE19B7EC3C1B174,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    token = context.attach(trace.set_span_in_context(NonRecordingSpan(remote)))
    try:
        call = SERVICE.call()
    finally:
        context.detach(token)
    assert call.correlation_id == "5b8efff798038103d269b633813fc60c"
