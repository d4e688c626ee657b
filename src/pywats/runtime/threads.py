"""Start threads, and do not wait for threads that cannot run because the process exits.

While the interpreter finalizes, no other thread runs any more. Python 3.12 refuses to start threads
from the beginning of the exit on; on Python 3.11 `threading.Thread.start` waits for ever.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

__all__ = ["finalizing", "start_thread"]

finalizing = sys.is_finalizing
"""Whether the interpreter has begun to finalize, so that no other thread runs any more."""


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
