"""Cap blocking calls on the main thread so that Ctrl-C is noticed.

Python checks for signals before a system call, and a signal during the system call interrupts it.
But a signal in the instant between the check and the system call is noticed only when the system
call returns: Ctrl-C would wait for the server, or for the timeout of the call. So no call of
pywats blocks the main thread for long.
"""

from __future__ import annotations

import threading

__all__ = ["LONGEST", "patience"]

LONGEST = 0.05
"""Longest time in seconds that one call may block the main thread."""
# Operating systems reject timeouts that are much longer than three weeks.
_DAY = 86_400.0


def patience(seconds: float | None) -> float | None:
    """Return the timeout for one blocking call, at most ``seconds``; None for no timeout.

    Args:
        seconds: Seconds that are left; None for no limit.
    """
    if threading.get_ident() != threading.main_thread().ident:
        return None if seconds is None else min(seconds, _DAY)
    return LONGEST if seconds is None else min(seconds, LONGEST)
