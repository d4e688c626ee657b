"""The course of a call, over coroutines that need no network."""

from __future__ import annotations

import pickle
import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor

import pywats.sync.engine.engine
from pywats import RetryConfig, SyncConfig, SyncServiceWrapper, correlation_id
from pywats.errors import CallClosedError, CallTimeoutError, StopReason, WATSClosedError
from pywats.sync import Call, DirectRunner, Engine, Limit, SuspendedError, current_call
from tests.clock import ManualClock
from tests.sync.flaky import Flaky, engine, retrying, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan

    from tests.tracing import Spans


def test_a_call_returns_what_the_coroutine_returns_and_leaves_no_state() -> None:
    service = Flaky()
    assert wrap(service, engine()).work("value") == "value"
    assert current_call() is None


def test_retries_wait_the_backoff_and_keep_one_identity() -> None:
    clock = ManualClock()
    service = Flaky(TimeoutError("one"), ConnectionError("two"))
    assert wrap(service, engine(retrying(), clock)).work() == "done"
    assert clock.waits == [2.0, 4.0]
    assert service.attempts_seen == [1, 2, 3]
    assert len({id(call) for call in service.calls}) == 1


def test_every_attempt_is_kept_with_the_time_it_took() -> None:
    clock = ManualClock()
    took = [0.5, 3.0]

    class Slow(Flaky):
        async def work(self, value: str = "done") -> str:
            clock.now += took[len(self.attempts_seen)]
            return await super().work(value)

    with pytest.raises(TimeoutError) as caught:
        wrap(Slow(TimeoutError(), TimeoutError()), engine(retrying(max_retries=1), clock)).work()
    facts = vars(caught.value)
    assert [attempt.duration for attempt in facts["attempts"]] == [0.5, 3.0]
    assert facts["elapsed"] == 5.5


def test_what_cannot_be_repeated_is_not_retried() -> None:
    service = Flaky(TimeoutError())
    with pytest.raises(TimeoutError) as caught:
        engine(retrying()).run("once", service.work, repeatable=False)
    assert service.attempts_seen == [1]
    assert vars(caught.value)["stop_reason"] is StopReason.RETRY_DISABLED


def test_an_unsafe_request_that_was_sent_ends_the_call() -> None:
    class Unsafe(Flaky):
        async def work(self, value: str = "done") -> str:
            call = current_call()
            assert call is not None
            call.unsafe_request_sent = True
            return await super().work(value)

    service = Unsafe(TimeoutError())
    with pytest.raises(TimeoutError) as caught:
        wrap(service, engine(retrying())).work()
    assert service.attempts_seen == [1]
    assert vars(caught.value)["stop_reason"] is StopReason.UNSAFE_TO_REPEAT


def test_retries_are_off_unless_switched_on() -> None:
    service = Flaky(TimeoutError("one"))
    with pytest.raises(TimeoutError) as caught:
        wrap(service, engine(SyncConfig(retry=RetryConfig(max_retries=5)))).work()
    assert vars(caught.value)["stop_reason"] is StopReason.RETRY_DISABLED
    assert service.attempts_seen == [1]


def test_the_last_error_leaves_with_the_facts_of_the_call() -> None:
    last = CallTimeoutError("the third")
    service = Flaky(TimeoutError("one"), ConnectionError("two"), last)
    clock = ManualClock()
    with pytest.raises(CallTimeoutError) as caught:
        wrap(service, engine(retrying(max_retries=2), clock)).work()
    assert caught.value is last
    assert [(a.number, a.error, a.status, a.waited) for a in last.attempts] == [
        (1, "TimeoutError", None, 0.0),
        (2, "ConnectionError", None, 2.0),
        (3, "CallTimeoutError", None, 4.0),
    ]
    assert last.elapsed == 6.0
    assert last.stop_reason is StopReason.RETRIES_EXHAUSTED
    assert str(last) == (
        "the third [3 attempts in 6.00 s; stopped: retries_exhausted; "
        f"correlation_id={last.correlation_id}]"
    )


