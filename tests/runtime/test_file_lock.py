"""A lock on an open file, between processes."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from pywats.runtime.file_lock import locked, try_lock, unlock

if TYPE_CHECKING:
    from pathlib import Path


def test_one_descriptor_at_a_time_has_the_lock(tmp_path: Path) -> None:
    one, other = (os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT) for _ in range(2))
    assert try_lock(one)
    assert not try_lock(other)
    order = []

    def wait() -> None:
        with locked(other):
            order.append("other")

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join(0.1)
    order.append("one")
    unlock(one)
    thread.join(120)
    assert order == ["one", "other"]
    # It was released at the end of the block.
    assert try_lock(one)
    os.close(one)
    os.close(other)
