"""Warn about sync calls that block an event loop."""

from __future__ import annotations

import threading
import warnings

from pywats.runtime.caller import levels_to_the_caller
from pywats.runtime.running_loop import running_loop

__all__ = ["SyncInLoopWarning", "warn_if_in_loop"]


class SyncInLoopWarning(RuntimeWarning):
    """A sync call blocks the event loop of its thread: other tasks wait until it returns.

    The warning is given once in a process.

    What to do: await a method of the async object, such as `pywats.AsyncWATS`. Where blocking does
    no harm, as in a notebook, silence it: ``warnings.simplefilter("ignore", SyncInLoopWarning)``.
    """


# Used as a flag that only one thread can set: the lock is acquired and not released.
_turn = threading.Lock()


def warn_if_in_loop(name: str, advice: str) -> None:
    """Warn if an event loop runs on this thread; at most once in a process.

    Args:
        name: Name of the call.
        advice: What to do instead.

    Raises:
        SyncInLoopWarning: A filter turns warnings into errors.
    """
    if _turn.locked() or running_loop() is None or not _turn.acquire(blocking=False):
        return
    try:
        warnings.warn(
            f"{name} blocks the running event loop until it returns: {advice} "
            "(this is said once in a process)",
            SyncInLoopWarning,
            stacklevel=levels_to_the_caller(),
        )
    except SyncInLoopWarning:
        # If warnings are errors, raise again on the next call.
        _turn.release()
        raise
