"""What the stand-in for an event loop says of itself, and what Ctrl-C leaves of it."""

from __future__ import annotations

import asyncio
import warnings

import pytest

from pywats import SyncServiceWrapper
from pywats.runtime.inline_loop import InlineLoop
from pywats.sync import DirectRunner, SyncInLoopWarning


class Service:
    async def describe(self) -> tuple[bool, bool, str]:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        return loop.is_running(), loop.is_closed(), task.get_name()

    async def complain(self) -> None:
        asyncio.get_running_loop().call_exception_handler({"message": "never awaited"})

    async def fail(self) -> None:
        error: Exception = ConnectionError("root")
        for _ in range(100):
            outer = ConnectionError("refused")
            outer.__cause__ = error
            error = outer
        raise error


def wrapped() -> SyncServiceWrapper[Service]:
    return SyncServiceWrapper(Service(), name="s", runner=DirectRunner())


def test_it_runs_as_long_as_the_coroutine() -> None:
    assert wrapped().describe() == (True, False, "pywats-direct")


def test_what_asyncio_finds_wrong_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    wrapped().complain()
    assert "never awaited" in [record.getMessage() for record in caplog.records]


def test_an_error_with_many_causes_is_raised_as_it_is() -> None:
    with pytest.raises(ConnectionError, match="refused"):
        wrapped().fail()


def test_ctrl_c_as_it_ends_leaves_no_loop_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: InlineLoop) -> None:
        ended.append(True)
        if len(ended) == 1:
            raise KeyboardInterrupt
        end(self)

    ended: list[bool] = []
    end = InlineLoop.end
    with monkeypatch.context() as patched:
        patched.setattr(InlineLoop, "end", interrupted)
        with pytest.raises(KeyboardInterrupt):
            wrapped().describe()
    assert len(ended) == 2
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    assert wrapped().describe()[0] is True


def test_a_timer_that_another_one_cancels_does_not_run() -> None:
    class Timers:
        async def run(self) -> list[str]:
            ran: list[str] = []
            loop = asyncio.get_running_loop()
            others: list[asyncio.TimerHandle] = []

            def first() -> None:
                ran.append("first")
                others[0].cancel()

            loop.call_later(0, first)
            others.append(loop.call_later(0, ran.append, "second"))
            loop.call_later(60, ran.append, "late")
            await asyncio.sleep(0)
            return ran

    assert SyncServiceWrapper(Timers(), runner=DirectRunner()).run() == ["first"]


def place() -> tuple[object, object]:
    """Return the running event loop of this thread and its current task."""
    loop = asyncio._get_running_loop()
    return loop, None if loop is None else asyncio.current_task(loop)


def test_a_call_from_a_callback_of_a_loop_leaves_it_without_a_task() -> None:
    class Service:
        async def look(self) -> tuple[bool, bool]:
            loop, task = place()
            return isinstance(loop, InlineLoop), task is not None

    def call_back() -> None:
        before = place()
        seen.extend([before, service.look(), place()])

    async def run() -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        loop.call_soon(call_back)
        await asyncio.sleep(0)
        return loop

    service = SyncServiceWrapper(Service(), runner=DirectRunner())
    seen: list[tuple[object, object]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyncInLoopWarning)
        loop = asyncio.run(run())
    before, inside, after = seen
    assert before == after == (loop, None)
    assert inside == (True, True)


def test_a_function_for_a_thread_may_ask_for_another_one() -> None:
    class Service:
        async def ask(self) -> tuple[object, object]:
            loop = asyncio.get_running_loop()

            def outer() -> tuple[object, object]:
                future = loop.run_in_executor(None, place)
                assert place() == (None, None)
                return future.result()

            return await asyncio.to_thread(outer)

    assert SyncServiceWrapper(Service(), runner=DirectRunner()).ask() == (None, None)


@pytest.mark.parametrize("taken_back", range(3))
def test_a_cancellation_that_is_not_taken_back_remains(taken_back: int) -> None:
    class Service:
        async def ask(self) -> list[int]:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            task.cancel()
            left = [task.cancelling(), *(task.uncancel() for _ in range(taken_back))]
            await asyncio.sleep(0)
            return left

    service = SyncServiceWrapper(Service(), runner=DirectRunner())
    if taken_back == 2:
        assert service.ask() == [2, 1, 0]
    else:
        with pytest.raises(asyncio.CancelledError):
            service.ask()
