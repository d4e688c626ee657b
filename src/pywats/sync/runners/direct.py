"""Runners: run a coroutine for a caller without an event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from pywats.observability.call import current_call

if TYPE_CHECKING:
    from pywats.observability.call import Call
    from pywats.runtime.inline_loop import InlineLoop

__all__ = ["DirectRunner", "OneTask", "ReentrantCallError", "Runner", "SuspendedError"]

T = TypeVar("T")

# Limit for the chain of causes of an error.
_CAUSES: Final = 20

Leave = Callable[..., Awaitable[bool | None]]


def exception_info(error: BaseException | None) -> tuple[Any, Any, Any]:
    """Return the three arguments of ``__aexit__`` for an exception."""
    return (None, None, None) if error is None else (type(error), error, error.__traceback__)


class SuspendedError(RuntimeError):
    """A coroutine suspended, but it runs without an event loop that could resume it.

    What to do: leave out ``runner=``, or pass a `PortalRunner`.
    """


class ReentrantCallError(RuntimeError):
    """A call was made on the thread of the event loop that would have to run it.

    What to do: await the async object there, or wrap the calling callback with `in_thread`.
    """


class Runner(Protocol):
    """Run async functions to their end and return their results."""

    def check(self, name: str, /) -> None:
        """Refuse a call that would have to wait for itself.

        Raises:
            ReentrantCallError: The call was made on the thread that would have to run it.
        """
        ...

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end.

        Args:
            name: Name of the operation in errors.
            start: Makes the awaitable; called once.
        """
        ...

    def run_plain(self, name: str, function: Callable[[], T], /) -> T:
        """Call a plain function on the thread of the coroutines, as it may use their objects.

        Args:
            name: Name of the operation in errors.
            function: The function; called once. Its result may be an awaitable.
        """
        ...

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> OneTask:
        """Return a runner of steps that belong together, such as the steps of a generator.

        Args:
            last: Makes the awaitable of the last step, which releases the task's resources.
        """
        ...


class OneTask(Runner, Protocol):
    """Run several async functions one after another as one task.

    The functions share their context variables. One function may enter a cancel scope or task
    group, and another function may leave it.
    """

    def begin_block(self) -> None:
        """Run all calls of this thread as steps of the task until `end`."""
        ...

    def end(self, name: str, /) -> None:
        """Run the last step, if there is one, and let the task end.

        Args:
            name: Name of the step in errors.
        """
        ...

    async def leave(self, leave: Leave, error: BaseException | None, /) -> bool | None:
        """Leave a context manager; awaited within a step.

        A cancellation that arrived between two steps would have interrupted the block of an
        ``async with``. It is passed to ``leave`` as the error of the block.

        Args:
            leave: The context manager's ``__aexit__``.
            error: The error that ended the block; None if it ended without an error.

        Returns:
            The result of ``leave``.
        """
        ...


class DirectRunner:
    """Drive the coroutine on the calling thread.

    Services with blocking I/O never suspend, so one ``send(None)`` runs them to their end: without
    an event loop, a helper thread or a copy of the context. Context variables, signals, forks and
    tracebacks behave as in plain synchronous code.

    A stand-in for the event loop supports the functions that do not need a real event loop. A
    function passed to ``asyncio.to_thread`` or ``run_in_executor`` runs on the calling thread, and
    a timeout cannot interrupt it. A timeout of asyncio or anyio applies to requests through a
    `pywats.DirectTransport`. ``asyncio.sleep(0)`` returns.

    Args:
        stand_in: False runs the coroutine without the stand-in, for services that do not use it.
    """

    def __init__(self, *, stand_in: bool = True) -> None:
        self._inline_loop: type[InlineLoop] | None = None
        if stand_in:
            # Imported lazily: importing asyncio is slow.
            from pywats.runtime.inline_loop import InlineLoop  # noqa: PLC0415

            self._inline_loop = InlineLoop

    def check(self, name: str, /) -> None:
        """Accept every call; direct calls nest like function calls."""

    def run(self, name: str, start: Callable[[], Awaitable[T]], /) -> T:
        """Run ``start()`` to its end on this thread.

        Raises:
            SuspendedError: The coroutine awaited something that needs an event loop.
        """
        inline_loop = self._inline_loop
        if inline_loop is None:
            return _drive(name, start, None)
        loop = inline_loop()
        try:
            loop.enter()
            return _drive(name, start, loop)
        finally:
            try:
                loop.end()
            except BaseException:
                # Ctrl-C may arrive before end() did anything; it is safe to call again.
                loop.end()
                raise

    def run_plain(self, name: str, function: Callable[[], T], /) -> T:
        """Call the function on this thread."""
        del name
        return function()

    def one_task(self, last: Callable[[], Awaitable[object]] | None = None, /) -> DirectTask:
        """Return a runner of steps, which all run on the calling thread."""
        return DirectTask(last, stand_in=self._inline_loop is not None)


