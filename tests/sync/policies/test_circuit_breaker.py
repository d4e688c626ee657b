"""The circuit breaker by example: what opens it, what closes it, and who may probe."""

from __future__ import annotations

import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from pywats import CircuitBreakerConfig, CircuitState, CircuitTransition
from pywats.errors import (
    AuthenticationError,
    CallConnectionError,
    CallTimeoutError,
    CircuitOpenError,
    NotFoundError,
    RateLimitError,
    ServerError,
    WATSDecodeError,
    WATSError,
    WATSStatusError,
)
from pywats.sync.policies.circuit_breaker import CircuitBreaker, Permit, Refusal, verdict_of
from pywats.sync.policies.sliding_window import SlidingWindow
from tests.clock import ManualClock
from tests.forking import in_child

ORIGIN = "http://wats.example"
DOWN = ServerError("x", status=500)
CLOSED, OPEN, HALF_OPEN = CircuitState.CLOSED, CircuitState.OPEN, CircuitState.HALF_OPEN


class Circuit:
    """A breaker in a time of its own, with what it told."""

    def __init__(self, **settings: object) -> None:
        fields: dict[str, object] = {"minimum_attempts": 4, "window": 8, "cool_down": 5}
        config = CircuitBreakerConfig(**(fields | settings))  # type: ignore[arg-type]  # each test passes its fields
        self.clock = ManualClock()
        self.told: list[CircuitTransition] = []
        self.breaker = CircuitBreaker(config, ORIGIN, self.clock.monotonic, self.told.append)

    def permit(self) -> Permit:
        permit = self.breaker.admit()
        assert isinstance(permit, Permit)
        return permit

    def attempt(self, error: BaseException | None = None) -> None:
        end(self.permit(), error)

    def opened(self) -> Circuit:
        for _ in range(4):
            self.attempt(DOWN)
        self.told.clear()
        return self


def end(permit: Permit, error: BaseException | None = None) -> None:
    """End the attempt: as its ``with`` block would, if ``error`` came out of it."""
    with suppress(BaseException), permit:
        if error is not None:
            raise error


def change(
    before: CircuitState, after: CircuitState, attempts: int = 0, failures: int = 0
) -> CircuitTransition:
    return CircuitTransition(ORIGIN, before, after, attempts, failures)


def test_it_opens_when_enough_attempts_failed() -> None:
    circuit = Circuit()
    for error in (DOWN, None, None):
        circuit.attempt(error)
    assert circuit.told == []
    circuit.attempt(DOWN)
    assert circuit.told == [change(CLOSED, OPEN, 4, 2)]
    assert circuit.breaker.admit() == Refusal(ORIGIN, 5.0)
    for left in (3.0, 0.125):
        circuit.clock.now += circuit.breaker.admit().retry_in - left  # type: ignore[union-attr]  # refused, see above
        assert circuit.breaker.admit() == circuit.breaker.blocked() == Refusal(ORIGIN, left)


def test_it_stays_closed_below_the_minimum_and_below_the_ratio() -> None:
    circuit = Circuit()
    # The fourth attempt is a success, and only a failure opens the circuit.
    for error in (DOWN, DOWN, DOWN, None, None, None, None, DOWN):
        circuit.attempt(error)
    assert circuit.told == [change(CLOSED, OPEN, 8, 4)]
    circuit = Circuit(failure_ratio=0.6)
    for error in (None, DOWN, None, DOWN, None, DOWN):
        circuit.attempt(error)
    assert circuit.told == []
    assert circuit.breaker.blocked() is None


def test_a_ratio_that_binary_fractions_miss_is_met_exactly() -> None:
    circuit = Circuit(failure_ratio=0.07, minimum_attempts=100)
    for error in [None] * 93 + [DOWN] * 7:
        circuit.attempt(error)
    assert circuit.told == [change(CLOSED, OPEN, 100, 7)]


