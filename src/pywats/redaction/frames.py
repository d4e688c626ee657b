"""Take credentials out of the frames that hang on an exception.

Error trackers (sentry-sdk, loguru, rich) record the local variables of every frame of a traceback,
of the causes and contexts too. Headers with credentials are local variables of httpcore and httpx
while they send a request, and arguments of the constructors of clients.
"""

from __future__ import annotations

import functools
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HTTP_LIBRARIES", "clear_frames", "with_safe_constructor", "without_locals_on_failure"]

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)


# Whose frames have requests as they are sent, below a transport of httpx.
HTTP_LIBRARIES: Final = frozenset(
    {"pywats", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "socksio"}
    | {"anyio", "asyncio", "contextlib", "socket", "ssl"}
)


def clear_frames(
    error: BaseException,
    handled_before: BaseException | None = None,
    *,
    of: frozenset[str] | None = None,
) -> None:
    """Clear the local variables of all frames that the exception has left.

    Lines of the traceback stay. Frames that are still running, such as the caller's, keep their
    variables.

    Args:
        error: The exception; those that it was raised from or during are cleared too.
        handled_before: The exception that the caller of the library was handling; it and those
            that it was raised from are the caller's own, and stay as they are.
        of: Packages whose frames are cleared; None for all. A service's own code may run below
            a transport, as its request bodies do.
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
                # One that still runs.
                with suppress(RuntimeError):
                    frame.clear()
        waiting += (each.__cause__, each.__context__)
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions


def without_locals_on_failure(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function so that no frame of an exception it raises has its arguments."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        handled = sys.exception()
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            # This frame is part of the traceback as well.
            del args, kwargs
            clear_frames(error, handled)
            raise

    return guarded


def with_safe_constructor(kind: C) -> C:
    """Make no frame of an exception that the constructor of a class raises have its arguments."""
    setattr(kind, "__init__", without_locals_on_failure(vars(kind)["__init__"]))  # noqa: B010 - mypy refuses to assign to a method
    return kind
