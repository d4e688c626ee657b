"""A bell ends the waiting of all threads, once and for all."""

from __future__ import annotations

import threading

import pytest

from pywats.runtime.bell import Bell


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
