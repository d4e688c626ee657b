"""A bell ends the waiting of all threads, once and for all."""

from __future__ import annotations

import queue
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from pywats.runtime.bell import Bell

if TYPE_CHECKING:
    from types import FrameType


def test_whoever_waits_hears_it() -> None:
    bell = Bell()
    heard: list[bool] = []
    waiting = [threading.Thread(target=lambda: heard.append(bell.wait_for(60))) for _ in range(3)]
    for each in waiting:
        each.start()
    bell.ring()
    for each in waiting:
        each.join()
    assert heard == [True] * 3
    assert bell.has_rung
    assert bell.wait_for(0)
    bell.wait(lambda: pytest.fail("the waiting is over"))


def test_the_waiting_ends_with_its_time() -> None:
    bell = Bell()
    assert not bell.wait_for(0)
    assert not bell.wait_for(1e-6)
    assert not bell.has_rung
    with pytest.raises(TimeoutError):
        bell.wait(out_of_time)


def out_of_time() -> float:
    raise TimeoutError


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
def test_the_exception_of_a_signal_handler_ends_the_waiting() -> None:
    def interrupt(_: int, frame: FrameType | None) -> None:
        # Not before the wait itself, nor between two.
        if frame is None or frame.f_code.co_name != "_listen":
            return
        if frame.f_lineno > frame.f_code.co_firstlineno:
            raise queue.Empty("the program's own")

    def send_until_raised() -> None:
        while not raised.wait(0.01):
            signal.pthread_kill(main, signal.SIGUSR1)

    raised = threading.Event()
    main = threading.get_ident()
    before = signal.signal(signal.SIGUSR1, interrupt)
    sender = threading.Thread(target=send_until_raised)
    try:
        sender.start()
        with pytest.raises(queue.Empty, match="^the program's own$"):
            Bell().wait(lambda: None)
    finally:
        raised.set()
        sender.join()
        signal.signal(signal.SIGUSR1, before)
