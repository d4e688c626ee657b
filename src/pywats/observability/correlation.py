"""The correlation id: where it comes from and which one is in effect.

An id set by the user wins; then the id that the application keeps for the request it is serving;
then the id of the running call; then the trace id of the current span. Without a tracer a call
makes an id of the same form, so that log lines look alike either way.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from pywats import validation
from pywats.observability.call import current_call, enter_call
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
    """An id that was set by the user; an object of its own for each ``with`` block."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value


# The OpenTelemetry context takes the id wherever instrumentations take the trace: to threads, to
# executors. The variable has it too, for code that replaces the whole context, and for the case
# that the API of the context fails.
_KEY: Final = "pywats-correlation-id"
_user_id: ContextVar[_UserId | None] = ContextVar("pywats_correlation_id", default=None)
# An id of the application that tasks of a call keep in their context after the call.
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
        # Without tokens: a generator, or a dependency of a web framework, may be left in another
        # context than it was entered in. There is nothing to put back there.
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
        # The block has attached another context and left it: only the id is taken out of it.
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
    """Have neither call nor span nor id of the user's in the current context any more."""
    enter_call(None)
    _user_id.set(None)
    if _inbound.variable is not None:
        _forgotten.set(_inbound.read(_inbound.variable))
    attach(empty_context())


def new_correlation_id() -> str:
    """Return a new id of the form of a trace id (W3C Trace Context section 3.2.2.3)."""
    # os.urandom stays unique in forked workers, where a seeded generator would repeat itself.
    return os.urandom(16).hex()
