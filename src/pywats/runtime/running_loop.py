"""Find the running event loop of this thread without importing asyncio."""

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
    """Return the running stand-in for an event loop; None if there is none."""
    loop = _asyncio_loop()
    if loop is None or not getattr(loop, "runs_inline", False):
        return None
    inline: InlineLoop = loop  # type: ignore[assignment]  # the only class with runs_inline
    return inline


def _asyncio_loop() -> object | None:
    # If asyncio is not imported, no loop is running; importing it takes a tenth of the import time
    # of pywats. asyncio.get_running_loop() raises an error without a loop, which would cost time
    # in every request. _get_running_loop() does not, and asyncio.events exports it.
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    loop: object | None = getattr(asyncio, "_get_running_loop", _none)()
    return loop


def _none() -> None:
    # asyncio is only partly imported, by another thread.
    return None
