"""The frame of one sync call: its span and identity, and what is put on an error."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from opentelemetry import context as otel_context
from opentelemetry import trace

from pywats.errors import WATSClosedError
from pywats.sync import correlation, metrics, telemetry
from pywats.sync.attempts import Attempts, Shared
from pywats.sync.call import Call, current_call, enter_call, nearest_deadline
from pywats.sync.clock import Clock, SystemClock
from pywats.sync.loop_warning import warn_if_in_loop
from pywats.sync.signature import sign
from pywats.sync.vocabulary import CORRELATION_ID
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from opentelemetry.context import Context
    from opentelemetry.trace import Span
    from opentelemetry.util.types import Attributes

    from pywats.config import SyncConfig
    from pywats.sync.runner import OneTask, Runner

__all__ = ["Engine"]

T = TypeVar("T")


class Engine:
    """Runs calls by one configuration.

    Args:
        config: How calls run.
        runner: How their coroutines run.
        clock: Source of time; None for that of this machine.
        origin: What the calls depend on, as the circuit breaker names it in errors and log lines.
        loop_advice: What to do in an event loop instead of blocking it with a call.
    """

    def __init__(
        self,
        config: SyncConfig,
        runner: Runner,
        clock: Clock | None = None,
        *,
        origin: str = "the wrapped object",
        loop_advice: str = "await the async object itself",
    ) -> None:
        self._loop_advice = loop_advice
        self._shared = Shared.make(runner, clock or SystemClock(), config.circuit_breaker, origin)
        self._configure(config)

    def _configure(self, config: SyncConfig) -> None:
        self.config = config
        self._deadline = in_seconds(config.deadline)
        self._attempts = Attempts(config, self._shared)

    def reconfigured(self, config: SyncConfig) -> Engine:
        """Return an engine with other settings.

        The two are closed together, and share their retry budget and their circuit breaker: the
        one that this engine was made with.
        """
        return self._like(self._shared, config)

    def one_task(
        self, last: Callable[[], Awaitable[object]] | None = None
    ) -> tuple[Engine, OneTask]:
        """Return an engine like this one whose calls are the steps of one task, and the task.

        The two engines are closed together; the task must be ended for itself.

        Args:
            last: Makes the awaitable of a last step: no call, but run however the task ends.
        """
        task = self._shared.runner.one_task(last)
        return self._like(replace(self._shared, runner=task), self.config), task

    def unguarded(self) -> Engine:
        """Return an engine like this one without its circuit breaker; the two close together."""
        return self._like(replace(self._shared, breaker=None), self.config)

    def _like(self, shared: Shared, config: SyncConfig) -> Engine:
        other = copy.copy(self)
        other._shared = shared  # noqa: SLF001 - an engine like this one
        other._configure(config)  # noqa: SLF001 - an engine like this one
        return other

    def close(self) -> None:
        """End waits between attempts and refuse further calls; any number of times."""
        self._shared.closed.set()

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._shared.closed.is_set()

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
            ReentrantCallError: The call would have to wait for itself.
            CircuitOpenError: The circuit breaker let not even the first attempt through.
            BaseException: What the last attempt raised, with ``correlation_id``, ``attempts``,
                ``elapsed`` and ``stop_reason`` set on it.
        """
        if self._shared.closed.is_set():
            raise WATSClosedError(f"{name} was called after close(): make a new client")
        self._shared.runner.check(name)
        warn_if_in_loop(name, self._loop_advice)
        outside = current_call(), otel_context.get_current()
        span: Span | None = None
        try:
            span = telemetry.tracer.start_span(name, attributes=attributes)
            trace_id = correlation.trace_id_of(span.get_span_context())
            if trace_id is not None:
                # Else there is neither a tracer nor a parent, and nothing to make current.
                otel_context.attach(trace.set_span_in_context(span))
            call = self._begin(name, span, trace_id)
            enter_call(call)
            return self._signed(call, start, repeatable=repeatable)
        finally:
            try:
                _restore(*outside, span)
            except BaseException:
                # Ctrl-C, perhaps before it began.
                _restore(*outside, span)
                raise

    def call(self, name: str, function: Callable[[], T]) -> T:
        """Call a plain function where the coroutines run; that is no call with a span.

        Args:
            name: What to call it in an error.
            function: Is called once.
        """
        return self._shared.runner.call(name, function)

    def _signed(self, call: Call, start: Callable[[], Awaitable[T]], *, repeatable: bool) -> T:
        try:
            result = self._attempts.run(call, start, repeatable=repeatable)
        except BaseException as error:
            ended = self._shared.clock.monotonic()
            sign(call, error, ended)
            telemetry.record_failure(call.span, error)
            metrics.record_call(call.name, ended - call.started, error)
            raise
        metrics.record_call(call.name, self._shared.clock.monotonic() - call.started, None)
        return result

    def _begin(self, name: str, span: Span, trace_id: str | None) -> Call:
        now = self._shared.clock.monotonic()
        deadline = None
        outer = current_call()
        # Asked here, for most calls have neither and would pay for being told so.
        if outer is not None or self._deadline is not None:
            deadline = nearest_deadline(self._deadline, now, outer)
        if self.config.correlation_id_enabled:
            if trace_id is None:
                inherited = outer.trace_id if outer is not None else None
                trace_id = inherited or correlation.new_correlation_id()
            user = correlation.user_correlation_id()
            if user is not None:
                span.set_attribute(CORRELATION_ID.name, user)
            joined = outer.correlation_id if outer is not None else None
            chosen = user or joined or trace_id
        else:
            chosen = None
        return Call(name, chosen, trace_id, span, started=now, deadline=deadline)


def _restore(outer: Call | None, context: Context, span: Span | None) -> None:
    """Put back what was there before the call, and end both; it does no harm to do so twice.

    Ctrl-C may come between the setting of a context variable and the keeping of the token that
    would reset it. Every later call in the thread would then take itself for a part of the one
    that was interrupted: its id would be wrong, and its time run out. So values are set again.
    """
    call = current_call()
    if call is not None and call is not outer:
        call.ended = True
        if outer is not None:
            outer.unsafe_request_sent |= call.unsafe_request_sent
    enter_call(outer)
    if span is not None and span.get_span_context().is_valid:
        if span.is_recording():
            span.end()
        otel_context.attach(context)
