"""Events that are passed to hooks: small frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pywats.errors import StopReason

__all__ = ["CircuitState", "CircuitTransition", "GiveUpEvent", "RetryEvent"]


@dataclass(frozen=True, slots=True)
class RetryEvent:
    """An attempt failed, and another attempt will follow.

    Attributes:
        call: Name of the call: ``pywats.<service>.<method>`` for the WATS client,
            ``<name>.<method>`` for a wrapped object.
        attempt: Number of the attempt that failed, from 1.
        delay: Seconds until the next attempt.
        reason: Why the error is worth another attempt, such as ``timeout`` or ``status 503``.
        error: The error that the attempt raised.
        correlation_id: The id of the call; None if correlation ids are switched off.
    """

    call: str
    attempt: int
    delay: float
    reason: str
    error: Exception
    correlation_id: str | None


@dataclass(frozen=True, slots=True)
class GiveUpEvent:
    """A call failed, and it was retried before or could have been retried.

    Attributes:
        call: Name of the call: ``pywats.<service>.<method>`` for the WATS client,
            ``<name>.<method>`` for a wrapped object.
        attempts: Number of attempts.
        elapsed: Seconds since the call began.
        stop_reason: Why no further attempt is made.
        error: The error that leaves the call.
        correlation_id: The id of the call; None if correlation ids are switched off.
    """

    call: str
    attempts: int
    elapsed: float
    stop_reason: StopReason
    error: Exception
    correlation_id: str | None


class CircuitState(StrEnum):
    """State of a circuit breaker: whether it admits attempts."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class CircuitTransition:
    """A circuit breaker changed its state.

    Attributes:
        origin: The server that the attempts call, such as ``https://wats.example.com``.
        before: The previous state.
        after: The new state.
        attempts: Number of attempts behind the change: all in the window, the probe, or 0.
        failures: Number of these attempts that failed.
    """

    origin: str
    before: CircuitState
    after: CircuitState
    attempts: int
    failures: int
