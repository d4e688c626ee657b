"""Report what happens between attempts to the span, the metrics, the log and the user's hooks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from pywats.errors import StopReason
from pywats.events import CircuitState, GiveUpEvent, RetryEvent
from pywats.observability import metrics
from pywats.observability import spans as telemetry
from pywats.observability.call import current_call
from pywats.observability.error_facts import add_note, one_line
from pywats.observability.guard import log_safely
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.config import RetryConfig
    from pywats.events import CircuitTransition
    from pywats.observability.call import Call
    from pywats.observability.instrumentation import Instrumentation
    from pywats.sync.policies.retry import Retry

__all__ = ["announce_end", "announce_retry", "announce_transition"]

T = TypeVar("T")

logger = logging.getLogger("pywats.sync")

# After a first attempt these are not reported as giving up: a retry was never an option.
_FIRST_TIME = frozenset({StopReason.RETRY_DISABLED, StopReason.NOT_RETRYABLE})


def announce_retry(
    call: Call, config: RetryConfig | None, error: Exception, decision: Retry
) -> None:
    """Report that an attempt failed and another will follow."""
    telemetry.record_retry(
        call.span, error, attempt=call.attempt, delay=decision.delay, reason=decision.reason
    )
    metrics.record_retry(call.name, error, call.instrumentation)
    log_safely(
        logger,
        logging.WARNING,
        "%s: attempt %d failed (%s), next attempt in %.3g s",
        call.name,
        call.attempt,
        one_line(error),
        decision.delay,
    )
    _notify(
        None if config is None else config.on_retry,
        RetryEvent(
            call=call.name,
            attempt=call.attempt,
            delay=decision.delay,
            reason=decision.reason,
            error=error,
            correlation_id=call.correlation_id,
        ),
    )


def announce_fault(call: Call, error: Exception, fault: Exception) -> None:
    """Report that a predicate of ``retry_on_errors`` failed, so that the call is not retried."""
    log_safely(
        logger,
        logging.ERROR,
        "%s: a predicate of retry_on_errors failed, so the call is not retried: %s",
        call.name,
        one_line(fault),
        exc_info=fault.__cause__,
    )
    add_note(error, f"not retried: {fault}")


def announce_end(
    call: Call,
    config: RetryConfig | None,
    error: Exception,
    reason: StopReason,
    now: float,
    *,
    advice: str = "",
) -> None:
    """Report that the call gave up after a failed attempt, unless it was never going to retry.

    Args:
        call: The call.
        config: The retry settings; None if retries are off.
        error: The error that the attempt raised.
        reason: Why there is not another attempt.
        now: The time on the monotonic clock.
        advice: The setting that would allow another attempt, with a placeholder for the method.
    """
    if call.attempt == 1 and reason in _FIRST_TIME:
        return
    telemetry.record_given_up(call.span, reason, call.attempt)
    # Logged in the line at the end of the call, so that one failure is one log line.
    call.gave_up = True
    call.advice = advice.format(method=call.name.rpartition(".")[2])
    _notify(
        None if config is None else config.on_give_up,
        GiveUpEvent(
            call=call.name,
            attempts=call.attempt,
            elapsed=now - call.started,
            stop_reason=reason,
            error=error,
            correlation_id=call.correlation_id,
        ),
    )


def announce_transition(
    hook: Callable[[CircuitTransition], object] | None,
    instrumentation: Instrumentation,
    change: CircuitTransition,
) -> None:
    """Report that a circuit breaker changed its state."""
    weighed = f"{change.failures} of {change.attempts} attempts failed"
    log_safely(
        logger,
        logging.WARNING if change.after is CircuitState.OPEN else logging.INFO,
        "the circuit to %s is %s, was %s (%s)",
        change.origin,
        change.after,
        change.before,
        weighed if change.attempts else "one attempt probes it",
    )
    metrics.record_transition(change, instrumentation)
    call = current_call()
    if call is not None:
        telemetry.record_transition(call.span, change)
    _notify(hook, change)


def _notify(hook: Callable[[T], object] | None, event: T) -> None:
    if hook is None:
        return
    try:
        hook(event)
    except Exception as error:
        if raised_by_signal_handler(error):
            raise
        # An error in a hook must not change the result of the call; Ctrl-C passes through.
        log_safely(
            logger, logging.ERROR, "a hook raised; the call goes on: %r", hook, exc_info=True
        )
