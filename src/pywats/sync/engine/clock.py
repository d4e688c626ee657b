"""Clock: monotonic time and interruptible waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from pywats.runtime.interrupts import LONGEST

if TYPE_CHECKING:
    from pywats.runtime.bell import Bell

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Reads the time and waits; tests inject a clock of their own."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    def wait(self, bell: Bell, seconds: float) -> bool:
        """Wait until the bell rings or the seconds have passed; return whether the bell rang."""
        ...


class SystemClock:
    """The monotonic clock of this machine."""

    # No method around it, to save a function call: the engine reads the clock three times per call.
    monotonic = staticmethod(time.monotonic)

    def wait(self, bell: Bell, seconds: float) -> bool:
        """Wait in short steps, so that closing the client and Ctrl-C end the wait."""
        end = time.monotonic() + seconds
        while not bell.has_rung and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LONGEST))
        return bell.has_rung
