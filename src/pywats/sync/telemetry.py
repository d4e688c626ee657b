"""The call span and its events, through the OpenTelemetry API alone.

`trace.get_tracer` hands out a proxy that finds a provider set later, so the
tracer is made once; without a provider every operation here is a no-op.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.trace import Status, StatusCode

from pywats._version import __version__
from pywats.errors import WATSStatusError, WATSTimeoutError
from pywats.sync import vocabulary as say

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from pywats.errors import StopReason
    from pywats.events import CircuitTransition
    from pywats.sync.breaker import Refusal

SCOPE: Final = "pywats"
"""The instrumentation scope of all spans and metrics."""

tracer = trace.get_tracer(SCOPE, __version__)


def error_type(error: BaseException) -> str:
    """Return the value of ``error.type``: the status of an error answer, else the class.

    HTTP semantic conventions 1.23 ask for the status code of an error answer and otherwise for
    the fully qualified class name.
    """
    status = status_of(error)
    return _class_name(type(error)) if status is None else str(status)


def _class_name(kind: type) -> str:
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = f"{kind.__module__}.{name}"
    return escape_surrogates(name)


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status of an error answer, None for any other error."""
    return error.status if isinstance(error, WATSStatusError) else None


def escape_surrogates(text: str) -> str:
    r"""Return the text in a form that can be exported: lone surrogates as ``\udce9`` and the like.

    `os.fsdecode` puts them into names of files that are not UTF-8. OTLP has no place for them, and
    its exporters drop the whole batch for one.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def exception_attributes(error: BaseException) -> dict[str, str]:
    """Return what a span event or a log record says of an exception: class, message, traceback."""
    return {
        say.EXCEPTION_TYPE.name: _class_name(type(error)),
        say.EXCEPTION_MESSAGE.name: escape_surrogates(str(error)),
        say.EXCEPTION_STACKTRACE.name: escape_surrogates(
            "".join(traceback.format_exception(error))
        ),
    }


def _has_surrogates(error: BaseException) -> bool:
    # Without the stack, whose lines take most of the time that a failed call takes.
    texts = traceback.format_exception(error, limit=0)
    texts += [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    text = "".join(texts)
    return text != escape_surrogates(text)


def record_timeout(span: Span, error: TimeoutError) -> None:
    """Add the event ``timeout``: which limit ran out, and in which phase."""
    attributes: dict[str, str | float] = {say.ERROR_TYPE.name: error_type(error)}
    if isinstance(error, WATSTimeoutError):
        attributes[say.SCOPE.name] = error.scope
        if error.limit is not None:
            attributes[say.LIMIT.name] = error.limit
        if error.phase is not None:
            attributes[say.PHASE.name] = error.phase
    span.add_event(say.TIMEOUT.name, attributes)


def record_retry(span: Span, error: Exception, *, attempt: int, delay: float, reason: str) -> None:
    """Add the event ``retry``: which attempt failed, why, and the wait in seconds to the next."""
    span.add_event(
        say.RETRY.name,
        {
            say.ATTEMPT.name: attempt,
            say.DELAY.name: delay,
            say.ERROR_TYPE.name: error_type(error),
            say.REASON.name: escape_surrogates(reason),
        },
    )


def record_given_up(span: Span, reason: StopReason, attempts: int) -> None:
    """Add the event ``retry_given_up``: why retrying ended without success."""
    span.add_event(
        say.RETRY_GIVEN_UP.name,
        {say.STOP_REASON.name: reason.value, say.ATTEMPTS.name: attempts},
    )


def record_circuit_open(span: Span, refusal: Refusal) -> None:
    """Add the event ``circuit_open``: the circuit breaker let no attempt through."""
    span.add_event(
        say.CIRCUIT_OPEN.name,
        {say.ORIGIN.name: refusal.origin, say.RETRY_IN.name: refusal.retry_in},
    )


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
    """Mark the span as failed and record the exception once."""
    if not span.is_recording():
        # Nobody would read the texts.
        return
    span.set_attribute(say.ERROR_TYPE.name, error_type(error))
    # Ours take the place of those that the SDK makes all the same.
    span.record_exception(error, exception_attributes(error) if _has_surrogates(error) else None)
    description = escape_surrogates(f"{type(error).__name__}: {error}")
    span.set_status(Status(StatusCode.ERROR, description))