def test_attempts_before_the_window_are_forgotten() -> None:
    circuit = Circuit()
    for _ in range(3):
        circuit.attempt(DOWN)
    circuit.clock.now += 8
    for _ in range(3):
        circuit.attempt(DOWN)
    assert circuit.told == []
    circuit.attempt(DOWN)
    assert circuit.told == [change(CLOSED, OPEN, 4, 4)]


def test_the_window_slides_by_tenths_and_keeps_no_more_than_ten() -> None:
    window = SlidingWindow(10)
    assert [window.add(second, failed=second % 2 == 0) for second in range(12)] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 3),
        (6, 3),
        (7, 4),
        (8, 4),
        (9, 5),
        (10, 5),
        (10, 5),
        (10, 5),
    ]
    assert window.add(11.9, failed=True) == (11, 6)
    assert window.add(20.9, failed=True) == (3, 2)
    assert len(window._slices) == 2


def test_after_the_cool_down_one_attempt_probes_and_a_success_closes() -> None:
    circuit = Circuit().opened()
    circuit.clock.now += 5
    assert circuit.breaker.blocked() is None
    probe = circuit.permit()
    assert circuit.told == [change(OPEN, HALF_OPEN)]
    assert circuit.breaker.admit() == Refusal(ORIGIN, 0.0)
    assert circuit.breaker.blocked() is None
    end(probe)
    assert circuit.told == [change(OPEN, HALF_OPEN), change(HALF_OPEN, CLOSED, 1, 0)]
    # What failed before the circuit opened is forgotten.
    for _ in range(3):
        circuit.attempt(DOWN)
    assert len(circuit.told) == 2


def test_a_probe_that_fails_opens_it_for_another_cool_down() -> None:
    circuit = Circuit().opened()
    circuit.clock.now += 7
    circuit.attempt(DOWN)
    assert circuit.told == [change(OPEN, HALF_OPEN), change(HALF_OPEN, OPEN, 1, 1)]
    assert circuit.breaker.admit() == Refusal(ORIGIN, 5.0)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError(), GeneratorExit()])
def test_a_probe_that_says_nothing_frees_the_lease(error: BaseException) -> None:
    circuit = Circuit().opened()
    circuit.clock.now += 5
    circuit.attempt(error)
    assert circuit.told == [change(OPEN, HALF_OPEN)]
    probe = circuit.permit()
    assert circuit.breaker.admit() == Refusal(ORIGIN, 0.0)
    end(probe)
    assert circuit.told[1:] == [change(HALF_OPEN, CLOSED, 1, 0)]


def test_a_probe_whose_permit_is_gone_frees_the_lease() -> None:
    circuit = Circuit().opened()
    circuit.clock.now += 5
    probe = circuit.permit()
    assert isinstance(circuit.breaker.admit(), Refusal)
    del probe
    gc.collect()
    assert isinstance(circuit.breaker.admit(), Permit)


def test_what_began_before_the_last_change_does_not_count() -> None:
    circuit = Circuit()
    late = [circuit.permit(), circuit.permit(), circuit.permit()]
    circuit.opened()
    end(late.pop())
    circuit.clock.now += 5
    probe = circuit.permit()
    end(late.pop(), DOWN)
    assert circuit.told == [change(OPEN, HALF_OPEN)]
    end(probe)
    end(late.pop(), DOWN)
    for _ in range(3):
        circuit.attempt(DOWN)
    assert len(circuit.told) == 2


def test_only_one_of_many_threads_gets_to_probe() -> None:
    circuit = Circuit().opened()
    circuit.clock.now += 5
    start = threading.Barrier(8)

    def ask(_: int) -> Permit | Refusal:
        start.wait()
        return circuit.breaker.admit()

    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(ask, range(8)))
    assert sum(isinstance(response, Permit) for response in responses) == 1
    assert circuit.told == [change(OPEN, HALF_OPEN)]


