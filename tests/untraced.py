"""The environment of a program that coverage is not to trace.

A tracer makes everything slower: wrong where a test is about time, and wasted on a program whose
lines other tests run as well.
"""

from __future__ import annotations

import os

__all__ = ["untraced"]


def untraced(**changes: str) -> dict[str, str]:
    """Return this process's environment without coverage's variables, and with the changes."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return own | changes
