"""A fork waits for imports, and a child that is forked during the first use of a service works."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pywats.runtime import import_guard
from pywats.runtime.import_guard import importing
from tests.runtime.programs.first_use import MOMENTS, SERVICES
from tests.untraced import untraced

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks of POSIX")

PROGRAM = Path(__file__).parent / "programs" / "first_use.py"


@pytest.mark.parametrize("service", [*SERVICES, "wrapper"])
def test_a_child_that_is_forked_during_the_first_use_works(sandbox: Sandbox, service: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(PROGRAM), service, sandbox.base_url, sandbox.token],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=untraced(),
    )
    told = dict(line.split() for line in done.stdout.splitlines())
    assert told == dict.fromkeys(MOMENTS, "0"), done.stderr


def test_a_fork_waits_for_an_import_and_imports_wait_for_the_fork() -> None:
    begun, end = threading.Event(), threading.Event()
    ended = []

    def work() -> None:
        with importing(), importing():
            begun.set()
            end.wait(120)
            ended.append("import")

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(120)
    threading.Timer(0.1, end.set).start()
    import_guard._before_fork()
    assert ended == ["import"]
    later = threading.Thread(target=work)
    later.start()
    time.sleep(0.05)
    assert len(ended) == 1
    import_guard._gate.release()
    for each in (thread, later):
        each.join(120)
    assert len(ended) == 2
    assert import_guard._importing == {}


def test_a_fork_inside_an_import_does_not_wait_for_itself() -> None:
    with importing():
        import_guard._before_fork()
        import_guard._importing[-1] = 1
        import_guard._after_fork_in_child()
        assert list(import_guard._importing) == [threading.get_ident()]


def test_a_fork_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_guard, "_LONGEST_WAIT", 0.01)
    monkeypatch.setitem(import_guard._importing, -1, 1)
    import_guard._before_fork()
    import_guard._gate.release()
