"""What the page says of synchronous faces of an async object, cell by cell."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest

from tests.comparison.bridges import BRIDGES, NOTE, bridge
from tests.comparison.tables import ROOT, cell, verdict
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.comparison.bridges import Bridge

    IsTrueThat = Callable[[bool], None]

on_every_bridge = pytest.mark.parametrize("subject", BRIDGES)


@pytest.fixture
def bridged(subject: str) -> Iterator[Bridge]:
    with bridge(subject) as made:
        yield made


def run(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", f"tests.comparison.programs.{program}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=untraced(),
    )


@on_every_bridge
def test_a_context_variable_goes_in(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    def read() -> object:
        NOTE.set("mine")
        return bridged.call("read_note")

    is_true_that(copy_context().run(read) == "mine")


@on_every_bridge
def test_a_context_variable_comes_out(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    def write() -> str:
        bridged.call("write_note", "changed")
        return NOTE.get()

    is_true_that(copy_context().run(write) == "changed")


@on_every_bridge
def test_eight_threads_call_at_once(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    def read(number: int) -> object:
        NOTE.set(f"note {number}")
        return bridged.call("read_note")

    with ThreadPoolExecutor(8) as pool:
        notes = list(pool.map(lambda number: copy_context().run(read, number), range(80)))
    is_true_that(notes == [f"note {number}" for number in range(80)])


@on_every_bridge
@pytest.mark.filterwarnings("ignore::pywats.SyncInLoopWarning")
def test_a_call_in_a_running_loop(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    async def main() -> bool:
        try:
            return bool(bridged.call("read_note") == "nothing")
        except RuntimeError:
            return False

    is_true_that(asyncio.run(main()))


@on_every_bridge
def test_all_calls_share_a_loop(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    is_true_that(bridged.call("loop") is bridged.call("loop"))


@on_every_bridge
@pytest.mark.filterwarnings("ignore:async_to_sync was passed a non-async-marked callable")
def test_an_async_generator_is_iterated(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    def numbers() -> list[int] | None:
        try:
            return list(bridged.numbers())
        except TypeError:
            return None

    is_true_that(numbers() == [1, 2, 3])


@on_every_bridge
def test_a_with_block_is_one_task(bridged: Bridge, is_true_that: IsTrueThat) -> None:
    def enter_and_leave() -> bool:
        try:
            with bridged.entered():
                return True
        except RuntimeError:
            return False

    is_true_that(enter_and_leave())


@on_every_bridge
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")
def test_ctrl_c_ends_the_work(subject: str, is_true_that: IsTrueThat) -> None:
    with run("interrupted_bridge", subject) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(0.2)  # until it waits where Ctrl-C finds a user
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=240)
    assert told in {"ended\n", "goes on\n"}
    is_true_that(told == "ended\n")


@on_every_bridge
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_call_after_a_fork(subject: str, is_true_that: IsTrueThat) -> None:
    # Who should answer may take long on a busy machine; who should hang is not waited for.
    test = "tests/comparison/test_bridges.py::test_a_call_after_a_fork"
    patience = "20" if cell(test, subject) == verdict(True) else "1"
    with run("forked_bridge", subject, patience) as process:
        told, _ = process.communicate(timeout=240)
    assert told in {"answered\n", "hangs\n"}
    is_true_that(told == "answered\n")
