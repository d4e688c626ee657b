"""Something that one thread waits for and another one rings."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

from pywats.runtime.interrupts import patience
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Bell"]


class Bell:
    """Rings once or more often; once heard, the waiting is over.

    It does what a `threading.Event` does, but is written in C: Ctrl-C at whatever moment leaves
    no lock locked.
    """

    def __init__(self) -> None:
        self._rings: queue.SimpleQueue[None] = queue.SimpleQueue()

    def ring(self) -> None:
        """End the waiting; from any thread."""
        self._rings.put(None)

    def wait(self, left: Callable[[], float | None]) -> None:
        """Wait until it rings.

        Args:
            left: Returns how many seconds there are to wait, None for no limit, or raises.
        """
        heard = not self._rings.empty()
        while not heard:
            try:
                self._rings.get(timeout=patience(left()))
                heard = True
            except queue.Empty as error:
                if raised_by_signal_handler(error):
                    raise
