from __future__ import annotations

from datetime import timedelta

import pytest

from pywats import RetryConfig
from pywats.errors import (
    CallConnectionError,
    CallTimeoutError,
    CircuitOpenError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StopReason,
    WATSDecodeError,
)
from pywats.sync.policies.retry import GiveUp, Retry, decide

ON = RetryConfig()


def decision(
    error: Exception,
    config: RetryConfig | None = ON,
    *,
    attempt: int = 1,
    unsafe: bool = False,
    remaining: float | None = None,
) -> Retry | GiveUp:
    return decide(
        config,
        error,
        attempt=attempt,
        unsafe_request_sent=unsafe,
        remaining=remaining,
        draw=lambda low, high: low + (high - low) / 4,
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CallConnectionError("x"), "ConnectionError"),
        (ConnectionResetError("x"), "ConnectionError"),
        (CallTimeoutError("x"), "timeout"),
        (TimeoutError("x"), "timeout"),
        (RateLimitError("x", status=429), "status 429"),
        (ServerError("x", status=502), "status 502"),
        (ServerError("x", status=503), "status 503"),
        (ServerError("x", status=504), "status 504"),
    ],
)
def test_transient_errors_are_retried(error: Exception, reason: str) -> None:
    assert decision(error) == Retry(2.0, reason)


@pytest.mark.parametrize(
    "error",
    [
        CallConnectionError("certificate", transient=False),
        CircuitOpenError("x"),
        WATSDecodeError("x"),
        NotFoundError("x", status=404),
        ServerError("x", status=500),
        ServerError("x", status=501),
        ValueError("x"),
    ],
)
def test_permanent_errors_are_not(error: Exception) -> None:
    assert decision(error) == GiveUp(StopReason.NOT_RETRYABLE)


def test_without_retry_settings_nothing_is_retried() -> None:
    assert decision(CallConnectionError("x"), None) == GiveUp(StopReason.RETRY_DISABLED)


def test_a_status_error_is_retried_by_its_own_class_but_not_by_its_builtin_base() -> None:
    error = PermissionDeniedError("x", status=403)
    assert isinstance(error, OSError)
    assert decision(error, RetryConfig(retry_on_errors=[OSError])) == GiveUp(
        StopReason.NOT_RETRYABLE
    )
    for kinds in ([PermissionDeniedError], [OSError, PermissionDeniedError, Exception]):
        assert decision(error, RetryConfig(retry_on_errors=kinds)) == Retry(
            2.0, "PermissionDeniedError"
        )


@pytest.mark.parametrize(("attempt", "delay"), [(1, 2.0), (2, 4.0), (3, 8.0)])
def test_the_wait_before_retry_n_is_the_backoff_to_the_power_of_n(
    attempt: int, delay: float
) -> None:
    assert decision(TimeoutError(), attempt=attempt) == Retry(delay, "timeout")


def test_the_wait_is_capped_even_where_the_power_overflows() -> None:
    config = RetryConfig(max_retries=10_000, max_backoff=timedelta(seconds=5))
    assert decision(TimeoutError(), config, attempt=3) == Retry(5.0, "timeout")
    assert decision(TimeoutError(), config, attempt=9_999) == Retry(5.0, "timeout")


def test_full_jitter_draws_between_zero_and_the_wait() -> None:
    config = RetryConfig(jitter="full")
    assert decision(TimeoutError(), config, attempt=2) == Retry(1.0, "timeout")


def test_retries_end_after_max_retries() -> None:
    assert decision(TimeoutError(), attempt=3) == Retry(8.0, "timeout")
    assert decision(TimeoutError(), attempt=4) == GiveUp(StopReason.RETRIES_EXHAUSTED)
    assert decision(TimeoutError(), RetryConfig(max_retries=0)) == GiveUp(
        StopReason.RETRIES_EXHAUSTED
    )


def test_an_unsafe_request_is_repeated_only_if_told_so() -> None:
    assert decision(TimeoutError(), unsafe=True) == GiveUp(StopReason.UNSAFE_TO_REPEAT)
    assert decision(TimeoutError(), RetryConfig(retry_unsafe=True), unsafe=True) == Retry(
        2.0, "timeout"
    )


def test_retry_after_is_the_least_wait() -> None:
    assert decision(RateLimitError("x", status=429, retry_after=7)) == Retry(7, "status 429")
    assert decision(RateLimitError("x", status=429, retry_after=1)) == Retry(2.0, "status 429")


def test_without_retry_after_nothing_is_added_to_the_backoff() -> None:
    config = RetryConfig(max_backoff=0.5)
    assert decision(RateLimitError("x", status=429), config) == Retry(0.5, "status 429")
    error = RateLimitError("x", status=429, retry_after=0)
    assert decision(error, config) == Retry(0.5, "status 429")


def test_a_longer_retry_after_than_allowed_ends_the_call() -> None:
    error = RateLimitError("x", status=429, retry_after=61)
    assert decision(error) == GiveUp(StopReason.RETRY_AFTER_TOO_LONG)
    assert decision(error, RetryConfig(max_retry_after=61)) == Retry(61, "status 429")
    assert decision(error, RetryConfig(respect_retry_after=False)) == Retry(2.0, "status 429")


def test_a_retry_after_that_the_deadline_does_not_allow_ends_the_call() -> None:
    error = RateLimitError("x", status=429, retry_after=7)
    assert decision(error, remaining=6.9) == GiveUp(StopReason.RETRY_AFTER_TOO_LONG)
    assert decision(error, remaining=7) == GiveUp(StopReason.DEADLINE)
    assert decision(error, remaining=7.1) == Retry(7, "status 429")
    assert decision(error, RetryConfig(max_retry_after=6.9), remaining=9) == GiveUp(
        StopReason.RETRY_AFTER_TOO_LONG
    )


def test_an_open_circuit_is_not_retried_even_if_asked_for() -> None:
    config = RetryConfig(retry_on_errors=[CircuitOpenError, Exception])
    assert decision(CircuitOpenError("x"), config) == GiveUp(StopReason.NOT_RETRYABLE)


def test_a_wait_that_would_pass_the_deadline_is_not_begun() -> None:
    assert decision(TimeoutError(), remaining=2.0) == GiveUp(StopReason.DEADLINE)
    assert decision(TimeoutError(), remaining=2.1) == Retry(2.0, "timeout")


def test_an_expired_deadline_ends_the_call_with_or_without_retries() -> None:
    error = CallTimeoutError("x", scope="deadline")
    assert decision(error, remaining=0.0) == GiveUp(StopReason.DEADLINE)
    assert decision(error, None, remaining=0.0005) == GiveUp(StopReason.DEADLINE)


@pytest.mark.parametrize("remaining", [None, 60.0])
def test_the_end_of_a_call_inside_is_a_timeout_of_the_attempt(remaining: float | None) -> None:
    error = CallTimeoutError("x", scope="deadline")
    assert decision(error, remaining=remaining) == Retry(2.0, "timeout")
