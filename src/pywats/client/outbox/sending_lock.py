"""Lock that lets one thread of one process send the reports of an outbox."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pywats.client.outbox.place import shown
from pywats.errors import OutboxError
from pywats.runtime.after_fork import renew_after_fork
from pywats.runtime.file_lock import try_lock, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SendingLock"]

_POLL_SECONDS = 0.02


class SendingLock:
    """A lock file. The system releases it when the process that holds it ends.

    Args:
        file: The file; created if it does not exist.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._fd: int | None = None
        renew_after_fork(self)

    @contextmanager
    def held(self, seconds: float | None) -> Iterator[bool]:
        """Hold the lock in the ``with`` block.

        Args:
            seconds: Seconds to wait for the lock; None for no limit.

        Yields:
            Whether the lock is held.

        Raises:
            OutboxError: The file cannot be opened.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutboxError(
                f"the outbox {shown(self._file.parent)} cannot be used ({error.strerror})"
            ) from error
        self._fd = fd
        try:
            held = _wait_for(fd, seconds)
            yield held
            if held and self._fd is not None:
                unlock(fd)
        finally:
            # Closing the last descriptor releases the lock.
            if self._fd is not None:
                self._fd = None
                os.close(fd)

    def renew(self) -> None:
        """Close the descriptor in a forked child, or the lock would outlive the parent."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _wait_for(fd: int, seconds: float | None) -> bool:
    until = None if seconds is None else time.monotonic() + seconds
    while not try_lock(fd):
        if until is not None and time.monotonic() >= until:
            return False
        time.sleep(_POLL_SECONDS)
    return True
