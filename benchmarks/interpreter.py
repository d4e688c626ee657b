"""Time a program in a new interpreter, bytecode cached."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.turns import Measured

__all__ = ["timed"]


def timed(program: str, cache: str, **variables: str) -> Measured:
    """Run a program and return the time it took, without the start of the interpreter.

    Args:
        program: Python code.
        cache: The folder for the bytecode.
        variables: More environment variables.
    """
    script = (
        f"import time; started = time.perf_counter()\n{program}\n"
        "print(time.perf_counter() - started)"
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPYCACHEPREFIX": cache,
            "PYTHONDONTWRITEBYTECODE": "",
            **variables,
        },
    )
    # Rows have the seconds of a turn times a million; divided by 1000, these are milliseconds.
    return Measured(float(done.stdout) / 1000, 1)