def test_a_foreign_exception_keeps_its_class_and_gets_id_and_note() -> None:
    class Own(Exception):
        pass

    with pytest.raises(Own) as caught:
        wrap(Flaky(Own("mine")), engine()).work()
    facts = vars(caught.value)
    assert len(facts["correlation_id"]) == 32
    assert caught.value.__notes__ == [f"correlation_id={facts['correlation_id']}"]
    assert str(caught.value) == "mine"


def test_an_exception_without_room_for_attributes_still_gets_the_note() -> None:
    class Sealed(Exception):
        @property
        def correlation_id(self) -> str:
            return "its own"

    with pytest.raises(Sealed) as caught:
        wrap(Flaky(Sealed()), engine()).work()
    assert caught.value.correlation_id == "its own"
    assert [note[:15] for note in caught.value.__notes__] == ["correlation_id="]


def test_the_same_exception_raised_through_nested_calls_has_one_note() -> None:
    inner = wrap(Flaky(ValueError("deep")), engine())

    class Outer:
        async def work(self) -> str:
            result: str = inner.work()
            return result

    with pytest.raises(ValueError, match="deep") as caught:
        SyncServiceWrapper(Outer(), runner=DirectRunner()).work()
    assert len(caught.value.__notes__) == 1


def test_an_exception_that_is_raised_again_has_the_note_of_its_last_call() -> None:
    lost = ConnectionError("lost")
    theirs = ["seen by the driver", "correlation_id=theirs"]
    for note in theirs:
        lost.add_note(note)
    for job in ("job-1", "job-2", "job-2"):
        with pytest.raises(ConnectionError), correlation_id(job):
            wrap(Flaky(lost), engine()).work()
        assert lost.__notes__ == [*theirs, f"correlation_id={job}"]
    # Read back from a pickle, the note is text as any other, and needs no pywats.
    read = pickle.loads(pickle.dumps(lost))  # noqa: S301 - made here
    assert read.__notes__ == lost.__notes__
    assert {type(note) for note in read.__notes__} == {str}
    lost.add_note("seen by the program")
    with pytest.raises(ConnectionError), correlation_id("job-3"):
        wrap(Flaky(lost), engine()).work()
    assert lost.__notes__ == [*theirs, "seen by the program", "correlation_id=job-3"]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_leaves_at_once_and_is_never_retried(
    interrupt: type[BaseException],
) -> None:
    clock = ManualClock()
    service = Flaky(interrupt())
    with pytest.raises(interrupt) as caught:
        wrap(service, engine(retrying(), clock)).work()
    assert clock.waits == []
    assert len(caught.value.__notes__) == 1


def test_a_call_after_close_raises_and_names_itself() -> None:
    on = engine()
    service = Flaky()
    wrapper = wrap(service, on)
    on.close()
    on.close()
    assert on.closed
    with pytest.raises(CallClosedError, match=r"flaky\.work was called after close"):
        wrapper.work()
    assert service.calls == []


def test_close_ends_a_wait_with_the_error_that_was_being_waited_out() -> None:
    # After the wait, a second attempt would succeed.
    close = threading.Timer(0.05, lambda: on.close())  # noqa: PLW0108 - made below
    on = Engine(retrying(backoff=50.0, on_retry=lambda _: close.start()), DirectRunner())
    service = Flaky(TimeoutError("slow"))
    with pytest.raises(TimeoutError, match="slow") as caught:
        wrap(service, on).work()
    assert vars(caught.value)["stop_reason"] is StopReason.CLOSED
    assert service.attempts_seen == [1]


def test_a_plain_function_and_the_last_step_of_a_task_are_no_calls(spans: Spans) -> None:
    released: list[Call | None] = []

    async def release() -> None:
        released.append(current_call())

    on = engine()
    _, task = on.one_task(release)
    on.close()
    assert on.run_plain("plain", lambda: current_call()) is None  # noqa: PLW0108 - as it is called there
    task.end("giving back")
    assert released == [None]
    assert spans.finished == ()


