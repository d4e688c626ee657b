"""A child process works, and has no connection in common with its parent or its siblings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.programs.clients import CLIENTS
from tests.untraced import untraced

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

PROGRAM = Path(__file__).parent / "programs" / "forks.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.parametrize("client", CLIENTS)
def test_children_work_and_share_no_connection(sandbox: Sandbox, client: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(PROGRAM), client, sandbox.base_url],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=untraced(),
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr == ""
    users: dict[int, set[str]] = defaultdict(set)
    calls: dict[str, int] = defaultdict(int)
    for request in sandbox.requests:
        name = request.path.rpartition("/")[2]
        users[request.connection].add(name)
        calls[name] += 1
    assert all(len(names) == 1 for names in users.values())
    # Both calls of a child go over one connection.
    children = {"before", "after", *(f"during-{number}" for number in range(15))}
    assert {name: calls[name] for name in children} == dict.fromkeys(children, 2)
    assert (
        len(users) - len({c for c, names in users.items() if "parent" in names})
        == 17 + calls["spawned"]
    )
    # A client of httpx cannot be pickled.
    assert calls["spawned"] == (client == "wats")
