"""Tracebacks that show the user's code and the object's, and not the engine between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["shorten"]

_PACKAGE = "pywats.sync"


def shorten(error: BaseException) -> None:
    """Take the engine's own frames off the start of the traceback."""
    entry: TracebackType | None = error.__traceback__
    while entry is not None and _is_ours(entry):
        entry = entry.tb_next
    # Not by assignment, which a class may refuse: a frozen dataclass does.
    error.with_traceback(entry)


def _is_ours(entry: TracebackType) -> bool:
    module: str = entry.tb_frame.f_globals.get("__name__", "")
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
