"""Limit the time of an export, even if the collector hangs."""

from __future__ import annotations

import os
import threading
import time
from multiprocessing import parent_process
from multiprocessing.util import Finalize, register_after_fork
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LastExport", "run_bounded"]


class LastExport:
    """Run functions that may take too long, each in its own thread, and return within a limit.

    The threads are started early and wait: CPython 3.12 cannot start a thread at exit. They are
    daemons, so that the interpreter does not wait for a thread that hangs.

    Args:
        functions: Functions that export and stop; each is called once.
        limit: Seconds that the exit of the process waits for them.
    """

    def __init__(self, functions: Sequence[Callable[[], object]], limit: float) -> None:
        self._functions = functions
        self._limit = limit
        self._start()
        if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows
            os.register_at_fork(after_in_child=self._start)
        self._end_with_multiprocessing()
        register_after_fork(self, LastExport._end_with_multiprocessing)

    def _end_with_multiprocessing(self) -> None:
        # A child that multiprocessing or its fork server forks ends without Python's own exit, so
        # atexit does not run there.
        if parent_process() is not None:
            Finalize(None, self.at_exit, exitpriority=0)

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
        """Run the functions, and return whether all of them ended within the limit."""
        self._wanted.set()
        ends = time.monotonic() + limit
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def at_exit(self) -> None:
        """Run the functions within the limit of the exit; calling it again has no effect."""
        self.run(self._limit)


def run_bounded(functions: Sequence[Callable[[], object]], limit: float) -> bool:
    """Call functions in parallel; return whether all ended within the limit without a failure.

    Args:
        functions: The functions; a function may return False to report a failure.
        limit: Seconds to wait. A function that takes longer continues in its daemon thread.
    """
    done: list[bool] = []

    def call(function: Callable[[], object]) -> None:
        done.append(function() is not False)

    threads = [
        threading.Thread(target=call, args=(each,), name="pywats-flush", daemon=True)
        for each in functions
    ]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + limit
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    return done == [True] * len(functions)
