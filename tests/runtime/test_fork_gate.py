"""A fork waits for imports and for coroutines, and a child that is forked at any moment works."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pywats.runtime import fork_gate
from pywats.runtime.fork_gate import (
    CODE_WITHIN,
    call_without_fork,
    enter_code,
    importing,
    leave_code,
)
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
    fork_gate._before_fork()
    assert ended == ["import"]
    later = threading.Thread(target=work)
    later.start()
    time.sleep(0.05)
    assert len(ended) == 1
    fork_gate._after_fork_in_parent()
    for each in (thread, later):
        each.join(120)
    assert len(ended) == 2
    assert fork_gate._inside == {}


def test_a_fork_inside_does_not_wait_for_itself() -> None:
    with importing():
        fork_gate._before_fork()
        fork_gate._inside[-1] = 1
        fork_gate._after_fork_in_child()
        assert list(fork_gate._inside) == [threading.get_ident()]


@pytest.mark.parametrize("limit", ["_IMPORT_WITHIN", "CODE_WITHIN"])
def test_a_fork_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(fork_gate, limit, 0.01)
    monkeypatch.setitem(fork_gate._inside, -1, 0.01)
    fork_gate._before_fork()
    fork_gate._after_fork_in_parent()


def test_a_call_without_fork_leaves_what_is_around_it_inside() -> None:
    here = threading.get_ident()
    enter_code()
    assert call_without_fork(fork_gate._inside.get, here) == CODE_WITHIN
    assert here in fork_gate._inside
    leave_code()
    assert call_without_fork(fork_gate._inside.get, here) == CODE_WITHIN
    assert here not in fork_gate._inside


def test_code_and_imports_are_inside_each_other() -> None:
    here = threading.get_ident()
    enter_code()
    enter_code()
    code = fork_gate._inside[here]
    with importing():
        longer = fork_gate._inside[here]
        enter_code()
        leave_code()
        assert fork_gate._inside[here] == longer > code
    assert fork_gate._inside[here] == code
    leave_code()
    leave_code()
    assert fork_gate._inside == {}


@pytest.mark.parametrize("kind", ["portal", "direct", "resolver", "resolver-of-loop"])
def test_a_child_finds_no_lock_that_a_coroutine_of_its_parent_held(kind: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(PROGRAM.with_name("locks_at_fork.py")), kind],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=untraced(),
    )
    assert (done.returncode, done.stdout) == (0, "the child has the lock\n"), done.stderr
    assert done.stderr == ""
