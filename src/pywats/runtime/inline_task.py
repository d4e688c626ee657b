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
    """A coroutine used an operation that needs a real event loop."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"it calls {operation}(), which needs an event loop")


class InlineTask:
    """The result of ``asyncio.current_task()``, by which sniffio and anyio recognise asyncio.

    A timeout of asyncio or anyio cancels this task. As in asyncio, the error is raised when the
    coroutine yields to other tasks or waits for the network.
    """

    # Attributes of asyncio.Task that anyio reads before it cancels a task.
    _must_cancel = False
    _fut_waiter = None

    def __init__(self) -> None:
        self._requests = 0
        self._message: object = None

    @property
    def _loop(self) -> NoReturn:
        # anyio reads it before it starts a worker thread, which would report to the loop and
        # outlive the call.
        raise NeedsEventLoopError("anyio.to_thread.run_sync")

    def get_name(self) -> str:
        """Return the value of ``taskName`` in log records."""
        return "pywats-direct"

    def done(self) -> bool:
        """Return False: the task is current as long as the coroutine runs."""
        return False

    def cancel(self, msg: object = None) -> bool:
        """Raise a ``CancelledError`` where the coroutine next suspends or sends."""
        self._requests += 1
        self._must_cancel = True
        self._message = msg
        return True

    def cancelling(self) -> int:
        """Return the number of cancellations that were requested and not withdrawn."""
        return self._requests

    def uncancel(self) -> int:
        """Withdraw one cancellation; return the number that are left."""
        self._requests = max(0, self._requests - 1)
        if not self._requests:
            self._must_cancel = False
        return self._requests

    def take_cancellation(self) -> asyncio.CancelledError | None:
        """Return the error to raise in the coroutine; None if it was not cancelled."""
        if not self._must_cancel:
            return None
        self._must_cancel = False
        message, self._message = self._message, None
        return asyncio.CancelledError() if message is None else asyncio.CancelledError(message)


def refuse_the_rest(stand_in: type, stands_for: type, name: str) -> None:
    """Make a class raise `NeedsEventLoopError` for each method that it does not implement.

    Args:
        stand_in: The class.
        stands_for: The class that it replaces.
        name: Name of the replaced object in errors.
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
                # Avoid the warning "coroutine was never awaited".
                each.close()
        raise NeedsEventLoopError(operation)

    return refuse


refuse_the_rest(InlineTask, asyncio.Task, "task")
