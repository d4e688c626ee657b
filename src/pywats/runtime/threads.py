"""Start threads, and do not wait for threads that cannot run because the process exits.

While the interpreter finalizes, other threads do not run any more. Since Python 3.12, starting a
thread during the exit raises an error; on Python 3.11 `threading.Thread.start` waits for ever.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

__all__ = ["finalizing", "start_thread"]

finalizing = sys.is_finalizing
"""Whether the interpreter is finalizing, so that other threads do not run any more."""


def start_thread(thread: threading.Thread) -> bool:
    """Start a thread; return False if the process exits and it cannot be started."""
    if finalizing():
        return False
    try:
        thread.start()
    except RuntimeError as error:
        if "shutdown" in str(error):
            return False
        raise
    return True
