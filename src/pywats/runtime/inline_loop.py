"""A stand-in for the event loop of a coroutine that is driven on its caller's thread.

A coroutine that never suspends needs no event loop, but may ask for one: to have a plain function
run in a thread, as ``asyncio.to_thread`` does, for a timeout, or to let other tasks run, of which
there are none. `InlineLoop` calls such functions on the spot, keeps timers, and refuses all else
that an event loop does. asyncio provides what makes it the running event loop for those who
implement event loops.
"""

from __future__ import annotations

import asyncio
import logging
import time
from asyncio import _enter_task, _get_running_loop, _leave_task, _set_running_loop
from asyncio import current_task as task_in
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final, TypeVar, TypeVarTuple

from pywats.runtime.fork_gate import enter_code, leave_code
from pywats.runtime.inline_task import InlineTask, NeedsEventLoopError, refuse_the_rest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Executor
    from contextvars import Context

__all__ = ["InlineLoop"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_Place = tuple[asyncio.AbstractEventLoop, "asyncio.Task[Any] | None"]

# How often a coroutine may let other tasks run without a request in between: it waits for
# something that will not happen.
_TURNS: Final = 10_000

logger = logging.getLogger("asyncio")


class InlineLoop(asyncio.AbstractEventLoop):
    """The running event loop of one coroutine while a thread drives it.

    Between `enter` and `leave` it hides the event loop that runs on the thread, as in a notebook,
    and no other thread forks. Both may be called again, also after an interrupt has cut them short.
    """

    runs_inline: Final = True

    def __init__(self) -> None:
        self._task: Any = InlineTask()
        self._outside: _Place | None = None
        self._timers: dict[asyncio.Handle, tuple[float, Callable[[], object]]] = {}
        self._in_callback = False
        self._turns = 0
        self._ended = False

    def enter(self) -> None:
        """Become the running event loop of this thread."""
        enter_code()
        running = _get_running_loop()
        if running is not None:
            # Kept before it is taken away: an interrupt in between loses nothing.
            self._outside = running, task_in(running)
            _remove(running)
        _set_running_loop(self)
        _enter_task(self, self._task)

    def leave(self) -> None:
        """Give its place back to what was there before."""
        if _get_running_loop() is self:
            _remove(self)
        if self._outside is not None:
            self._show()
            if isinstance(_get_running_loop(), InlineLoop):
                return
        leave_code()

    def end(self) -> None:
        """Leave for good."""
        self._ended = True
        self.leave()

    def call_outside(self, function: Callable[[], T]) -> T:
        """Call a function that blocks; signal handlers and greenlets do not see this loop then.

        Raises:
            asyncio.CancelledError: The coroutine was cancelled, by a timeout that ran out say.
        """
        self._turns = 0
        self._check_cancelled(None)
        self.leave()
        try:
            result = function()
        except Exception as error:
            self.enter()
            self._check_cancelled(error)
            raise
        except BaseException:
            self.enter()
            raise
        self.enter()
        return result

    def call_inside(self, function: Callable[[], T]) -> T:
        """Call a function within one that is called outside."""
        self.enter()
        try:
            return function()
        finally:
            self.leave()

    def resume(self, steps: Generator[object, object, object]) -> object:
        """Go on with a coroutine that has let other tasks run; return what it yields next.

        Raises:
            StopIteration: The coroutine has ended.
            NeedsEventLoopError: It seems to wait for something, which cannot happen meanwhile.
        """
        self._turns += 1
        if self._turns > _TURNS:
            steps.close()
            raise NeedsEventLoopError("asyncio.sleep(0) again and again, so that it never ends")
        self._run_due()
        cancelled = self._task.take_cancellation()
        return next(steps) if cancelled is None else steps.throw(cancelled)

    @property
    def next_timer(self) -> float | None:
        """When a timer runs out, on the monotonic clock; None if there is none."""
        if not self._timers:
            return None
        return min(when for when, _ in self._timers.values())

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call back where the coroutine lets other tasks run, or waits for the network, after it.

        Args:
            when: Seconds on the clock of `time`.
            callback: Is called once.
            args: Its arguments.
            context: What it runs in; a copy of the current one if None.
        """
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        # What asyncio sets, for cancel() to report.
        handle._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001 - part of the contract of event loops
        self._keep(handle, when, callback, args, context)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call back after a delay in seconds; see `call_at`."""
        return self.call_at(time.monotonic() + delay, callback, *args, context=context)

    def call_soon(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Call back at the next opportunity, as a timeout of anyio does again and again.

        Raises:
            NeedsEventLoopError: It is not called by a callback; nobody would call back at the end
                of the coroutine.
        """
        if not self._in_callback:
            raise NeedsEventLoopError("loop.call_soon")
        handle = asyncio.Handle(callback, args, self, context)
        self._keep(handle, time.monotonic(), callback, args, context)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Forget a timer; asyncio calls it by this name."""
        self._timers.pop(handle, None)

    def _keep(
        self,
        handle: asyncio.Handle,
        when: float,
        callback: Callable[[*Ts], object],
        args: tuple[*Ts],
        context: Context | None,
    ) -> None:
        within = context if context is not None else copy_context()
        self._timers[handle] = when, lambda: within.run(callback, *args)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Call the function on this thread, where no event loop runs meanwhile.

        Args:
            executor: One that is given runs the function, and the thread waits for it.
            func: The function; context variables that it sets stay its own.
            args: Its arguments.

        Returns:
            A future that is done.
        """
        future: asyncio.Future[T] = asyncio.Future(loop=self)
        running = _get_running_loop()
        task = None if running is None else task_in(running)
        try:
            if running is not None:
                _remove(running)
            if executor is not None:
                result = executor.submit(func, *args).result()
            else:
                result = copy_context().run(func, *args)
        except Exception as error:  # noqa: BLE001 - raised where the future is awaited
            future.set_exception(error)
        else:
            future.set_result(result)
        finally:
            if running is not None:
                _place(running, task)
        return future

    def time(self) -> float:
        """Return the time of the monotonic clock."""
        return time.monotonic()

    def get_debug(self) -> bool:
        """Return False: asyncio asks for it with each future."""
        return False

    def get_task_factory(self) -> None:
        """Return None: anyio asks for it before it makes a task, which is refused."""
        return

    def is_running(self) -> bool:
        """Return whether the coroutine is still driven."""
        return not self._ended

    def is_closed(self) -> bool:
        """Return whether the coroutine has ended."""
        return self._ended

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Log what asyncio finds wrong with a future that nobody awaits."""
        logger.error("%s", context.get("message"), exc_info=context.get("exception"))

    def _check_cancelled(self, cause: Exception | None) -> None:
        if self._timers:
            self._run_due()
        cancelled = self._task.take_cancellation()
        if cancelled is not None:
            raise cancelled from cause

    def _run_due(self) -> None:
        """Call back what is due, without a current task, as event loops do."""
        now = time.monotonic()
        due = [(handle, call) for handle, (when, call) in self._timers.items() if when <= now]
        if not due:
            return
        _leave_task(self, self._task)
        self._in_callback = True
        try:
            for handle, call in due:
                if self._timers.pop(handle, None) is not None and not handle.cancelled():
                    call()
        finally:
            self._in_callback = False
            _enter_task(self, self._task)

    def _show(self) -> None:
        outside = self._outside
        # A loop whose greenlet has ended its call meanwhile does not come back.
        while outside is not None and isinstance(outside[0], InlineLoop) and outside[0]._ended:  # noqa: SLF001 - of its own class
            outside = outside[0]._outside  # noqa: SLF001 - of its own class
        if outside is not None:
            _place(*outside)


def _remove(loop: asyncio.AbstractEventLoop) -> None:
    """Leave this thread without a running event loop; it was this one."""
    task = task_in(loop)
    if task is not None:
        _leave_task(loop, task)
    _set_running_loop(None)


def _place(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any] | None) -> None:
    """Make it the running event loop of this thread, and this its current task."""
    _set_running_loop(loop)
    if task is not None and task_in(loop) is None:
        _enter_task(loop, task)


refuse_the_rest(InlineLoop, asyncio.AbstractEventLoop, "loop")
