"""Programs that tests run in a process of their own, and that leave no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["HANGS_AFTER", "run"]

HANGS_AFTER: Final = 240.0
"""Seconds after which a program is taken to hang: no measure of speed, on the busiest machine."""


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end.

    It has a process group of its own, which ends with it: the workers of a program that hangs
    would slow down all tests that follow.

    Raises:
        subprocess.TimeoutExpired: It hangs.
    """
    with subprocess.Popen(  # noqa: S603 - our own programs
        command,
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=HANGS_AFTER)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)
