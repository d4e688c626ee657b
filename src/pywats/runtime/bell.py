"""A one-shot event between threads, safe under Ctrl-C."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

from pywats.runtime.interrupts import patience
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Bell"]


class Bell:
    """Rings once or more often; from the first time on, the waiting is over.

    It does what a `threading.Event` does, but is written in C: Ctrl-C at whatever moment leaves
    no lock locked. An event whose waiting was interrupted can keep its lock, and the thread that
    sets it, an event loop say, then waits for that lock for ever.
    """

    def __init__(self) -> None:
        self._rings: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._has_rung = False

    @property
    def has_rung(self) -> bool:
        """Whether the waiting is over."""
        return self._has_rung or not self._rings.empty()

    def ring(self) -> None:
        """End the waiting; from any thread."""
        # In this order: if Ctrl-C comes between the two, those that wait hear it all the same.
        self._rings.put(None)
        self._has_rung = True

    def wait(self, left: Callable[[], float | None]) -> None:
        """Wait until it rings.

        Args:
            left: Returns how many seconds there are to wait, None for no limit, or raises.
        """
        while not self.has_rung:
            self._listen(left())

    def wait_for(self, seconds: float) -> bool:
        """Wait until it rings, or until the seconds are over; return whether it has rung."""
        ends = time.monotonic() + seconds
        while not self.has_rung:
            left = ends - time.monotonic()
            if left <= 0:
                return False
            self._listen(left)
        return True

    def _listen(self, seconds: float | None) -> None:
        try:
            self._rings.get(timeout=patience(seconds))
        except queue.Empty as error:
            if raised_by_signal_handler(error):
                raise
        else:
            # For the others that wait.
            self.ring()
