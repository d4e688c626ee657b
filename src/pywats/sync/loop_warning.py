"""A warning for sync calls that block an event loop."""

from __future__ import annotations

import inspect
import sys
import threading
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["SyncInLoopWarning", "warn_if_in_loop"]


class SyncInLoopWarning(RuntimeWarning):
    """A sync call blocks the event loop of its thread; it works, but nothing else does meanwhile.

    It is given once in a process.

    What to do: await a method of the async object, such as `pywats.AsyncWATS`. Where blocking does
    no harm, as in a notebook, silence it: ``warnings.simplefilter("ignore", SyncInLoopWarning)``.
    """


# Never released again, a lock is a flag that only one thread gets to set.
_turn = threading.Lock()


def warn_if_in_loop(name: str, advice: str) -> None:
    """Warn if an event loop runs on this thread and no one was warned before.

    Args:
        name: Name of the call.
        advice: What to do instead.

    Raises:
        SyncInLoopWarning: A filter turns warnings into errors.
    """
    if _turn.locked() or not _in_loop() or not _turn.acquire(blocking=False):
        return
    try:
        warnings.warn(
            f"{name} blocks the running event loop until it returns: {advice} "
            "(this is said once in a process)",
            SyncInLoopWarning,
            stacklevel=_levels_to_the_caller(),
        )
    except SyncInLoopWarning:
        # Whoever makes it an error wants to hear of the next call too.
        _turn.release()
        raise


def _in_loop() -> bool:
    # Where asyncio is not imported no loop runs, and importing it takes a tenth of what pywats
    # does. Another thread may be importing it now. asyncio.get_running_loop raises where there
    # is no loop, which every call would pay for; what is called here is exported by asyncio.events.
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return False
    running = getattr(asyncio, "_get_running_loop", None)
    return running is not None and running() is not None


def _levels_to_the_caller() -> int:
    """Return the stack level, as `warnings.warn` counts, of the code that called pywats."""
    package = __name__.partition(".")[0]
    level = 0
    frame = inspect.currentframe()
    while frame is not None and _package(frame) == package:
        level += 1
        frame = frame.f_back
    return level


def _package(frame: FrameType) -> str:
    module: str = frame.f_globals.get("__name__", "")
    return module.partition(".")[0]
