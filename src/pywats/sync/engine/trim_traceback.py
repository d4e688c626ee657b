"""Shorten tracebacks: keep the frames of user and wrapped object, drop those inside the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["shorten"]

_PACKAGE = "pywats.sync"


def shorten(error: BaseException) -> None:
    """Remove the engine's own frames from the start of the traceback."""
    entry: TracebackType | None = error.__traceback__
    while entry is not None and _is_ours(entry):
        entry = entry.tb_next
    # Not an assignment to __traceback__: a frozen dataclass rejects it.
    error.with_traceback(entry)


def _is_ours(entry: TracebackType) -> bool:
    module: str = entry.tb_frame.f_globals.get("__name__", "")
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
