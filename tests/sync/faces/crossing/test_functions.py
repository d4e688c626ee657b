"""Async functions that come out of an object, and methods of faces that go into one."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from pywats import SyncServiceWrapper
from pywats.sync import (
    ReentrantCallError,
    SyncFace,
    entering,
    face_of,
    in_thread,
    sync_face,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.tracing import Spans


class Other:
    """Another object, whose methods its owner hands out."""

    async def double(self, number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number


class Desk:
    """Hands out functions of all kinds, and calls those that it is given."""

    def __init__(self) -> None:
        self.other = Other()
        self.handler: Callable[..., Any] | None = None

    async def add(self, number: int, by: int = 1) -> int:
        """Add a number."""
        await asyncio.sleep(0)
        return number + by

    def twice(self, number: int) -> int:
        return 2 * number

    async def nested(self) -> Callable[[int], Awaitable[int]]:
        async def triple(number: int) -> int:
            await asyncio.sleep(0)
            return 3 * number

        return triple

    def own(self) -> Callable[[int], Awaitable[int]]:
        return self.add

    def of_another(self) -> Callable[[int], Awaitable[int]]:
        return self.other.double

    def bound(self) -> Callable[[], Awaitable[int]]:
        return functools.partial(self.add, 5, by=5)

    def decorated(self) -> Callable[[int], Awaitable[int]]:
        @functools.wraps(self.add)
        def add(number: int) -> Awaitable[int]:
            return self.add(number)

        return add

    async def counter(self) -> Callable[[int], AsyncIterator[int]]:
        async def count(to: int) -> AsyncIterator[int]:
            for number in range(to):
                yield number

        return count

    def table(self) -> dict[str, list[Callable[[int], Any]]]:
        return {"async": [self.add], "plain": [self.twice]}

    async def each(self) -> AsyncIterator[Callable[[int], Awaitable[int]]]:
        yield self.add
        yield self.other.double

    async def itself(self) -> AsyncIterator[Desk]:
        yield self

    def on(self) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            self.handler = function
            return function

        return decorate

    def keep(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.handler = function
        return function

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        result = function(*args)
        return await result if inspect.isawaitable(result) else result

    async def call_all(self, functions: dict[str, list[Callable[..., Any]]], number: int) -> Any:
        return {
            name: [await self.call(each, number) for each in listed]
            for name, listed in functions.items()
        }

    async def is_own(self, function: Callable[..., Any]) -> bool:
        return function == self.add


@sync_face(Other)
class SyncOther(SyncFace[Other]):
    """A typed face."""


@sync_face(Desk, nested=[SyncOther])
class SyncDesk(SyncFace[Desk]):
    """A typed face, with a method of its own."""

    def shout(self, text: str) -> str:
        return text.upper()


@pytest.fixture(params=[SyncServiceWrapper, SyncDesk])
def desk(request: pytest.FixtureRequest) -> Any:
    return request.param(Desk(), name="desk")


@pytest.mark.parametrize(
    ("method", "args", "expected"),
    [
        ("nested", (4,), 12),
        ("own", (4,), 5),
        ("of_another", (4,), 8),
        ("bound", (), 10),
        ("decorated", (4,), 5),
    ],
)
def test_an_async_function_that_comes_out_is_called_without_await(
    desk: Any, method: str, args: tuple[int, ...], expected: int
) -> None:
    assert getattr(desk, method)()(*args) == expected


def test_so_is_one_of_an_object_for_which_no_face_is_declared(spans: Spans) -> None:
    @sync_face(Desk)
    class Alone(SyncFace[Desk]):
        """A typed face, and no other one."""

    desk: Any = Alone(Desk(), name="desk")
    assert desk.of_another()(4) == 8
    assert [span.name for span in spans.finished] == ["desk.of_another.double"]


def test_so_is_one_that_is_an_async_generator_function(desk: Any) -> None:
    assert list(desk.counter()(3)) == [0, 1, 2]


def test_a_plain_function_comes_out_as_it_is(desk: Any) -> None:
    functions = desk.table()
    assert functions["plain"] == [unwrap(desk).twice]
    assert [each(4) for each in functions["async"]] == [5]


def test_its_calls_have_spans_and_the_name_of_where_it_came_from(spans: Spans) -> None:
    desk: Any = SyncServiceWrapper(Desk(), name="desk")
    add, triple = desk.own(), desk.nested()
    double = desk.of_another()
    assert (add.__name__, add.__doc__) == ("add", "Add a number.")
    assert str(inspect.signature(add)) == "(number: 'int', by: 'int' = 1) -> 'int'"
    assert [add(1), triple(1), double(1)] == [2, 3, 2]
    names = [span.name for span in spans.finished]
    assert names == ["desk.nested", "desk.add", "desk.nested.triple", "other.double"]


def test_functions_come_out_of_an_iteration_whose_face_nobody_kept() -> None:
    made: Any = SyncServiceWrapper
    functions = made(Desk()).each()
    gc.collect()
    assert [each(4) for each in functions] == [5, 8]
    (itself,) = made(Desk()).itself()
    gc.collect()
    assert itself.add(1) == 2


def test_the_caller_s_own_function_comes_back_as_it_is(desk: Any) -> None:
    async def handler(number: int) -> int:
        return number

    class Mine:
        async def handle(self, number: int) -> int:
            return number

    mine = Mine()
    for each in (handler, mine.handle, functools.partial(handler, 1)):
        assert desk.keep(each) == each
        assert unwrap(desk).handler == each
    assert desk.on()(handler) is handler
    assert desk.call(unwrap(desk).handler, 4) == 4


@pytest.mark.parametrize("name", ["add", "twice"])
def test_a_method_of_a_face_goes_in_as_that_of_the_object(desk: Any, name: str) -> None:
    method = getattr(desk, name)
    expected = method(4)
    assert desk.call(method, 4) == expected
    assert desk.call(functools.partial(method, 4)) == expected
    assert desk.call_all({"here": [method, functools.partial(method)]}, 4) == {
        "here": [expected, expected]
    }
    assert desk.keep(method)(4) == expected
    assert unwrap(desk).handler == getattr(unwrap(desk), name)


def test_a_function_that_came_out_goes_in_as_what_it_was(desk: Any) -> None:
    assert desk.is_own(desk.own())
    assert desk.is_own(desk.add)
    assert desk.call(desk.nested(), 4) == 12
    assert desk.call_all(desk.table(), 4) == {"async": [5], "plain": [8]}


def test_a_method_that_a_face_defines_itself_goes_in_as_it_is() -> None:
    desk = SyncDesk(Desk())
    call: Any = desk.call  # type: ignore[attr-defined]  # the stub would have it
    assert call(desk.shout, "hello") == "HELLO"


@pytest.mark.parametrize("of", ["object", "another object"])
def test_a_callback_may_call_the_async_functions_that_it_is_given_in_a_thread(
    desk: Any, of: str
) -> None:
    other = desk.other
    given = unwrap(desk).add if of == "object" else unwrap(other).double

    def callback(function: Callable[[int], int]) -> int:
        return function(4)

    assert desk.call(in_thread(callback), given) == given_plainly(given, 4)
    with pytest.raises(ReentrantCallError, match="in_thread"):
        desk.call(callback, given)
    # A method of the object that was handed in is still one of the object's.
    assert desk.own()(4) == 5


def given_plainly(function: Callable[[int], Any], number: int) -> Any:
    return asyncio.run(function(number))


def test_what_can_be_entered_or_left_unawaited_is_a_method_of_a_face(desk: Any) -> None:
    with pytest.raises(TypeError, match="must be a method of a synchronous face"):
        entering(desk.nested())


def test_face_of_takes_functions_too(desk: Any) -> None:
    assert face_of(desk, unwrap(desk).add)(1) == 2
    assert face_of(desk, unwrap(desk).twice) == unwrap(desk).twice
