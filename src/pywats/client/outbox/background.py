"""Background thread that sends the reports waiting in an outbox."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from pywats.observability.guard import log_safely

if TYPE_CHECKING:
    from pywats.client.outbox.sending import Sending
    from pywats.sync import Engine

__all__ = ["Background"]

logger = logging.getLogger("pywats.outbox")

_POLL_SECONDS = 0.25


class Background:
    """Sends the waiting reports when it is woken, and then at intervals.

    The thread is a daemon and ends when the client is closed. A forked child that keeps a
    report starts a thread of its own.

    Args:
        sending: Sends the waiting reports.
        engine: The engine of the client.
        interval: Seconds between two attempts.
    """

    def __init__(self, sending: Sending, engine: Engine, interval: float) -> None:
        self._sending = sending
        self._engine = engine
        self._interval = interval
        # threading.Event is not used: Ctrl-C can leave its lock locked.
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        # Thread.is_alive is not used: until Python 3.12, Ctrl-C inside it can mark a running
        # thread as ended.
        self._started = False
        self._ended = False
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._run, name="pywats-outbox", daemon=True)

    def serves(self, engine: Engine) -> bool:
        """Return whether the thread runs in this process, and its client is open."""
        return (
            self._process == os.getpid()
            and self._started
            and not self._ended
            and not self._engine.closed
            and not engine.closed
        )

    def wake(self) -> None:
        """Make the thread send as soon as possible."""
        self._wakes.put(None)
        if not self._started:
            self._thread.start()
            self._started = True

    def _run(self) -> None:
        try:
            self._send_until_closed()
        finally:
            self._ended = True

    def _send_until_closed(self) -> None:
        next_attempt = time.monotonic()
        while not self._engine.closed:
            if not self._is_woken() and time.monotonic() < next_attempt:
                continue
            try:
                error: Exception | None = self._sending.send(None).error
            except Exception as failure:  # noqa: BLE001 - the reports are kept, and the next attempt may work
                error = failure
            if error is not None and not self._engine.closed:
                log_safely(
                    logger,
                    logging.WARNING,
                    "the outbox could not be sent and is tried again: %s",
                    error,
                )
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del error
            next_attempt = time.monotonic() + self._interval

    def _is_woken(self) -> bool:
        """Wait briefly; return whether `wake` was called. Several calls count as one."""
        try:
            self._wakes.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            return False
        with suppress(queue.Empty):
            while True:
                self._wakes.get_nowait()
        return True
