"""Calls within a ``with`` block, which run in the task that entered the block."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from contextlib import ExitStack, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self

import pytest

from pywats import SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.sync import PortalRunner
from pywats.sync.runners import step
from tests.forking import in_child
from tests.skipped_time import LIMIT, SkippedTime
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

VALUE: ContextVar[int] = ContextVar("value", default=0)
LIMITED = SyncConfig(timeout=LIMIT)


class Transaction:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.rows: list[str] = []

    async def __aenter__(self) -> Self:
        self._token = VALUE.set(VALUE.get() + 1)
        self.task = asyncio.current_task()
        self.outer = self._store.begun.get(self.task)
        self._store.begun[self.task] = self
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        assert asyncio.current_task() is self.task
        VALUE.reset(self._token)
        if self.outer is not None:
            self._store.begun[self.task] = self.outer
        else:
            del self._store.begun[self.task]
        if kind is None:
            (self._store if self.outer is None else self.outer).rows.extend(self.rows)

    async def is_current(self) -> bool:
        return asyncio.current_task() is self.task


class Store:
    """A store that knows a transaction by the task that began it, as `databases` does.

    Attributes:
        waits: Called when a call has begun that takes too long.
    """

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.waits: Callable[[], None] = lambda: None
        self.begun: dict[asyncio.Task[Any] | None, Transaction] = {}
        self.entered = threading.Event()
        self.asked = threading.Event()

    def transaction(self) -> Transaction:
        return Transaction(self)

    async def insert(self, row: str) -> None:
        self.begun.get(asyncio.current_task(), self).rows.append(row)

    async def value(self) -> int:
        return VALUE.get()

    async def wait(self) -> None:
        self.waits()
        await asyncio.sleep(3600)

    async def ignore_cancellation(self, until: threading.Event) -> None:
        self.waits()
        while not until.is_set():
            try:
                await asyncio.sleep(0.005)
            except asyncio.CancelledError:
                self.asked.set()

    async def in_thread(self, function: Any) -> object:
        return await asyncio.to_thread(function)

    async def each(self) -> AsyncIterator[int]:
        for number in range(3):
            yield number


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def face(store: Store) -> SyncServiceWrapper[Store]:
    return SyncServiceWrapper(store)


def lose(face: SyncServiceWrapper[Store]) -> None:
    with suppress(ZeroDivisionError), face.transaction():
        face.insert("lost")
        raise ZeroDivisionError


def test_a_block_that_fails_takes_back_what_was_called_within(
    store: Store, face: SyncServiceWrapper[Store]
) -> None:
    with face.transaction():
        face.insert("kept")
        lose(face)
        with face.transaction():
            face.insert("kept, too")
    lose(face)
    face.insert("outside")
    assert store.rows == ["kept", "kept, too", "outside"]
    assert store.begun == {}


def test_calls_after_a_block_have_tasks_of_their_own(face: SyncServiceWrapper[Store]) -> None:
    with face.transaction() as transaction:
        assert transaction.is_current()
    assert not transaction.is_current()


def test_iterators_have_tasks_of_their_own(face: SyncServiceWrapper[Store]) -> None:
    with face.transaction() as transaction:
        assert [(number, transaction.is_current()) for number in face.each()] == [
            (0, True),
            (1, True),
            (2, True),
        ]


def test_other_threads_do_not_wait_for_the_block(face: SyncServiceWrapper[Store]) -> None:
    seen: list[bool] = []
    with face.transaction() as transaction:
        other = threading.Thread(target=lambda: seen.append(transaction.is_current()))
        other.start()
        other.join()
        assert transaction.is_current()
    assert seen == [False]


def test_another_loop_has_other_tasks(face: SyncServiceWrapper[Store]) -> None:
    with PortalRunner(own_loop=True) as runner, face.transaction() as transaction:
        elsewhere = SyncServiceWrapper(Store(), runner=runner)
        with elsewhere.transaction() as other:
            assert other.is_current()
            assert transaction.is_current()


def test_a_timeout_of_asyncio_interrupts_the_call(face: SyncServiceWrapper[Store]) -> None:
    loop = SyncServiceWrapper(asyncio, SyncConfig(timeout=LIMIT))
    with pytest.raises(TimeoutError) as caught, loop.timeout(0.05):
        face.wait()
    assert not isinstance(caught.value, CallTimeoutError)


def test_a_task_that_fails_interrupts_a_call_within_the_block_of_its_group(
    store: Store, face: SyncServiceWrapper[Store]
) -> None:
    async def fail() -> None:
        raise KeyError("other")

    class Groups:
        def group(self) -> asyncio.TaskGroup:
            return asyncio.TaskGroup()

        async def start(self, group: asyncio.TaskGroup) -> None:
            group.create_task(fail())

    groups = SyncServiceWrapper(Groups(), SyncConfig(timeout=LIMIT))

    def wait_beside() -> None:
        with groups.group() as group:
            groups.start(group)
            face.wait()

    with pytest.raises(ExceptionGroup) as caught:
        wait_beside()
    (error,) = caught.value.exceptions
    assert isinstance(error, KeyError)
    assert store.rows == []
    face.insert("the next call is not interrupted")
    assert store.rows == ["the next call is not interrupted"]


def test_a_call_that_times_out_leaves_the_block_as_it_was(
    store: Store, skipped_time: SkippedTime
) -> None:
    store.waits = skipped_time.skip
    face = SyncServiceWrapper(store, LIMITED)
    with face.transaction() as transaction:
        face.insert("before")
        with pytest.raises(CallTimeoutError):
            face.wait()
        assert transaction.is_current()
        face.insert("after")
    assert store.rows == ["before", "after"]


def test_a_call_that_cannot_be_cancelled_does_not_hold_up_the_next(
    store: Store, skipped_time: SkippedTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "CLEAN_UP_WITHIN", 0.05)
    store.waits = skipped_time.skip
    face, until = SyncServiceWrapper(store, LIMITED), threading.Event()
    with face.transaction() as transaction:
        with pytest.raises(CallTimeoutError, match="ignored its cancellation"):
            face.ignore_cancellation(until)
        assert store.asked.wait(HANGS)
        assert not transaction.is_current()
        until.set()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
def test_a_signal_handler_calls_in_a_task_of_its_own(
    store: Store, face: SyncServiceWrapper[Store]
) -> None:
    seen: list[bool] = []
    handled = threading.Event()

    def handle(*_: object) -> None:
        seen.append(transaction.is_current())
        handled.set()

    def interrupt() -> bool:
        signal.raise_signal(signal.SIGUSR1)
        return handled.wait(HANGS)

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with face.transaction() as transaction:
            assert face.in_thread(interrupt)
            assert transaction.is_current()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert seen == [False]
    assert store.begun == {}


def test_blocks_left_in_another_order(store: Store, face: SyncServiceWrapper[Store]) -> None:
    outer, inner = face.transaction(), face.transaction()
    outer.__enter__()
    entered = inner.__enter__()
    outer.__exit__(None, None, None)
    assert entered.is_current()
    inner.__exit__(None, None, None)
    del store


def test_context_variables_of_the_block_are_taken_back(face: SyncServiceWrapper[Store]) -> None:
    base = VALUE.get()
    with face.transaction():
        assert (VALUE.get(), face.value()) == (base + 1, base + 1)
        with face.transaction():
            assert (VALUE.get(), face.value()) == (base + 2, base + 2)
        assert (VALUE.get(), face.value()) == (base + 1, base + 1)
    assert (VALUE.get(), face.value()) == (base, base)


def test_a_block_that_is_never_left_ends_with_its_object(
    store: Store, face: SyncServiceWrapper[Store]
) -> None:
    face.transaction().__enter__()
    gc.collect()
    face.insert("outside")
    assert store.rows == ["outside"]


def test_many_blocks(store: Store, face: SyncServiceWrapper[Store]) -> None:
    with ExitStack() as blocks:
        for number in range(20):
            blocks.enter_context(face.transaction())
            face.insert(str(number))
    assert store.rows == [str(number) for number in range(20)]
    assert store.begun == {}


def test_a_child_has_tasks_of_its_own(face: SyncServiceWrapper[Store]) -> None:
    with face.transaction():
        assert in_child(face.value) == str(VALUE.get())
