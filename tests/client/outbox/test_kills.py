"""Processes that are killed at any system call."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox
from tests.client.outbox.conftest import units
from tests.untraced import untraced

if TYPE_CHECKING:
    from pathlib import Path

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

KILLS = 80


def may_trace() -> bool:
    strace = shutil.which("strace")
    if strace is None:
        return False
    command = [strace, "-o", "/dev/null", "-e", "inject=all:signal=KILL:when=65535", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own command


@pytest.mark.timeout(300)
@pytest.mark.skipif(not may_trace(), reason="strace is not here, or may not trace")
def test_nothing_is_lost_whenever_the_process_is_killed(
    api: pyWATS, sandbox: Sandbox, directory: Path
) -> None:
    directory.parent.mkdir()
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-m", "tests.client.outbox.killed"),
            *(str(directory), sandbox.base_url, "http://127.0.0.1:9", sandbox.token, str(KILLS)),
        ],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        # Or most of them would be killed while coverage saves what it has seen.
        env=untraced(),
    )
    assert done.returncode == 0, done.stderr
    returned = [line for line in done.stdout.splitlines() if not line.startswith("calls ")]
    assert all(line.count("-") == 4 and len(line) == 36 for line in returned), returned
    waiting = [report.report_id for report in Outbox(directory).waiting()]
    assert Outbox(directory).send(api).waiting == 0
    arrived = units(api)
    assert len(arrived) == len(set(arrived))
    assert set(returned) <= set(arrived)
    # Some were killed before a call returned, some reports waited, and some did not.
    assert len(returned) < 2 * (KILLS + 1)
    assert 0 < len(waiting) < len(arrived)