@pytest.mark.parametrize("event", ["call", "c_return"])
def test_ctrl_c_at_any_moment_of_close_leaves_an_engine_that_can_be_closed(event: str) -> None:
    """Ctrl-C is seen where a profiler is called; see ``tests/faults/programs/sweep.py``."""
    moment = count = 0

    def interrupt(_: object, what: str, __: object) -> None:
        nonlocal count
        count += what == event
        if count == moment:
            sys.setprofile(None)
            raise KeyboardInterrupt

    while count == moment:
        moment, count = moment + 1, 0
        made = engine()
        sys.setprofile(interrupt)
        try:
            made.close()
        except KeyboardInterrupt:
            again = threading.Thread(target=made.close, daemon=True)
            again.start()
            again.join(60)
            assert not again.is_alive()
        finally:
            sys.setprofile(None)
        assert made.closed
    assert moment > 1


def test_engines_made_from_one_another_close_together() -> None:
    on = engine()
    other = on.reconfigured(SyncConfig(timeout=1))
    on.close()
    assert other.closed


def test_the_attempt_limit_is_the_timeout_or_the_nearer_deadline() -> None:
    clock = ManualClock()
    config = SyncConfig(
        timeout=5,
        deadline=timedelta(seconds=9),
        retry_enabled=True,
        retry=RetryConfig(max_backoff=6),
    )
    limits: list[tuple[float, float, str]] = []

    class Service:
        async def work(self) -> None:
            call = current_call()
            assert call is not None
            assert call.limit is not None
            limit = call.limit
            limits.append((limit.expires_at - clock.now, limit.seconds, limit.scope))
            clock.now += 2
            if len(limits) == 1:
                raise TimeoutError

    SyncServiceWrapper(Service(), engine=engine(config, clock)).work()
    # 9 s less one attempt of 2 s and one wait of 2 s leave 5 s: the two limits meet, and the
    # deadline is the one that is named.
    assert limits == [(5.0, 5.0, "attempt"), (5.0, 9.0, "deadline")]


def test_without_timeout_and_deadline_there_is_no_limit() -> None:
    service = Flaky()
    wrap(service, engine(SyncConfig(timeout=None))).work()
    assert service.calls[0].limit is None


def test_a_wait_past_the_deadline_fails_at_once() -> None:
    clock = ManualClock()
    config = SyncConfig(deadline=1, retry_enabled=True)
    with pytest.raises(TimeoutError) as caught:
        wrap(Flaky(TimeoutError()), engine(config, clock)).work()
    assert clock.waits == []
    assert vars(caught.value)["stop_reason"] is StopReason.DEADLINE


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (None, Limit(1003.0, 3.0, "deadline")),
        (1.0, Limit(1002.0, 1.0, "deadline")),
        # Where the two end together, it is its own that is named.
        (2.0, Limit(1003.0, 2.0, "deadline")),
        (10.0, Limit(1003.0, 3.0, "deadline")),
    ],
)
def test_a_nested_call_ends_with_the_attempt_that_made_it(
    own: float | None, expected: Limit
) -> None:
    clock = ManualClock()
    inner = Flaky()
    nested = wrap(inner, engine(SyncConfig(timeout=None, deadline=own), clock))

    class Outer:
        async def work(self) -> None:
            clock.now += 1
            nested.work()

    SyncServiceWrapper(Outer(), engine=engine(SyncConfig(timeout=3), clock)).work()
    assert inner.calls[0].limit == expected


def test_a_coroutine_that_suspends_is_named_and_closed() -> None:
    closed: list[bool] = []

    class Waiting:
        def __await__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - a bare awaitable
            yield self

    class Service:
        async def wait(self) -> None:
            try:
                await Waiting()
            finally:
                closed.append(True)

    with pytest.raises(SuspendedError) as caught:
        SyncServiceWrapper(Service(), name="svc", runner=DirectRunner()).wait()
    assert str(caught.value).startswith("svc.wait suspended (it awaits Waiting)")
    assert "PortalRunner" in str(caught.value)
    assert closed == [True]


