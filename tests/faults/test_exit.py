"""Programs that end without closing their clients end quietly and at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pywats.sandbox import Fault, Sandbox
from tests.faults.faces import blocking
from tests.untraced import untraced

PROGRAM = Path(__file__).parent / "programs" / "exits.py"


@pytest.mark.parametrize(
    ("ways", "requests"),
    [
        ("idle,dropped,in_a_loop,at_exit", 4),
        ("under_way_in_a_daemon,under_way_in_a_thread,looking_up", 2),
    ],
)
def test_an_exit_without_close_is_clean(sandbox: Sandbox, ways: str, requests: int) -> None:
    blocking(sandbox.base_url, "create_product", "A")
    sandbox.clear()
    with Sandbox() as silent:
        silent.inject("*", "*", Fault.hang())
        arguments = [ways, sandbox.base_url, silent.base_url]
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-X", "dev", "-W", "error", str(PROGRAM), *arguments],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env=untraced(),
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(sandbox.requests) == requests
