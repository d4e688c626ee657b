"""The retry budget: how much load a client may add by retrying.

A retry helps where few calls fail. Where all of them fail, retries multiply the
load on a server that is in trouble already, by four with three retries each. So
the threads of a client share a bucket of tokens, and every retry takes one:

- ten tokens a second flow in, up to ten, for clients with few calls;
- every five calls bring one more, up to a hundred, so that a busy client may
  spend a fifth of its load on retries.

Since the client was made, its retries are thus at most 20 % of its calls, plus
10 for each second and 10 for the start.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from pywats.runtime.after_fork import renew_after_fork

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["RetryBudget"]

RETRIES_PER_SECOND: Final = 10
CALLS_PER_RETRY: Final = 5
MOST_EARNED: Final = 100

_FULL: Final = MOST_EARNED * CALLS_PER_RETRY


class RetryBudget:
    """Counts calls and hands out retries; safe to use from any thread.

    Args:
        now: Returns seconds that never go backwards.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._reserve = float(RETRIES_PER_SECOND)
        self._reserve_at = now()
        # In calls, not in retries: whole numbers add up without an error.
        self._earned = 0
        renew_after_fork(self)

    def renew(self) -> None:
        """Have a lock of its own in a forked child; see `pywats.runtime.after_fork`."""
        self._lock = threading.Lock()

    def count_call(self) -> None:
        """Count a call, which earns a fifth of a retry."""
        # Looked at without the lock first: most calls are made with a full bucket.
        if self._earned < _FULL:
            with self._lock:
                self._earned = min(self._earned + 1, _FULL)

    def take(self) -> bool:
        """Take the token for one retry; return False if there is none."""
        with self._lock:
            now = self._now()
            flown_in = (now - self._reserve_at) * RETRIES_PER_SECOND
            self._reserve = min(self._reserve + flown_in, float(RETRIES_PER_SECOND))
            self._reserve_at = now
            if self._reserve >= 1:
                self._reserve -= 1
                return True
            if self._earned >= CALLS_PER_RETRY:
                self._earned -= CALLS_PER_RETRY
                return True
            return False
