"""Code that coverage is not to trace: in a program of a test, and on this thread.

A tracer makes everything slower: wrong where a test is about time, and wasted on lines that other
tests run as well.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tracer_variables", "untraced", "without_tracer"]


def tracer_variables() -> list[str]:
    """Return the names of coverage's variables that this process has."""
    return [name for name in os.environ if name.startswith("COVERAGE")]


def untraced(**changes: str) -> dict[str, str]:
    """Return this process's environment without coverage's variables, and with the changes."""
    own = dict(os.environ)
    for name in tracer_variables():
        del own[name]
    return own | changes


@contextmanager
def without_tracer() -> Iterator[None]:
    """Take coverage's tracer off this thread; a debugger's stays.

    Threads that are started meanwhile are traced: some of them serve later tests too.
    """
    tracer = sys.gettrace()
    if not type(tracer).__module__.startswith("coverage"):
        yield
        return
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
