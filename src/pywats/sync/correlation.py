"""The correlation id: where it comes from and which one is in effect.

An id set by the user wins; then that of the running call; then the trace id of
the current span. Without a tracer a call makes an id of the same form, so that
log lines look alike either way.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from opentelemetry import trace

from pywats import validation
from pywats.sync.call import current_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.trace import SpanContext

__all__ = ["correlation_id", "current_correlation_id"]

_user_id: ContextVar[str | None] = ContextVar("pywats_correlation_id", default=None)


@contextmanager
def correlation_id(value: str) -> Iterator[str]:
    """Use your own id (a job or order number) for all calls made inside the ``with`` block.

    Args:
        value: 1 to 128 characters of ``A-Z a-z 0-9 . _ : / -``; anything else could forge a
            log line or a header.

    Yields:
        The id.

    Raises:
        TypeError: The value is not a string.
        ValueError: The value has other characters or another length.
    """
    token = _user_id.set(validation.correlation_id_text("correlation_id", value))
    try:
        yield value
    finally:
        _user_id.reset(token)


def current_correlation_id() -> str | None:
    """Return the id that a log record written here carries; None if there is none."""
    user = _user_id.get()
    if user is not None:
        return user
    call = current_call()
    if call is not None:
        return call.correlation_id
    return trace_id_of(trace.get_current_span().get_span_context())


def user_correlation_id() -> str | None:
    """Return the id set with `correlation_id`, if any."""
    return _user_id.get()


def trace_id_of(context: SpanContext) -> str | None:
    """Return the trace id as 32 lower-case hex digits; None if the span has none."""
    return format(context.trace_id, "032x") if context.is_valid else None


def new_correlation_id() -> str:
    """Return a new id of the form of a trace id (W3C Trace Context section 3.2.2.3)."""
    # os.urandom stays unique in forked workers, where a seeded generator would repeat itself.
    return os.urandom(16).hex()
