"""Give the server one core for itself, and the clients the other cores."""

from __future__ import annotations

import os

__all__ = ["leave_last_core", "take_last_core"]


def take_last_core() -> None:
    """Run this process only on the last core; does nothing on a machine with one core."""
    _run_on(_cores()[-1:])


def leave_last_core() -> None:
    """Keep this process and its children off the last core."""
    _run_on(_cores()[:-1])


def _cores() -> list[int]:
    # macOS and Windows do not let a process choose.
    if not hasattr(os, "sched_getaffinity"):
        return []
    cores = sorted(os.sched_getaffinity(0))
    return cores if len(cores) > 1 else []


def _run_on(cores: list[int]) -> None:
    if cores:
        os.sched_setaffinity(0, cores)
