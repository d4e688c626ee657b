"""Work done in a forked child."""

from __future__ import annotations

import os
import select
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_child(work: Callable[[], object]) -> str:
    """Return the repr of what ``work`` returns in a child; fail if the child hangs."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(sender, repr(work()).encode())
        finally:
            os._exit(0)
    os.close(sender)
    received: list[bytes] = []
    try:
        while not received or received[-1]:
            ready, _, _ = select.select([receiver], [], [], 120)
            assert ready, "the child hangs"
            received.append(os.read(receiver, 65536))
        return b"".join(received).decode()
    finally:
        os.close(receiver)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
