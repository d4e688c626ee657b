"""An event loop in a background thread, hosted by anyio's blocking portal.

Work is submitted with `call_soon_threadsafe` and not with the portal's `start_task_soon`, which
waits without a timeout until the loop takes the task: one coroutine that blocks the loop would
block all other callers too.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import socket
import threading
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from pywats.errors import CallClosedError
from pywats.observability.guard import log_safely
from pywats.runtime.after_fork import renew_after_fork
from pywats.runtime.bell import Bell
from pywats.runtime.fork_gate import call_without_fork, importing
from pywats.runtime.fork_pause import pause_for_forks, resume_here
from pywats.runtime.threads import finalizing, start_thread
from pywats.sync.runners.task_contexts import create_task

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from anyio.from_thread import BlockingPortal

__all__ = ["BackgroundLoop", "LoopKeeper"]

logger = logging.getLogger("pywats.sync")

STOP_WITHIN: Final = 5.0
"""Seconds that cancelled tasks have for clean-up before the stopping loop is abandoned."""

_UNTIL_EXIT: Final = 5.0

_EXITING: Final = "the process is exiting, so the background event loop cannot run"

_here = threading.local()


class BackgroundLoop:
    """An event loop in a daemon thread; the constructor starts it.

    Attributes:
        portal: The blocking portal of the loop.
        at_exit: Whether the loop is stopped because the process exits.
    """

    portal: BlockingPortal

    def __init__(self) -> None:
        self._told_to_stop = False
        self._ended = False
        self._main: asyncio.Task[None] | None = None
        self.at_exit = False
        self._ready = Bell()
        self._failure: BaseException | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        renew_after_fork(self)
        # An empty context: the loop must not inherit context variables of its first caller.
        self._thread = threading.Thread(
            target=Context().run, args=(self._run_loop,), name="pywats-portal", daemon=True
        )
        try:
            started = start_thread(self._thread)
            if started:
                self._ready.wait(lambda: None)
        except BaseException:
            # Ctrl-C: the caller does not get this loop, so nothing else would stop it.
            self._told_to_stop = True
            if self._ready.has_rung:
                self.stop()
            raise
        if not started:
            raise CallClosedError(_EXITING)
        if self._failure is not None:
            raise RuntimeError("the background event loop did not start") from self._failure

    @property
    def stopping(self) -> bool:
        """True once the loop cancels its tasks: `stop` was called, or an error broke the loop."""
        return self._told_to_stop or (self._main is not None and self._main.cancelling() > 0)

    @property
    def alive(self) -> bool:
        """True until the loop is stopping or has ended."""
        return not self.stopping and not self.ended

    @property
    def ended(self) -> bool:
        """True once the loop does not run any more."""
        # Not Thread.is_alive(): until Python 3.12, Ctrl-C inside it marks a running thread as
        # ended.
        return finalizing() or self._ended

    @property
    def is_here(self) -> bool:
        """True on the thread of the loop."""
        return running_here() is self

    def call_soon(self, callback: Callable[[], object], context: Context | None = None) -> bool:
        """Schedule a callback in the loop; return False if the loop has ended."""
        if self.ended:
            return False
        try:
            self._loop.call_soon_threadsafe(callback, context=context)
        except RuntimeError:
            return False
        return True

    def spawn(self, start: Callable[[], Coroutine[object, object, None]], context: Context) -> bool:
        """Start a task in the loop; return False if the loop has ended.

        Args:
            start: Makes the coroutine of the task, which must not raise.
            context: The context in which the task is created.
        """

        def begin() -> None:
            # Not created by the loop's task factory, which is for tasks of the wrapped objects.
            task = asyncio.Task(start(), loop=self._loop)
            # The loop itself holds only weak references to tasks.
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return self.call_soon(begin, context)

    def pause(self, paused: Bell, resumed: Bell) -> bool:
        """Pause the loop between two callbacks; see `pywats.runtime.fork_pause`."""

        def wait() -> None:
            paused.ring()
            resumed.wait(lambda: None)

        return not self.is_here and self.call_soon(wait)

    def renew(self) -> None:
        """Mark the loop as ended in a forked child, where its thread does not run."""
        self._ended = True

    def stop(self) -> None:
        """Cancel all tasks and wait at most `STOP_WITHIN` seconds until they have cleaned up."""
        self._told_to_stop = True
        self.spawn(self.portal.stop, Context())
        if not self.is_here and not finalizing():
            self._thread.join(STOP_WITHIN)
            if not self._ended:
                log_safely(
                    logger,
                    logging.WARNING,
                    "the background event loop has not ended within %g s of being stopped: "
                    "something blocks it",
                    STOP_WITHIN,
                )

    def _run_loop(self) -> None:
        import anyio  # noqa: PLC0415 - anyio is needed only with a portal

        _here.loop = self
        try:
            anyio.run(self._serve)
        except BaseException as error:  # noqa: BLE001 - raised to the waiting caller, or logged
            if self._ready.has_rung:
                log_safely(
                    logger, logging.CRITICAL, "the background event loop has ended: %r", error
                )
            else:
                self._failure = error
        finally:
            self._ended = True
            self._ready.ring()

    async def _serve(self) -> None:
        from anyio.from_thread import BlockingPortal  # noqa: PLC0415 - see above

        self._loop = asyncio.get_running_loop()
        self._loop.set_task_factory(create_task)
        _have_forks_wait_for_look_ups(self._loop)
        self._main = asyncio.current_task()
        async with BlockingPortal() as self.portal:
            self._ready.ring()
            if not self._told_to_stop:
                await self.portal.sleep_until_stopped()
        # asyncio's runner cancels the remaining tasks and waits for them.


def _have_forks_wait_for_look_ups(loop: asyncio.AbstractEventLoop) -> None:
    """Resolve host names in the default executor, as asyncio does, but only between forks."""
    if not isinstance(loop, asyncio.BaseEventLoop):
        # uvloop does not use Python's getaddrinfo, and its own one cannot be replaced.
        return

    async def getaddrinfo(host: Any, port: Any, **options: int) -> Any:
        # Positional arguments, as asyncio passes them: programs replace socket.getaddrinfo.
        given = [options.get(name, 0) for name in ("family", "type", "proto", "flags")]
        look_up = partial(call_without_fork, socket.getaddrinfo, host, port, *given)
        return await loop.run_in_executor(None, look_up)

    vars(loop)["getaddrinfo"] = getaddrinfo


def running_here() -> BackgroundLoop | None:
    """Return the background loop of this thread; None on any other thread."""
    found: BackgroundLoop | None = getattr(_here, "loop", None)
    return found


class LoopKeeper:
    """Holds one background loop and starts it on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: BackgroundLoop | None = None
        self._closed = False
        self._left_behind: list[BackgroundLoop | None] = []
        pause_for_forks(self)
        renew_after_fork(self)
        _keepers.add(self)

    def loop(self) -> BackgroundLoop:
        """Return the loop; start a new loop if there is none or the last one has ended.

        Raises:
            CallClosedError: The keeper was closed.
        """
        resume_here()
        found = self._loop
        if found is not None and found.alive:
            return found
        if finalizing():
            # Check before taking the lock: a frozen daemon thread may hold it.
            raise _exiting()
        started = True
        with self._lock:
            if self._closed:
                raise CallClosedError("the PortalRunner is closed: make a new one")
            if self._loop is None or not self._loop.alive:
                # A starting loop imports anyio's backend in its own thread.
                with importing():
                    try:
                        self._loop = BackgroundLoop()
                    except CallClosedError:
                        started = False
            found = self._loop
        if found is None or not started:
            raise _exiting()
        return found

    def stop(self, *, at_exit: bool = False) -> None:
        """Stop the loop if there is one; the next call starts a new loop."""
        with self._lock:
            found, self._loop = self._loop, None
        if found is not None:
            found.at_exit = at_exit
            found.stop()

    def pause(self, paused: Bell, resumed: Bell) -> bool:
        """Pause the loop if there is one; see `pywats.runtime.fork_pause`."""
        found = self._loop
        return found is not None and found.pause(paused, resumed)

    def close(self) -> None:
        """Stop the loop and refuse further calls."""
        self._closed = True
        self.stop()

    def renew(self) -> None:
        """Drop the loop in a forked child, where its thread does not run.

        A reference to the old loop is kept. Deleting the loop would close it, and this would remove
        the parent's sockets from the selector that parent and child share.
        """
        self._lock = threading.Lock()
        self._left_behind.append(self._loop)
        self._loop = None


_keepers: WeakSet[LoopKeeper] = WeakSet()


def _exiting() -> CallClosedError:
    """Return the error of a call that begins while the process exits."""
    if threading.current_thread().daemon:
        # Usually nothing waits for a daemon thread; Python would only print the error.
        threading.Event().wait(_UNTIL_EXIT)
    return CallClosedError(_EXITING)


def _stop_all() -> None:
    for keeper in list(_keepers):
        keeper.stop(at_exit=True)


# Python calls this after all non-daemon threads have ended, so none of them loses its loop. Daemon
# threads may still be running.
atexit.register(_stop_all)
