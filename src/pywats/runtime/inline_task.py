"""A stand-in for the current task of a coroutine that is driven on its caller's thread."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

__all__ = ["InlineTask", "NeedsEventLoopError", "refuse_the_rest"]


class NeedsEventLoopError(RuntimeError):
    """A coroutine asked for something that only a real event loop can do."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"it calls {operation}(), which needs an event loop")


class InlineTask:
    """What ``asyncio.current_task()`` returns: sniffio and anyio recognise asyncio by it.

    A timeout of asyncio or anyio cancels it, which the coroutine notices as asyncio says: where it
    lets other tasks run, or waits for the network.
    """

    # Attributes of asyncio.Task that anyio reads before it cancels a task.
    _must_cancel = False
    _fut_waiter = None

    def __init__(self) -> None:
        self._requests = 0
        self._message: object = None

    @property
    def _loop(self) -> NoReturn:
        # Asked by anyio's threads before they start; they would report to the loop and live on.
        raise NeedsEventLoopError("anyio.to_thread.run_sync")

    def get_name(self) -> str:
        """Return what log records have as ``taskName``."""
        return "pywats-direct"

    def done(self) -> bool:
        """Return False: it is current for as long as the coroutine runs."""
        return False

    def cancel(self, msg: object = None) -> bool:
        """Have a ``CancelledError`` raised where the coroutine suspends or sends next."""
        self._requests += 1
        self._must_cancel = True
        self._message = msg
        return True

    def cancelling(self) -> int:
        """Return how many cancellations were asked for and not taken back."""
        return self._requests

    def uncancel(self) -> int:
        """Take back one cancellation; return how many are left."""
        self._requests = max(0, self._requests - 1)
        if not self._requests:
            self._must_cancel = False
        return self._requests

    def take_cancellation(self) -> asyncio.CancelledError | None:
        """Return what is to be raised in the coroutine; None if it was not cancelled."""
        if not self._must_cancel:
            return None
        self._must_cancel = False
        message, self._message = self._message, None
        return asyncio.CancelledError() if message is None else asyncio.CancelledError(message)


def refuse_the_rest(stand_in: type, stands_for: type, name: str) -> None:
    """Have a class refuse by a `NeedsEventLoopError` what it has no method for.

    Args:
        stand_in: The class.
        stands_for: What it stands in for.
        name: What to call that in errors.
    """
    for base in stands_for.__mro__[:-1]:
        for each in vars(base):
            known = each in vars(stand_in) or hasattr(object, each)
            if not known and not each.startswith("__"):
                setattr(stand_in, each, _refusal(f"{name}.{each}"))


def _refusal(operation: str) -> Callable[..., NoReturn]:
    def refuse(_: object, *arguments: object, **__: object) -> NoReturn:
        for each in arguments:
            if inspect.iscoroutine(each):
                # It would warn that nobody has awaited it.
                each.close()
        raise NeedsEventLoopError(operation)

    return refuse


refuse_the_rest(InlineTask, asyncio.Task, "task")
