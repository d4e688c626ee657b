"""How long one system call may block the thread that signals are handled on.

Python looks for signals before it makes a system call, and a signal that comes
in the course of it interrupts it. One that comes in the instant between the two
is not seen until the call returns by itself: Ctrl-C would wait for the server,
or for the limit of the call. So nothing here blocks the main thread for long.
"""

from __future__ import annotations

import threading

__all__ = ["LONGEST", "patience"]

LONGEST = 0.05
"""Seconds until the next look."""
# The operating system refuses to wait for much longer than three weeks.
_DAY = 86_400.0


def patience(seconds: float | None) -> float | None:
    """Return how many seconds to block before looking again, at most ``seconds``.

    Args:
        seconds: How long there is to wait; None for no limit.
    """
    if threading.get_ident() != threading.main_thread().ident:
        return None if seconds is None else min(seconds, _DAY)
    return LONGEST if seconds is None else min(seconds, LONGEST)