def test_an_awaitable_without_close_is_only_named() -> None:
    class Bare:
        def __await__(self) -> Iterator[int]:
            return iter([1])

    with pytest.raises(SuspendedError, match="it awaits int"):
        DirectRunner().run("bare", Bare)  # type: ignore[arg-type]  # an awaitable of the simplest kind


def test_ids_are_new_for_each_root_call_and_shared_by_nested_ones() -> None:
    inner = Flaky()
    nested = wrap(inner, engine())
    seen: list[str | None] = []

    class Outer:
        async def work(self) -> None:
            call = current_call()
            assert call is not None
            seen.append(call.correlation_id)
            nested.work()

    outer = SyncServiceWrapper(Outer(), runner=DirectRunner())
    outer.work()
    outer.work()
    ids = [call.correlation_id for call in inner.calls]
    assert ids == seen
    assert len(set(ids)) == 2


def test_an_id_of_the_user_wins_and_the_trace_id_stays_of_its_form() -> None:
    service = Flaky()
    with correlation_id("job-42"):
        wrap(service, engine()).work()
    (call,) = service.calls
    assert call.correlation_id == "job-42"
    assert call.trace_id is not None
    assert len(call.trace_id) == 32


def test_correlation_ids_can_be_switched_off() -> None:
    service = Flaky(ValueError("x"))
    with pytest.raises(ValueError, match="x") as caught:
        wrap(service, engine(SyncConfig(correlation_id_enabled=False))).work()
    assert service.calls[0].correlation_id is None
    assert vars(caught.value)["correlation_id"] is None
    assert not hasattr(caught.value, "__notes__")


def test_the_span_tree_tells_the_whole_story(spans: Spans, log_lines: list[str]) -> None:
    service = Flaky(
        CallTimeoutError("slow", limit=0.5, phase="read"),
        TimeoutError(),
        ConnectionError("two\nlines"),
    )
    with pytest.raises(ConnectionError):
        wrap(service, engine(retrying(max_retries=2))).work()
    assert spans.tree() == [
        "flaky.work [INTERNAL ERROR error.type=ConnectionError]",
        "  * timeout: error.type=pywats.errors.CallTimeoutError, limit=0.5, phase=read, "
        "scope=attempt",
        "  * retry: attempt=1, delay=2.0, error.type=pywats.errors.CallTimeoutError, "
        "reason=timeout",
        "  * timeout: error.type=TimeoutError",
        "  * retry: attempt=2, delay=4.0, error.type=TimeoutError, reason=timeout",
        "  * retry_given_up: attempts=3, stop_reason=retries_exhausted",
        "  * exception: exception.type=ConnectionError",
    ]
    (trace_id,) = spans.trace_ids()
    start = f"{trace_id} {trace_id} pywats.sync WARNING flaky.work: "
    assert log_lines == [
        start + "attempt 1 failed (CallTimeoutError: slow), next attempt in 2 s",
        start + "attempt 2 failed (TimeoutError()), next attempt in 4 s",
        f"{trace_id} {trace_id} pywats.call WARNING flaky.work failed in 6 s, 3 attempts "
        "(retries_exhausted): ConnectionError: two lines",
    ]


def test_an_error_that_was_never_going_to_be_retried_has_one_line(
    spans: Spans, log_lines: list[str]
) -> None:
    with pytest.raises(ValueError, match="x"):
        wrap(Flaky(ValueError("x")), engine(retrying())).work()
    assert spans.tree() == [
        "flaky.work [INTERNAL ERROR error.type=ValueError]",
        "  * exception: exception.type=ValueError",
    ]
    (trace_id,) = spans.trace_ids()
    assert log_lines == [
        f"{trace_id} {trace_id} pywats.call INFO flaky.work failed in 0 s, 1 attempt: ValueError: x"
    ]


