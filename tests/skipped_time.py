"""Time of the process that a test sets forward.

A limit that is so short that a test can wait for it may run out before what the test is about has
happened. So tests give a limit of a minute, and skip the minute as soon as it has happened.
"""

from __future__ import annotations

import asyncio
import functools
import threading
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pywats.observability.call import Call
from pywats.sync.engine.clock import SystemClock
from pywats.sync.runners import step

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from pywats.sandbox import Sandbox

__all__ = ["LIMIT", "SkippedTime"]

LIMIT: Final = 60.0
"""Seconds of a limit that no test waits for, and in which everything else gets done."""


class SkippedTime:
    """The clock of limits and of event loops, from now until the end of the test.

    Args:
        monkeypatch: Of the test.

    Attributes:
        seconds: How far it is ahead.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        self._loops: weakref.WeakSet[asyncio.BaseEventLoop] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        real = time.monotonic

        def monotonic() -> float:
            return real() + self.seconds

        def loop_time(loop: asyncio.BaseEventLoop) -> float:
            with self._lock:
                self._loops.add(loop)
            return monotonic()

        monkeypatch.setattr(time, "monotonic", monotonic)
        monkeypatch.setattr(SystemClock, "monotonic", staticmethod(monotonic))
        begin = Call.__init__

        def begin_call(call: Call, *args: Any, **given: Any) -> None:
            begin(call, *args, **{"started": monotonic(), **given})

        monkeypatch.setattr(Call, "__init__", begin_call)
        monkeypatch.setattr(asyncio.BaseEventLoop, "time", loop_time)
        # What is cancelled when its limit runs out ends as soon as this machine gets around to it.
        monkeypatch.setattr(step, "CLEAN_UP_WITHIN", LIMIT)

    def skip(self, seconds: float = LIMIT) -> None:
        """Set the clock forward; from any thread."""
        with self._lock:
            self.seconds += seconds
        for loop in self._open_loops():
            # It looks at the clock when it wakes.
            _call_soon(loop, lambda: None)

    def skip_at_requests(self, sandbox: Sandbox, *counts: int) -> None:
        """Skip `LIMIT` each time that so many requests in all have arrived."""

        def skip() -> None:
            for count in counts:
                while not self._have_arrived(sandbox, count):
                    if self._ended.is_set():
                        return
                self.skip()

        thread = threading.Thread(target=skip, daemon=True)
        self._threads.append(thread)
        thread.start()

    @staticmethod
    def _have_arrived(sandbox: Sandbox, count: int) -> bool:
        try:
            sandbox.wait_for_requests(count, timeout=0.05)
        except TimeoutError:
            return False
        return True

    def end(self) -> None:
        """Set what loops wait for back; the clock itself has been set back before."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

        def set_back(loop: asyncio.BaseEventLoop) -> None:
            for timer in loop._scheduled:  # type: ignore[attr-defined]  # since Python 3.4
                timer._when -= self.seconds

        for loop in self._open_loops():
            _call_soon(loop, functools.partial(set_back, loop))

    def _open_loops(self) -> list[asyncio.BaseEventLoop]:
        with self._lock:
            return [loop for loop in self._loops if not loop.is_closed()]


def _call_soon(loop: asyncio.BaseEventLoop, callback: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # it has been closed meanwhile
        loop.call_soon_threadsafe(callback)
