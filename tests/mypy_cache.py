"""What mypy has learned of the libraries, kept for the next test that runs it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pywats.runtime.file_lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["mypy_cache"]

FOLDER = Path(__file__).parents[1] / ".mypy_cache" / "tests"


@contextmanager
def mypy_cache() -> Iterator[dict[str, str]]:
    """Lend the cache; yield the variables of a process that runs mypy.

    Workers of pytest-xdist take turns: the cache is a database, which mypy locks while it checks,
    and mypy fails if it cannot have it for five seconds.
    """
    if "MYPY_CACHE_DIR" in os.environ:
        # `make lint`, which has one of its own.
        yield {}
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock, locked(lock.fileno()):
        yield {"MYPY_CACHE_DIR": str(FOLDER)}
