"""Events that hooks receive: small frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pywats.errors import StopReason

__all__ = ["CircuitState", "CircuitTransition", "GiveUpEvent", "RetryEvent"]


@dataclass(frozen=True, slots=True)
class RetryEvent:
    """A failed attempt that another one follows.

    Attributes:
        call: Name of the call: ``pywats.<service>.<method>`` for the WATS client,
            ``<name>.<method>`` for a wrapped object.
        attempt: Number of the attempt that failed, from 1.
        delay: Seconds until the next attempt.
        reason: Why the error is worth another attempt, such as ``timeout`` or ``status 503``.
        error: What the attempt raised.
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
    """The end of a call whose error was or could have been retried.

    Attributes:
        call: Name of the call: ``pywats.<service>.<method>`` for the WATS client,
            ``<name>.<method>`` for a wrapped object.
        attempts: How many attempts were made.
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
    """Whether a circuit breaker lets attempts through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class CircuitTransition:
    """A circuit breaker that changed its state.

    Attributes:
        origin: Where the attempts go, such as ``https://wats.example.com``.
        before: The state it left.
        after: The state it is in.
        attempts: How many attempts were weighed: all in the window, the one probe, or none.
        failures: How many of them failed.
    """

    origin: str
    before: CircuitState
    after: CircuitState
    attempts: int
    failures: int
