"""The state of the running sync call, which all code below the call can read from the context."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from opentelemetry.trace import Span

from pywats.errors import Attempt, StopReason, TimeoutScope
from pywats.observability.instrumentation import GLOBAL, Instrumentation

__all__ = ["DEFAULT_CORRELATION_HEADER", "Call", "Limit", "current_call", "nearest_deadline"]

DEFAULT_CORRELATION_HEADER: Final = "X-Correlation-ID"


class Limit(NamedTuple):
    """A time limit: work must have stopped at its point on the monotonic clock.

    Attributes:
        expires_at: Seconds on the clock of `time.monotonic`.
        seconds: The configured length of the limit.
        scope: Whether it limits an attempt or the whole call.
    """

    expires_at: float
    seconds: float
    scope: TimeoutScope

    @property
    def described(self) -> str:
        """The limit in the words of an error message."""
        which = "timeout of this attempt" if self.scope == "attempt" else "deadline of this call"
        return f"the {self.seconds:g} s {which}"


@dataclass(slots=True, eq=False)
class Call:
    """A running sync call: its identity, limits, and what has happened so far.

    Attributes:
        name: Name of the call span: ``pywats.<service>.<method>`` for the WATS client,
            ``<name>.<method>`` for a wrapped object.
        correlation_id: The id in log records, header and errors; None if switched off.
        trace_id: 32 hex digits: the trace id of the span, or a new id if there is no tracer;
            None if there is no tracer and correlation ids are switched off.
        span: The call's span.
        instrumentation: Receives spans and metrics of the call.
        started: Start on the monotonic clock.
        deadline: Limit of the whole call.
        limit: The current limit: during an attempt, its timeout, or the deadline if that is
            earlier; between two attempts, the deadline.
        attempt: Number of the running attempt, from 1.
        attempts: The attempts that failed.
        unsafe_request_sent: True if bytes of a request that is not idempotent may have been sent.
        requests_known: True if the running attempt has sent a request over a transport of pywats,
            so that ``unsafe_request_sent`` tells whether it may be repeated.
        interrupted: True if a signal handler ended the request; its exception is raised at once.
        may_have_been_executed: True if the server may have carried out a request that changes
            data, although no response says so.
        stop_reason: Why no further attempt follows.
        correlation_header: Name of the header for the correlation id.
        direct: True if the coroutine is driven without an event loop, even if an event loop runs
            on the thread.
        over_direct_transport: True if a request was sent through a `pywats.DirectTransport`.
        gave_up: True if a failure was retried or could have been, and no attempt follows.
        advice: The setting that would permit another attempt.
        told: The exception that a call inside this call has logged as a failure.
        ended: True if the call has returned. Callbacks and tasks that it left behind may still
            have it in their context; its id and its limits do not apply to them.
    """

    name: str
    correlation_id: str | None
    trace_id: str | None
    span: Span
    instrumentation: Instrumentation = GLOBAL
    started: float = field(default_factory=time.monotonic)
    deadline: Limit | None = None
    limit: Limit | None = None
    attempt: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    unsafe_request_sent: bool = False
    requests_known: bool = False
    interrupted: bool = False
    may_have_been_executed: bool = False
    stop_reason: StopReason | None = None
    correlation_header: str = DEFAULT_CORRELATION_HEADER
    direct: bool = False
    over_direct_transport: bool = False
    status: int | None = None
    server_request_id: str | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    gave_up: bool = False
    advice: str = ""
    told: BaseException | None = None
    ended: bool = False

    def begin_attempt(self, timeout: float | None, now: float) -> None:
        """Count the attempt and set its limit: the timeout, or the deadline if that is earlier."""
        self.attempt += 1
        self.requests_known = False
        self.limit = self.deadline
        if timeout is not None and (
            self.deadline is None or now + timeout < self.deadline.expires_at
        ):
            self.limit = Limit(now + timeout, timeout, "attempt")

    def end_attempt(self, failed: Attempt) -> None:
        """Note the attempt that failed, and remove its limit."""
        self.attempts.append(failed)
        self.limit = self.deadline


def nearest_deadline(seconds: float | None, now: float, outer: Call | None) -> Limit | None:
    """Return the deadline of a call that begins now; None for no deadline.

    Args:
        seconds: The configured deadline.
        now: The time on the monotonic clock.
        outer: The call that makes this call; its limit is a bound for the new deadline.
    """
    deadline = None if seconds is None else Limit(now + seconds, seconds, "deadline")
    bound = None if outer is None or outer.ended else outer.limit
    if bound is not None and (deadline is None or bound.expires_at < deadline.expires_at):
        deadline = Limit(bound.expires_at, bound.seconds, "deadline")
    return deadline


_current: ContextVar[Call | None] = ContextVar("pywats_call", default=None)
current_call = _current.get
enter_call = _current.set
leave_call = _current.reset
