"""The numbers on the page about scaling out are those of the code."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import pytest

from pywats import CircuitBreakerConfig, RetryConfig
from pywats.errors import WATSConnectionError
from pywats.http import ConnectionSettings
from pywats.sync.policies.retry import Retry, decide
from pywats.sync.policies.retry_budget import CALLS_PER_RETRY, RETRIES_PER_SECOND
from tests.docs.pages import pages

PAGE = pages()["guides/scaling-out.md"].text
TEXT = " ".join(PAGE.split())
FLEET = 200
SAMPLE = 100  # fleets, so that chance evens out


def worst_seconds(retry: RetryConfig) -> list[int]:
    """Return how many retries of each round come in its worst second, when all fail at once."""
    draw = random.Random(7).uniform  # noqa: S311 - an experiment that can be repeated
    error = WATSConnectionError("down")
    after = partial(decide, retry, error, unsafe_request_sent=False, remaining=None, draw=draw)
    rounds: list[Counter[int]] = [Counter() for _ in range(retry.max_retries)]
    for _ in range(FLEET * SAMPLE):
        now = 0.0
        for attempt, arrivals in enumerate(rounds, 1):
            decision = after(attempt=attempt)
            assert isinstance(decision, Retry)
            now += decision.delay
            arrivals[int(now)] += 1
    return [round(max(arrivals.values()) / SAMPLE) for arrivals in rounds]


def test_the_worst_seconds_of_a_fleet() -> None:
    together = worst_seconds(RetryConfig(max_retries=3))
    assert together == [200, 200, 200]
    assert '| `jitter="none"` | 200, 2 s later | 200, 6 s later | 200, 14 s later |' in PAGE
    apart = worst_seconds(RetryConfig(max_retries=3, jitter="full"))
    assert apart == pytest.approx([100, 50, 25], rel=0.05)
    assert '| `jitter="full"` | about 100 | about 50 | about 25 |' in PAGE


def test_the_limits_of_each_client() -> None:
    limits = ConnectionSettings().limits
    assert f"{limits.max_connections} at most; further calls wait" in TEXT
    idle = f"Up to {limits.max_keepalive_connections} are kept when idle, "
    assert idle + f"for {limits.keepalive_expiry:g} s" in TEXT
    share = f"{100 // CALLS_PER_RETRY} % of its calls, and {RETRIES_PER_SECOND} a second"
    assert share in TEXT
    assert f"may spend {FLEET * RETRIES_PER_SECOND:,} retries a second" in TEXT


def test_the_circuit_breakers_of_a_fleet() -> None:
    breaker = CircuitBreakerConfig()
    assert isinstance(breaker.cool_down, float)
    assert f"`minimum_attempts` ({breaker.minimum_attempts})" in TEXT
    assert f"{FLEET * breaker.minimum_attempts:,} attempts until all" in TEXT
    probes = FLEET / breaker.cool_down
    assert f"every `cool_down` ({breaker.cool_down:g} s), {probes:g} a second" in TEXT
