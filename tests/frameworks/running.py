"""Examples and programs run in a process of their own."""

from __future__ import annotations

import sys
from pathlib import Path

from tests import programs
from tests.untraced import untraced

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = Path(__file__).parent / "programs"


def run(program: Path, *arguments: str, **environment: str) -> list[str]:
    """Return the lines that a program prints; it must end well and show no traceback."""
    # Greenlets and forked workers also confuse what measures coverage.
    kept = {name: text for name, text in untraced().items() if not name.startswith("OTEL_")}
    done = programs.run(
        [sys.executable, "-W", "error", str(program), *arguments],
        env=kept | {"PYTHONIOENCODING": "utf-8"} | environment,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.splitlines()
