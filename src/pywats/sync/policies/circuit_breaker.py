"""The circuit breaker: stop sending to a server that fails, and find out when it is back.

Every attempt asks the breaker, not every call: retries run outside of it (the
order that Polly and resilience4j advise). A call of three failed attempts is
three pieces of evidence, and a circuit that opens in the middle of a call ends
its retries. What the engine does with a refusal is its own affair; this module
decides, by the clock that it is given, and does no I/O.

Exactly one attempt at a time is let through to probe. Its permit is a lease,
which the breaker knows by a weak reference alone: however the attempt ends, by
Ctrl-C between any two steps too, a lease whose permit is gone is free.
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
    """What an attempt says about the server."""

    SUCCESS = auto()
    FAILURE = auto()
    NOTHING = auto()


def verdict_of(error: BaseException | None, failures: tuple[type[Exception], ...]) -> Verdict:
    """Return what the end of an attempt says about the server.

    A response below 500 is a success, for it shows that the server works. Waiting in vain
    for a connection of the client's own pool says nothing, and neither do errors that are not of
    the wire: a refused argument, a response that does not decode, Ctrl-C.

    Args:
        error: What the attempt raised, if it did.
        failures: Classes of errors that are of the wire.
    """
    if error is None:
        return Verdict.SUCCESS
    status = status_of(error)
    if status is not None:
        return Verdict.FAILURE if status >= _LOWEST_FAILURE else Verdict.SUCCESS
    if isinstance(error, ExceptionGroup):
        verdicts = {verdict_of(each, failures) for each in error.exceptions}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.NOTHING
    own = isinstance(error, CircuitOpenError) or (
        isinstance(error, CallTimeoutError) and error.phase == "pool"
    )
    named = isinstance(error, failures) or (
        isinstance(error, Exception) and any(stands_for(error, kind) for kind in failures)
    )
    failed = named and not own and not raised_by_signal_handler(error)
    return Verdict.FAILURE if failed else Verdict.NOTHING


class Permit:
    """Leave to make one attempt, inside a ``with`` block that tells the breaker how it ended."""

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
    """No attempt may be made.

    Attributes:
        origin: Where it would have gone.
        retry_in: Seconds until a probe is let through; 0 while one is under way.
    """

    origin: str
    retry_in: float

    def error(self, name: str) -> CircuitOpenError:
        """Return the exception for a call that was not begun."""
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
    """The breaker of one origin; safe to use from any thread.

    Args:
        config: When it opens and for how long.
        origin: Where the attempts go.
        now: Returns seconds that never go backwards.
        observe: Told of every change of state, outside of any lock.

    Attributes:
        origin: Where the attempts go.
        failures: Classes of errors that count as failures.
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
        """The state it is in; open until a probe is let through, however long that takes."""
        state = self._state
        if isinstance(state, _Closed):
            return CircuitState.CLOSED
        return CircuitState.OPEN if isinstance(state, _Open) else CircuitState.HALF_OPEN

    def renew(self) -> None:
        """Start afresh in a forked child, which has no thread that could end a probe."""
        self._lock = threading.Lock()
        if isinstance(self._state, _HalfOpen):
            self._state = _HalfOpen()

    def admit(self) -> Permit | Refusal:
        """Return leave for one attempt, or a refusal."""
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
        """Take note of how an attempt ended.

        What began before the state last changed says nothing about the state now.
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
        """Return the refusal that every attempt meets until its time is up; None if none is sure.

        Asking begins nothing, unlike `admit`.
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
