"""Tell an exception of a signal handler from an error of the code that it interrupted."""

from __future__ import annotations

from inspect import CO_OPTIMIZED
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType, FrameType

__all__ = ["raised_by_signal_handler"]


def raised_by_signal_handler(error: BaseException) -> bool:
    """Return whether a signal handler raised the exception.

    For example, a job limit with ``SIGALRM`` may raise a `TimeoutError` during a socket operation,
    which can raise the same class itself. Python passes the interrupted frame to the handler
    (`signal.signal`). So a frame of the traceback is an argument of a later frame. This also finds
    an exception that was raised in a function called by the handler.

    Args:
        error: An exception with its traceback, as caught in an ``except`` clause.
    """
    entry = error.__traceback__
    interrupted: set[int] = set()
    while entry is not None:
        frame = entry.tb_frame
        if interrupted and _has_argument(frame, interrupted):
            return True
        interrupted.add(id(frame))
        entry = entry.tb_next
    return False


def _has_argument(frame: FrameType, interrupted: set[int]) -> bool:
    code = frame.f_code
    if not code.co_flags & CO_OPTIMIZED:
        # This is the body of a module or class, which has no arguments.
        return False
    values = frame.f_locals
    try:
        return _holds(code, values, interrupted)
    finally:
        # Before Python 3.13, the frame keeps this dict, and with it a reference cycle from the
        # exception to its frame. Clearing is safe: f_locals is computed again on the next access.
        if isinstance(values, dict):
            values.clear()


def _holds(code: CodeType, values: Mapping[str, object], interrupted: set[int]) -> bool:
    # +2 for ``*args`` and ``**kwargs`` of a wrapper around a handler.
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + 2]
    for name in names:
        value = values.get(name)
        for each in value if isinstance(value, tuple) else (value,):
            if type(each).__name__ == "frame" and id(each) in interrupted:
                return True
    return False
