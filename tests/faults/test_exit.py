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


STRICT = ["-X", "dev", "-W", "error"]


@pytest.mark.parametrize(
    ("client", "flags", "ways", "requests"),
    [
        ("wats", STRICT, "idle,dropped,in_a_loop,dropped_in_a_loop,at_exit", 5),
        ("wats", STRICT, "under_way_in_a_daemon,under_way_in_a_thread,looking_up", 2),
        ("direct", STRICT, "idle,dropped,at_exit", 3),
        ("direct", STRICT, "under_way_in_a_daemon,under_way_in_a_thread,looking_up", 2),
        # An event loop looks names up in a thread that Python waits for at its exit.
        ("call", STRICT, "idle,dropped,in_a_loop,dropped_in_a_loop,at_exit_by_address", 5),
        ("call", STRICT, "under_way_in_a_daemon,under_way_in_a_thread", 2),
    ],
)
def test_an_exit_without_close_is_clean(
    sandbox: Sandbox, client: str, flags: list[str], ways: str, requests: int
) -> None:
    blocking(sandbox.base_url, "create_product", "A")
    sandbox.clear()
    with Sandbox() as silent:
        silent.inject("*", "*", Fault.hang())
        arguments = [client, ways, sandbox.base_url, silent.base_url]
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, *flags, str(PROGRAM), *arguments],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            env=untraced(),
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(sandbox.requests) == requests
