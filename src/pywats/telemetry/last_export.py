"""The last export: bounded in time, whatever the collector does."""

from __future__ import annotations

import atexit
import os
import threading
import time
from multiprocessing import parent_process
from multiprocessing.util import Finalize, register_after_fork
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LastExport"]


class LastExport:
    """Runs functions that may take too long, each in a thread of its own, and leaves on time.

    The threads wait from the beginning: at exit CPython 3.12 lets no thread start any more. They
    are daemons, so that the interpreter does not wait for one that hangs.

    Args:
        functions: What exports and stops; each is called once.
        limit: Seconds that the exit of the process waits for them.
    """

    def __init__(self, functions: Sequence[Callable[[], object]], limit: float) -> None:
        self._functions = functions
        self._limit = limit
        self._start()
        if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows
            os.register_at_fork(after_in_child=self._start)
        atexit.register(self._at_exit)
        self._end_with_multiprocessing()
        register_after_fork(self, LastExport._end_with_multiprocessing)

    def _end_with_multiprocessing(self) -> None:
        # A child that it forks, or has its fork server fork, ends without Python's own exit.
        if parent_process() is not None:
            Finalize(None, self._at_exit, exitpriority=0)

    def _start(self) -> None:
        self._wanted = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._wait_and_call,
                args=(self._wanted, function),
                name="pywats-last-export",
                daemon=True,
            )
            for function in self._functions
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _wait_and_call(wanted: threading.Event, function: Callable[[], object]) -> None:
        wanted.wait()
        function()

    def run(self, limit: float) -> bool:
        """Have the functions called, and return whether all of them ended within the limit."""
        self._wanted.set()
        ends = time.monotonic() + limit
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _at_exit(self) -> None:
        self.run(self._limit)
