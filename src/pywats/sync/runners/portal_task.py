"""Steps that share one task of a background loop, and calls in a ``with`` block, which join it.

Libraries tell by the current task who is asking: a transaction belongs to the task that began it,
and a timeout of asyncio or a cancel scope of anyio interrupts the task that entered it. What a
thread calls within a ``with`` block therefore runs in the task that entered the block, as it does
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

# The loops whose own threads wait for what runs here.
_waiting: ContextVar[frozenset[BackgroundLoop]] = ContextVar("pywats_waiting", default=frozenset())


class _Blocks(threading.local):
    """The ``with`` blocks that a thread is in, innermost last."""

    def __init__(self) -> None:
        # Weak: a block that is never left must not keep its task.
        self.open: list[weakref.ref[PortalTask]] = []


_here = _Blocks()


class LoopRunner(Runner, Protocol):
    """A runner whose coroutines run in a background loop."""

    def loop_for(self, name: str, /) -> BackgroundLoop:
        """Return the loop, or refuse a call; see `Runner.check`."""
        ...


class PortalTask:
    """Runs steps in one task of the loop; see `pywats.sync.runners.direct.OneTask`.

    A task without a last step that begins within a ``with`` block of its thread joins the task of
    the block.

    Args:
        runner: Whose loop it is.
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
        # How many end it: this one, and those that have joined it.
        self._users = 1
        self._step: Step[Any] | None = None
        self._blocks: list[weakref.ref[PortalTask]] | None = None
        self._seen = Context()
        self._mirror = Mirror()
        self._forgotten: weakref.finalize[[Callable[[], object]], PortalTask] | None = None

    def check(self, name: str, /) -> None:
        """Refuse a call as the runner does."""
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
            # An empty context: what the steps bring with them can then be taken back.
            loop.spawn(server.serve, Context())
            # Who forgets to end the task does not leave it in the loop for ever.
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

    def run_plain(self, name: str, function: Callable[[], T], /) -> T:
        """Call a function on the thread of the loop."""
        return self._runner.run_plain(name, function)

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> PortalTask:
        """Return another task."""
        return PortalTask(self._runner, last)

    def begin_block(self) -> None:
        """Have the calls of this thread run as steps of the task until `end`."""
        self._blocks = _here.open
        self._blocks[:] = [each for each in self._blocks if each() is not None]
        self._blocks.append(weakref.ref(self))

    def block_of(self, loop: BackgroundLoop) -> PortalTask | None:
        """Return whose steps the calls within the block are; None if it is of another loop."""
        task = self._joined or self
        server = task._server  # noqa: SLF001 - its own class
        return task if server is not None and server.loop is loop else None

    @property
    def is_idle(self) -> bool:
        """Whether the last step is over: a signal handler may call during one."""
        return self._step is None or self._step.is_done

    def end(self, name: str, /) -> None:
        """Run the last step, if there is one, and let the task end.

        Nobody waits for it on the thread of a loop, where the garbage collector may happen to
        find an open iterator, nor where the loop has ended, whose own end the step was part of.
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
        # The collector clears weak references first: of a task that it has found, the last step
        # is under way when it comes to the generator.
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
                # A task group whose other task failed, for one, cancels the task of its block.
                if not await leave(*exception_info(cancelled)):
                    raise
                return None
        return await leave(*exception_info(error))


def open_block(loop: BackgroundLoop) -> PortalTask | None:
    """Return the task whose steps the calls of this thread are; None if it is in no block.

    A call in the middle of another one, from a signal handler say, has a task of its own.
    """
    for reference in reversed(_here.open):
        block = reference()
        task = None if block is None else block.block_of(loop)
        if task is not None:
            return task if task.is_idle else None
    return None


def waiting_loops() -> frozenset[BackgroundLoop]:
    """Return the loops whose own threads wait for what runs here."""
    return _waiting.get()


def outgoing_context() -> Context:
    """Return the context of the caller, with a note if that is the thread of another loop."""
    context = copy_context()
    here = running_here()
    if here is not None:
        context.run(_waiting.set, _waiting.get() | {here})
    return context
