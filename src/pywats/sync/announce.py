"""Tell the span, the log and the user's hooks what becomes of a call between its attempts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from pywats.errors import StopReason
from pywats.events import CircuitState, GiveUpEvent, RetryEvent
from pywats.sync import metrics, telemetry
from pywats.sync.call import current_call
from pywats.sync.signature import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.config import RetryConfig
    from pywats.events import CircuitTransition
    from pywats.sync.call import Call
    from pywats.sync.retry import Retry

__all__ = ["announce_end", "announce_retry", "announce_transition"]

T = TypeVar("T")

logger = logging.getLogger("pywats.sync")

# Ends that are no news on a first attempt: nothing was going to be retried.
_FIRST_TIME = frozenset({StopReason.RETRY_DISABLED, StopReason.NOT_RETRYABLE})


def announce_retry(
    call: Call, config: RetryConfig | None, error: Exception, decision: Retry
) -> None:
    """Tell that an attempt failed and another will follow."""
    telemetry.record_retry(
        call.span, error, attempt=call.attempt, delay=decision.delay, reason=decision.reason
    )
    metrics.record_retry(call.name, error)
    logger.warning(
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


def announce_end(
    call: Call, config: RetryConfig | None, error: Exception, reason: StopReason, now: float
) -> None:
    """Tell that an attempt failed and no other will follow, unless none was to be expected."""
    if call.attempt == 1 and reason in _FIRST_TIME:
        return
    telemetry.record_given_up(call.span, reason, call.attempt)
    logger.warning(
        "%s: gave up after attempt %d (%s): %s",
        call.name,
        call.attempt,
        reason,
        one_line(error),
    )
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
    hook: Callable[[CircuitTransition], object] | None, change: CircuitTransition
) -> None:
    """Tell that a circuit breaker changed its state."""
    weighed = f"{change.failures} of {change.attempts} attempts failed"
    logger.log(
        logging.WARNING if change.after is CircuitState.OPEN else logging.INFO,
        "the circuit to %s is %s, was %s (%s)",
        change.origin,
        change.after,
        change.before,
        weighed if change.attempts else "one attempt probes it",
    )
    metrics.record_transition(change)
    call = current_call()
    if call is not None:
        telemetry.record_transition(call.span, change)
    _notify(hook, change)


def _notify(hook: Callable[[T], object] | None, event: T) -> None:
    if hook is None:
        return
    try:
        hook(event)
    except Exception:
        # A hook has no say in the outcome. Ctrl-C leaves it as it leaves anything else.
        logger.exception("a hook raised; the call goes on: %r", hook)
