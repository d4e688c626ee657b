"""Find the line of the user's code that called the library, for warnings."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["levels_to_the_caller"]


def levels_to_the_caller() -> int:
    """Return the stack level of the code that called pywats, as `warnings.warn` counts levels.

    The level counts from the function that calls this one.
    """
    package = __name__.partition(".")[0]
    level = 0
    frame = inspect.currentframe()
    while frame is not None and _package(frame) == package:
        level += 1
        frame = frame.f_back
    return level


def _package(frame: FrameType) -> str:
    module: str = frame.f_globals.get("__name__", "")
    return module.partition(".")[0]