def test_a_permanent_error_after_a_retry_ends_the_retrying(spans: Spans) -> None:
    with pytest.raises(ValueError, match="x"):
        wrap(Flaky(TimeoutError(), ValueError("x")), engine(retrying())).work()
    assert "  * retry_given_up: attempts=2, stop_reason=not_retryable" in spans.tree()


def test_the_id_of_the_user_is_an_attribute_of_the_span(spans: Spans) -> None:
    with correlation_id("job-42"):
        wrap(Flaky(), engine()).work()
    span = spans.named("flaky.work")
    assert dict(span.attributes or {}) == {"pywats.correlation_id": "job-42"}
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "pywats"


class InterruptedOnce(SpanProcessor):
    """Ctrl-C that comes while the first span ends."""

    def __init__(self) -> None:
        self.to_come = True

    def on_end(self, span: ReadableSpan) -> None:  # noqa: ARG002 - whichever span it is
        if self.to_come:
            self.to_come = False
            raise KeyboardInterrupt


def test_ctrl_c_at_the_very_end_leaves_no_state_behind(spans: Spans) -> None:
    spans.provider.add_span_processor(InterruptedOnce())
    service = wrap(Flaky(), engine())
    with pytest.raises(KeyboardInterrupt):
        service.work()
    assert current_call() is None
    assert not trace.get_current_span().get_span_context().is_valid
    assert service.work() == "done"
    assert len(spans.trace_ids()) == 2


def failing_in(file: str) -> Exception:
    code = compile("raise LookupError('x')", file, "exec")
    with pytest.raises(LookupError) as caught:
        exec(code)  # noqa: S102 - code of a file with that name
    return caught.value


def failing_after(cause: Exception) -> Exception:
    error = LookupError("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        LookupError("caf\udce9"),
        failing_after(OSError("caf\udce9")),
        failing_in("caf\udce9.py"),
    ],
)
def test_a_traceback_that_is_no_utf_8_is_recorded_escaped(spans: Spans, error: Exception) -> None:
    with pytest.raises(LookupError):
        wrap(Flaky(error), engine()).work()
    (event,) = spans.finished[0].events
    attributes = event.attributes or {}
    assert r"caf\udce9" in str(attributes["exception.stacktrace"])
    assert attributes["exception.message"] == str(error).replace("\udce9", r"\udce9")
    assert attributes["exception.type"] == "LookupError"


def test_a_closed_engine_raises_the_class_that_it_was_given(spans: Spans) -> None:
    for kind in (CallClosedError, WATSClosedError):
        on = Engine(SyncConfig(), DirectRunner(), closed_error=kind)
        on.close()
        with pytest.raises(CallClosedError) as caught:
            wrap(Flaky(), on).work()
        assert type(caught.value) is kind
    assert not spans.finished


def test_a_call_while_the_interpreter_shuts_down_is_refused(
    monkeypatch: pytest.MonkeyPatch, spans: Spans
) -> None:
    monkeypatch.setattr("pywats.sync.engine.engine.finalizing", lambda: True)
    service = Flaky()
    with pytest.raises(CallClosedError, match="was called while the interpreter shuts down"):
        wrap(service, engine()).work()
    assert service.attempts_seen == []
    assert spans.tree() == []


def test_ctrl_c_as_a_call_is_put_away_leaves_no_state_behind(
    monkeypatch: pytest.MonkeyPatch, spans: Spans
) -> None:
    def interrupted(*arguments: Any) -> None:
        restored.append(arguments)
        if len(restored) == 1:
            raise KeyboardInterrupt
        restore(*arguments)

    restored: list[object] = []
    restore = getattr(pywats.sync.engine.engine, "_restore")  # noqa: B009 - private, and replaced
    monkeypatch.setattr("pywats.sync.engine.engine._restore", interrupted)
    with pytest.raises(KeyboardInterrupt):
        wrap(Flaky(), engine()).work()
    assert len(restored) == 2
    assert current_call() is None
    assert not trace.get_current_span().get_span_context().is_valid
    assert len(spans.finished) == 1