def test_threads_that_fail_together_open_it_once() -> None:
    circuit = Circuit(minimum_attempts=800)
    start = threading.Barrier(8)

    def fail(_: int) -> None:
        start.wait()
        for _ in range(100):
            circuit.attempt(DOWN)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail, range(8)))
    assert circuit.told == [change(CLOSED, OPEN, 800, 800)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_forked_child_has_no_probe_under_way_and_no_lock_taken() -> None:
    circuit = Circuit().opened()
    circuit.clock.now += 5
    probe = circuit.permit()
    with circuit.breaker._lock:
        assert in_child(lambda: isinstance(circuit.breaker.admit(), Permit)) == "True"
    assert isinstance(circuit.breaker.admit(), Refusal)
    end(probe)
    assert circuit.told[1:] == [change(HALF_OPEN, CLOSED, 1, 0)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_forked_child_inherits_an_open_circuit() -> None:
    circuit = Circuit().opened()
    assert in_child(circuit.breaker.admit) == repr(Refusal(ORIGIN, 5.0))


def test_a_breaker_that_is_renewed_takes_no_lock_and_lets_a_probe_through() -> None:
    circuit = Circuit().opened()
    with circuit.breaker._lock:
        circuit.breaker.renew()
        assert circuit.breaker.admit() == Refusal(ORIGIN, 5.0)
    circuit.clock.now += 5
    lost = circuit.permit()
    circuit.breaker.renew()
    probe = circuit.permit()
    assert circuit.breaker.admit() == Refusal(ORIGIN, 0.0)
    end(lost, DOWN)
    end(probe)
    assert circuit.told == [change(OPEN, HALF_OPEN), change(HALF_OPEN, CLOSED, 1, 0)]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (None, "SUCCESS"),
        (ServerError("x", status=500), "FAILURE"),
        (ServerError("x", status=503), "FAILURE"),
        (WATSStatusError("x", status=302), "SUCCESS"),
        (RateLimitError("x", status=429), "SUCCESS"),
        (NotFoundError("x", status=404), "SUCCESS"),
        (AuthenticationError("x", status=499), "SUCCESS"),
        (CallConnectionError("x"), "FAILURE"),
        (CallConnectionError("x", transient=False), "FAILURE"),
        (ConnectionRefusedError(), "FAILURE"),
        (CircuitOpenError("x"), "NOTHING"),
        (CallTimeoutError("x", phase="read"), "FAILURE"),
        (CallTimeoutError("x", phase="connect", scope="deadline"), "FAILURE"),
        (TimeoutError(), "FAILURE"),
        (CallTimeoutError("x", phase="pool"), "NOTHING"),
        (WATSDecodeError("x"), "NOTHING"),
        (WATSError("x"), "NOTHING"),
        (PermissionError(), "NOTHING"),
        (ValueError(), "NOTHING"),
        (KeyboardInterrupt(), "NOTHING"),
        (ExceptionGroup("x", [TimeoutError(), ServerError("x", status=500)]), "FAILURE"),
        (ExceptionGroup("x", [NotFoundError("x", status=404)]), "SUCCESS"),
        (ExceptionGroup("x", [TimeoutError(), ValueError()]), "NOTHING"),
        (ExceptionGroup("x", [ExceptionGroup("x", [ValueError()])]), "NOTHING"),
    ],
)
def test_what_an_end_says_about_the_server(error: BaseException | None, verdict: str) -> None:
    assert verdict_of(error, (ConnectionError, TimeoutError)).name == verdict


def test_errors_of_another_library_count_when_they_are_named() -> None:
    assert verdict_of(LookupError(), (LookupError,)).name == "FAILURE"
    assert verdict_of(TimeoutError(), (LookupError,)).name == "NOTHING"


def test_a_refusal_explains_itself() -> None:
    waiting = Refusal(ORIGIN, 2.5).error("pywats.product.get_product")
    assert str(waiting) == (
        "pywats.product.get_product: nothing was sent, for too many attempts have failed and the "
        "circuit to http://wats.example is open (a probe may pass in 2.5 s)"
    )
    assert (waiting.origin, waiting.retry_in) == (ORIGIN, 2.5)
    assert str(Refusal(ORIGIN, 0.0).error("x")).endswith("is open (a probe is out)")
