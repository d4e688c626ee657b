"""The face of futures and tasks: wait for their result from synchronous code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pywats.errors import CallTimeoutError
from pywats.sync.faces.face import SyncFace
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from asyncio import Future  # noqa: F401 - the base class names it in a string
    from collections.abc import Callable

__all__ = ["SyncFuture"]

T = TypeVar("T")


class SyncFuture(SyncFace["Future[T]"], Generic[T]):
    """The face of an asyncio future or task that an async object returned.

    It has the methods of `concurrent.futures.Future` that a waiting thread needs.
    """

    def result(self, timeout: float | None = None) -> T:
        """Wait until the future is done and return its result.

        Args:
            timeout: Seconds to wait; None means the timeout of the configuration.

        Raises:
            TimeoutError: The future is not done in time. It is not cancelled; you can wait again.
                It is a `pywats.errors.CallTimeoutError` if a limit of the configuration expired.
            BaseException: The error of the future.
        """
        self._wait(timeout)
        result: T = self._outward("result", self._wrapped.result())
        return result

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Wait until the future is done and return its error; None if it has a result.

        Args:
            timeout: Seconds to wait; None means the timeout of the configuration.

        Raises:
            TimeoutError: The future is not done in time.
        """
        self._wait(timeout)
        return self._wrapped.exception()

    def done(self) -> bool:
        """Return whether the future has a result, has failed or was cancelled."""
        return self._wrapped.done()

    def cancelled(self) -> bool:
        """Return whether the future was cancelled."""
        return self._wrapped.cancelled()

    def cancel(self) -> bool:
        """Cancel the future; return False if it was already done."""
        name = self._outward.span("cancel")
        return self._family.engine.run_plain(name, self._wrapped.cancel)

    def add_done_callback(self, function: Callable[[SyncFuture[T]], object]) -> None:
        """Call a function with this future, on the thread of the loop, when it is done."""

        def call_back(_: Any) -> None:
            function(self)

        def add() -> None:
            self._wrapped.add_done_callback(call_back)

        self._family.engine.run_plain(self._outward.span("add_done_callback"), add)

    def _wait(self, timeout: float | None) -> None:
        future = self._wrapped
        if future.done():
            return
        config = self._family.engine.config
        limit = in_seconds(config.timeout) if timeout is None else timeout

        async def wait() -> None:
            import asyncio  # noqa: PLC0415 - in a loop, so it is there

            # Unlike awaiting the future, this does not cancel it when the time is up.
            await asyncio.wait([future], timeout=limit)
            if not future.done():
                message = f"{future!r} is not done after {limit:g} s"
                if timeout is not None:
                    raise TimeoutError(message)
                raise CallTimeoutError(message, limit=limit)

        # The wait has its own limit, which may be longer than the timeout of the configuration.
        engine = self._family.engine.reconfigured(replace(config, timeout=None))
        engine.run(self._outward.span("result"), wait, repeatable=False)


SyncFace._future = SyncFuture  # noqa: SLF001 - its own base class
