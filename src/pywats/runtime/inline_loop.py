"""A stand-in for the event loop of a coroutine that is driven on its caller's thread.

A coroutine that never suspends needs no event loop, but it may use one: to run a plain function in
a thread (``asyncio.to_thread``), for a timeout, or to yield to other tasks, which do not exist
here. `InlineLoop` calls such functions directly, keeps timers, and rejects every other operation of
an event loop. It becomes the running event loop with functions that asyncio exports for other
implementations of event loops.
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

# How often a coroutine may yield to other tasks without a request in between. Beyond this limit it
# is waiting for another task, which does not exist.
_TURNS: Final = 10_000

logger = logging.getLogger("asyncio")


class InlineLoop(asyncio.AbstractEventLoop):
    """The running event loop of one coroutine while a thread drives it.

    Between `enter` and `leave` it hides the event loop that runs on the thread, as in a notebook,
    and other threads do not fork. Both methods are safe to call again after an interrupt.
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
            # Store the loop before removing it, so that an interrupt in between does not lose it.
            self._outside = running, task_in(running)
            _remove(running)
        _set_running_loop(self)
        _enter_task(self, self._task)

    def leave(self) -> None:
        """Restore the event loop that was running before."""
        if _get_running_loop() is self:
            _remove(self)
        if self._outside is not None:
            self._show()
            if isinstance(_get_running_loop(), InlineLoop):
                return
        leave_code()

    def end(self) -> None:
        """Leave and mark the loop as ended."""
        self._ended = True
        self.leave()

    def call_outside(self, function: Callable[[], T]) -> T:
        """Call a blocking function; meanwhile signal handlers and greenlets do not see this loop.

        Raises:
            asyncio.CancelledError: The coroutine was cancelled, for example by a timeout.
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
        """Make this loop visible again for a function, during `call_outside`."""
        self.enter()
        try:
            return function()
        finally:
            self.leave()

    def resume(self, steps: Generator[object, object, object]) -> object:
        """Resume a coroutine that has yielded to other tasks; return the next value it yields.

        Raises:
            StopIteration: The coroutine has ended.
            NeedsEventLoopError: The coroutine seems to wait for another task, which cannot run.
        """
        self._turns += 1
        if self._turns > _TURNS:
            steps.close()
            raise NeedsEventLoopError("asyncio.sleep(0) again and again, so that it never ends")
        self._run_due()
        cancelled = self._task.take_cancellation()
        if cancelled is None:
            return next(steps)
        try:
            return steps.throw(cancelled)
        finally:
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del cancelled

    @property
    def next_timer(self) -> float | None:
        """The time of the next timer on the monotonic clock; None without timers."""
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
        """Run a callback when the coroutine yields or waits for the network after ``when``.

        Args:
            when: Seconds on the clock of `time`.
            callback: The function; called once.
            args: Arguments of the callback.
            context: The context for the callback; a copy of the current context if None.
        """
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        # Set as in asyncio's own event loops, so that cancelling the handle reports to this loop.
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
        """Schedule a callback after a delay in seconds; see `call_at`."""
        return self.call_at(time.monotonic() + delay, callback, *args, context=context)

    def call_soon(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Schedule a callback from a callback, as a timeout of anyio does repeatedly.

        Raises:
            NeedsEventLoopError: It was not called by a callback. The coroutine could end first,
                and then the callback would not run.
        """
        if not self._in_callback:
            raise NeedsEventLoopError("loop.call_soon")
        handle = asyncio.Handle(callback, args, self, context)
        self._keep(handle, time.monotonic(), callback, args, context)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Remove a timer; asyncio calls this method."""
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
        """Call the function on this thread; meanwhile the thread has no running event loop.

        Args:
            executor: If it is not None, it runs the function, and this thread waits for it.
            func: The function; context variables that it sets are not visible outside.
            args: Arguments of the function.

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
        try:
            return future
        finally:
            # Avoid a reference cycle: the future keeps the error, whose traceback refers to this
            # frame.
            del future

    def time(self) -> float:
        """Return the time of the monotonic clock."""
        return time.monotonic()

    def get_debug(self) -> bool:
        """Return False; asyncio calls this method for each future."""
        return False

    def get_task_factory(self) -> None:
        """Return None; anyio calls this method before it creates a task, which is rejected."""
        return

    def is_running(self) -> bool:
        """Return whether the coroutine has not ended yet."""
        return not self._ended

    def is_closed(self) -> bool:
        """Return whether the coroutine has ended."""
        return self._ended

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Log an error that asyncio reports, for example about a future that was never awaited."""
        logger.error("%s", context.get("message"), exc_info=context.get("exception"))

    def _check_cancelled(self, cause: Exception | None) -> None:
        if self._timers:
            self._run_due()
        cancelled = self._task.take_cancellation()
        if cancelled is None:
            return
        try:
            raise cancelled from cause
        finally:
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del cancelled, cause

    def _run_due(self) -> None:
        """Run the due callbacks without a current task, as event loops do."""
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
        # Skip a loop whose greenlet has ended its call in the meantime.
        while outside is not None and isinstance(outside[0], InlineLoop) and outside[0]._ended:  # noqa: SLF001 - of its own class
            outside = outside[0]._outside  # noqa: SLF001 - of its own class
        if outside is not None:
            _place(*outside)


def _remove(loop: asyncio.AbstractEventLoop) -> None:
    """Remove the running event loop of this thread."""
    task = task_in(loop)
    if task is not None:
        _leave_task(loop, task)
    _set_running_loop(None)


def _place(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any] | None) -> None:
    """Set the running event loop of this thread and its current task."""
    _set_running_loop(loop)
    if task is not None and task_in(loop) is None:
        _enter_task(loop, task)


refuse_the_rest(InlineLoop, asyncio.AbstractEventLoop, "loop")
