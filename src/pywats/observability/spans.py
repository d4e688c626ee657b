"""Events and status of the call span, through the OpenTelemetry API alone."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from opentelemetry.trace import Status, StatusCode

from pywats.errors import CallTimeoutError
from pywats.observability import semconv as say
from pywats.observability.guard import guarded
from pywats.observability.response_facts import status_of
from pywats.observability.safe_text import class_name, stacktrace_of, summary_of, text_of
from pywats.redaction import one_line, several_lines

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from pywats.errors import StopReason
    from pywats.events import CircuitTransition

__all__ = [
    "error_type",
    "exception_attributes",
    "record_circuit_open",
    "record_failure",
    "record_given_up",
    "record_retry",
    "record_timeout",
    "record_transition",
    "status_of",
]

# Largest number of characters of an exception's message: a collector refuses a batch that is too
# large.
_MESSAGE = 8000
_DESCRIPTION = 1000
# A traceback with more frames counts as too long: formatting it to learn its length costs more.
_MAX_FRAMES = 200


def error_type(error: BaseException) -> str:
    """Return the value of ``error.type``: the status of an error response, else the class.

    HTTP semantic conventions 1.23 ask for the status code of an error response and otherwise for
    the fully qualified class name.
    """
    status = status_of(error)
    return class_name(type(error)) if status is None else str(status)


def exception_attributes(error: BaseException) -> dict[str, str]:
    """Return the attributes of an exception, for a span event or a log record."""
    return {
        say.EXCEPTION_TYPE.name: class_name(type(error)),
        say.EXCEPTION_MESSAGE.name: several_lines(text_of(error), limit=_MESSAGE),
        say.EXCEPTION_STACKTRACE.name: stacktrace_of(error),
    }


def _is_unfit(error: BaseException) -> bool:
    """Return whether the texts that the SDK makes of the exception cannot be exported.

    Such texts have lone surrogates or control characters, or are too long.
    """
    # limit=0: formatting the stack dominates the cost of a failed call.
    texts = traceback.format_exception(error, limit=0)
    frames = list(traceback.walk_tb(error.__traceback__))
    texts += [frame.f_code.co_filename for frame, _ in frames]
    text = "".join(texts)
    return len(text) > _MESSAGE or len(frames) > _MAX_FRAMES or text != several_lines(text)


@guarded("recording timeout")
def record_timeout(span: Span, error: TimeoutError) -> None:
    """Add the event ``timeout``: which limit ran out, and in which phase."""
    attributes: dict[str, str | float] = {say.ERROR_TYPE.name: error_type(error)}
    if isinstance(error, CallTimeoutError):
        attributes[say.SCOPE.name] = error.scope
        if error.limit is not None:
            attributes[say.LIMIT.name] = error.limit
        if error.phase is not None:
            attributes[say.PHASE.name] = error.phase
    span.add_event(say.TIMEOUT.name, attributes)


@guarded("recording retry")
def record_retry(span: Span, error: Exception, *, attempt: int, delay: float, reason: str) -> None:
    """Add the event ``retry``: which attempt failed, why, and the seconds until the next one."""
    span.add_event(
        say.RETRY.name,
        {
            say.ATTEMPT.name: attempt,
            say.DELAY.name: delay,
            say.ERROR_TYPE.name: error_type(error),
            say.REASON.name: one_line(reason),
        },
    )


@guarded("recording given up")
def record_given_up(span: Span, reason: StopReason, attempts: int) -> None:
    """Add the event ``retry_given_up``: why retrying ended without success."""
    span.add_event(
        say.RETRY_GIVEN_UP.name,
        {say.STOP_REASON.name: reason.value, say.ATTEMPTS.name: attempts},
    )


@guarded("recording circuit open")
def record_circuit_open(span: Span, origin: str, retry_in: float) -> None:
    """Add the event ``circuit_open``: the circuit breaker let no attempt through.

    Args:
        span: Span of the call.
        origin: Origin that the circuit breaker guards.
        retry_in: Seconds until the circuit breaker lets a probe through.
    """
    span.add_event(
        say.CIRCUIT_OPEN.name,
        {say.ORIGIN.name: origin, say.RETRY_IN.name: retry_in},
    )


@guarded("recording transition")
def record_transition(span: Span, change: CircuitTransition) -> None:
    """Add the event ``circuit_transition``: this call changed the state of the circuit breaker."""
    span.add_event(
        say.CIRCUIT_TRANSITION.name,
        {
            say.ORIGIN.name: change.origin,
            say.FROM.name: change.before.value,
            say.TO.name: change.after.value,
        },
    )


def record_failure(span: Span, error: BaseException) -> None:
    """Mark the span as failed and record the exception once.

    An exception that is not an `Exception` (`SystemExit`, Ctrl-C, a cancellation) is not a failure
    of the call. The status of the span is not changed, as in OpenTelemetry's own ``use_span``, and
    the exception is recorded as the event ``interrupted``.

    Args:
        span: Span of the call.
        error: The exception that the call raises.
    """
    if not isinstance(error, Exception):
        _record_interruption(span, error)
        return
    _record_exception(span, error)
    _record_status(span, error)


@guarded("recording an interruption")
def _record_interruption(span: Span, error: BaseException) -> None:
    if span.is_recording():
        span.add_event(say.INTERRUPTED.name, {say.EXCEPTION_TYPE.name: class_name(type(error))})


@guarded("recording an exception")
def _record_exception(span: Span, error: Exception) -> None:
    if not span.is_recording():
        # Do not make texts that the span would drop.
        return
    try:
        str(error)
    except Exception:  # noqa: BLE001 - the class of the exception may raise anything
        # record_exception() needs str(error) and would raise.
        escaped = {say.EXCEPTION_ESCAPED.name: "False"}
        span.add_event(say.EXCEPTION.name, exception_attributes(error) | escaped)
    else:
        # These attributes replace the attributes that the SDK makes itself.
        span.record_exception(error, exception_attributes(error) if _is_unfit(error) else None)


@guarded("setting the status of a span")
def _record_status(span: Span, error: Exception) -> None:
    if span.is_recording():
        span.set_attribute(say.ERROR_TYPE.name, error_type(error))
        text = summary_of(error, text_of(error))
        span.set_status(Status(StatusCode.ERROR, several_lines(text, limit=_DESCRIPTION)))
