"""Generators and context managers: all steps in one task, and what can come between two steps."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
from contextlib import asynccontextmanager, closing, suppress
from typing import TYPE_CHECKING, Any, Self

import anyio
import pytest

from pywats import SyncConfig, SyncServiceWrapper
from pywats.errors import CallClosedError, CallTimeoutError
from pywats.sync import DirectRunner, PortalRunner, unwrap
from tests.skipped_time import LIMIT, SkippedTime
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from tests.tracing import Spans

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


class Rig:
    """Context managers and generators with something running inside.

    Args:
        begun: Called when work that takes too long has begun.
    """

    def __init__(self, begun: Callable[[], None] = lambda: None) -> None:
        self.log: list[Any] = []
        self.begun = begun
        self.fail_now = asyncio.Event()

    async def fail(self) -> None:
        await self.fail_now.wait()
        raise LookupError("in a task beside")

    async def trigger(self) -> None:
        self.fail_now.set()
        await asyncio.sleep(0.01)

    @asynccontextmanager
    async def group(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.fail())
            try:
                yield
            finally:
                self.log.append("left")

    @asynccontextmanager
    async def group_of_anyio(self) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(self.fail)
            try:
                yield
            finally:
                self.log.append("left")

    @asynccontextmanager
    async def limited(self, seconds: float) -> AsyncIterator[None]:
        async with asyncio.timeout(seconds):
            yield

    @asynccontextmanager
    async def moving_on(self, seconds: float) -> AsyncIterator[None]:
        with anyio.move_on_after(seconds) as scope:
            yield
        self.log.append(scope.cancelled_caught)

    @asynccontextmanager
    async def cancelled(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(0.01, task.cancel)
        yield

    @asynccontextmanager
    async def variable(self, value: str) -> AsyncIterator[str]:
        token = VARIABLE.set(value)
        try:
            yield VARIABLE.get()
        finally:
            VARIABLE.reset(token)

    @asynccontextmanager
    async def refused(self) -> AsyncIterator[None]:
        raise ConnectionError("no entry")
        yield

    async def numbers(self) -> AsyncIterator[int]:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.fail())
            for number in range(3):
                yield number
                await asyncio.sleep(0)

    async def echo(self) -> AsyncGenerator[str, str]:
        """Yield what is sent, and the name of what is thrown in."""
        sent = "nothing"
        while sent != "end":
            try:
                sent = yield sent
            except (LookupError, KeyboardInterrupt) as error:
                sent = type(error).__name__
            await asyncio.sleep(0)

    async def slow(self) -> AsyncIterator[int]:
        try:
            yield 1
            self.begun()
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)
            self.log.append("closed")

    async def broken_end(self) -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            raise OSError("cannot be closed")

    def patient(self) -> Patient:
        return Patient(self.begun)

    async def close(self, items: Any) -> None:
        items.close()
        await asyncio.sleep(0.01)


class Patient:
    """An async iterator, no generator, that is not ended by a cancellation.

    Args:
        begun: Called when an item that takes too long has begun.
    """

    def __init__(self, begun: Callable[[], None]) -> None:
        self._number = 0
        self._begun = begun

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int:
        self._number += 1
        if self._number == 2:
            self._begun()
            await asyncio.sleep(3600)
        if self._number == 4:
            # Its caller's limit runs out while it does not wait.
            self._begun()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
        return self._number


def let_time_pass() -> None:
    """Wait until what was to happen in the shared loop after 0.01 s has happened."""
    PortalRunner().portal.call(asyncio.sleep, 0.05)


@pytest.fixture
def rig() -> SyncServiceWrapper[Rig]:
    return SyncServiceWrapper(Rig())


@pytest.mark.parametrize("manager", ["group", "group_of_anyio"])
def test_a_task_that_fails_beside_the_block_is_heard_of_at_its_end(
    rig: SyncServiceWrapper[Rig], manager: str
) -> None:
    with pytest.raises(ExceptionGroup) as caught, getattr(rig, manager)():  # noqa: PT012 - the end of the block raises
        rig.trigger()
        # The block holds what it has entered until it ends.
        assert rig.log == []
    assert caught.group_contains(LookupError, match="in a task beside")
    assert rig.log == ["left"]


@pytest.mark.parametrize("manager", ["group", "group_of_anyio"])
def test_an_error_of_the_block_stops_the_task_beside_it(
    rig: SyncServiceWrapper[Rig], manager: str
) -> None:
    with pytest.raises(ExceptionGroup) as caught, getattr(rig, manager)():
        raise KeyError("in the block")
    assert caught.group_contains(KeyError)
    assert rig.log == ["left"]


def test_a_limit_on_the_block_runs_out_at_its_end(rig: SyncServiceWrapper[Rig]) -> None:
    with rig.limited(10):
        pass
    with pytest.raises(TimeoutError), rig.limited(0.01):
        let_time_pass()
    with rig.moving_on(0.01):
        let_time_pass()
    assert rig.log == [True]


def test_a_cancellation_that_nobody_handles_comes_out(rig: SyncServiceWrapper[Rig]) -> None:
    with pytest.raises(asyncio.CancelledError), rig.cancelled():
        let_time_pass()


def test_enter_and_exit_share_their_context_variables(rig: SyncServiceWrapper[Rig]) -> None:
    def run() -> list[str]:
        with rig.variable("inside") as seen:
            inside = VARIABLE.get()
        return [seen, inside, VARIABLE.get()]

    assert contextvars.copy_context().run(run) == ["inside", "inside", "unset"]


def test_a_context_that_is_not_entered_leaves_nothing_behind(
    rig: SyncServiceWrapper[Rig], spans: Spans
) -> None:
    with pytest.raises(ConnectionError, match="no entry"), rig.refused():
        pass
    assert [span.name for span in spans.finished] == ["rig.refused.enter"]


def test_a_block_that_is_left_twice_is_refused(rig: SyncServiceWrapper[Rig]) -> None:
    context = rig.variable("x")

    def run() -> None:
        with context:
            pass

    contextvars.copy_context().run(run)
    with pytest.raises(CallClosedError, match=r"rig\.variable\.exit was called after"):
        context.__exit__(None, None, None)


def test_a_generator_in_a_cycle_of_garbage_is_closed(rig: SyncServiceWrapper[Rig]) -> None:
    holder: dict[str, object] = {}
    items = holder["items"] = rig.slow()
    holder["itself"] = holder
    assert next(items) == 1
    del items, holder
    gc.collect()
    eventually(lambda: rig.log == ["closed"])


def test_a_task_of_a_block_that_nobody_ends_is_ended_with_it() -> None:
    with PortalRunner(own_loop=True) as own:
        context = SyncServiceWrapper(Rig(), runner=own).variable("x")
        # Never left, it would leave its variable set for the tests that follow.
        contextvars.copy_context().run(context.__enter__)
        loop = own._keeper.loop()
        assert len(loop._tasks) == 1
        del context
        gc.collect()
        eventually(lambda: not loop._tasks)


def test_a_task_that_fails_beside_a_generator_is_heard_of_with_the_next_item(
    rig: SyncServiceWrapper[Rig],
) -> None:
    items = rig.numbers()
    assert [next(items), next(items)] == [0, 1]
    rig.trigger()
    with pytest.raises(ExceptionGroup) as caught:
        next(items)
    assert caught.group_contains(LookupError, match="in a task beside")
    assert list(items) == []


def test_a_generator_of_a_group_that_is_closed_early(rig: SyncServiceWrapper[Rig]) -> None:
    with pytest.raises(BaseExceptionGroup), closing(rig.numbers()) as items:
        assert next(items) == 0


@pytest.mark.parametrize("runner", [DirectRunner, PortalRunner])
def test_what_is_sent_or_thrown_into_a_generator_reaches_the_async_one(
    runner: type[DirectRunner | PortalRunner],
) -> None:
    class Plain:
        async def echo(self) -> AsyncGenerator[str, str]:
            sent = "nothing"
            while sent != "end":
                try:
                    sent = yield sent
                except LookupError as error:
                    sent = type(error).__name__

    echo = SyncServiceWrapper(Plain(), runner=runner()).echo()
    assert next(echo) == "nothing"
    assert echo.send("something") == "something"
    assert echo.throw(KeyError("key")) == "KeyError"
    with pytest.raises(StopIteration):
        echo.send("end")
    echo = SyncServiceWrapper(Plain(), runner=runner()).echo()
    next(echo)
    with pytest.raises(ZeroDivisionError):
        echo.throw(ZeroDivisionError())
    assert list(echo) == []


def test_an_interrupt_in_the_body_of_a_loop_reaches_the_generator_too(
    rig: SyncServiceWrapper[Rig],
) -> None:
    echo = rig.echo()
    assert next(echo) == "nothing"
    assert echo.throw(KeyboardInterrupt()) == "KeyboardInterrupt"
    assert echo.send("once more") == "once more"


def test_an_iterator_that_is_no_generator_takes_nothing(rig: SyncServiceWrapper[Rig]) -> None:
    items = rig.patient()
    assert next(items) == 1
    with pytest.raises(TypeError, match=r"cannot send\(\): Patient is not an async generator"):
        items.send("x")
    items = rig.patient()
    assert next(items) == 1
    with pytest.raises(KeyError):
        items.throw(KeyError("x"))


def test_an_item_that_takes_too_long_ends_its_generator(
    spans: Spans, skipped_time: SkippedTime
) -> None:
    rig = SyncServiceWrapper(Rig(skipped_time.skip), SyncConfig(timeout=LIMIT))
    items = rig.slow()
    assert next(items) == 1
    with pytest.raises(CallTimeoutError, match=r"rig\.slow: not done within the .* timeout"):
        next(items)
    assert rig.log == ["closed"]
    assert list(items) == []
    assert [span.name for span in spans.finished] == ["rig.slow"] * 2


def test_a_cancellation_does_not_outlive_the_step_that_it_was_meant_for(
    skipped_time: SkippedTime,
) -> None:
    config = SyncConfig(timeout=LIMIT)
    with PortalRunner(own_loop=True) as own:
        engine_task = own.one_task()
        iterator = Patient(skipped_time.skip)
        wrapper = SyncServiceWrapper(Rig(), config, runner=own)
        in_task, task = wrapper._family.engine.one_task()
        assert in_task.run("item", iterator.__anext__) == 1
        with pytest.raises(CallTimeoutError):
            in_task.run("item", iterator.__anext__)
        assert in_task.run("item", iterator.__anext__) == 3
        assert in_task.run("item", iterator.__anext__) == 4
        assert in_task.run("item", iterator.__anext__) == 5
        assert in_task.run_plain("plain", lambda: 6) == 6
        inner = task.one_task()
        assert inner.run("item", iterator.__anext__) == 6
        inner.end("item")
        task.end("item")
        engine_task.end("never used")


def test_a_generator_is_closed_on_whatever_thread_it_is_given_up(
    rig: SyncServiceWrapper[Rig],
) -> None:
    items = rig.slow()
    assert next(items) == 1
    rig.close(items)
    assert rig.log == ["closed"]


def test_a_generator_that_cannot_be_closed_says_so_to_who_closes_it(
    rig: SyncServiceWrapper[Rig], caplog: pytest.LogCaptureFixture
) -> None:
    items = rig.broken_end()
    assert next(items) == 1
    with pytest.raises(OSError, match="cannot be closed"):
        items.close()
    items = rig.broken_end()
    assert next(items) == 1
    rig.close(items)
    told = [each.getMessage() for each in caplog.records if each.name == "pywats.sync"]
    assert told == ["closing what was left open failed"]


def test_a_loop_that_is_stopped_closes_its_generators() -> None:
    own = PortalRunner(own_loop=True)
    rig = Rig()
    items = SyncServiceWrapper(rig, runner=own).slow()
    assert next(items) == 1
    own._keeper.stop()
    assert rig.log == ["closed"]
    with pytest.raises(CallClosedError, match=r"rig\.slow: its event loop has ended"):
        next(items)
    own.close()


def test_a_generator_that_was_never_begun_needs_no_end(rig: SyncServiceWrapper[Rig]) -> None:
    rig.slow().close()
    assert rig.log == []


def test_a_generator_may_be_read_by_several_threads(rig: SyncServiceWrapper[Rig]) -> None:
    class Setting:
        async def items(self) -> AsyncIterator[str]:
            token = VARIABLE.set("set")
            yield VARIABLE.get()
            VARIABLE.reset(token)
            yield VARIABLE.get()

    items = SyncServiceWrapper(Setting()).items()
    seen = []
    for _ in range(2):
        reader = threading.Thread(target=lambda: seen.append(next(items)))
        reader.start()
        reader.join()
    items.close()
    assert seen == ["set", "unset"]
    assert isinstance(unwrap(rig), Rig)


def test_variables_that_the_caller_takes_back_are_gone_for_the_generator() -> None:
    class Reading:
        async def items(self) -> AsyncIterator[str]:
            while True:
                yield VARIABLE.get()

    def run() -> list[str]:
        items = SyncServiceWrapper(Reading()).items()
        token = VARIABLE.set("one")
        seen = [next(items)]
        VARIABLE.reset(token)
        seen.append(next(items))
        VARIABLE.set("two")
        seen.append(next(items))
        items.close()
        return seen

    assert contextvars.copy_context().run(run) == ["one", "unset", "two"]
