"""What holds of the retry policy whatever the settings, the error and the draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pywats import RetryConfig
from pywats.errors import CallTimeoutError, RateLimitError, StopReason
from pywats.sync.policies.retry import GiveUp, Retry, backoff_delay, decide

if TYPE_CHECKING:
    import random

seconds = st.floats(0.001, 1e6)
configs = st.builds(
    RetryConfig,
    max_retries=st.integers(0, 10_000),
    backoff=st.floats(1, 1e6),
    max_backoff=seconds,
    jitter=st.sampled_from(["none", "full"]),
    respect_retry_after=st.booleans(),
    max_retry_after=seconds,
    retry_unsafe=st.booleans(),
)
attempts = st.integers(1, 10_001)
errors = st.one_of(
    st.builds(CallTimeoutError, st.just("x")),
    st.builds(
        RateLimitError,
        st.just("x"),
        status=st.just(429),
        retry_after=st.none() | st.floats(0, 1e6),
    ),
)


@given(configs, attempts, st.randoms(use_true_random=False))
def test_a_wait_is_between_zero_and_the_ceiling(
    config: RetryConfig, attempt: int, source: random.Random
) -> None:
    delay = backoff_delay(config, attempt, source.uniform)
    assert isinstance(config.max_backoff, float)
    assert 0 <= delay <= config.max_backoff
    if config.backoff**1.0 >= config.max_backoff and config.jitter == "none":
        assert delay == config.max_backoff


@given(configs, st.integers(1, 10_000), st.floats(0, 1))
def test_waits_never_get_shorter_and_jitter_takes_a_share_of_them(
    config: RetryConfig, attempt: int, share: float
) -> None:
    def draw(low: float, high: float) -> float:
        return low + (high - low) * share

    first, second = (backoff_delay(config, number, draw) for number in (attempt, attempt + 1))
    assert first <= second
    plain = RetryConfig(backoff=config.backoff, max_backoff=config.max_backoff)
    whole = backoff_delay(plain, attempt, draw)
    assert first == (whole * share if config.jitter == "full" else whole)


@given(configs, attempts, errors, st.booleans(), st.none() | st.floats(0, 1e6))
def test_another_attempt_is_within_every_limit(
    config: RetryConfig,
    attempt: int,
    error: CallTimeoutError | RateLimitError,
    unsafe: bool,  # noqa: FBT001 - drawn by position
    remaining: float | None,
) -> None:
    decision = decide(
        config, error, attempt=attempt, unsafe_request_sent=unsafe, remaining=remaining
    )
    asked = error.retry_after if isinstance(error, RateLimitError) else None
    respected = asked if config.respect_retry_after else None
    assert isinstance(config.max_retry_after, float)
    if isinstance(decision, Retry):
        assert attempt <= config.max_retries
        assert not unsafe or config.retry_unsafe
        assert remaining is None or decision.delay < remaining
        assert respected is None or respected <= decision.delay
        assert respected is None or respected <= config.max_retry_after
    elif decision == GiveUp(StopReason.RETRY_AFTER_TOO_LONG):
        assert respected is not None
        assert respected > config.max_retry_after or (
            remaining is not None and respected > remaining
        )
    elif decision == GiveUp(StopReason.DEADLINE):
        assert remaining is not None
    elif decision == GiveUp(StopReason.RETRIES_EXHAUSTED):
        assert attempt > config.max_retries
    else:
        assert decision == GiveUp(StopReason.UNSAFE_TO_REPEAT)
        assert unsafe


@given(configs, attempts, errors)
def test_without_jitter_the_same_failure_gets_the_same_response(
    config: RetryConfig, attempt: int, error: CallTimeoutError | RateLimitError
) -> None:
    def refuse(low: float, high: float) -> float:
        raise AssertionError((low, high))

    if config.jitter == "none":
        responses = [
            decide(
                config,
                error,
                attempt=attempt,
                unsafe_request_sent=False,
                remaining=None,
                draw=refuse,
            )
            for _ in range(2)
        ]
        assert responses[0] == responses[1]
