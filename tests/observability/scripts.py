"""Programs run in a process of their own, for what a process can do once."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.untraced import untraced


@dataclass(frozen=True)
class Run:
    """A program that has ended well."""

    out: list[str]
    err: str


def run(source: str, /, **environment: str) -> Run:
    """Run Python source, with warnings as errors and no OTel variable but the given ones."""
    return _run([sys.executable, "-W", "error", "-c", source], environment)


def run_untraced(source: str, /, **environment: str) -> Run:
    """Run Python source like `run`, without coverage's tracer."""
    return _run([sys.executable, "-W", "error", "-c", source], environment, traced=False)


def run_under(program: str, source: str, /, **environment: str) -> Run:
    """Run Python source by a program that a package has put beside the interpreter."""
    path = str(Path(sys.executable).with_name(program))
    return _run([path, sys.executable, "-c", source], environment)


def _run(command: list[str], environment: dict[str, str], *, traced: bool = True) -> Run:
    own = os.environ if traced else untraced()
    settings = {name: text for name, text in own.items() if not name.startswith("OTEL_")}
    done = subprocess.run(  # noqa: S603 - our own programs
        command,
        env=settings | {"PYTHONIOENCODING": "utf-8"} | environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Run(done.stdout.splitlines(), done.stderr)
