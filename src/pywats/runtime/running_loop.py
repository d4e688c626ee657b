"""The event loop that runs on this thread, asked for without importing asyncio."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pywats.runtime.inline_loop import InlineLoop

__all__ = ["inline_loop", "running_loop"]


def running_loop() -> object | None:
    """Return the running event loop of asyncio; None if there is none or only a stand-in."""
    loop = _asyncio_loop()
    return None if loop is None or getattr(loop, "runs_inline", False) else loop


def inline_loop() -> InlineLoop | None:
    """Return the stand-in for an event loop, if one runs."""
    loop = _asyncio_loop()
    if loop is None or not getattr(loop, "runs_inline", False):
        return None
    inline: InlineLoop = loop  # type: ignore[assignment]  # the only class that says so
    return inline


def _asyncio_loop() -> object | None:
    # Where asyncio is not imported no loop runs, and importing it takes a tenth of what pywats
    # does. asyncio.get_running_loop raises where there is no loop, which every request would pay
    # for; this function is exported by asyncio.events.
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    loop: object | None = getattr(asyncio, "_get_running_loop", _none)()
    return loop


def _none() -> None:
    # Another thread is importing asyncio.
    return None
