"""Decide whether to try again. Pure functions: no clock, no sleep, no I/O."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.errors import CallTimeoutError, StopReason
from pywats.observability.response_facts import retry_after_of
from pywats.sync.policies.retryable import PredicateError, match
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.config import RetryConfig

__all__ = ["GiveUp", "Retry", "decide"]


# Event-loop timers may fire this many seconds early.
_TICK = 0.001


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after ``delay`` seconds, because of ``reason``."""

    delay: float
    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again: raise the error.

    Attributes:
        reason: Why there is not another attempt.
        fault: The error of a failed predicate of ``retry_on_errors``; None if none failed.
    """

    reason: StopReason
    fault: PredicateError | None = None


def decide(
    config: RetryConfig | None,
    error: Exception,
    *,
    attempt: int,
    remaining: float | None,
    unsafe_request_sent: bool = False,
    requests_known: bool = True,
    may_repeat: Callable[[], bool] = lambda: False,
    draw: Callable[[float, float], float] = random.uniform,
) -> Retry | GiveUp:
    """Decide what follows a failed attempt.

    Args:
        config: The retry settings; None if retries are off.
        error: The error that the attempt raised.
        attempt: Number of the attempt, from 1.
        remaining: Seconds to the deadline of the call, or None.
        unsafe_request_sent: Bytes of a request that must not run twice may have been sent.
        requests_known: All requests of the call went over transports of pywats, so that
            ``unsafe_request_sent`` is complete. Otherwise the error decides whether the operation
            may have been executed.
        may_repeat: Returns whether the operation may run twice; called only if it may have been
            executed.
        draw: Source of the jitter: returns a number between its two arguments.

    Returns:
        `Retry` with the wait in seconds, or `GiveUp` with the reason.
    """
    if isinstance(error, CallTimeoutError) and error.scope == "deadline" and over(remaining):
        return GiveUp(StopReason.DEADLINE)
    if config is None:
        return GiveUp(StopReason.RETRY_DISABLED)
    try:
        found = match(config, error)
    except PredicateError as fault:
        return GiveUp(StopReason.NOT_RETRYABLE, fault)
    if found is None:
        return GiveUp(StopReason.NOT_RETRYABLE)
    in_doubt = unsafe_request_sent or (found.in_doubt and not requests_known)
    if in_doubt and not config.retry_unsafe and not may_repeat():
        return GiveUp(StopReason.UNSAFE_TO_REPEAT)
    if attempt > config.max_retries:
        return GiveUp(StopReason.RETRIES_EXHAUSTED)
    asked = requested_delay(config, error)
    longest = in_seconds(config.max_retry_after)
    if asked > (longest if remaining is None else min(longest, remaining)):
        return GiveUp(StopReason.RETRY_AFTER_TOO_LONG)
    delay = backoff_delay(config, attempt, draw) if found.delay is None else found.delay
    delay = max(asked, delay)
    if remaining is not None and delay >= remaining:
        return GiveUp(StopReason.DEADLINE)
    return Retry(delay, found.reason)


def over(remaining: float | None) -> bool:
    """Return whether the deadline of the call itself has passed; False without a deadline.

    A `CallTimeoutError` with scope "deadline" may come from a nested call, whose deadline is the
    end of the attempt that makes it. Another attempt may follow then.
    """
    return remaining is not None and remaining <= _TICK


def backoff_delay(
    config: RetryConfig, attempt: int, draw: Callable[[float, float], float]
) -> float:
    """Return the wait in seconds after the given attempt: ``min(max_backoff, backoff**n)``."""
    ceiling = in_seconds(config.max_backoff)
    try:
        delay = min(ceiling, config.backoff**attempt)
    except OverflowError:
        delay = ceiling
    return draw(0.0, delay) if config.jitter == "full" else delay


def requested_delay(config: RetryConfig, error: BaseException) -> float:
    """Return the seconds the server asked to wait; 0 if it did not ask or if this is ignored."""
    if not config.respect_retry_after:
        return 0.0
    longest = 0.0
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ExceptionGroup):
            waiting += each.exceptions
        else:
            longest = max(longest, retry_after_of(each) or 0.0)
    return longest
