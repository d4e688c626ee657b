"""`no_backoff`: the waits go, everything else stays."""

from __future__ import annotations

import contextvars
import threading
import time

import pytest

from pywats import SyncConfig
from pywats.errors import RateLimitError, StopReason
from pywats.sync import DirectRunner, Engine
from pywats.testing import no_backoff
from tests.clock import ManualClock
from tests.sync.flaky import Flaky, engine, retrying, wrap


def test_nothing_is_waited_for_but_as_many_attempts_are_made() -> None:
    clock = ManualClock()
    service = Flaky(TimeoutError(), TimeoutError(), TimeoutError("last"))
    with no_backoff(), pytest.raises(TimeoutError, match="last") as caught:
        wrap(service, engine(retrying(max_retries=2), clock)).work()
    assert service.attempts_seen == [1, 2, 3]
    assert clock.waits == [0.0, 0.0]
    assert [attempt.waited for attempt in vars(caught.value)["attempts"]] == [0.0, 0.0, 0.0]
    wrap(Flaky(TimeoutError()), engine(retrying(), clock)).work()
    assert clock.waits == [0.0, 0.0, 2.0]


def test_the_delay_that_is_left_out_is_still_decided_and_recorded() -> None:
    delays: list[float] = []
    config = retrying(on_retry=lambda event: delays.append(event.delay))
    with no_backoff():
        wrap(Flaky(TimeoutError(), TimeoutError()), engine(config)).work()
    assert delays == [2.0, 4.0]


def test_what_is_decided_is_what_would_be_decided_in_production() -> None:
    config = SyncConfig(deadline=1, retry_enabled=True)
    with no_backoff(), pytest.raises(TimeoutError) as caught:
        wrap(Flaky(TimeoutError()), engine(config)).work()
    assert vars(caught.value)["stop_reason"] is StopReason.DEADLINE
    error = RateLimitError("x", status=429, retry_after=61)
    with no_backoff(), pytest.raises(RateLimitError):
        wrap(Flaky(error), engine(retrying())).work()
    assert error.stop_reason is StopReason.RETRY_AFTER_TOO_LONG


def test_the_budget_is_not_charged() -> None:
    on = engine(retrying(max_retries=100))
    with no_backoff():
        assert wrap(Flaky(*[TimeoutError()] * 100), on).work() == "done"


def test_closing_still_ends_the_call() -> None:
    on: Engine = engine(retrying(on_retry=lambda _: on.close()))
    with no_backoff(), pytest.raises(TimeoutError) as caught:
        wrap(Flaky(TimeoutError()), on).work()
    assert vars(caught.value)["stop_reason"] is StopReason.CLOSED


def test_the_block_ends_with_an_exception_too() -> None:
    clock = ManualClock()
    with pytest.raises(LookupError), no_backoff():
        raise LookupError
    wrap(Flaky(TimeoutError()), engine(retrying(), clock)).work()
    assert clock.waits == [2.0]


def test_another_thread_waits_unless_it_runs_in_a_copy_of_the_context() -> None:
    clock = ManualClock()

    def work() -> None:
        wrap(Flaky(TimeoutError()), engine(retrying(), clock)).work()

    with no_backoff():
        # An empty context, as a thread of any version has whose context nobody chose.
        plain = threading.Thread(target=contextvars.Context().run, args=(work,))
        copied = threading.Thread(target=contextvars.copy_context().run, args=(work,))
        for thread in (plain, copied):
            thread.start()
            thread.join()
    assert clock.waits == [2.0, 0.0]


def test_real_waits_are_left_out_as_well() -> None:
    started = time.monotonic()
    with no_backoff():
        patient = Engine(retrying(backoff=90.0, max_backoff=90.0), DirectRunner())
        wrap(Flaky(TimeoutError(), TimeoutError()), patient).work()
    assert time.monotonic() - started < 90
