"""The course of one sync call: span, attempts, waits, and what is put on an error.

Decisions are made in `pywats.sync.retry`; this module carries them out. It is
the only one in the engine that waits.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from opentelemetry import context as otel_context
from opentelemetry import trace

from pywats import validation
from pywats.errors import Attempt, StopReason, WATSClosedError
from pywats.sync import correlation, telemetry
from pywats.sync.call import Call, Limit, current_call, enter_call, leave_call
from pywats.sync.retry import GiveUp, decide
from pywats.sync.signature import one_line, sign

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from opentelemetry.trace import Span
    from opentelemetry.util.types import Attributes

    from pywats.config import RetryConfig, SyncConfig
    from pywats.sync.runner import OneTask, Runner

__all__ = ["Clock", "Engine", "SystemClock"]

T = TypeVar("T")

logger = logging.getLogger("pywats.sync")

# Ends that are no news on a first attempt: nothing was going to be retried.
_FIRST_TIME = frozenset({StopReason.RETRY_DISABLED, StopReason.NOT_RETRYABLE})


class Clock(Protocol):
    """The time that the engine lives in; tests inject their own."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set or the seconds are over; return whether it is set."""
        ...


class SystemClock:
    """The clock of this machine."""

    def monotonic(self) -> float:
        """Return `time.monotonic`."""
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait on the event, so that closing the client ends the wait."""
        return event.wait(seconds)


class Engine:
    """Runs calls by one configuration.

    Args:
        config: How calls run.
        runner: How their coroutines run.
        clock: Source of time.
    """

    def __init__(self, config: SyncConfig, runner: Runner, clock: Clock | None = None) -> None:
        self.config = config
        self._runner = runner
        self._clock = clock or SystemClock()
        self._closed = threading.Event()
        self._timeout = validation.optional_seconds("timeout", config.timeout)
        self._deadline = validation.optional_seconds("deadline", config.deadline)
        self._retry = config.retry if config.retry_enabled else None

    def reconfigured(self, config: SyncConfig) -> Engine:
        """Return an engine with other settings that is closed together with this one."""
        other = Engine(config, self._runner, self._clock)
        other._closed = self._closed
        return other

    def one_task(
        self, last: Callable[[], Awaitable[object]] | None = None
    ) -> tuple[Engine, OneTask]:
        """Return an engine like this one whose calls are the steps of one task, and the task.

        The two engines are closed together; the task must be ended for itself.

        Args:
            last: Makes the awaitable of a last step: no call, but run however the task ends.
        """
        task = self._runner.one_task(last)
        other = self.reconfigured(self.config)
        other._runner = task  # noqa: SLF001 - an engine like this one
        return other, task

    def close(self) -> None:
        """End waits between attempts and refuse further calls; any number of times."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._closed.is_set()

    def run(
        self,
        name: str,
        start: Callable[[], Awaitable[T]],
        *,
        repeatable: bool = True,
        attributes: Attributes = None,
    ) -> T:
        """Run one call.

        Args:
            name: Name of the span, ``pywats.<service>.<method>``.
            start: Makes the awaitable of one attempt; called once per attempt.
            repeatable: Whether ``start`` may be called again after a failure.
            attributes: Attributes of the span.

        Returns:
            What the awaitable returns.

        Raises:
            WATSClosedError: `close` was called before.
            BaseException: What the last attempt raised, with ``correlation_id``, ``attempts``,
                ``elapsed`` and ``stop_reason`` set on it.
        """
        if self._closed.is_set():
            raise WATSClosedError(f"{name} was called after close(): make a new client")
        span = telemetry.tracer.start_span(name, attributes=attributes)
        context_token = otel_context.attach(trace.set_span_in_context(span))
        call = self._begin(name, span)
        call_token = enter_call(call)
        try:
            return self._attempts(call, start, self._retry if repeatable else None)
        except BaseException as error:
            sign(call, error, self._clock.monotonic())
            telemetry.record_failure(span, error)
            raise
        finally:
            leave_call(call_token)
            otel_context.detach(context_token)
            span.end()

    def call(self, name: str, function: Callable[[], T]) -> T:
        """Call a plain function where the coroutines run; that is no call with a span.

        Args:
            name: What to call it in an error.
            function: Is called once.
        """
        return self._runner.call(name, function)

    def _begin(self, name: str, span: Span) -> Call:
        now = self._clock.monotonic()
        outer = current_call()
        trace_id = correlation.trace_id_of(span.get_span_context())
        if self.config.correlation_id_enabled:
            if trace_id is None:
                inherited = outer.trace_id if outer is not None else None
                trace_id = inherited or correlation.new_correlation_id()
            user = correlation.user_correlation_id()
            if user is not None:
                span.set_attribute(telemetry.CORRELATION_ID, user)
            joined = outer.correlation_id if outer is not None else None
            chosen = user or joined or trace_id
        else:
            chosen = None
        deadline = None
        if self._deadline is not None:
            deadline = Limit(now + self._deadline, self._deadline, "deadline")
        # A nested call cannot outlive the attempt that made it.
        bound = outer.limit if outer is not None else None
        if bound is not None and (deadline is None or bound.expires_at < deadline.expires_at):
            deadline = Limit(bound.expires_at, bound.seconds, "deadline")
        return Call(name, chosen, trace_id, span, started=now, deadline=deadline)

    def _attempts(
        self, call: Call, start: Callable[[], Awaitable[T]], retry: RetryConfig | None
    ) -> T:
        waited = 0.0
        while True:
            started = self._clock.monotonic()
            call.begin_attempt(self._timeout, started)
            try:
                return self._runner.run(call.name, start)
            except Exception as error:  # noqa: BLE001 - decides about each; the last one is raised
                ended = self._clock.monotonic()
                call.attempts.append(
                    Attempt(
                        number=call.attempt,
                        duration=ended - started,
                        error=type(error).__name__,
                        status=telemetry.status_of(error),
                        waited=waited,
                    )
                )
                waited = self._wait_or_raise(call, retry, error, ended)

    def _wait_or_raise(
        self, call: Call, retry: RetryConfig | None, error: Exception, now: float
    ) -> float:
        if isinstance(error, TimeoutError):
            telemetry.record_timeout(call.span, error)
        decision = decide(
            retry,
            error,
            attempt=call.attempt,
            unsafe_request_sent=call.unsafe_request_sent,
            remaining=None if call.deadline is None else call.deadline.expires_at - now,
        )
        if isinstance(decision, GiveUp):
            call.stop_reason = decision.reason
        else:
            telemetry.record_retry(
                call.span,
                error,
                attempt=call.attempt,
                delay=decision.delay,
                reason=decision.reason,
            )
            logger.warning(
                "%s: attempt %d failed (%s), next attempt in %.3g s",
                call.name,
                call.attempt,
                one_line(error),
                decision.delay,
            )
            if not self._clock.wait(self._closed, decision.delay):
                return decision.delay
            call.stop_reason = StopReason.CLOSED
        if call.attempt > 1 or call.stop_reason not in _FIRST_TIME:
            telemetry.record_given_up(call.span, call.stop_reason, call.attempt)
            logger.warning(
                "%s: gave up after attempt %d (%s): %s",
                call.name,
                call.attempt,
                call.stop_reason,
                one_line(error),
            )
        raise error
