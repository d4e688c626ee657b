"""Lock an open file between processes; the operating system unlocks it when a process ends."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["locked", "try_lock", "unlock"]

_POLL_SECONDS = 0.02

if sys.platform == "win32":  # pragma: no cover - tested on Windows only
    import msvcrt

    # Windows does not let other processes read a locked byte, so lock a byte beyond the end of all
    # our files.
    _OFFSET = 2**40

    def try_lock(fd: int) -> bool:
        """Take the lock if it is free; return whether it was free."""
        os.lseek(fd, _OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(fd: int) -> None:
        """Release the lock."""
        os.lseek(fd, _OFFSET, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def try_lock(fd: int) -> bool:
        """Take the lock if it is free; return whether it was free."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(fd: int) -> None:
        """Release the lock."""
        fcntl.flock(fd, fcntl.LOCK_UN)


@contextmanager
def locked(fd: int) -> Iterator[None]:
    """Wait for the lock, and hold it during the ``with`` block."""
    # Poll, because on Windows Ctrl-C does not interrupt a call that waits in the kernel.
    while not try_lock(fd):
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        unlock(fd)
