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

    A job limit by ``SIGALRM`` may raise a `TimeoutError` in the middle of a socket operation, which
    raises the same class. Python calls a handler with the frame that it interrupts
    (`signal.signal`), so that frame is in the traceback and is an argument of a later one. An
    exception that a handler passes on from a function it calls counts too.

    Args:
        error: An exception with its traceback, as an ``except`` clause catches it.
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
        # The body of a module or class has no arguments.
        return False
    values = frame.f_locals
    try:
        return _holds(code, values, interrupted)
    finally:
        # Until Python 3.13, the frame keeps this copy of its variables, and the exception with it
        # that leads to the frame. The next who asks gets a new one.
        if isinstance(values, dict):
            values.clear()


def _holds(code: CodeType, values: Mapping[str, object], interrupted: set[int]) -> bool:
    # A wrapper around a handler takes ``*args``, which come after the named parameters.
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + 2]
    for name in names:
        value = values.get(name)
        for each in value if isinstance(value, tuple) else (value,):
            if type(each).__name__ == "frame" and id(each) in interrupted:
                return True
    return False
