"""Plain methods that start an event loop of their own."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from pywats import SyncServiceWrapper
from pywats.sync.faces.objects.own_loop import run_off_the_loop

if TYPE_CHECKING:
    from collections.abc import Callable


def run_now(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def blocking(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        with asyncio.Runner() as runner:
            return runner.run(function(*args))

    return call


class Dual:
    """Has methods for code with and without a loop."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None

    async def execute_async(self) -> int:
        self.thread = threading.current_thread()
        await asyncio.sleep(0)
        return 1

    def run(self) -> int:
        return asyncio.run(self.execute_async())

    def until_complete(self) -> int:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(self.execute_async())
        finally:
            loop.close()

    def imported(self) -> int:
        import asyncio as aio  # noqa: PLC0415 - under test

        return aio.run(self.execute_async())

    def from_import(self) -> int:
        from asyncio import run  # noqa: PLC0415 - under test

        return run(self.execute_async())

    def through_a_function(self) -> Any:
        return run_now(self.execute_async())

    def through_a_method(self) -> int:
        return self.run()

    decorated = blocking(execute_async)

    def failing(self) -> None:
        asyncio.run(self._fail())

    async def _fail(self) -> None:
        raise LookupError

    def starts_a_task(self) -> str:
        # Names asyncio and a method called run, and starts no loop.
        task = asyncio.get_running_loop().create_task(self.job.run())
        task.cancel()
        return threading.current_thread().name

    @property
    def job(self) -> Job:
        return Job()


class Job:
    async def run(self) -> None:
        """Do nothing."""


NAMES = (
    *("run", "until_complete", "imported", "from_import"),
    *("through_a_function", "through_a_method", "decorated"),
)


@pytest.mark.parametrize("name", NAMES)
def test_they_run_on_the_thread_of_the_caller(name: str) -> None:
    dual = SyncServiceWrapper(Dual())
    assert getattr(dual, name)() == 1
    assert dual.thread is threading.current_thread()


@pytest.mark.filterwarnings("ignore::pywats.sync.SyncInLoopWarning")
@pytest.mark.parametrize("name", NAMES)
async def test_they_run_on_another_thread_where_a_loop_runs(name: str) -> None:
    dual = SyncServiceWrapper(Dual())
    assert getattr(dual, name)() == 1
    assert dual.thread is not threading.current_thread()
    with pytest.raises(LookupError):
        dual.failing()


def test_their_errors_are_those_of_the_method() -> None:
    with pytest.raises(LookupError):
        SyncServiceWrapper(Dual()).failing()


def test_other_plain_methods_run_on_the_thread_of_the_loop() -> None:
    assert SyncServiceWrapper(Dual()).starts_a_task() == "pywats-portal"


async def test_another_thread_is_waited_for_as_long_as_it_takes() -> None:
    def slow() -> str:
        time.sleep(0.15)
        return threading.current_thread().name

    assert run_off_the_loop(slow) == "pywats-own-loop"


def test_a_method_that_names_what_is_not_there_yet() -> None:
    class Early:
        def get(self) -> int:
            return later()

    early = SyncServiceWrapper(Early())
    with pytest.raises(NameError):
        early.get()

    def later() -> int:
        return 1

    assert early.get() == 1
