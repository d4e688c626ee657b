"""The time that the engine lives in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from pywats.runtime.interrupts import LONGEST

if TYPE_CHECKING:
    import threading

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Tells the time and waits; tests inject their own."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set or the seconds are over; return whether it is set."""
        ...


class SystemClock:
    """The clock of this machine."""

    # Not a method around it: every call of the engine asks three times.
    monotonic = staticmethod(time.monotonic)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Look at the event now and then, so that closing the client ends the wait.

        `threading.Event.wait` is not for the main thread: Ctrl-C at the wrong moment leaves its
        lock locked, and every later wait hangs.
        """
        end = time.monotonic() + seconds
        while not event.is_set() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LONGEST))
        return event.is_set()
