"""Make the attempts of a call until one succeeds or another attempt is not allowed.

The policies decide (`pywats.sync.policies.retry`, `pywats.sync.policies.retry_budget` and
`pywats.sync.policies.circuit_breaker`); this module carries out their decisions. It is the only
module of the engine that waits.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pywats.errors import Attempt, StopReason
from pywats.observability import metrics
from pywats.observability import spans as telemetry
from pywats.observability.response_facts import status_of
from pywats.redaction import HTTP_CLIENTS, clear_frames
from pywats.runtime.bell import Bell
from pywats.runtime.signals import raised_by_signal_handler
from pywats.sync.engine.clock import Clock
from pywats.sync.engine.no_backoff import waits_are_left_out
from pywats.sync.engine.notify import (
    announce_end,
    announce_fault,
    announce_retry,
    announce_transition,
)
from pywats.sync.policies.circuit_breaker import CircuitBreaker, Refusal
from pywats.sync.policies.retry import GiveUp, decide
from pywats.sync.policies.retry_budget import RetryBudget
from pywats.sync.runners.direct import Runner
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

    from pywats.config import CircuitBreakerConfig, RetryConfig, SyncConfig
    from pywats.observability.call import Call
    from pywats.observability.instrumentation import Instrumentation

__all__ = ["Attempts", "Shared"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """State shared by an engine and the engines derived from it.

    Attributes:
        runner: Runs the coroutines.
        clock: Source of time.
        closed: Rings when the engines are closed.
        budget: Limits the retries of all these engines together.
        breaker: Circuit breaker that admits attempts; None without a circuit breaker.
    """

    runner: Runner
    clock: Clock
    closed: Bell
    budget: RetryBudget
    breaker: CircuitBreaker | None

    @classmethod
    def make(
        cls,
        runner: Runner,
        clock: Clock,
        circuit: CircuitBreakerConfig | None,
        origin: str,
        instrumentation: Instrumentation,
    ) -> Shared:
        """Return the shared state of a new engine."""
        breaker = None
        if circuit is not None:
            observe = functools.partial(announce_transition, circuit.on_transition, instrumentation)
            breaker = CircuitBreaker(circuit, origin, clock.monotonic, observe)
            metrics.watch(breaker, instrumentation)
        return cls(runner, clock, Bell(), RetryBudget(clock.monotonic), breaker)


class Attempts:
    """Makes the attempts of calls with one configuration.

    Args:
        config: Timeouts and retries of the calls.
        shared: State shared with engines that have another configuration.
        repeat_advice: The settings that allow repeating an operation that may have been executed.
    """

    def __init__(self, config: SyncConfig, shared: Shared, repeat_advice: str) -> None:
        self._repeat_advice = repeat_advice
        self._timeout = in_seconds(config.timeout)
        self._retry = config.retry if config.retry_enabled else None
        self._shared = shared

    def run(
        self,
        call: Call,
        start: Callable[[], Awaitable[T]],
        *,
        repeatable: bool,
        may_repeat: Callable[[], bool],
    ) -> T:
        """Return the result of the first successful attempt.

        Args:
            call: The call; it counts its attempts.
            start: Makes the awaitable of one attempt; called once per attempt.
            repeatable: Whether ``start`` may be called again after a failure.
            may_repeat: Returns whether the operation may run twice; called only if the failed
                attempt may have executed it.

        Raises:
            CircuitOpenError: The circuit breaker refused the first attempt.
            BaseException: The error of the last attempt.
        """
        retry = self._retry if repeatable else None
        clock = self._shared.clock
        self._shared.budget.count_call()
        permit = self._permit()
        if isinstance(permit, Refusal):
            call.stop_reason = _refused(call, permit)
            raise permit.error(call.name)
        waited = 0.0
        while True:
            started = clock.monotonic()
            call.begin_attempt(self._timeout, started)
            try:
                # nullcontext() adds about 3 % overhead per call.
                if permit is None:
                    return self._shared.runner.run(call.name, start)
                with permit:
                    return self._shared.runner.run(call.name, start)
            except Exception as error:
                # An httpx client that is wrapped has the arguments of the call in its frames:
                # auth= and headers=, and a URL with a password. Hooks get the error, too.
                clear_frames(error, of=HTTP_CLIENTS)
                if call.interrupted or raised_by_signal_handler(error):
                    # The caller interrupted the call with a time limit of its own: never retry.
                    raise
                ended = clock.monotonic()
                call.end_attempt(
                    Attempt(
                        number=call.attempt,
                        duration=ended - started,
                        error=type(error).__name__,
                        status=status_of(error),
                        waited=waited,
                    )
                )
                waited, permit = self._wait_or_raise(call, retry, error, ended, may_repeat)

    def _wait_or_raise(
        self,
        call: Call,
        retry: RetryConfig | None,
        error: Exception,
        now: float,
        may_repeat: Callable[[], bool],
    ) -> tuple[float, AbstractContextManager[object] | None]:
        """Wait before the next attempt and return the seconds and its permit, or raise the error.

        The permit is None without a circuit breaker.
        """
        if isinstance(error, TimeoutError):
            telemetry.record_timeout(call.span, error)
            metrics.record_timeout(call.name, error, call.instrumentation)
        decision = decide(
            retry,
            error,
            attempt=call.attempt,
            unsafe_request_sent=call.unsafe_request_sent,
            requests_known=call.requests_known,
            may_repeat=may_repeat,
            remaining=None if call.deadline is None else call.deadline.expires_at - now,
        )
        if isinstance(decision, GiveUp):
            reason = decision.reason
            if decision.fault is not None:
                announce_fault(call, error, decision.fault)
        elif (obstacle := self._obstacle(call, decision.delay)) is not None:
            reason = obstacle
        else:
            announce_retry(call, retry, error, decision)
            waited = 0.0 if waits_are_left_out() else decision.delay
            permit = self._wait(call, waited)
            if not isinstance(permit, StopReason):
                return waited, permit
            reason = permit
        call.stop_reason = reason
        advice = self._repeat_advice if reason is StopReason.UNSAFE_TO_REPEAT else ""
        announce_end(call, retry, error, reason, self._shared.clock.monotonic(), advice=advice)
        try:
            raise error
        finally:
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del error

    def _obstacle(self, call: Call, delay: float) -> StopReason | None:
        """Return why an attempt after the delay would be refused, if this is known already."""
        breaker = self._shared.breaker
        blocked = None if breaker is None else breaker.blocked()
        if blocked is not None and blocked.retry_in > delay:
            return _refused(call, blocked)
        if waits_are_left_out() or self._shared.budget.take():
            return None
        return StopReason.RETRY_BUDGET_EXHAUSTED

    def _wait(
        self, call: Call, seconds: float
    ) -> AbstractContextManager[object] | StopReason | None:
        if self._shared.clock.wait(self._shared.closed, seconds):
            return StopReason.CLOSED
        permit = self._permit()
        return _refused(call, permit) if isinstance(permit, Refusal) else permit

    def _permit(self) -> AbstractContextManager[object] | Refusal | None:
        """Return the circuit breaker's permit or refusal; None without a circuit breaker."""
        breaker = self._shared.breaker
        return None if breaker is None else breaker.admit()


def _refused(call: Call, refusal: Refusal) -> StopReason:
    telemetry.record_circuit_open(call.span, refusal.origin, refusal.retry_in)
    return StopReason.CIRCUIT_OPEN
