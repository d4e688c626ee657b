"""Programs run in a process of their own, for what a process can do once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """A program that has ended well."""

    out: list[str]
    err: str
    seconds: float


def run(
    source: str,
    *,
    by: tuple[str, ...] = (),
    warnings: str = "error",
    timeout: float = 30,
    **environment: str,
) -> Run:
    """Run Python source without any OTel variable but the given ones.

    Args:
        source: The program.
        by: A program that runs it, with its arguments.
        warnings: What becomes of warnings.
        timeout: Seconds after which it counts as hanging.
        environment: Variables to set.
    """
    settings = {name: text for name, text in os.environ.items() if not name.startswith("OTEL_")}
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own programs
        [*by, sys.executable, "-W", warnings, "-c", source],
        env=settings | {"PYTHONIOENCODING": "utf-8"} | environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Run(done.stdout.splitlines(), done.stderr, time.monotonic() - started)


def installed_program(name: str) -> str:
    """Return the path of a program that a package has put beside the interpreter."""
    return str(Path(sys.executable).with_name(name))
