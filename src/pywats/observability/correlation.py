"""The correlation id: its sources and their precedence.

The precedence is: an id set by the user, the id that the application keeps for the request it is
serving, the id of the running call, the trace id of the current span. Without a tracer, a call
makes an id of the same form, so that log lines look the same with and without a tracer.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from pywats import validation
from pywats.observability.call import current_call, enter_call
from pywats.observability.guard import log_safely
from pywats.observability.otel_context import (
    attach,
    current_context,
    current_span_context,
    empty_context,
    with_value,
)
from pywats.observability.span_scope import trace_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.context import Context

__all__ = ["correlation_id", "current_correlation_id", "use_correlation_id_of"]

logger = logging.getLogger("pywats.sync")


class _UserId:
    """An id that was set by the user; each ``with`` block has its own object."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value


# The id is in the OpenTelemetry context, because instrumentations copy this context to threads and
# executors. It is in a context variable too, for code that replaces the whole OpenTelemetry
# context, and for failures of its API.
_KEY: Final = "pywats-correlation-id"
_user_id: ContextVar[_UserId | None] = ContextVar("pywats_correlation_id", default=None)
# The application's id at the end of a call: tasks that outlive the call still have it in their
# context, but must not use it.
_forgotten: ContextVar[str | None] = ContextVar("pywats_forgotten_id", default=None)


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
    own = _UserId(validation.correlation_id_text("correlation_id", value))
    before, outside = _user_id.get(), current_context()
    _user_id.set(own)
    inside = with_value(_KEY, own, outside)
    attach(inside)
    try:
        yield value
    finally:
        # No tokens: a generator, or a dependency of a web framework, may end in another context
        # than it began in, where nothing must be restored.
        if _user_id.get() is own:
            _user_id.set(before)
        _leave(own, inside, outside)


def _leave(own: _UserId, inside: Context | None, outside: Context | None) -> None:
    now = current_context()
    if now is None or outside is None:
        return
    if now is inside:
        attach(outside)
    elif now.get(_KEY) is own:
        # The block has attached another context and did not detach it: remove only the id from it.
        attach(with_value(_KEY, outside.get(_KEY), now))


class _Inbound:
    """The id that the application keeps for the request it is serving."""

    def __init__(self) -> None:
        self.variable: ContextVar[str] | ContextVar[str | None] | None = None
        self._complained = False

    def use(self, variable: ContextVar[str] | ContextVar[str | None] | None) -> None:
        self.variable = variable
        self._complained = False

    def read(self, variable: ContextVar[str] | ContextVar[str | None]) -> str | None:
        # The variable may not be set in this context, and may have no default.
        value = variable.get(None)
        if not value:
            return None
        try:
            return validation.correlation_id_text(variable.name, value)
        except (TypeError, ValueError) as error:
            if not self._complained:
                # Set before logging, because writing the log record reads the id again.
                self._complained = True
                log_safely(
                    logger,
                    logging.WARNING,
                    "%s. It is not used: calls have ids of their own",
                    error,
                )
            return None


_inbound = _Inbound()


def use_correlation_id_of(
    variable: ContextVar[str] | ContextVar[str | None] | None,
) -> None:
    """Take the correlation id from a context variable of the application, for the whole process.

    Web applications keep the id of the inbound request in a context variable. Calls that are made
    while the request is served, and all log lines, then use this id. ``with correlation_id(...)``
    has precedence over it. For asgi-correlation-id:

    ``use_correlation_id_of(asgi_correlation_id.correlation_id)``

    Args:
        variable: The context variable with the id; None to stop. A value that `correlation_id`
            would refuse is not used, which is logged once.

    Raises:
        TypeError: The value is not a context variable.
    """
    if variable is not None and not isinstance(variable, ContextVar):
        raise TypeError(
            f"variable={variable!r}: must be a contextvars.ContextVar or None, "
            f"not {type(variable).__name__}"
        )
    _inbound.use(variable)


def current_correlation_id() -> str | None:
    """Return the correlation id of a log record that is written now; None if there is no id."""
    user = user_correlation_id(current_context())
    if user is not None:
        return user
    call = current_call()
    if call is not None:
        if not call.ended:
            return call.correlation_id
        trace_id = trace_id_of(current_span_context())
        return None if trace_id == call.trace_id else trace_id
    return trace_id_of(current_span_context())


def user_correlation_id(context: Context | None) -> str | None:
    """Return the id set with `correlation_id`, else the application's id, if any.

    Args:
        context: The current OpenTelemetry context; None if it cannot be read.
    """
    user = context.get(_KEY) if context is not None else None
    if not isinstance(user, _UserId):
        user = _user_id.get()
    if user is not None:
        return user.value
    variable = _inbound.variable
    if variable is None:
        return None
    inbound = _inbound.read(variable)
    return None if inbound == _forgotten.get() else inbound


def forget_identity() -> None:
    """Remove the call, the span and the user's id from the current context."""
    enter_call(None)
    _user_id.set(None)
    if _inbound.variable is not None:
        _forgotten.set(_inbound.read(_inbound.variable))
    attach(empty_context())


def new_correlation_id() -> str:
    """Return a new id in the form of a trace id (W3C Trace Context section 3.2.2.3)."""
    # os.urandom is unique in forked workers too, where a seeded generator would repeat its values.
    return os.urandom(16).hex()
