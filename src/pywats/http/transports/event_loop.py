"""Find the event loop that runs on this thread, of asyncio or trio."""

from __future__ import annotations

import sys

from pywats.runtime.running_loop import running_loop

__all__ = ["current_event_loop"]


def current_event_loop() -> object | None:
    """Return the running event loop of asyncio, or the token of trio's; None if none runs."""
    loop = running_loop()
    trio = sys.modules.get("trio")
    if loop is not None or trio is None:
        return loop
    try:
        token: object = trio.lowlevel.current_trio_token()
    except (AttributeError, RuntimeError):
        # Another thread is still importing trio, or no loop runs.
        return None
    return token
