"""The runner for objects that need an event loop: it has one in the background."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections import deque
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Self, TypeVar

from pywats.errors import WATSClosedError
from pywats.sync.background import BackgroundLoop, LoopKeeper, running_here
from pywats.sync.call import current_call
from pywats.sync.runner import Leave, ReentrantCallError, exception_info
from pywats.sync.step import Step
from pywats.sync.variables import Changes, Mirror, changes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Any

    from anyio.from_thread import BlockingPortal

__all__ = ["PortalRunner"]

T = TypeVar("T")

logger = logging.getLogger("pywats.sync")

_shared = LoopKeeper()

# The loops whose own threads wait for what runs here.
_waiting: ContextVar[frozenset[BackgroundLoop]] = ContextVar("pywats_waiting", default=frozenset())


class PortalRunner:
    """Run coroutines in an event loop that lives in a background thread.

    All portal runners of a process share one loop, unless they ask for their own. It starts with
    the first call, ends with the process, and a forked child gets a new one. Context variables
    travel with a call into the loop and back. Ctrl-C cancels the work and waits for its end. A
    limit that runs out cancels it too. Any thread may call, also one that runs a loop itself;
    only the background loop's own thread may not, as nobody would be left to do the work.

    Args:
        own_loop: True starts a loop, and a thread, for this runner alone. It ends with `close`,
            with the ``with`` block, or with the runner.
    """

    def __init__(self, *, own_loop: bool = False) -> None:
        self._keeper = LoopKeeper() if own_loop else _shared
        if own_loop:
            weakref.finalize(self, self._keeper.close).atexit = False

    @property
    def portal(self) -> BlockingPortal:
        """The blocking portal of the loop, for what else is to run there (see anyio)."""
        return self._keeper.loop().portal

    def check(self, name: str, /) -> None:
        """Refuse a call from the thread of the loop, or from one that the loop waits for."""
        self._loop_for(name)

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end in the loop.

        Raises:
            ReentrantCallError: The call comes from the thread of the loop, or that waits for it.
            WATSTimeoutError: The limit of the attempt or of the call ran out.
            WATSClosedError: The runner was closed.
        """
        loop = self._loop_for(name)
        context = _outgoing_context()
        step = Step(name, start, current_call())
        return step.run(loop, lambda: loop.spawn(step.perform, context))

    def call(self, name: str, function: Callable[[], T], /) -> T:
        """Call a function on the thread of the loop; see `run`."""
        if self._keeper.loop().is_here:
            return function()

        async def call() -> T:
            return function()

        return self.run(name, call)

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> PortalTask:
        """Return a runner of steps that share one task of the loop."""
        return PortalTask(self, last)

    def close(self) -> None:
        """End the runner's own loop, cancelling what runs there; a shared loop stays."""
        if self._keeper is not _shared:
            self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _loop_for(self, name: str) -> BackgroundLoop:
        loop = self._keeper.loop()
        if loop.is_here or loop in _waiting.get():
            raise ReentrantCallError(
                f"{name} was called from the event loop that would have to carry it out, which "
                "would wait for itself for ever. In a coroutine, await the async object itself; "
                "make a callback a function that runs in a thread (pywats.sync.in_thread)"
            )
        return loop


class PortalTask:
    """Runs steps in one task of the loop; see `pywats.sync.runner.OneTask`.

    Args:
        runner: Knows the loop.
        last: Makes the awaitable of the last step.
    """

    def __init__(self, runner: PortalRunner, last: Callable[[], Awaitable[object]] | None) -> None:
        self._runner = runner
        self._last = last
        self._server: _Server | None = None
        self._seen = Context()
        self._mirror = Mirror()
        self._forgotten: weakref.finalize[[Callable[[], object]], PortalTask] | None = None

    def check(self, name: str, /) -> None:
        """Refuse a call as the runner does."""
        self._runner.check(name)

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run a step to its end; see `PortalRunner.run`."""
        return self._run(Step(name, start, current_call(), self._mirror), name)

    def _run(self, step: Step[T], name: str) -> T:
        loop = self._runner._loop_for(name)  # noqa: SLF001 - the two are one
        context = _outgoing_context()
        server = self._server
        if server is None:
            server = self._server = _Server(loop, self._last)
            # An empty context: what the steps bring with them can then be taken back.
            loop.spawn(server.serve, Context())
            # Who forgets to end the task does not leave it in the loop for ever.
            self._forgotten = weakref.finalize(self, loop.call_soon, server.end)
            self._forgotten.atexit = False
        elif server.loop is not loop:
            raise WATSClosedError(
                f"{name}: its event loop has ended, or was left behind in a fork; begin anew"
            )
        new = changes(self._seen, context)
        try:
            return step.run(loop, lambda: loop.call_soon(lambda: server.add(step, new)))
        finally:
            self._seen = copy_context()

    def call(self, name: str, function: Callable[[], T], /) -> T:
        """Call a function on the thread of the loop."""
        return self._runner.call(name, function)

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> PortalTask:
        """Return another task."""
        return PortalTask(self._runner, last)

    def end(self, name: str, /) -> None:
        """Run the last step, if there is one, and let the task end.

        Nobody waits for it on the thread of a loop, where the garbage collector may happen to
        find an open iterator, nor where the loop has ended, whose own end the step was part of.
        """
        server, forgotten = self._server, self._forgotten
        # The collector clears weak references first: of a task that it has found, the last step
        # is under way when it comes to the generator.
        if server is None or forgotten is None or not forgotten.alive:
            return
        try:
            if self._last is not None and server.loop.alive and running_here() is None:
                server.last = None
                self._run(Step(name, self._last, None, self._mirror), name)
        finally:
            forgotten()

    async def leave(self, leave: Leave, error: BaseException | None, /) -> bool | None:
        """Leave a context manager; see `pywats.sync.runner.OneTask`."""
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


class _Server:
    """The task of a `PortalTask`; all but its construction happens on the loop's thread.

    Attributes:
        loop: Where it runs.
        last: Makes the awaitable of a last step that nobody waits for.
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
        """Have a step performed after the others."""
        if self._ended or self._over:
            step.refuse()
        else:
            self._steps.append((step, new))
            self._rouse()

    def end(self) -> None:
        """Have the task end after the steps that are there."""
        self._ended = True
        self._rouse()

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def serve(self) -> None:
        """Perform steps until there are no more."""
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
            except Exception:
                logger.exception("closing what was left open failed")

    async def _has_step(self) -> bool:
        """Wait for a step; cancellations of the task are put off until there is one.

        Nothing of the object runs while the task waits, so a cancellation, by a task group whose
        other task failed say, has to wait for the next step to reach it.
        """
        from anyio import CancelScope  # noqa: PLC0415 - in a portal, so it is there

        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        while not self._steps:
            if self._ended or self.loop.stopping:
                return False
            self._wake = asyncio.get_running_loop().create_future()
            try:
                # Against scopes of anyio that a step has entered and not left yet.
                with CancelScope(shield=True):
                    await self._wake
            except asyncio.CancelledError:
                task.uncancel()
                self._interrupted = True
        return True


async def _forget(task: asyncio.Task[Any], times: int) -> None:
    """Take back cancellations that were meant for a step that is over."""
    for _ in range(times):
        task.uncancel()
    with suppress(asyncio.CancelledError):
        # One that was not delivered yet is delivered here.
        await asyncio.sleep(0)


def _outgoing_context() -> Context:
    """Return the context of the caller, with a note if that is the thread of another loop."""
    context = copy_context()
    here = running_here()
    if here is not None:
        context.run(_waiting.set, _waiting.get() | {here})
    return context
