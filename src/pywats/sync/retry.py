"""Whether to try again, decided by pure functions: no clock, no sleep, no I/O."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.errors import (
    CircuitOpenError,
    StopReason,
    WATSConnectionError,
    WATSError,
    WATSStatusError,
    WATSTimeoutError,
)
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.config import RetryConfig

__all__ = ["GiveUp", "Retry", "decide"]


# Timers of an event loop go off up to so many seconds early.
_TICK = 0.001


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after ``delay`` seconds, because of ``reason``."""

    delay: float
    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Let the error leave the call."""

    reason: StopReason


def decide(
    config: RetryConfig | None,
    error: Exception,
    *,
    attempt: int,
    unsafe_request_sent: bool,
    remaining: float | None,
    draw: Callable[[float, float], float] = random.uniform,
) -> Retry | GiveUp:
    """Decide what follows a failed attempt.

    Args:
        config: The retry settings; None if retries are off.
        error: What the attempt raised.
        attempt: Its number, from 1.
        unsafe_request_sent: Bytes of a request that must not run twice may have left.
        remaining: Seconds to the deadline of the call, or None.
        draw: Source of the jitter: a number between its two arguments.

    Returns:
        `Retry` with the wait in seconds, or `GiveUp` with the reason.
    """
    if isinstance(error, WATSTimeoutError) and error.scope == "deadline" and over(remaining):
        return GiveUp(StopReason.DEADLINE)
    if config is None:
        return GiveUp(StopReason.RETRY_DISABLED)
    reason = retry_reason(config, error)
    if reason is None:
        return GiveUp(StopReason.NOT_RETRYABLE)
    if unsafe_request_sent and not config.retry_unsafe:
        return GiveUp(StopReason.UNSAFE_TO_REPEAT)
    if attempt > config.max_retries:
        return GiveUp(StopReason.RETRIES_EXHAUSTED)
    asked = requested_delay(config, error)
    longest = in_seconds(config.max_retry_after)
    if asked > (longest if remaining is None else min(longest, remaining)):
        return GiveUp(StopReason.RETRY_AFTER_TOO_LONG)
    delay = max(asked, backoff_delay(config, attempt, draw))
    if remaining is not None and delay >= remaining:
        return GiveUp(StopReason.DEADLINE)
    return Retry(delay, reason)


def over(remaining: float | None) -> bool:
    """Return whether a deadline has passed; False if there is none.

    A call that was made inside this one takes the end of the attempt for its deadline, which is
    no reason not to begin another attempt.
    """
    return remaining is not None and remaining <= _TICK


def retry_reason(config: RetryConfig, error: Exception) -> str | None:
    """Return why the error is worth another attempt, None if it is not."""
    if isinstance(error, CircuitOpenError):
        return None
    if isinstance(error, WATSConnectionError) and not error.transient:
        return None
    if isinstance(error, WATSStatusError) and error.status in config.retry_on_status:
        return f"status {error.status}"
    for kind in config.retry_on_errors:
        # An error status has a builtin base for `except`; it is retried only by its own name,
        # lest OSError in retry_on_errors make a 403 (a PermissionError) transient.
        if isinstance(error, WATSStatusError) and not issubclass(kind, WATSError):
            continue
        if isinstance(error, kind):
            return "timeout" if isinstance(error, TimeoutError) else kind.__name__
    return None


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


def requested_delay(config: RetryConfig, error: Exception) -> float:
    """Return the seconds that the server asked to wait, 0 if none or if not to be respected."""
    if not config.respect_retry_after or not isinstance(error, WATSStatusError):
        return 0.0
    return error.retry_after or 0.0
