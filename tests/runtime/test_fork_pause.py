"""A fork pauses event loops in the background, and lets them go on whatever happens."""

from __future__ import annotations

import gc
import os
import threading
from typing import TYPE_CHECKING

import pytest

from pywats.runtime import fork_pause
from pywats.sync import PortalRunner
from tests.forking import in_child

if TYPE_CHECKING:
    from pywats.runtime.bell import Bell

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks of POSIX")


async def answer() -> int:
    return 42


class TestPause:
    """What the hooks do, called one by one."""

    def test_the_loop_pauses_and_goes_on(self) -> None:
        done: list[int] = []
        with PortalRunner(own_loop=True) as runner:
            runner.run("first", answer)
            fork_pause._before_fork()
            call = threading.Thread(target=lambda: done.append(runner.run("second", answer)))
            call.start()
            call.join(0.05)
            assert done == []
            fork_pause._after_fork_in_parent()
            call.join(120)
        assert done == [42]
        assert fork_pause._forks == {}

    def test_a_hook_of_the_fork_may_call(self) -> None:
        with PortalRunner(own_loop=True) as runner:
            runner.run("first", answer)
            fork_pause._before_fork()
            assert runner.run("in a hook", answer) == 42
            fork_pause._after_fork_in_parent()

    def test_a_hook_may_fork(self) -> None:
        with PortalRunner(own_loop=True) as runner:
            runner.run("first", answer)
            fork_pause._before_fork()
            fork_pause._before_fork()
            fork_pause._after_fork_in_parent()
            fork_pause._after_fork_in_parent()
            assert runner.run("after both", answer) == 42

    def test_a_coroutine_may_fork(self) -> None:
        async def fork() -> str:
            return in_child(os.getpid)

        with PortalRunner(own_loop=True) as runner:
            assert int(runner.run("fork", fork)) > 0

    def test_a_fork_does_not_wait_for_a_blocked_loop_for_ever(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fork_pause, "CODE_WITHIN", 0.01)
        begun, end = threading.Event(), threading.Event()

        async def block() -> None:
            begun.set()
            end.wait(120)

        with PortalRunner(own_loop=True) as runner:
            blocked = threading.Thread(target=lambda: runner.run("block", block))
            blocked.start()
            assert begun.wait(120)
            assert int(in_child(os.getpid)) > 0
            end.set()
            blocked.join(120)

    def test_what_is_gone_is_not_paused(self) -> None:
        class Gone:
            def pause(self, paused: Bell, resumed: Bell) -> bool:
                raise AssertionError((paused, resumed))

        before = len(fork_pause._pausable)
        fork_pause.pause_for_forks(Gone())
        gc.collect()
        assert len(fork_pause._pausable) <= before
        PortalRunner(own_loop=True)  # has no loop yet
        fork_pause._before_fork()
        fork_pause._after_fork_in_parent()
