"""The retry budget: limit the load that a client adds by retrying.

Retries help when few calls fail. When all calls fail, retries multiply the load on a server that
is in trouble already: by four with three retries each. So the threads of a client share a token
bucket, and every retry takes a token:

- ten tokens are added per second, up to ten, for clients with few calls;
- one token is added per five calls, up to a hundred, so that a busy client may make retries
  for a fifth of its calls.

Counted from the start of the client, its retries are at most 20 % of its calls, plus 10 per
second, plus 10.
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
    """Counts calls and permits retries; safe to use from any thread.

    Args:
        now: Returns seconds that never go backwards.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._reserve = float(RETRIES_PER_SECOND)
        self._reserve_at = now()
        # In calls, not in retries: integers have no rounding error.
        self._earned = 0
        renew_after_fork(self)

    def renew(self) -> None:
        """Use a new lock in a forked child; see `pywats.runtime.after_fork`."""
        self._lock = threading.Lock()

    def count_call(self) -> None:
        """Count a call, which earns a fifth of a retry."""
        # Check without the lock first: the bucket is full for most calls.
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
