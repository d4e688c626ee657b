"""Measure how long each phase of an attempt takes."""

from __future__ import annotations

import time
from typing import Literal

__all__ = ["Phase", "Phases"]

Phase = Literal["pool", "dns", "connect", "proxy", "tls", "send", "wait", "receive"]
"""A part of an attempt; the names are nearly the same as in HAR, the format of browsers."""


class Phases:
    """Seconds by phase; a phase lasts until the next one begins.

    A phase may occur again, for example when a stale connection is replaced: its time is added.
    """

    __slots__ = ("_seconds", "_since", "running")

    def __init__(self) -> None:
        self.running: Phase | None = None
        self._since = 0.0
        self._seconds: dict[Phase, float] = {}

    def begin(self, phase: Phase | None) -> None:
        """End the running phase, and begin another phase; None for no other phase."""
        if phase == self.running:
            return
        now = time.perf_counter()
        if self.running is not None:
            spent = now - self._since
            self._seconds[self.running] = self._seconds.get(self.running, 0.0) + spent
        self.running, self._since = phase, now

    def end(self) -> dict[Phase, float]:
        """End the running phase, and return the seconds of each phase in order."""
        self.begin(None)
        return self._seconds
