"""One call, one state: what everything below a sync call may read without being handed it."""

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
    """A point on the monotonic clock after which work must have stopped.

    Attributes:
        expires_at: Seconds on the clock of `time.monotonic`.
        seconds: The length of time that was configured.
        scope: Whether an attempt or the whole call is limited.
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
    """A running sync call: a fixed identity and a few counters.

    Attributes:
        name: Name of the call span: ``pywats.<service>.<method>`` for the WATS client,
            ``<name>.<method>`` for a wrapped object.
        correlation_id: The id of log records, header and errors; None if switched off.
        trace_id: 32 hex digits: the span's trace id, or one made here if there is no tracer;
            None if there is no tracer and correlation ids are switched off.
        span: The call's span.
        instrumentation: Where spans and metrics of the call go.
        started: Start on the monotonic clock.
        deadline: Limit of the whole call.
        limit: Limit of what is running: during an attempt its timeout, or what the deadline
            leaves, and between two attempts the deadline.
        attempt: Number of the attempt that is running, from 1.
        attempts: The attempts that failed.
        unsafe_request_sent: Bytes of a request that must not run twice may have left.
        requests_known: The running attempt has sent a request over a transport of pywats, so that
            ``unsafe_request_sent`` tells whether it may be repeated.
        interrupted: A signal handler has ended the request; its exception leaves at once.
        may_have_been_executed: A request that changes data may have run without a response.
        stop_reason: Why no further attempt follows.
        correlation_header: Name of the header for the correlation id.
        direct: Its coroutine is driven without an event loop, even if one runs on the thread.
        over_direct_transport: A request was sent through a `pywats.DirectTransport`.
        gave_up: An attempt failed that was or could have been retried.
        advice: The setting that would let another attempt follow.
        told: The exception that a call inside this one has logged as a failure.
        ended: The call has returned. Callbacks and tasks that it left behind may still have it in
            their context; neither its id nor its limits hold for them.
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
        """Count the attempt and set its limit: the timeout, or the deadline if that is nearer."""
        self.attempt += 1
        self.requests_known = False
        self.limit = self.deadline
        if timeout is not None and (
            self.deadline is None or now + timeout < self.deadline.expires_at
        ):
            self.limit = Limit(now + timeout, timeout, "attempt")

    def end_attempt(self, failed: Attempt) -> None:
        """Keep the attempt that failed, and lift its limit."""
        self.attempts.append(failed)
        self.limit = self.deadline


def nearest_deadline(seconds: float | None, now: float, outer: Call | None) -> Limit | None:
    """Return the deadline of a call that begins now; None for none.

    Args:
        seconds: The deadline that is configured.
        now: The time on the monotonic clock.
        outer: The call that makes this one; it cannot be outlived.
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
