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
    """An event that stays set after its first ring; it may ring again.

    It works like a `threading.Event`, but its queue is written in C, so Ctrl-C at any moment cannot
    leave a lock locked. In a `threading.Event`, an interrupted wait can leave the lock locked. The
    thread that sets the event, such as an event loop, would then wait for that lock for ever.
    """

    def __init__(self) -> None:
        self._rings: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._has_rung = False

    @property
    def has_rung(self) -> bool:
        """Whether the bell has rung."""
        return self._has_rung or not self._rings.empty()

    def ring(self) -> None:
        """Wake all waiting threads; may be called on any thread."""
        # In this order, so that Ctrl-C between the two lines does not lose the ring.
        self._rings.put(None)
        self._has_rung = True

    def wait(self, left: Callable[[], float | None]) -> None:
        """Wait until the bell rings.

        Args:
            left: Returns the seconds that are left, or None for no limit; may raise an error to
                end the wait.
        """
        while not self.has_rung:
            self._listen(left())

    def wait_for(self, seconds: float) -> bool:
        """Wait until the bell rings or the seconds have passed; return whether the bell rang."""
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
            # Put the item back for the other waiting threads.
            self.ring()
