"""The retry budget: by example, against a model, shared by threads and after a fork."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pywats.errors import StopReason
from pywats.sync.policies.retry_budget import RetryBudget
from tests.clock import ManualClock
from tests.forking import in_child
from tests.sync.flaky import Flaky, engine, retrying, wrap


def taken(budget: RetryBudget) -> int:
    """Take all there is."""
    for count in range(10_000):
        if not budget.take():
            return count
    raise AssertionError("the budget does not end")


def drained(clock: ManualClock) -> RetryBudget:
    budget = RetryBudget(clock.monotonic)
    taken(budget)
    return budget


def test_a_new_budget_has_one_seconds_worth_of_retries() -> None:
    assert taken(RetryBudget(ManualClock().monotonic)) == 10


def test_ten_retries_a_second_flow_in_and_no_more_than_ten_stay() -> None:
    clock = ManualClock()
    budget = drained(clock)
    clock.now += 0.09375
    assert taken(budget) == 0
    clock.now += 0.03125
    assert taken(budget) == 1
    clock.now += 0.5
    assert taken(budget) == 5
    clock.now += 3600
    assert taken(budget) == 10


def test_five_calls_earn_a_retry_and_no_more_than_a_hundred_stay() -> None:
    budget = drained(ManualClock())
    for _ in range(4):
        budget.count_call()
    assert taken(budget) == 0
    budget.count_call()
    assert taken(budget) == 1
    for _ in range(1000):
        budget.count_call()
    assert taken(budget) == 100


def test_what_flows_in_anyway_is_spent_first() -> None:
    clock = ManualClock()
    budget = RetryBudget(clock.monotonic)
    for _ in range(5):
        budget.count_call()
    assert budget.take()
    clock.now += 1
    assert taken(budget) == 11


class BudgetMachine(RuleBasedStateMachine):
    """Compares the budget with exact fractions, and both with the promise of the design."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.start = self.clock.now
        self.budget = RetryBudget(self.clock.monotonic)
        self.reserve = Fraction(10)
        self.earned = Fraction(0)
        self.calls = 0
        self.retries = 0

    @rule(count=st.integers(1, 600))
    def call(self, count: int) -> None:
        for _ in range(count):
            self.budget.count_call()
        self.calls += count
        self.earned = min(self.earned + Fraction(count, 5), Fraction(100))

    @rule(count=st.integers(1, 30))
    def retry(self, count: int) -> None:
        for _ in range(count):
            if self.reserve >= 1:
                expected = True
                self.reserve -= 1
            elif self.earned >= 1:
                expected = True
                self.earned -= 1
            else:
                expected = False
            assert self.budget.take() is expected
            self.retries += expected

    # Multiples of 1/64 s are exact in binary, so that model and budget may be compared exactly.
    @rule(sixty_fourths=st.integers(0, 200))
    def pass_time(self, sixty_fourths: int) -> None:
        self.clock.now += sixty_fourths / 64
        self.reserve = min(self.reserve + 10 * Fraction(sixty_fourths, 64), Fraction(10))

    @invariant()
    def retries_are_a_fifth_of_the_calls_and_ten_a_second_at_most(self) -> None:
        seconds = self.clock.now - self.start
        assert self.retries <= self.calls / 5 + 10 * seconds + 10


BudgetMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestBudgetMachine = BudgetMachine.TestCase


def test_threads_share_one_budget_to_the_last_token() -> None:
    budget = RetryBudget(ManualClock().monotonic)

    def work(_: int) -> int:
        mine = 0
        for _ in range(1000):
            budget.count_call()
            mine += budget.take()
        return mine

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(work, range(8)))
    # 8000 calls earn 1600, and 10 were there; taking is at times refused before it is earned.
    assert sum(counts) + taken(budget) == 1610


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_forked_child_is_not_held_up_by_a_lock_of_its_parent() -> None:
    budget = RetryBudget(ManualClock().monotonic)
    with budget._lock:
        assert in_child(budget.take) == "True"
    assert taken(budget) == 10


def test_a_budget_that_is_renewed_takes_no_lock_and_keeps_its_tokens() -> None:
    budget = RetryBudget(ManualClock().monotonic)
    budget.take()
    with budget._lock:
        budget.renew()
        assert taken(budget) == 9


def test_a_call_that_the_budget_refuses_to_retry_says_so() -> None:
    clock = ManualClock()
    on = engine(retrying(max_retries=100, max_backoff=0.001), clock)
    service = Flaky(*[TimeoutError()] * 99)
    with pytest.raises(TimeoutError) as caught:
        wrap(service, on).work()
    assert vars(caught.value)["stop_reason"] is StopReason.RETRY_BUDGET_EXHAUSTED
    assert service.attempts_seen == list(range(1, 12))
    assert len(clock.waits) == 10


def test_a_call_that_gives_up_by_itself_takes_no_token() -> None:
    on = engine(retrying(max_retries=0))
    for _ in range(20):
        with pytest.raises(TimeoutError):
            wrap(Flaky(TimeoutError()), on).work()
    assert taken(on._shared.budget) == 14


def test_engines_made_from_one_another_share_their_budget() -> None:
    clock = ManualClock()
    on = engine(retrying(max_retries=10, max_backoff=0.001), clock)
    other = on.reconfigured(retrying(max_retries=5, max_backoff=0.001))
    service = Flaky(*[TimeoutError()] * 10)
    assert wrap(service, on).work() == "done"
    with pytest.raises(TimeoutError) as caught:
        wrap(Flaky(TimeoutError()), other).work()
    assert vars(caught.value)["stop_reason"] is StopReason.RETRY_BUDGET_EXHAUSTED
