"""Sliding window: count recent attempts and failures."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

__all__ = ["SlidingWindow"]

SLICES: Final = 10


@dataclass(slots=True)
class _Slice:
    index: int
    attempts: int = 0
    failures: int = 0


class SlidingWindow:
    """Counts attempts and failures of the last seconds in constant memory.

    The window consists of ten slices and moves forward by one slice at a time.

    Args:
        seconds: Length of the window.
    """

    def __init__(self, seconds: float) -> None:
        self._slice_seconds = seconds / SLICES
        self._slices: deque[_Slice] = deque()

    def add(self, now: float, *, failed: bool) -> tuple[int, int]:
        """Count an attempt that ended at ``now``.

        Returns:
            The attempts in the window, this one included, and the failures among them.
        """
        index = math.floor(now / self._slice_seconds)
        while self._slices and self._slices[0].index <= index - SLICES:
            self._slices.popleft()
        if not self._slices or self._slices[-1].index != index:
            self._slices.append(_Slice(index))
        latest = self._slices[-1]
        latest.attempts += 1
        latest.failures += failed
        return (
            sum(each.attempts for each in self._slices),
            sum(each.failures for each in self._slices),
        )
