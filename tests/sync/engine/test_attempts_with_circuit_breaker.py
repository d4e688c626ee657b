"""What the engine makes of its circuit breaker."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from pywats import (
    CircuitBreakerConfig,
    CircuitState,
    CircuitTransition,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
)
from pywats.errors import CircuitOpenError, NotFoundError, ServerError, StopReason
from pywats.sync import DirectRunner, Engine, SuspendedError
from tests.clock import ManualClock
from tests.sync.flaky import Flaky, wrap

if TYPE_CHECKING:
    from tests.tracing import Spans

ORIGIN = "http://wats.example"
RETRY = RetryConfig(max_retries=3)


def breaking(clock: ManualClock, *, retry: RetryConfig | None = None, **settings: object) -> Engine:
    fields: dict[str, object] = {"minimum_attempts": 2, "cool_down": 60}
    config = SyncConfig(
        retry_enabled=retry is not None,
        retry=retry or RETRY,
        circuit_breaker=CircuitBreakerConfig(**(fields | settings)),  # type: ignore[arg-type]  # each test passes its fields
    )
    return Engine(config, DirectRunner(), clock, origin=ORIGIN)


def down(count: int) -> list[BaseException]:
    return [ServerError(f"down {number}", status=503) for number in range(1, count + 1)]


def fail(on: Engine, *errors: BaseException) -> None:
    service = Flaky(*errors)
    for error in errors:
        with pytest.raises(type(error)):
            wrap(service, on).work()


def test_an_open_circuit_refuses_calls_without_making_an_attempt(
    spans: Spans, log_lines: list[str]
) -> None:
    clock = ManualClock()
    on = breaking(clock)
    fail(on, *down(2))
    clock.now += 12
    log_lines.clear()
    spans.exporter.clear()
    service = Flaky()
    with pytest.raises(CircuitOpenError) as caught:
        wrap(service, on).work()
    error = caught.value
    assert service.calls == []
    assert (error.origin, error.retry_in, error.attempts) == (ORIGIN, 48.0, ())
    assert (error.stop_reason, error.may_have_been_executed) == (StopReason.CIRCUIT_OPEN, False)
    assert str(error) == (
        "flaky.work: nothing was sent, for too many attempts have failed and the circuit "
        "to http://wats.example is open (a probe may pass in 48 s) [stopped: circuit_open; "
        f"correlation_id={error.correlation_id}]"
    )
    assert spans.tree() == [
        "flaky.work [INTERNAL ERROR error.type=pywats.errors.CircuitOpenError]",
        "  * circuit_open: origin=http://wats.example, retry_in=48.0",
        "  * exception: exception.type=pywats.errors.CircuitOpenError",
    ]
    assert [line for line in log_lines if " pywats.call " not in line] == []


class Sleeper:
    async def work(self) -> None:
        await asyncio.sleep(1)


def test_what_the_runner_refuses_behind_a_breaker_has_the_name_of_the_call() -> None:
    with pytest.raises(SuspendedError, match=r"^flaky\.work suspended"):
        SyncServiceWrapper(Sleeper(), name="flaky", engine=breaking(ManualClock())).work()


def test_retries_do_not_wait_for_an_open_circuit() -> None:
    clock = ManualClock()
    on = breaking(clock, retry=RETRY)
    fail(on, NotFoundError("x", status=404))
    with pytest.raises(ServerError, match="down 1"):
        wrap(Flaky(*down(1)), on).work()
    clock.waits.clear()
    with pytest.raises(CircuitOpenError):
        wrap(Flaky(), on).work()
    assert clock.waits == []


def test_a_circuit_that_opens_ends_the_call_with_its_last_real_error(
    spans: Spans, log_lines: list[str]
) -> None:
    clock = ManualClock()
    service = Flaky(*down(3))
    with pytest.raises(ServerError, match="down 2") as caught:
        wrap(service, breaking(clock, retry=RETRY)).work()
    assert caught.value.stop_reason is StopReason.CIRCUIT_OPEN
    assert [attempt.status for attempt in caught.value.attempts] == [503, 503]
    assert clock.waits == [2.0]
    assert spans.tree() == [
        "flaky.work [INTERNAL ERROR error.type=503]",
        "  * retry: attempt=1, delay=2.0, error.type=503, reason=status 503",
        "  * circuit_transition: from=closed, origin=http://wats.example, to=open",
        "  * circuit_open: origin=http://wats.example, retry_in=60.0",
        "  * retry_given_up: attempts=2, stop_reason=circuit_open",
        "  * exception: exception.type=pywats.errors.ServerError",
    ]
    between = [line for line in log_lines if " pywats.sync " in line]
    assert [line.split(" pywats.sync ")[1] for line in between] == [
        "WARNING flaky.work: attempt 1 failed (ServerError: down 1), next attempt in 2 s",
        "WARNING the circuit to http://wats.example is open, was closed (2 of 2 attempts failed)",
    ]
    assert log_lines[-1].split(" pywats.call ")[1] == (
        "WARNING flaky.work failed in 2 s, 2 attempts (circuit_open): ServerError: down 2"
    )
    assert {line.split()[0] for line in log_lines} == {caught.value.correlation_id}


def test_a_wait_that_outlasts_the_cool_down_ends_in_a_probe(spans: Spans) -> None:
    clock = ManualClock()
    service = Flaky(*down(2))
    assert wrap(service, breaking(clock, retry=RETRY, cool_down=4)).work() == "done"
    assert clock.waits == [2.0, 4.0]
    assert [line.strip() for line in spans.tree() if "circuit" in line] == [
        "* circuit_transition: from=closed, origin=http://wats.example, to=open",
        "* circuit_transition: from=open, origin=http://wats.example, to=half_open",
        "* circuit_transition: from=half_open, origin=http://wats.example, to=closed",
    ]


def test_a_retry_that_finds_another_probe_under_way_ends_the_call(spans: Spans) -> None:
    clock = ManualClock()
    on = breaking(clock, retry=RETRY, cool_down=4)
    probes: list[object] = []
    clock.on_wait = lambda: (
        probes.append(on._shared.breaker and on._shared.breaker.admit())
        if len(clock.waits) == 2
        else None
    )
    with pytest.raises(ServerError, match="down 2") as caught:
        wrap(Flaky(*down(3)), on).work()
    assert caught.value.stop_reason is StopReason.CIRCUIT_OPEN
    assert len(caught.value.attempts) == 2
    assert "  * circuit_open: origin=http://wats.example, retry_in=0.0" in spans.tree()


def test_the_hook_and_the_log_tell_of_every_change(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = ManualClock()
    told: list[CircuitTransition] = []
    on = breaking(clock, on_transition=told.append)
    fail(on, *down(2))
    clock.now += 60
    fail(on, *down(1))
    clock.now += 60
    wrap(Flaky(), on).work()
    closed, opened, half = CircuitState.CLOSED, CircuitState.OPEN, CircuitState.HALF_OPEN
    assert told == [
        CircuitTransition(ORIGIN, closed, opened, 2, 2),
        CircuitTransition(ORIGIN, opened, half, 0, 0),
        CircuitTransition(ORIGIN, half, opened, 1, 1),
        CircuitTransition(ORIGIN, opened, half, 0, 0),
        CircuitTransition(ORIGIN, half, closed, 1, 0),
    ]
    told_in_log = [record for record in caplog.records if record.name == "pywats.sync"]
    assert [(record.levelname, record.getMessage()) for record in told_in_log] == [
        ("WARNING", f"the circuit to {ORIGIN} is open, was closed (2 of 2 attempts failed)"),
        ("INFO", f"the circuit to {ORIGIN} is half_open, was open (one attempt probes it)"),
        ("WARNING", f"the circuit to {ORIGIN} is open, was half_open (1 of 1 attempts failed)"),
        ("INFO", f"the circuit to {ORIGIN} is half_open, was open (one attempt probes it)"),
        ("INFO", f"the circuit to {ORIGIN} is closed, was half_open (0 of 1 attempts failed)"),
    ]


def test_a_hook_that_raises_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: CircuitTransition) -> None:
        raise LookupError("in the hook")

    clock = ManualClock()
    on = breaking(clock, on_transition=broken)
    fail(on, *down(2))
    with pytest.raises(CircuitOpenError):
        wrap(Flaky(), on).work()
    assert "a hook raised; the call goes on" in caplog.text


def test_ctrl_c_in_a_probe_lets_the_next_call_probe() -> None:
    clock = ManualClock()
    on = breaking(clock)
    fail(on, *down(2))
    clock.now += 60
    fail(on, KeyboardInterrupt())
    assert wrap(Flaky(), on).work() == "done"
    fail(on, *down(1))
    assert wrap(Flaky(), on).work() == "done"


def test_engines_made_from_one_another_share_the_circuit() -> None:
    clock = ManualClock()
    on = breaking(clock)
    fail(on, *down(2))
    with pytest.raises(CircuitOpenError):
        wrap(Flaky(), on.reconfigured(SyncConfig(timeout=1))).work()


def test_an_engine_that_was_told_no_origin_names_none() -> None:
    config = SyncConfig(circuit_breaker=CircuitBreakerConfig(minimum_attempts=1))
    on = Engine(config, DirectRunner(), ManualClock())
    fail(on, TimeoutError())
    with pytest.raises(CircuitOpenError, match="the circuit to the wrapped object is open"):
        wrap(Flaky(), on).work()


def test_a_transition_outside_of_a_call_is_logged_without_a_span(
    caplog: pytest.LogCaptureFixture,
) -> None:
    breaker = breaking(ManualClock(), minimum_attempts=1)._shared.breaker
    assert breaker is not None
    with pytest.raises(TimeoutError), breaker.admit():  # type: ignore[union-attr]  # a closed circuit refuses nothing
        raise TimeoutError
    assert f"the circuit to {ORIGIN} is open, was closed" in caplog.text
