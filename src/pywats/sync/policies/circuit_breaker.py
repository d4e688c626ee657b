"""The circuit breaker: stop sending to a failing server, and probe when it is back.

The breaker counts attempts, not calls: the retry loop is outside of the breaker (the order that
Polly and resilience4j recommend). A call with three failed attempts counts as three failures, and
a circuit that opens during a call ends its retries. This module only decides, with the clock that
it is given, and does no I/O; the engine acts on a refusal.

While the circuit is half-open, exactly one attempt at a time is admitted as a probe. The breaker
holds only a weak reference to the permit of the probe. If the attempt ends without a report,
even by Ctrl-C between any two steps, the permit is garbage-collected and the next probe may start.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Self
from weakref import ref

from pywats.errors import CallTimeoutError, CircuitOpenError
from pywats.events import CircuitState, CircuitTransition
from pywats.observability.response_facts import status_of
from pywats.runtime.after_fork import renew_after_fork
from pywats.runtime.signals import raised_by_signal_handler
from pywats.sync.policies.foreign_errors import stands_for
from pywats.sync.policies.sliding_window import SlidingWindow
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pywats.config import CircuitBreakerConfig

__all__ = ["CircuitBreaker", "Permit", "Refusal"]

_LOWEST_FAILURE = 500


class Verdict(Enum):
    """What the outcome of an attempt shows about the server."""

    SUCCESS = auto()
    FAILURE = auto()
    NOTHING = auto()


def verdict_of(error: BaseException | None, failures: tuple[type[Exception], ...]) -> Verdict:
    """Return what the outcome of an attempt shows about the server.

    A response with a status below 500 is a success, because it shows that the server works. These
    errors show nothing about the server: a timeout while waiting for a free connection in the
    client's own pool, a rejected argument, a response that cannot be decoded, Ctrl-C.

    Args:
        error: The error that the attempt raised; None if it succeeded.
        failures: Error classes that count as failures of the server or the network.
    """
    if error is None:
        return Verdict.SUCCESS
    verdicts: set[Verdict] = set()
    # A loop and not a recursion, because groups may be nested deeper than Python's stack is.
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ExceptionGroup) and status_of(each) is None:
            waiting += each.exceptions
        else:
            verdicts.add(_verdict_of_one(each, failures))
    return verdicts.pop() if len(verdicts) == 1 else Verdict.NOTHING


def _verdict_of_one(error: BaseException, failures: tuple[type[Exception], ...]) -> Verdict:
    status = status_of(error)
    if status is not None:
        return Verdict.FAILURE if status >= _LOWEST_FAILURE else Verdict.SUCCESS
    own = isinstance(error, CircuitOpenError) or (
        isinstance(error, CallTimeoutError) and error.phase == "pool"
    )
    named = isinstance(error, failures) or (
        isinstance(error, Exception) and any(stands_for(error, kind) for kind in failures)
    )
    failed = named and not own and not raised_by_signal_handler(error)
    return Verdict.FAILURE if failed else Verdict.NOTHING


class Permit:
    """Permission to make one attempt; its ``with`` block reports the outcome to the breaker."""

    __slots__ = ("__weakref__", "_breaker", "state")

    def __init__(self, breaker: CircuitBreaker, state: _Closed | _HalfOpen) -> None:
        self._breaker = breaker
        self.state = state

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._breaker.settle(self, verdict_of(error, self._breaker.failures))


@dataclass(frozen=True, slots=True)
class Refusal:
    """The breaker does not admit an attempt.

    Attributes:
        origin: The server that the attempt would have called.
        retry_in: Seconds until a probe is admitted; 0 while a probe is running.
    """

    origin: str
    retry_in: float

    def error(self, name: str) -> CircuitOpenError:
        """Return the exception for a call that was refused before its first attempt."""
        probe = f"a probe may pass in {self.retry_in:.3g} s" if self.retry_in else "a probe is out"
        return CircuitOpenError(
            f"{name}: nothing was sent, for too many attempts have failed and the circuit to "
            f"{self.origin} is open ({probe})",
            origin=self.origin,
            retry_in=self.retry_in,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Closed:
    window: SlidingWindow


@dataclass(frozen=True, slots=True)
class _Open:
    until: float


@dataclass(slots=True, eq=False)
class _HalfOpen:
    lease: ref[Permit] | None = None

    def probe(self) -> Permit | None:
        return None if self.lease is None else self.lease()


class CircuitBreaker:
    """The circuit breaker of one origin; safe to use from any thread.

    Args:
        config: When the circuit opens and for how long.
        origin: The server that the attempts call.
        now: Returns seconds that never go backwards.
        observe: Called after every change of state, outside of any lock.

    Attributes:
        origin: The server that the attempts call.
        failures: Error classes that count as failures.
    """

    def __init__(
        self,
        config: CircuitBreakerConfig,
        origin: str,
        now: Callable[[], float],
        observe: Callable[[CircuitTransition], None],
    ) -> None:
        self.origin = origin
        self.failures = tuple(config.failure_on_errors)
        self._config = config
        self._now = now
        self._observe = observe
        self._lock = threading.Lock()
        self._state: _Closed | _Open | _HalfOpen = self._closed()
        renew_after_fork(self)

    @property
    def state(self) -> CircuitState:
        """The current state; it stays open after the cool-down until a probe is admitted."""
        state = self._state
        if isinstance(state, _Closed):
            return CircuitState.CLOSED
        return CircuitState.OPEN if isinstance(state, _Open) else CircuitState.HALF_OPEN

    def renew(self) -> None:
        """Reset lock and probe in a forked child: the thread of a probe does not run there."""
        self._lock = threading.Lock()
        if isinstance(self._state, _HalfOpen):
            self._state = _HalfOpen()

    def admit(self) -> Permit | Refusal:
        """Return a permit for one attempt, or a refusal."""
        change = None
        with self._lock:
            state = self._state
            if isinstance(state, _Open):
                left = state.until - self._now()
                if left > 0:
                    return Refusal(self.origin, left)
                state = _HalfOpen()
                change = self._transition(CircuitState.OPEN, CircuitState.HALF_OPEN, 0, 0)
            if isinstance(state, _HalfOpen) and state.probe() is not None:
                return Refusal(self.origin, 0.0)
            permit = Permit(self, state)
            if isinstance(state, _HalfOpen):
                state.lease = ref(permit)
            self._state = state
        if change is not None:
            self._observe(change)
        return permit

    def settle(self, permit: Permit, verdict: Verdict) -> None:
        """Count the outcome of an attempt.

        An attempt that began before the last change of state is not counted.
        """
        with self._lock:
            state = self._state
            if permit.state is not state:
                return
            if isinstance(state, _Closed):
                change = self._weigh(state.window, verdict)
            else:
                change = self._conclude(verdict)
        if change is not None:
            self._observe(change)

    def blocked(self) -> Refusal | None:
        """Return a refusal while the circuit is open; None if an attempt might be admitted.

        Unlike `admit`, this does not start a probe.
        """
        state = self._state
        left = state.until - self._now() if isinstance(state, _Open) else 0.0
        return Refusal(self.origin, left) if left > 0 else None

    def _weigh(self, window: SlidingWindow, verdict: Verdict) -> CircuitTransition | None:
        if verdict is Verdict.NOTHING:
            return None
        failed = verdict is Verdict.FAILURE
        attempts, failures = window.add(self._now(), failed=failed)
        if (
            not failed
            or attempts < self._config.minimum_attempts
            or failures / attempts < self._config.failure_ratio
        ):
            return None
        self._state = self._open()
        return self._transition(CircuitState.CLOSED, CircuitState.OPEN, attempts, failures)

    def _conclude(self, verdict: Verdict) -> CircuitTransition | None:
        if verdict is Verdict.NOTHING:
            self._state = _HalfOpen()
            return None
        if verdict is Verdict.FAILURE:
            self._state = self._open()
            return self._transition(CircuitState.HALF_OPEN, CircuitState.OPEN, 1, 1)
        self._state = self._closed()
        return self._transition(CircuitState.HALF_OPEN, CircuitState.CLOSED, 1, 0)

    def _closed(self) -> _Closed:
        return _Closed(SlidingWindow(in_seconds(self._config.window)))

    def _open(self) -> _Open:
        return _Open(self._now() + in_seconds(self._config.cool_down))

    def _transition(
        self, before: CircuitState, after: CircuitState, attempts: int, failures: int
    ) -> CircuitTransition:
        return CircuitTransition(self.origin, before, after, attempts, failures)
