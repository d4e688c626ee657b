"""Runners: how a coroutine comes to run for a caller that has no event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["DirectRunner", "Runner", "SuspendedError"]

T = TypeVar("T")


class SuspendedError(RuntimeError):
    """A coroutine wanted to wait for an event loop where none runs it."""


class Runner(Protocol):
    """Run an async function to its end and return its result."""

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end.

        Args:
            name: What to call the operation in an error.
            start: Makes the awaitable; called once.
        """
        ...


class DirectRunner:
    """Drive the coroutine on the calling thread.

    Services over a blocking port never suspend, so one ``send(None)`` runs them to their end:
    no event loop, no helper thread, no copy of the context. Context variables, signals, forks
    and tracebacks behave as in plain synchronous code.
    """

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
            "event loop to resume it. Await the object in an event loop of your own; the "
            "PortalRunner, which runs one in the background, comes with a later release"
        )
