"""Run one async function in a background loop, and make the caller wait for it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pywats.errors import CallClosedError, CallTimeoutError
from pywats.observability.guard import log_safely
from pywats.runtime.bell import Bell
from pywats.sync.runners.context_transfer import Changes, Mirror, changes
from pywats.sync.runners.task_contexts import StartedTasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pywats.observability.call import Call
    from pywats.sync.runners.background_loop import BackgroundLoop

__all__ = ["Step"]

T = TypeVar("T")

logger = logging.getLogger("pywats.sync")

CLEAN_UP_WITHIN: Final = 1.0
"""Seconds that cancelled work has after its limit; then the caller stops waiting for it."""

_LOOK_EVERY: Final = 0.5

# Seconds that a transport of pywats has to end its request itself: its error has more details.
_TRANSPORT_WITHIN: Final = 0.1


class Step(Generic[T]):
    """Runs one async function in a task of a background loop.

    Args:
        name: Name of the function in errors.
        start: Makes the awaitable; called once, by the task.
        call: The call whose attempt this is; its limit applies. None outside of a call.
        mirror: Copies the context variables that the step sets to the caller's context.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], Awaitable[T]],
        call: Call | None,
        mirror: Mirror | None = None,
    ) -> None:
        self._name = name
        self._start = start
        self._call = call
        self._limit = None if call is None else call.limit
        self._mirror = mirror or Mirror()
        self._done = Bell()
        self._value: T
        self._error: BaseException | None = None
        self._changes: Changes = []
        # Until the step is done, only the thread of the loop writes the following attributes.
        self.cancellations = 0
        self._task: asyncio.Task[Any] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._begun = False
        self._revoked = False
        self._expired = False
        # The caller does not wait any more; set on the caller's thread.
        self._left = False

    @property
    def is_done(self) -> bool:
        """Whether the step has ended, with a result or an error."""
        return self._done.has_rung

    async def perform(self) -> None:
        """Run the step in the current task; errors are stored and not raised."""
        if self._revoked:
            return
        left = None if self._limit is None else self._limit.expires_at - time.monotonic()
        if left is not None and left <= 0:
            self._expired = True
            self._done.ring()
            return
        if left is not None:
            self._alarm = asyncio.get_running_loop().call_later(left, self._ring)
        self._begun = True
        self._task = asyncio.current_task()
        _tell_sniffio()
        tasks = StartedTasks()
        tasks.watch()
        before = copy_context()
        try:
            self._value = await self._start()
        except BaseException as error:  # noqa: BLE001 - raised where the caller waits
            self._error = error
        if self._left:
            self._error = None
        self._task = None
        if self._alarm is not None:
            self._alarm.cancel()
        self._changes = changes(before, copy_context())
        tasks.end()
        self._done.ring()

    def refuse(self) -> None:
        """Fail the step because its task has already ended."""
        self._error = CallClosedError(f"{self._name} was called after its end")
        self._done.ring()

    def run(self, loop: BackgroundLoop, hand_over: Callable[[], bool]) -> T:
        """Wait on the caller's thread until the step has run.

        An exception during the wait, such as Ctrl-C, cancels the work and waits for its end; a
        second Ctrl-C interrupts this wait too.

        Args:
            loop: The loop that runs the step.
            hand_over: Submits the step to the loop; returns False if the loop has ended.

        Returns:
            The result of the awaitable. Context variables that it set are set for the caller too.

        Raises:
            CallTimeoutError: The limit of the attempt or of the call ran out.
            CallClosedError: The loop was stopped.
            BaseException: The error of the awaitable.
        """
        failure: Exception | None = None
        try:
            try:
                failure = self._wait(loop) if hand_over() else self._closed("before it began")
            except BaseException as interrupt:
                loop.call_soon(self._revoke)
                while not (self._done.wait_for(_LOOK_EVERY) or loop.ended):
                    pass
                self._mirror.apply(self._changes)
                error = self._take_error()
                if not isinstance(error, asyncio.CancelledError):
                    interrupt.__context__ = error
                raise
            if loop.at_exit and (failure or self._error):
                # Only daemon threads run at exit; Python would only print this error.
                threading.Event().wait()
            if failure is not None:
                raise failure
            self._mirror.apply(self._changes)
            return self._outcome(loop)
        finally:
            # If the work goes on without its caller, only this drops the error: see `_take_error`.
            self._left = True
            self._error = None
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            failure = None

    def _wait(self, loop: BackgroundLoop) -> Exception | None:
        """Wait until the step is done; return an error if it cannot be waited for any longer."""
        while True:
            longest = _LOOK_EVERY
            if self._limit is not None:
                overdue_in = self._limit.expires_at + CLEAN_UP_WITHIN - time.monotonic()
                if overdue_in <= 0:
                    return self._overdue(loop)
                longest = min(longest, overdue_in)
            # Wait in slices to notice a dead loop; on Windows, Ctrl-C does not interrupt a wait.
            if self._done.wait_for(longest):
                return None
            if loop.ended:
                return self._closed("before it was done")

    def _overdue(self, loop: BackgroundLoop) -> Exception:
        loop.call_soon(self._revoke)
        if not self._begun:
            return self._timeout("the event loop is blocked", in_doubt=False)
        log_safely(
            logger,
            logging.WARNING,
            "%s goes on although it was cancelled; nobody waits for it",
            self._name,
        )
        assert self._call is not None  # noqa: S101 - only a call has a limit
        # The operation may still be running: a retry must not start it a second time.
        self._call.unsafe_request_sent = True
        return self._timeout("the coroutine ignored its cancellation", in_doubt=True)

    def _outcome(self, loop: BackgroundLoop) -> T:
        error = self._take_error()
        try:
            if self._expired and not self._begun:
                raise self._timeout("it was not begun", in_doubt=False)
            if error is None:
                return self._value
            if self._expired and isinstance(error, Exception | asyncio.CancelledError):
                raise self._timeout("it was cancelled", in_doubt=True) from error
            if loop.stopping and isinstance(error, asyncio.CancelledError):
                raise self._closed("before it was done") from error
            raise error
        finally:
            # Avoid a reference cycle, as above.
            del error

    def _take_error(self) -> BaseException | None:
        """Return the stored error and drop it, to avoid a reference cycle.

        The traceback of the error refers to the frame of `perform`, and the frame to this object.
        """
        error, self._error = self._error, None
        return error

    def _closed(self, when: str) -> CallClosedError:
        return CallClosedError(f"{self._name}: the background event loop was stopped {when}")

    def _timeout(self, what: str, *, in_doubt: bool) -> CallTimeoutError:
        limit = self._limit
        assert limit is not None  # noqa: S101 - only a limit can run out
        return CallTimeoutError(
            f"{self._name}: not done within {limit.described} ({what})",
            limit=limit.seconds,
            scope=limit.scope,
            may_have_been_executed=in_doubt,
        )

    def _ring(self) -> None:
        if self._call is not None and self._call.requests_known:
            self._alarm = asyncio.get_running_loop().call_later(_TRANSPORT_WITHIN, self._expire)
        else:
            self._expire()

    def _expire(self) -> None:
        self._expired = True
        self._cancel()

    def _revoke(self) -> None:
        if self._begun:
            self._cancel()
        else:
            self._revoked = True
            self._done.ring()

    def _cancel(self) -> None:
        if self._task is not None:
            self.cancellations += 1
            self._task.cancel()


def _tell_sniffio() -> None:
    # Libraries ask sniffio for the async library; a caller in trio has set it to trio.
    sniffio = sys.modules.get("sniffio")
    if sniffio is not None:
        sniffio.current_async_library_cvar.set("asyncio")
