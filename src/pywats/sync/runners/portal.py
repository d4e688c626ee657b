"""The runner for objects that need an event loop: it uses a background event loop."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Self, TypeVar

from pywats.observability.call import current_call
from pywats.sync.runners.background_loop import LoopKeeper
from pywats.sync.runners.direct import ReentrantCallError
from pywats.sync.runners.portal_task import PortalTask, open_block, outgoing_context, waiting_loops
from pywats.sync.runners.step import Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from anyio.from_thread import BlockingPortal

    from pywats.sync.runners.background_loop import BackgroundLoop

__all__ = ["PortalRunner"]

T = TypeVar("T")

_shared = LoopKeeper()


class PortalRunner:
    """Run coroutines in an event loop in a background thread.

    All portal runners of a process share one loop, unless they are made with ``own_loop=True``.
    The loop starts with the first call and ends with the process; a forked child gets a new loop.
    Context variables are copied with a call into the loop and back. Ctrl-C cancels the work and
    waits for its end. A timeout or deadline cancels the work too. Any thread may call, even a
    thread that runs an event loop itself. Only the background loop's own thread may not call: it
    would wait for itself.

    Args:
        own_loop: True starts a loop and a thread for this runner alone. The loop ends with `close`,
            with the ``with`` block, or when the runner is garbage-collected.
    """

    def __init__(self, *, own_loop: bool = False) -> None:
        self._keeper = LoopKeeper() if own_loop else _shared
        if own_loop:
            weakref.finalize(self, self._keeper.close).atexit = False

    @property
    def portal(self) -> BlockingPortal:
        """The blocking portal of the loop, to run other work there (see anyio)."""
        return self._keeper.loop().portal

    def check(self, name: str, /) -> None:
        """Refuse a call from the thread of the loop, or from a thread that the loop waits for."""
        self.loop_for(name)

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end in the loop.

        Raises:
            ReentrantCallError: The call was made on the thread of the loop, or on a thread that
                the loop waits for.
            CallTimeoutError: The limit of the attempt or of the call ran out.
            CallClosedError: The runner was closed.
        """
        loop = self.loop_for(name)
        block = open_block(loop)
        if block is not None:
            return block.run(name, start)
        context = outgoing_context()
        step = Step(name, start, current_call())
        return step.run(loop, lambda: loop.spawn(step.perform, context))

    def run_plain(self, name: str, function: Callable[[], T], /) -> T:
        """Call a function on the thread of the loop; see `run`."""
        if self._keeper.loop().is_here:
            return function()

        async def plain() -> T:
            return function()

        return self.run(name, plain)

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> PortalTask:
        """Return a runner of steps that share one task of the loop."""
        return PortalTask(self, last)

    def close(self) -> None:
        """Stop the runner's own loop and cancel its tasks; the shared loop keeps running."""
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

    def loop_for(self, name: str, /) -> BackgroundLoop:
        """Return the loop; see `check`."""
        loop = self._keeper.loop()
        if loop.is_here or loop in waiting_loops():
            raise ReentrantCallError(
                f"{name} was called from the event loop that would have to carry it out, which "
                "would wait for itself for ever. In a coroutine, await the async object itself; "
                "make a callback a function that runs in a thread (pywats.sync.in_thread)"
            )
        return loop