def _drive(name: str, start: Callable[[], Awaitable[T]], loop: InlineLoop | None) -> T:
    call = current_call()
    if call is not None:
        call.direct = True
    steps = start().__await__()
    try:
        waits_for: object = next(steps)
        while waits_for is None and loop is not None:
            waits_for = loop.resume(steps)
    except StopIteration as stop:
        result: T = stop.value
        return result
    except Exception as error:
        reason = _lacks_event_loop(error)
        if reason is None:
            raise
        raise _suspended(name, reason, call) from error
    close = getattr(steps, "close", None)
    if close is not None:
        close()
    awaited = "lets other tasks run" if waits_for is None else f"awaits {type(waits_for).__name__}"
    raise _suspended(name, f"it {awaited}", call)


def _lacks_event_loop(error: BaseException | None) -> str | None:
    """Return what an error, its causes or its members say about a missing event loop.

    The text and not the error, which would make a reference cycle with the frame of the caller.
    """
    waiting = [(error, _CAUSES)]
    while waiting:
        each, left = waiting.pop()
        if each is None or left == 0:
            continue
        # asyncio raises a plain RuntimeError; anyio and sniffio have classes for it.
        if isinstance(each, RuntimeError) and (
            str(each) == "no running event loop"
            or type(each).__name__
            in {"AsyncLibraryNotFoundError", "NeedsEventLoopError", "NoEventLoopError"}
        ):
            return str(each)
        if isinstance(each, BaseExceptionGroup):
            waiting += ((member, _CAUSES) for member in reversed(each.exceptions))
        else:
            waiting.append((each.__cause__, left - 1))
    return None


def _suspended(name: str, why: str, call: Call | None) -> SuspendedError:
    portal = (
        "leave out runner=, or give the PortalRunner, which runs an event loop in the "
        "background; an httpx client inside then takes a CallTransport, not a DirectTransport"
    )
    advice = f"{portal[0].upper()}{portal[1:]}"
    if call is not None and call.over_direct_transport:
        advice = (
            "If a library sleeps before retries of its own, switch them off there (max_retries=0) "
            f"and retry with SyncConfig(retry_enabled=True). Otherwise {portal}"
        )
    return SuspendedError(
        f"{name} suspended ({why}): the DirectRunner has no event loop to resume it. {advice}"
    )


class DirectTask(DirectRunner):
    """Drives steps on the calling thread; see `OneTask`.

    Args:
        last: Makes the awaitable of the last step.
        stand_in: See `DirectRunner`.
    """

    def __init__(self, last: Callable[[], Awaitable[object]] | None, *, stand_in: bool) -> None:
        super().__init__(stand_in=stand_in)
        self._last = last

    def begin_block(self) -> None:
        """Do nothing: all calls run on this thread anyway."""

    def end(self, name: str, /) -> None:
        """Run the last step on this thread."""
        if self._last is not None:
            self.run(name, self._last)

    async def leave(self, leave: Leave, error: BaseException | None, /) -> bool | None:
        """Leave a context manager; a step on the calling thread is not cancelled in between."""
        return await leave(*exception_info(error))
