"""Ids and times of the sandbox, the same in each run so that two servers can be compared."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

__all__ = ["Identity", "api_time"]

_NAMESPACE = UUID("3f0c1e5a-6d1b-4c7e-9a53-0d3f5f7f8a21")


class Identity:
    """Makes ids and returns the time; safe to use from any thread.

    Args:
        start: Start time of a clock that advances one second each time it is read; None for the
            real time.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._start = start

    def number(self) -> int:
        """Return a whole number that was not returned before, from 1."""
        with self._lock:
            return next(self._numbers)

    def uuid(self) -> str:
        """Return the text of a UUID that was not returned before."""
        return str(uuid5(_NAMESPACE, str(self.number())))

    def now(self) -> datetime:
        """Return the time in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self.number())

    def timestamp(self) -> str:
        """Return the time as the API writes it."""
        return api_time(self.now())


def api_time(time: datetime) -> str:
    """Return a time with a time zone as the API writes it, in UTC."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
