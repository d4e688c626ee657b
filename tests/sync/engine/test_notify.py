"""Hooks: told of everything, with a say in nothing."""

from __future__ import annotations

import logging
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from pywats import GiveUpEvent, RetryEvent, SyncConfig
from pywats.errors import CallTimeoutError, ServerError, StopReason
from tests.clock import ManualClock
from tests.sync.flaky import Flaky, engine, retrying, wrap

if TYPE_CHECKING:
    from collections.abc import Callable


class Told:
    """Hooks that keep what they are given, in one list."""

    def __init__(self) -> None:
        self.events: list[RetryEvent | GiveUpEvent] = []

    def config(self, **settings: object) -> SyncConfig:
        return retrying(on_retry=self.events.append, on_give_up=self.events.append, **settings)


def test_hooks_are_told_of_every_retry_and_of_the_end() -> None:
    told = Told()
    failures = [TimeoutError("one"), ServerError("two", status=503), TimeoutError("three")]
    service = Flaky(*failures)
    with pytest.raises(TimeoutError) as caught:
        wrap(service, engine(told.config(max_retries=2))).work()
    identity = service.calls[0].correlation_id
    assert told.events == [
        RetryEvent("flaky.work", 1, 2.0, "timeout", failures[0], identity),
        RetryEvent("flaky.work", 2, 4.0, "status 503", failures[1], identity),
        GiveUpEvent("flaky.work", 3, 6.0, StopReason.RETRIES_EXHAUSTED, failures[2], identity),
    ]
    assert caught.value is failures[2]


def test_a_hook_is_called_before_the_wait() -> None:
    clock = ManualClock()
    seen: list[float] = []
    config = retrying(on_retry=lambda _: seen.append(clock.now))
    wrap(Flaky(TimeoutError()), engine(config, clock)).work()
    assert seen == [1000.0]
    assert clock.now == 1002.0


def test_success_and_errors_that_nobody_retries_are_not_told() -> None:
    told = Told()
    wrap(Flaky(), engine(told.config())).work()
    with pytest.raises(ValueError, match="x"):
        wrap(Flaky(ValueError("x")), engine(told.config())).work()
    assert told.events == []


def test_an_error_that_would_have_been_retried_is_told_at_the_first_attempt() -> None:
    told = Told()
    error = TimeoutError()
    config = SyncConfig(deadline=1, retry_enabled=True, retry=told.config().retry)
    with pytest.raises(TimeoutError):
        wrap(Flaky(error), engine(config)).work()
    (event,) = told.events
    assert isinstance(event, GiveUpEvent)
    assert (event.attempts, event.stop_reason, event.error) == (1, StopReason.DEADLINE, error)


def test_hooks_of_retries_that_are_off_are_not_called() -> None:
    told = Told()
    config = SyncConfig(retry=told.config().retry)
    with pytest.raises(CallTimeoutError):
        wrap(Flaky(CallTimeoutError("x", scope="deadline")), engine(config)).work()
    assert told.events == []


def test_an_event_cannot_be_changed() -> None:
    told = Told()
    wrap(Flaky(TimeoutError()), engine(told.config())).work()
    with pytest.raises(FrozenInstanceError):
        told.events[0].error = ValueError()  # type: ignore[misc]  # the mistake under test


def test_a_hook_that_raises_is_logged_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_: object) -> None:
        raise LookupError("in the hook")

    service = Flaky(TimeoutError("one"), TimeoutError("two"))
    config = retrying(max_retries=1, on_retry=broken, on_give_up=broken)
    with pytest.raises(TimeoutError, match="two") as caught:
        wrap(service, engine(config)).work()
    assert service.attempts_seen == [1, 2]
    assert caught.value.__context__ is None
    logged = [
        record
        for record in caplog.records
        if (record.name, record.levelno) == ("pywats.sync", logging.ERROR)
    ]
    assert [record.exc_info[0] for record in logged if record.exc_info] == [LookupError] * 2
    assert [record.getMessage() for record in logged] == [
        f"a hook raised; the call goes on: {broken!r}"
    ] * 2


@pytest.mark.parametrize("hook", ["on_retry", "on_give_up"])
def test_ctrl_c_in_a_hook_leaves_at_once(hook: str) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    clock = ManualClock()
    service = Flaky(TimeoutError("one"), TimeoutError("two"))
    config = retrying(**{"max_retries": 1, hook: interrupted})
    with pytest.raises(KeyboardInterrupt):
        wrap(service, engine(config, clock)).work()
    assert clock.waits == ([] if hook == "on_retry" else [2.0])


@pytest.mark.parametrize(("deadline", "left"), [(None, None), (50.0, 47.0)])
def test_a_call_made_in_a_hook_is_not_bound_by_the_attempt_that_is_over(
    deadline: float | None, left: float | None
) -> None:
    clock = ManualClock()
    inner = Flaky()
    nested = wrap(inner, engine(SyncConfig(timeout=None), clock))

    class Slow(Flaky):
        async def work(self, value: str = "done") -> str:
            clock.now += 3
            return await super().work(value)

    on_retry: Callable[[object], object] = lambda _: nested.work()  # noqa: E731 - one line will do
    config = SyncConfig(
        timeout=1,
        deadline=deadline,
        retry_enabled=True,
        retry=retrying(on_retry=on_retry).retry,
    )
    wrap(Slow(TimeoutError()), engine(config, clock)).work()
    limit = inner.calls[0].limit
    assert (limit and limit.expires_at - 1003) == left
