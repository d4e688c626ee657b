"""Remove the identity of a call from tasks that outlive the call.

A task starts with a copy of the context in which it is created. For example, a client may start a
reader task while it connects. Without this module, that task would log the correlation id of the
first call, and open child spans of its span, until the client is closed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Any
from weakref import ref

from pywats.observability.correlation import forget_identity

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

__all__ = ["StartedTasks", "create_task"]


class StartedTasks:
    """The tasks that were started during a step, with their contexts."""

    def __init__(self) -> None:
        self.over = False
        self._tasks: list[tuple[ref[asyncio.Task[Any]], Context]] = []

    def watch(self) -> None:
        """Record the tasks that are created in the current context from now on."""
        _current.set(self)

    def add(self, task: asyncio.Task[Any], context: Context) -> None:
        """Record a task."""
        self._tasks.append((ref(task), context))

    def end(self) -> None:
        """Remove the identity of the call from the tasks that are still running."""
        self.over = True
        for reference, context in self._tasks:
            task = reference()
            if task is not None and not task.done():
                # RuntimeError: the context is entered right now, so it is shared with other code.
                with suppress(RuntimeError):
                    context.run(forget_identity)
        self._tasks.clear()


_current: ContextVar[StartedTasks | None] = ContextVar("pywats_started_tasks", default=None)


def create_task(
    loop: asyncio.AbstractEventLoop,
    coroutine: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
    *,
    context: Context | None = None,
    **settings: Any,
) -> asyncio.Task[Any]:
    """Create a task, as the task factory of an event loop (`asyncio.loop.set_task_factory`)."""
    own = copy_context() if context is None else context
    started = own.get(_current)
    if started is not None and started.over and context is None:
        # Created after the call has ended, by a callback that the call left behind.
        own.run(forget_identity)
    task = asyncio.Task(coroutine, loop=loop, context=own, **settings)
    if started is not None and not started.over:
        started.add(task, own)
    return task
