"""Which event loop runs on this thread, if any."""

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
        # Being imported by another thread, or no loop.
        return None
    return token
