"""The correlation id: where it comes from and which one is in effect.

An id set by the user wins; then the one that the application keeps for the
request it is serving; then that of the running call; then the trace id of the
current span. Without a tracer a call makes an id of the same form, so that log
lines look alike either way.
"""

from __future__ import annotations

import logging
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

__all__ = ["correlation_id", "current_correlation_id", "use_correlation_id_of"]

logger = logging.getLogger("pywats.sync")

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


class _Inbound:
    """The id that the application keeps for the request it is serving."""

    def __init__(self) -> None:
        self.variable: ContextVar[str] | ContextVar[str | None] | None = None
        self._complained = False

    def use(self, variable: ContextVar[str] | ContextVar[str | None] | None) -> None:
        self.variable = variable
        self._complained = False

    def read(self, variable: ContextVar[str] | ContextVar[str | None]) -> str | None:
        # A variable that was never set in this context may have no default.
        value = variable.get(None)
        if not value:
            return None
        try:
            return validation.correlation_id_text(variable.name, value)
        except (TypeError, ValueError) as error:
            if not self._complained:
                # Set first: the log record that follows asks for the id again.
                self._complained = True
                logger.warning("%s. It is not used: calls have ids of their own", error)
            return None


_inbound = _Inbound()


def use_correlation_id_of(
    variable: ContextVar[str] | ContextVar[str | None] | None,
) -> None:
    """Take the correlation id from the application, for the whole process.

    Web applications keep the id of the inbound request in a context variable; calls made while
    it is served, and all log lines, then carry it. ``with correlation_id(...)`` still wins. For
    asgi-correlation-id:

    ``use_correlation_id_of(asgi_correlation_id.correlation_id)``

    Args:
        variable: Where the application keeps the id; None to stop. Its value comes from outside:
            one that `correlation_id` would refuse is not used, which is logged once.

    Raises:
        TypeError: It is not a context variable.
    """
    if variable is not None and not isinstance(variable, ContextVar):
        raise TypeError(
            f"variable={variable!r}: must be a contextvars.ContextVar or None, "
            f"not {type(variable).__name__}"
        )
    _inbound.use(variable)


def current_correlation_id() -> str | None:
    """Return the id that a log record written here carries; None if there is none."""
    user = user_correlation_id()
    if user is not None:
        return user
    call = current_call()
    if call is not None:
        return call.correlation_id
    return trace_id_of(trace.get_current_span().get_span_context())


def user_correlation_id() -> str | None:
    """Return the id set with `correlation_id`, else that of the application, if any."""
    user = _user_id.get()
    variable = _inbound.variable
    return user if user is not None or variable is None else _inbound.read(variable)


def trace_id_of(context: SpanContext) -> str | None:
    """Return the trace id as 32 lower-case hex digits; None if the span has none."""
    return format(context.trace_id, "032x") if context.is_valid else None


def new_correlation_id() -> str:
    """Return a new id of the form of a trace id (W3C Trace Context section 3.2.2.3)."""
    # os.urandom stays unique in forked workers, where a seeded generator would repeat itself.
    return os.urandom(16).hex()
