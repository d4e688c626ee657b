"""Run one sync call: open its span, set its correlation id, record facts on its error."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pywats.errors import CallClosedError
from pywats.observability import correlation, metrics
from pywats.observability import spans as telemetry
from pywats.observability.call import Call, current_call, enter_call, nearest_deadline
from pywats.observability.error_facts import sign
from pywats.observability.instrumentation import GLOBAL
from pywats.observability.logs.call_log import log_call
from pywats.observability.semconv import CORRELATION_ID
from pywats.observability.span_scope import SpanScope
from pywats.redaction import HTTP_CLIENTS, clear_frames
from pywats.runtime.threads import finalizing
from pywats.sync.engine.attempts import Attempts, Shared
from pywats.sync.engine.clock import Clock, SystemClock
from pywats.sync.engine.loop_warning import warn_if_in_loop
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from opentelemetry.util.types import Attributes

    from pywats.config import SyncConfig
    from pywats.observability.instrumentation import Instrumentation
    from pywats.sync.runners.direct import OneTask, Runner

__all__ = ["Engine"]

T = TypeVar("T")

REPEAT_ADVICE = "repeatable={{'{method}'}} of the wrapper, or RetryConfig(retry_unsafe=True)"


def _never() -> bool:
    return False


class Engine:
    """Runs calls with one configuration.

    Args:
        config: Timeouts, retries, circuit breaker and logging of the calls.
        runner: Runs the coroutines of the calls.
        clock: Source of time; the system clock if None.
        origin: Name of the server or object behind the calls, which the circuit breaker uses in
            errors and log lines.
        loop_advice: Advice for a caller who blocks a running event loop.
        span_prefix: Prefix of the call names, such as ``pywats.``.
        closed_error: Error class raised for a call after `close`.
        repeat_advice: The settings that allow repeating an operation that may have been executed;
            ``{method}`` stands for the method name.
        instrumentation: Receives spans and metrics.

    Attributes:
        config: Timeouts, retries, circuit breaker and logging of the calls.
        span_prefix: Prefix of the call names.
        instrumentation: Receives spans and metrics.
    """

    def __init__(
        self,
        config: SyncConfig,
        runner: Runner,
        clock: Clock | None = None,
        *,
        origin: str = "the wrapped object",
        loop_advice: str = "await the async object itself",
        span_prefix: str = "",
        closed_error: type[CallClosedError] = CallClosedError,
        repeat_advice: str = REPEAT_ADVICE,
        instrumentation: Instrumentation = GLOBAL,
    ) -> None:
        self.span_prefix = span_prefix
        self._loop_advice = loop_advice
        self._closed_error = closed_error
        self._repeat_advice = repeat_advice
        self.instrumentation = instrumentation
        self._shared = Shared.make(
            runner, clock or SystemClock(), config.circuit_breaker, origin, instrumentation
        )
        self._configure(config)

    def _configure(self, config: SyncConfig) -> None:
        self.config = config
        self._deadline = in_seconds(config.deadline)
        self._slow = in_seconds(config.slow_call)
        self._attempts = Attempts(config, self._shared, self._repeat_advice)

    def reconfigured(self, config: SyncConfig) -> Engine:
        """Return an engine with other settings.

        Both engines share one retry budget, one circuit breaker (configured by the settings of the
        first engine) and one state: `close` closes both.
        """
        return self._like(self._shared, config)

    def one_task(
        self, last: Callable[[], Awaitable[object]] | None = None
    ) -> tuple[Engine, OneTask]:
        """Return an engine like this one that runs all its calls in one task, and that task.

        `close` closes both engines. It does not end the task, so call the task's ``end`` too.

        Args:
            last: Makes the awaitable of a last step, for clean-up. It is not a call, and it runs
                however the task ends.
        """
        task = self._shared.runner.one_task(last)
        return self._like(replace(self._shared, runner=task), self.config), task

    def unguarded(self) -> Engine:
        """Return an engine like this one without a circuit breaker; `close` closes both."""
        return self._like(replace(self._shared, breaker=None), self.config)

    def _like(self, shared: Shared, config: SyncConfig) -> Engine:
        other = copy.copy(self)
        other._shared = shared  # noqa: SLF001 - an engine like this one
        other._configure(config)  # noqa: SLF001 - an engine like this one
        return other

    def close(self) -> None:
        """End waits between attempts and refuse further calls; safe to call again."""
        self._shared.closed.ring()

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._shared.closed.has_rung

    def run(
        self,
        name: str,
        start: Callable[[], Awaitable[T]],
        *,
        repeatable: bool = True,
        may_repeat: Callable[[], bool] = _never,
        attributes: Attributes = None,
    ) -> T:
        """Run one call.

        Args:
            name: Name of the span: prefix, object and method.
            start: Makes the awaitable of one attempt; called once per attempt.
            repeatable: Whether ``start`` may be called again after a failure.
            may_repeat: Returns whether the operation may run twice; called only after a failed
                attempt that may have executed it.
            attributes: Attributes of the span.

        Returns:
            The result of the awaitable.

        Raises:
            CallClosedError: `close` was called before.
            ReentrantCallError: The call would have to wait for itself.
            CircuitOpenError: The circuit breaker refused the first attempt.
            BaseException: The error of the last attempt, with ``correlation_id``, ``attempts``,
                ``elapsed`` and ``stop_reason`` set on it.
        """
        if self._shared.closed.has_rung:
            raise self._closed_error(f"{name} was called after close(): create a new client")
        if finalizing():
            # Daemon threads are frozen now and may hold locks that the call needs.
            raise self._closed_error(f"{name} was called while the interpreter shuts down")
        self._shared.runner.check(name)
        warn_if_in_loop(name, self._loop_advice)
        outer = current_call()
        scope = SpanScope()
        try:
            user = None
            if self.config.correlation_id_enabled:
                user = correlation.user_correlation_id(scope.outside)
                if user is not None:
                    # Samplers see only attributes that are set when the span starts.
                    attributes = {**(attributes or {}), CORRELATION_ID.name: user}
            scope.start(self.instrumentation.tracer(), name, attributes=attributes)
            call = self._begin(name, scope, user, outer)
            enter_call(call)
            return self._signed(call, start, scope, repeatable, may_repeat)
        finally:
            try:
                _restore(outer, scope)
            except BaseException:
                # Ctrl-C may arrive before _restore() did anything; it is safe to run again.
                _restore(outer, scope)
                raise

    def run_plain(self, name: str, function: Callable[[], T]) -> T:
        """Call a plain function on the thread that runs the coroutines, without a span.

        Args:
            name: Name of the function in errors.
            function: The function; called once.
        """
        try:
            return self._shared.runner.run_plain(name, function)
        except BaseException as error:
            # The function may have made an httpx client, with the address of a proxy.
            clear_frames(error, of=HTTP_CLIENTS)
            raise

    def _signed(
        self,
        call: Call,
        start: Callable[[], Awaitable[T]],
        scope: SpanScope,
        repeatable: bool,  # noqa: FBT001 - a private method; `run` takes it by keyword
        may_repeat: Callable[[], bool],
    ) -> T:
        try:
            result = self._attempts.run(call, start, repeatable=repeatable, may_repeat=may_repeat)
        except BaseException as error:
            ended = self._shared.clock.monotonic()
            if not isinstance(error, Exception):
                # Errors of attempts have been cleared.
                clear_frames(error, of=HTTP_CLIENTS)
            sign(call, error, ended)
            telemetry.record_failure(call.span, error)
            log_call(call, ended - call.started, error, self._slow)
            if not scope.suppressed:
                metrics.record_call(call.name, ended - call.started, error, self.instrumentation)
            raise
        ended = self._shared.clock.monotonic()
        log_call(call, ended - call.started, None, self._slow)
        if not scope.suppressed:
            metrics.record_call(call.name, ended - call.started, None, self.instrumentation)
        return result

    def _begin(self, name: str, scope: SpanScope, user: str | None, outer: Call | None) -> Call:
        now = self._shared.clock.monotonic()
        deadline = None
        # Most calls have neither an outer call nor a deadline; skip the function call for them.
        if outer is not None or self._deadline is not None:
            deadline = nearest_deadline(self._deadline, now, outer)
        trace_id, chosen = scope.trace_id, None
        if self.config.correlation_id_enabled:
            if trace_id is None:
                inherited = outer.trace_id if outer is not None else None
                trace_id = inherited or correlation.new_correlation_id()
            joined = outer.correlation_id if outer is not None else None
            chosen = user or joined or trace_id
        return Call(
            name,
            chosen,
            trace_id,
            scope.span,
            self.instrumentation,
            started=now,
            deadline=deadline,
            correlation_header=self.config.correlation_header,
        )


def _restore(outer: Call | None, scope: SpanScope) -> None:
    """End the call and its span, and make the outer call current again; safe to run twice.

    The outer call is set again instead of resetting the context variable with a token: Ctrl-C may
    arrive after the variable was set and before its token was stored. Every later call in the
    thread would then count as part of the interrupted call, with its id and its deadline.
    """
    call = current_call()
    if call is not None and call is not outer:
        call.ended = True
        if outer is not None:
            outer.unsafe_request_sent |= call.unsafe_request_sent
            outer.requests_known |= call.requests_known
            outer.interrupted |= call.interrupted
            outer.told = call.told
        # The frames of the exception refer to the call: break the reference cycle.
        call.told = None
    enter_call(outer)
    scope.end()
    scope.leave()
