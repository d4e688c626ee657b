"""A thread that sends what waits in an outbox."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pywats.client.outbox.sending import Sending
    from pywats.sync import Engine

__all__ = ["Background"]

logger = logging.getLogger("pywats.outbox")

_LOOK_EVERY = 0.25


class Background:
    """Sends when it is woken, and then at intervals while reports wait.

    The thread is a daemon and ends when the client is closed. A forked child that keeps a
    report starts its own.

    Args:
        sending: Sends what waits.
        engine: The engine of the client.
        interval: Seconds between two attempts.
    """

    def __init__(self, sending: Sending, engine: Engine, interval: float) -> None:
        self._sending = sending
        self._engine = engine
        self._interval = interval
        self._woken = threading.Event()
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._run, name="pywats-outbox", daemon=True)

    def serves(self, engine: Engine) -> bool:
        """Return whether it runs in this process, for a client that is open."""
        return (
            self._process == os.getpid()
            and self._thread.is_alive()
            and not self._engine.closed
            and not engine.closed
        )

    def wake(self) -> None:
        """Send as soon as possible."""
        self._woken.set()
        if not self._thread.is_alive():
            self._thread.start()

    def _run(self) -> None:
        next_attempt = time.monotonic()
        while not self._engine.closed:
            if not self._woken.wait(_LOOK_EVERY) and time.monotonic() < next_attempt:
                continue
            self._woken.clear()
            try:
                error: Exception | None = self._sending.send(None).error
            except Exception as failure:  # noqa: BLE001 - the reports are kept, and the next attempt may work
                error = failure
            if error is not None and not self._engine.closed:
                logger.warning("the outbox could not be sent and is tried again: %s", error)
            next_attempt = time.monotonic() + self._interval
