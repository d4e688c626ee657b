"""The task of a background loop that performs steps one after another."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pywats.observability.guard import log_safely
from pywats.sync.runners.context_transfer import Changes, Mirror

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pywats.sync.runners.background_loop import BackgroundLoop
    from pywats.sync.runners.step import Step

__all__ = ["StepServer"]

logger = logging.getLogger("pywats.sync")


class StepServer:
    """Performs the steps of a `PortalTask`.

    Only the constructor may be called on another thread than the loop's thread.

    Attributes:
        loop: The loop that runs the task.
        last: Makes the awaitable of a last step without a waiting caller.
    """

    def __init__(self, loop: BackgroundLoop, last: Callable[[], Awaitable[object]] | None) -> None:
        self.loop = loop
        self.last = last
        self._steps: deque[tuple[Step[Any], Changes]] = deque()
        self._mirror = Mirror()
        self._wake: asyncio.Future[None] | None = None
        self._ended = False
        self._over = False
        self._interrupted = False

    def add(self, step: Step[Any], new: Changes) -> None:
        """Add a step to the end of the queue."""
        if self._ended or self._over:
            step.refuse()
        else:
            self._steps.append((step, new))
            self._rouse()

    def end(self) -> None:
        """End the task after the queued steps."""
        self._ended = True
        self._rouse()

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def serve(self) -> None:
        """Perform steps until `end` is called and the queue is empty."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        while await self._has_step():
            step, new = self._steps.popleft()
            self._mirror.apply(new)
            if self._interrupted:
                self._interrupted = False
                task.cancel()
            await step.perform()
            if step.cancellations:
                await _forget(task, step.cancellations)
        self._over = True
        if self.last is not None:
            try:
                await self.last()
            except Exception:  # noqa: BLE001 - it is logged; the steps have ended already
                log_safely(
                    logger, logging.ERROR, "closing what was left open failed", exc_info=True
                )

    async def _has_step(self) -> bool:
        """Wait for a step; postpone cancellations of the task until the next step.

        While the task waits here, it does not run code of the wrapped object. A cancellation, for
        example by a task group whose other task failed, must reach that code: in the next step.
        """
        from anyio import CancelScope  # noqa: PLC0415 - in a portal, so it is there

        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        while not self._steps:
            if self._ended or self.loop.stopping:
                return False
            self._wake = asyncio.get_running_loop().create_future()
            try:
                # Shield from cancel scopes of anyio that a step has entered and not yet left.
                with CancelScope(shield=True):
                    await self._wake
            except asyncio.CancelledError:
                task.uncancel()
                self._interrupted = True
        return True


async def _forget(task: asyncio.Task[Any], times: int) -> None:
    """Withdraw cancellations that were meant for a step that has ended."""
    for _ in range(times):
        task.uncancel()
    with suppress(asyncio.CancelledError):
        # A cancellation that was not delivered yet is delivered here.
        await asyncio.sleep(0)
