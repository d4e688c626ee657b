"""Run several steps in one task of a background loop; calls in a ``with`` block join its task.

Libraries identify their caller by the current task: a transaction belongs to the task that began
it, and a timeout of asyncio or a cancel scope of anyio interrupts the task that entered it. So the
calls that a thread makes within a ``with`` block run in the task that entered the block, as
within ``async with``.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Protocol, TypeVar

from pywats.errors import CallClosedError
from pywats.observability.call import current_call
from pywats.sync.runners.background_loop import BackgroundLoop, running_here
from pywats.sync.runners.context_transfer import Mirror, changes
from pywats.sync.runners.direct import Leave, Runner, exception_info
from pywats.sync.runners.step import Step
from pywats.sync.runners.step_server import StepServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

__all__ = ["PortalTask", "open_block", "outgoing_context", "waiting_loops"]

T = TypeVar("T")

# The background loops whose threads are blocked until the current code returns.
_waiting: ContextVar[frozenset[BackgroundLoop]] = ContextVar("pywats_waiting", default=frozenset())


class _Blocks(threading.local):
    """The ``with`` blocks that are open on a thread, innermost last."""

    def __init__(self) -> None:
        # Weak references: a block that is never left must not keep its task alive.
        self.open: list[weakref.ref[PortalTask]] = []


_here = _Blocks()


class LoopRunner(Runner, Protocol):
    """A runner whose coroutines run in a background loop."""

    def loop_for(self, name: str, /) -> BackgroundLoop:
        """Return the loop, or refuse a call; see `Runner.check`."""
        ...


class PortalTask:
    """Runs steps in one task of the loop; see `pywats.sync.runners.direct.OneTask`.

    If its thread is in a ``with`` block at the first step, a task without a last step joins the
    task of the block.

    Args:
        runner: The runner whose loop runs the task.
        last: Makes the awaitable of the last step.
    """

    def __init__(
        self,
        runner: LoopRunner,
        last: Callable[[], Awaitable[object]] | None,
    ) -> None:
        self._runner = runner
        self._last = last
        self._server: StepServer | None = None
        self._joined: PortalTask | None = None
        # Number of objects that must end before the task ends: this one, and each that joined it.
        self._users = 1
        self._step: Step[Any] | None = None
        self._blocks: list[weakref.ref[PortalTask]] | None = None
        self._seen = Context()
        self._mirror = Mirror()
        self._forgotten: weakref.finalize[[Callable[[], object]], PortalTask] | None = None

    def check(self, name: str, /) -> None:
        """Refuse a call for the same reasons as the runner."""
        self._runner.loop_for(name)

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run a step to its end; see `PortalRunner.run`."""
        loop = self._runner.loop_for(name)
        if self._server is None and self._joined is None and self._last is None:
            block = open_block(loop)
            if block is not None:
                block._users += 1  # noqa: SLF001 - its own class
                self._joined = block
        if self._joined is not None:
            return self._joined.run(name, start)
        return self._run_step(Step(name, start, current_call(), self._mirror), name, loop)

    def _run_step(self, step: Step[T], name: str, loop: BackgroundLoop) -> T:
        context = outgoing_context()
        server = self._server
        if server is None:
            server = self._server = StepServer(loop, self._last)
            # An empty context: every variable that a step brings can be reset afterwards.
            loop.spawn(server.serve, Context())
            # If `end` is not called, the task still ends when this object is garbage-collected.
            self._forgotten = weakref.finalize(self, loop.call_soon, server.end)
            self._forgotten.atexit = False
        elif server.loop is not loop:
            raise CallClosedError(
                f"{name}: its event loop has ended, or was left behind in a fork; "
                "create a new iterator after the fork"
            )
        new = changes(self._seen, context)
        self._step = step
        try:
            return step.run(loop, lambda: loop.call_soon(lambda: server.add(step, new)))
        finally:
            self._seen = copy_context()
            if step.is_done:
                # Avoid a reference cycle: the step that leaves a context manager refers to this
                # object, and to the error that ended the block.
                self._step = None

    def run_plain(self, name: str, function: Callable[[], T], /) -> T:
        """Call a function on the thread of the loop."""
        return self._runner.run_plain(name, function)

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> PortalTask:
        """Return another task."""
        return PortalTask(self._runner, last)

    def begin_block(self) -> None:
        """Run all calls of this thread as steps of the task until `end`."""
        self._blocks = _here.open
        self._blocks[:] = [each for each in self._blocks if each() is not None]
        self._blocks.append(weakref.ref(self))

    def block_of(self, loop: BackgroundLoop) -> PortalTask | None:
        """Return the task that runs the calls of the block; None if it is in another loop."""
        task = self._joined or self
        server = task._server  # noqa: SLF001 - its own class
        return task if server is not None and server.loop is loop else None

    @property
    def is_idle(self) -> bool:
        """Whether no step is running; a signal handler may make a call during a step."""
        return self._step is None or self._step.is_done

    def end(self, name: str, /) -> None:
        """Run the last step, if there is one, and let the task end.

        On the thread of a background loop this does not wait for the last step: the garbage
        collector may close an open iterator there. If the loop has ended, the last step already
        ran when the loop stopped.
        """
        if self._blocks is not None:
            self._blocks[:] = [each for each in self._blocks if each() is not self]
            self._blocks = None
        joined, self._joined = self._joined, None
        if joined is not None:
            joined._leave_to_others(name)  # noqa: SLF001 - its own class
        else:
            self._leave_to_others(name)

    def _leave_to_others(self, name: str) -> None:
        self._users -= 1
        server, forgotten = self._server, self._forgotten
        # The garbage collector clears weak references before it closes generators. If the
        # finalizer is not alive, it has already asked the server to run the last step.
        if self._users > 0 or server is None or forgotten is None or not forgotten.alive:
            return
        try:
            if self._last is not None and server.loop.alive and running_here() is None:
                server.last = None
                loop = self._runner.loop_for(name)
                self._run_step(Step(name, self._last, None, self._mirror), name, loop)
        finally:
            forgotten()

    async def leave(self, leave: Leave, error: BaseException | None, /) -> bool | None:
        """Leave a context manager; see `pywats.sync.runners.direct.OneTask`."""
        from anyio.lowlevel import checkpoint  # noqa: PLC0415 - in a portal, so it is there

        if error is None:
            try:
                await checkpoint()
            except asyncio.CancelledError as cancelled:
                # For example, a task group cancels the task of its block if another task failed.
                if not await leave(*exception_info(cancelled)):
                    raise
                return None
        return await leave(*exception_info(error))


def open_block(loop: BackgroundLoop) -> PortalTask | None:
    """Return the task of the innermost open block of this thread; None outside of a block.

    Also None for a call during another call, such as a call of a signal handler: it gets a task of
    its own.
    """
    for reference in reversed(_here.open):
        block = reference()
        task = None if block is None else block.block_of(loop)
        if task is not None:
            return task if task.is_idle else None
    return None


def waiting_loops() -> frozenset[BackgroundLoop]:
    """Return the background loops whose threads are blocked until the current code returns."""
    return _waiting.get()


def outgoing_context() -> Context:
    """Return a copy of the context, which records the background loop that this call blocks."""
    context = copy_context()
    here = running_here()
    if here is not None:
        context.run(_waiting.set, _waiting.get() | {here})
    return context
