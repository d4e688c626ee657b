"""Runners: how a coroutine comes to run for a caller that has no event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

__all__ = ["DirectRunner", "OneTask", "ReentrantCallError", "Runner", "SuspendedError"]

T = TypeVar("T")

Leave = Callable[..., Awaitable[bool | None]]


def exception_info(error: BaseException | None) -> tuple[Any, Any, Any]:
    """Return what ``__aexit__`` is told of an exception."""
    return (None, None, None) if error is None else (type(error), error, error.__traceback__)


class SuspendedError(RuntimeError):
    """A coroutine wanted to wait for an event loop where none runs it.

    What to do: leave out ``runner=``, or give the `PortalRunner`.
    """


class ReentrantCallError(RuntimeError):
    """A call came from the thread of the event loop that would have to carry it out.

    What to do: await the async object there, or run the callback that calls with `in_thread`.
    """


class Runner(Protocol):
    """Run async functions to their end and return their results."""

    def check(self, name: str, /) -> None:
        """Refuse a call that would have to wait for itself.

        Raises:
            ReentrantCallError: It comes from where it would be carried out.
        """
        ...

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end.

        Args:
            name: What to call the operation in an error.
            start: Makes the awaitable; called once.
        """
        ...

    def call(self, name: str, function: Callable[[], T], /) -> T:
        """Call a plain function where the coroutines run, as it may touch what is theirs.

        Args:
            name: What to call the operation in an error.
            function: Is called once; what it returns may be an awaitable.
        """
        ...

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> OneTask:
        """Return a runner of steps that belong together, such as those of a generator.

        Args:
            last: Makes the awaitable of the last step, which gives back what the task holds.
        """
        ...


class OneTask(Runner, Protocol):
    """Run several async functions one after another as one task.

    They share their context variables, and a cancel scope or task group that one of them enters
    may be left by another.
    """

    def end(self, name: str, /) -> None:
        """Run the last step, if there is one, and let the task end.

        Args:
            name: What to call the step in an error.
        """
        ...

    async def leave(self, leave: Leave, error: BaseException | None, /) -> bool | None:
        """Leave a context manager, to be awaited within a step.

        What has reached the task between two steps and would have interrupted the block of an
        ``async with`` is the end of the block.

        Args:
            leave: The context manager's ``__aexit__``.
            error: What ended the block; None if nothing did.

        Returns:
            What ``leave`` returns.
        """
        ...


class DirectRunner:
    """Drive the coroutine on the calling thread.

    Services over a blocking port never suspend, so one ``send(None)`` runs them to their end:
    no event loop, no helper thread, no copy of the context. Context variables, signals, forks
    and tracebacks behave as in plain synchronous code.
    """

    def check(self, name: str, /) -> None:
        """Let all calls pass: they nest as function calls do."""

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end on this thread.

        Raises:
            SuspendedError: The coroutine awaited something that needs an event loop.
        """
        steps = start().__await__()
        try:
            waits_for: object = next(steps)
        except StopIteration as stop:
            result: T = stop.value
            return result
        close = getattr(steps, "close", None)
        if close is not None:
            close()
        raise SuspendedError(
            f"{name} suspended (it awaits {type(waits_for).__name__}): the DirectRunner has no "
            "event loop to resume it. Leave out runner=, or give the PortalRunner, which runs an "
            "event loop in the background"
        )

    def call(self, name: str, function: Callable[[], T], /) -> T:
        """Call the function on this thread."""
        del name
        return function()

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> DirectTask:
        """Return a runner of steps: all that it runs is part of what the thread does anyway."""
        return DirectTask(last)


class DirectTask(DirectRunner):
    """Drives steps on the calling thread; see `OneTask`.

    Args:
        last: Makes the awaitable of the last step.
    """

    def __init__(self, last: Callable[[], Awaitable[object]] | None) -> None:
        self._last = last

    def end(self, name: str, /) -> None:
        """Run the last step on this thread."""
        if self._last is not None:
            self.run(name, self._last)

    async def leave(self, leave: Leave, error: BaseException | None, /) -> bool | None:
        """Leave a context manager: nothing interrupts what runs on the calling thread."""
        return await leave(*exception_info(error))
