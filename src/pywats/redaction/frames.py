"""Remove credentials from the frames in the traceback of an exception.

Error trackers (sentry-sdk, loguru, rich) record the local variables of every frame of a traceback,
and also of the tracebacks of causes and contexts. Headers with credentials are in local variables
of httpcore and httpx while they send a request, and in arguments of the constructors of clients.
"""

from __future__ import annotations

import functools
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "HTTP_CLIENTS",
    "HTTP_LIBRARIES",
    "clear_frames",
    "with_safe_constructor",
    "without_locals_on_failure",
]

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)


HTTP_CLIENTS: Final = frozenset(
    {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "socksio"}
)
"""Packages whose frames contain requests, with their credentials."""

HTTP_LIBRARIES: Final = HTTP_CLIENTS | {
    *("pywats", "anyio", "asyncio", "contextlib", "socket", "ssl")
}
"""Packages whose frames contain the request headers, below a transport of httpx."""


def clear_frames(
    error: BaseException,
    handled_before: BaseException | None = None,
    *,
    of: frozenset[str] | None = None,
) -> None:
    """Clear the local variables of all frames that the exception has left.

    The lines of the traceback stay. Frames that are still running, such as the caller's, keep their
    variables.

    Args:
        error: The exception; its causes and contexts are cleared too.
        handled_before: The exception that the caller of the library was handling. It belongs to
            the caller, so it is not cleared, and neither are its causes and contexts.
        of: Packages whose frames are cleared; None for all. Code of a service may also run below
            a transport, for example the iterator of a request body.
    """
    seen = set() if handled_before is None else {id(handled_before)}
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        for frame, _ in traceback.walk_tb(each.__traceback__):
            package = str(frame.f_globals.get("__name__")).partition(".")[0]
            if of is None or package in of:
                # RuntimeError: the frame is still running.
                with suppress(RuntimeError):
                    frame.clear()
        waiting += (each.__cause__, each.__context__)
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions


def without_locals_on_failure(function: Callable[P, R]) -> Callable[P, R]:
    """Wrap a function so that frames of an exception that it raises do not have its arguments."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        handled = sys.exception()
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            # This frame is part of the traceback too.
            del args, kwargs
            clear_frames(error, handled)
            raise

    return guarded


def with_safe_constructor(kind: C) -> C:
    """Keep the constructor's arguments out of the frames of an exception that it raises."""
    setattr(kind, "__init__", without_locals_on_failure(vars(kind)["__init__"]))  # noqa: B010 - mypy refuses to assign to a method
    return kind
