"""Waiting for what other threads and processes do."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HANGS", "eventually"]

HANGS: Final = 120.0
"""Seconds after which something counts as hanging; not a measure of speed."""


def eventually(condition: Callable[[], object], what: str = "it") -> None:
    """Wait until the condition holds.

    Args:
        condition: Asked again and again.
        what: What is waited for, for the message.
    """
    # Not the clock that tests set forward.
    end = time.perf_counter() + HANGS
    while not condition():
        assert time.perf_counter() < end, f"{what} has not happened within {HANGS:g} s"
        # No time.sleep, which tests replace.
        threading.Event().wait(0.005)
