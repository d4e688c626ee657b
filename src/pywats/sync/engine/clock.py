"""The time that the engine lives in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from pywats.runtime.interrupts import LONGEST

if TYPE_CHECKING:
    from pywats.runtime.bell import Bell

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Tells the time and waits; tests inject their own."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    def wait(self, bell: Bell, seconds: float) -> bool:
        """Wait until the bell rings or the seconds are over; return whether it has rung."""
        ...


class SystemClock:
    """The clock of this machine."""

    # Not a method around it: every call of the engine asks three times.
    monotonic = staticmethod(time.monotonic)

    def wait(self, bell: Bell, seconds: float) -> bool:
        """Wait in short steps, so that closing the client and Ctrl-C end the wait."""
        end = time.monotonic() + seconds
        while not bell.has_rung and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LONGEST))
        return bell.has_rung
