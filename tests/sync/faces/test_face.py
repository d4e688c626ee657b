"""Faces: what they show, what they hand out, and what a call leaves behind."""

from __future__ import annotations

import contextlib
import contextvars
import copy
import gc
import inspect
import pickle
import pydoc
import warnings
from typing import TYPE_CHECKING

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallClosedError
from pywats.sync import Batches, DirectRunner, Engine, SyncFace, sync_face
from pywats.sync.faces.face import reconfigured
from pywats.sync.faces.signatures import with_sync_result
from tests.typing.meters import AsyncMeter, AsyncSlot
from tests.typing.sync_meters import SyncMeter, SyncSlot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from tests.tracing import Spans

RETRIES = SyncConfig(retry_enabled=True, retry=RetryConfig(max_backoff=0.001))
POSITION: contextvars.ContextVar[str] = contextvars.ContextVar("position", default="outside")


def test_dir_help_and_signatures_show_the_methods() -> None:
    meter = SyncMeter(AsyncMeter())
    assert {"measure", "span", "unit", "owner", "version", "put"} <= set(dir(meter))
    # Newer versions of Python write a parameter a line.
    text = " ".join(pydoc.plain(pydoc.render_doc(meter)).replace("|", "").split())
    assert "channel: 'int', /, gain: 'float' = -1.5, *, mode: 'Mode' = <Mode.FAST" in text
    assert "Measure a channel." in text
    assert not inspect.iscoroutinefunction(meter.measure)
    assert str(inspect.signature(SyncMeter.version)) == "(self) -> 'str'"
    assert str(inspect.signature(SyncMeter.for_owner)) == "(self, owner: 'str') -> 'Self'"
    assert inspect.getdoc(SyncMeter.span) == "The range."
    assert inspect.getdoc(SyncMeter.label) == "What is printed on it."
    assert SyncMeter.unit.__doc__ is None
    assert repr(meter) == "<SyncMeter of AsyncMeter>"


def test_annotations_that_cannot_be_looked_up_stay_as_they_are() -> None:
    class Deferred:
        """A function of Python 3.14, whose annotations name what is for type checkers alone."""

        @property
        def __annotations__(self) -> dict[str, object]:  # type: ignore[override]  # as of 3.14
            raise NameError("name 'AsyncIterator' is not defined")

        def __call__(self) -> None: ...

    def method() -> None: ...

    with_sync_result(method, Deferred())
    assert not hasattr(method, "__signature__")


def test_positional_only_parameters_of_a_static_method_stay_so() -> None:
    class Scale:
        @staticmethod
        async def double(number: int, /) -> int:
            return number * 2

    @sync_face(Scale)
    class SyncScale(SyncFace[Scale]):
        pass

    assert list(inspect.signature(vars(SyncScale)["double"]).parameters) == ["self", "number"]
    assert vars(SyncScale)["double"](SyncScale(Scale()), 2) == 4


def test_a_face_is_neither_copied_nor_pickled() -> None:
    meter = SyncMeter(AsyncMeter())
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot pickle or copy <SyncMeter of AsyncMeter>"):
            attempt(meter)


def test_only_what_is_declared_iterable_is() -> None:
    assert list(SyncMeter(AsyncMeter()))
    with pytest.raises(TypeError, match="not iterable"):
        iter(SyncSlot(AsyncSlot(1)))  # type: ignore[call-overload]  # the mistake under test


def test_the_most_specific_face_is_chosen() -> None:
    class BetterSlot(AsyncSlot):
        pass

    class Rack:
        async def slot(self) -> AsyncSlot:
            return BetterSlot(3)

    @sync_face(BetterSlot)
    class SyncBetterSlot(SyncFace[BetterSlot]):
        pass

    rack = SyncServiceWrapper(Rack(), faces={AsyncSlot: SyncSlot, BetterSlot: SyncBetterSlot})
    assert type(rack.slot()) is SyncBetterSlot
    assert type(SyncServiceWrapper(Rack(), faces={AsyncSlot: SyncSlot}).slot()) is SyncSlot


