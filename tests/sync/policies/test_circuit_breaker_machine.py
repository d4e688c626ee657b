"""The circuit breaker against a model that remembers everything."""

from __future__ import annotations

import gc
import math
from dataclasses import dataclass

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pywats import CircuitBreakerConfig, CircuitState, CircuitTransition
from pywats.sync.policies.circuit_breaker import CircuitBreaker, Permit, Refusal, Verdict
from tests.clock import ManualClock

ORIGIN = "http://wats.example"
WINDOW = 5.0
COOL_DOWN = 4.0
MINIMUM = 3
RATIO = 0.5


@dataclass(eq=False)
class Pending:
    """An attempt under way: its permit, and the change of state after which it began."""

    permit: Permit | None
    era: int


class BreakerMachine(RuleBasedStateMachine):
    """Begins attempts, ends them in any order and way, loses some, and lets time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.told: list[CircuitTransition] = []
        config = CircuitBreakerConfig(RATIO, WINDOW, MINIMUM, COOL_DOWN)
        self.breaker = CircuitBreaker(config, ORIGIN, self.clock.monotonic, self.told.append)
        self.pending: list[Pending] = []
        # The model
        self.state = CircuitState.CLOSED
        self.expected: list[CircuitTransition] = []
        self.ended: list[tuple[float, bool]] = []
        self.until = 0.0
        self.probe: Pending | None = None

    def change(self, after: CircuitState, attempts: int, failures: int) -> None:
        event(f"from {self.state} to {after}")  # pytest --hypothesis-show-statistics
        self.expected.append(CircuitTransition(ORIGIN, self.state, after, attempts, failures))
        self.state = after
        self.ended = []
        self.probe = None
        self.until = self.clock.now + COOL_DOWN

    @rule()
    def begin(self) -> None:
        if self.state is CircuitState.OPEN and self.clock.now >= self.until:
            self.change(CircuitState.HALF_OPEN, 0, 0)
        response = self.breaker.admit()
        if self.state is CircuitState.OPEN:
            assert response == Refusal(ORIGIN, self.until - self.clock.now)
        elif self.state is CircuitState.HALF_OPEN and self.probe is not None:
            assert response == Refusal(ORIGIN, 0.0)
        else:
            assert isinstance(response, Permit)
            begun = Pending(response, len(self.expected))
            self.pending.append(begun)
            if self.state is CircuitState.HALF_OPEN:
                self.probe = begun

    @rule(verdict=st.sampled_from(Verdict), times=st.integers(1, 4))
    def attempt(self, verdict: Verdict, times: int) -> None:
        for _ in range(times):
            before = len(self.pending)
            self.begin()
            if len(self.pending) > before:
                self.settle(self.pending.pop(), verdict)

    @rule(index=st.integers(0, 9), verdict=st.sampled_from(Verdict))
    def end(self, index: int, verdict: Verdict) -> None:
        if self.pending:
            self.settle(self.pending.pop(index % len(self.pending)), verdict)

    def settle(self, one: Pending, verdict: Verdict) -> None:
        assert one.permit is not None
        self.breaker.settle(one.permit, verdict)
        if one.era != len(self.expected):
            return
        if self.state is CircuitState.HALF_OPEN:
            self.probe = None
            if verdict is not Verdict.NOTHING:
                failed = verdict is Verdict.FAILURE
                after = CircuitState.OPEN if failed else CircuitState.CLOSED
                self.change(after, 1, int(failed))
        elif verdict is not Verdict.NOTHING:
            self.weigh(failed=verdict is Verdict.FAILURE)

    def weigh(self, *, failed: bool) -> None:
        tenth = WINDOW / 10
        self.ended.append((self.clock.now, failed))
        first = math.floor(self.clock.now / tenth) - 9
        recent = [bad for when, bad in self.ended if math.floor(when / tenth) >= first]
        if failed and len(recent) >= MINIMUM and sum(recent) / len(recent) >= RATIO:
            self.change(CircuitState.OPEN, len(recent), sum(recent))

    @rule(index=st.integers(0, 9))
    def lose(self, index: int) -> None:
        """Forget a permit, as an interrupt between two steps would."""
        if self.pending:
            one = self.pending.pop(index % len(self.pending))
            one.permit = None
            gc.collect(0)
            if one is self.probe:
                self.probe = None

    # Eighths are exact in binary, and WINDOW / 10 and COOL_DOWN are sums of them.
    @rule(eighths=st.integers(1, 40))
    def pass_time(self, eighths: int) -> None:
        self.clock.now += eighths / 8

    @invariant()
    def it_told_what_the_model_tells(self) -> None:
        assert self.told == self.expected

    @invariant()
    def it_blocks_for_as_long_as_the_circuit_is_open(self) -> None:
        blocked = None
        if self.state is CircuitState.OPEN and self.clock.now < self.until:
            blocked = Refusal(ORIGIN, self.until - self.clock.now)
        assert self.breaker.blocked() == blocked


BreakerMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestBreakerMachine = BreakerMachine.TestCase