class Flaky:
    """Fails a number of times before each success."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    def later(self) -> Awaitable[int]:
        self.calls += 1

        async def wait() -> int:
            if self.failures:
                self.failures -= 1
                raise ConnectionError
            return self.calls

        return wait()

    def plainly(self) -> Awaitable[int]:
        return Ready()


class Ready:
    """An awaitable that is no coroutine and cannot be closed."""

    def __await__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - a generator is the protocol
        return 7
        yield


def test_a_plain_function_that_returns_an_awaitable_is_called_again_for_each_attempt() -> None:
    flaky = Flaky(2)
    assert SyncServiceWrapper(flaky, RETRIES).later() == 3
    assert flaky.calls == 3
    assert SyncServiceWrapper(flaky, RETRIES).plainly() == 7


def test_an_awaitable_that_is_not_run_is_closed() -> None:
    engine = Engine(SyncConfig(), DirectRunner())
    flaky = SyncServiceWrapper(Flaky(0), engine=engine)
    engine.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(CallClosedError, match=r"flaky\.later was called after close"):
            flaky.later()
        with pytest.raises(CallClosedError):
            flaky.plainly()
        gc.collect()


class Source:
    """Iterators of several kinds."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.failures = 0

    async def items(self, count: int) -> AsyncIterator[int]:
        POSITION.set("inside")
        try:
            for number in range(count):
                self.log.append(POSITION.get())
                yield number
        finally:
            self.log.append("closed")

    async def failing(self) -> AsyncIterator[int]:
        yield 1
        raise ConnectionError("gone")

    def bare(self) -> AsyncIterator[int]:
        return Counter()

    def rows(self) -> Rows:
        return Rows(self)


class Counter:
    """An async iterator that is no generator."""

    def __init__(self) -> None:
        self.number = 0

    def __aiter__(self) -> Counter:
        return self

    async def __anext__(self) -> int:
        self.number += 1
        if self.number > 2:
            raise StopAsyncIteration
        return self.number


class Rows(Batches[int]):
    """Batches of which one fails at first."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.batches = [[1, 2], [3]]

    async def next_batch(self) -> list[int]:
        if self.source.failures:
            self.source.failures -= 1
            raise ConnectionError("gone")
        return self.batches.pop(0) if self.batches else []


def test_a_face_with_other_settings_is_closed_with_the_first() -> None:
    meter = SyncMeter(AsyncMeter(), name="meter")
    other = reconfigured(meter, SyncConfig(timeout=1))
    assert type(other) is SyncMeter
    assert other.reset() is other
    meter._family.engine.close()
    with pytest.raises(CallClosedError):
        other.measure(1)


def test_an_iterator_closed_early_closes_the_async_one() -> None:
    source = Source()
    wrapper = SyncServiceWrapper(source)
    with contextlib.closing(wrapper.items(5)) as items:
        assert next(items) == 0
    assert source.log == ["inside", "closed"]
    for item in wrapper.items(5):
        assert item == 0
        break
    gc.collect()
    assert source.log == ["inside", "closed"] * 2


def test_an_iterator_ends_is_exhausted_and_stays_so() -> None:
    source = Source()
    items = SyncServiceWrapper(source).items(2)
    assert list(items) == [0, 1]
    assert list(items) == []
    assert source.log == ["inside", "inside", "closed"]
    assert list(SyncServiceWrapper(source).bare()) == [1, 2]


def test_context_variables_of_a_generator_are_seen_as_in_plain_code() -> None:
    def run() -> list[str]:
        seen = []
        for _ in SyncServiceWrapper(Source()).items(1):
            seen.append(POSITION.get())
            POSITION.set("body")
        return [*seen, POSITION.get()]

    before = POSITION.get()
    assert contextvars.copy_context().run(run) == ["inside", "body"]
    assert POSITION.get() == before


def test_each_item_is_a_call_and_is_not_retried(spans: Spans) -> None:
    items = SyncServiceWrapper(Source(), RETRIES).failing()
    assert next(items) == 1
    with pytest.raises(ConnectionError, match="gone") as caught:
        next(items)
    assert caught.value.attempts[0].number == 1  # type: ignore[attr-defined]  # set by the engine
    assert len(caught.value.attempts) == 1  # type: ignore[attr-defined]  # set by the engine
    assert [span.name for span in spans.finished] == ["source.failing"] * 2
    with pytest.raises(StopIteration):
        next(items)


def test_each_batch_is_a_call_and_is_retried(spans: Spans) -> None:
    source = Source()
    source.failures = 2
    assert list(SyncServiceWrapper(source, RETRIES).rows()) == [1, 2, 3]
    assert [[event.name for event in span.events] for span in spans.finished] == [
        ["retry", "retry"],
        [],
        [],
    ]


async def test_batches_can_be_iterated_asynchronously_too() -> None:
    source = Source()
    rows = source.rows()
    assert await anext(rows) == 1
    source.failures = 1
    assert await anext(rows) == 2
    with pytest.raises(ConnectionError):
        await anext(rows)
    assert [row async for row in rows] == [3]
    assert [row async for row in rows] == []


def test_a_closed_engine_lets_an_iterator_be_closed_but_not_go_on() -> None:
    source = Source()
    engine = Engine(SyncConfig(), DirectRunner())
    items = SyncServiceWrapper(source, engine=engine).items(3)
    assert next(items) == 0
    engine.close()
    with pytest.raises(CallClosedError):
        next(items)
    assert source.log == ["inside", "closed"]
