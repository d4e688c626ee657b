"""Functions that an async object calls with objects of its own."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import threading
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from pywats import SyncServiceWrapper
from pywats.sync import ReentrantCallError, SyncFace, in_thread, sync_face, unwrap
from tests.sync.faces.crossing import handlers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sync.faces.crossing.handlers import Client


@sync_face(handlers.Message)
class SyncMessage(SyncFace[handlers.Message]):
    """A typed face."""


@sync_face(handlers.Client, nested=[SyncMessage])
class SyncClient(SyncFace[handlers.Client]):
    """A typed face."""


class Threads:
    def __init__(self) -> None:
        self.made: Any = None

    async def thread(self) -> int:
        return threading.get_ident()

    def decorator(self) -> Callable[[], int]:
        def decorate() -> int:
            return threading.get_ident()

        self.made = decorate
        return decorate

    def decorated(self, function: Callable[[], int]) -> Callable[[], int]:
        def call() -> int:
            return function()

        return call

    def is_made(self, function: object) -> bool:
        return function is self.made


@pytest.fixture(params=[SyncServiceWrapper, SyncClient])
def client(request: pytest.FixtureRequest) -> Any:
    return request.param(handlers.Client())


def test_a_plain_function_gets_faces(client: Any) -> None:
    seen: list[Any] = []

    def told(of: Any, message: Any, *, text: str) -> None:
        seen.append((of is client, isinstance(message, SyncFace), message.data, message.size()))
        assert text == "plain"
        with pytest.raises(ReentrantCallError, match="in_thread"):
            message.acknowledge()

    client.on(told)
    client.fire("hello")
    assert seen == [(True, True, "hello", 5)]
    assert unwrap(client).acknowledged == []


class Teller:
    """Is called with a message, and has a method for the same."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def __call__(self, _: Any, message: Any, *, text: str) -> None:
        self.seen.append((isinstance(message, SyncFace), message.size(), text))

    def tell(self, of: Any, message: Any, *, text: str) -> None:
        self(of, message, text=text)


@pytest.mark.parametrize(
    "made",
    [
        lambda teller: teller.tell,
        functools.partial,
        lambda teller: functools.partial(teller.tell),
        lambda teller: functools.partial(functools.partial(teller)),
        lambda teller: functools.cache(teller.tell),
    ],
)
def test_so_does_what_is_made_of_a_function(client: Any, made: Callable[[Teller], Any]) -> None:
    teller = Teller()
    client.on(made(teller))
    client.fire("hello")
    assert teller.seen == [(True, 5, "plain")]


def test_another_object_that_can_be_called_goes_in_as_it_is(client: Any) -> None:
    # The async object may use its other attributes, and compare it with others.
    teller = Teller()
    client.on(teller)
    client.fire("hello")
    assert [seen[0] for seen in teller.seen if isinstance(seen, tuple)] == [False]


def by_argument(client: Any, callback: Callable[..., Any]) -> Callable[..., Any]:
    kept: Callable[..., Any] = client.on(callback)
    return kept


def by_decorator(client: Any, callback: Callable[..., Any]) -> Callable[..., Any]:
    kept: Callable[..., Any] = client.when("hello")(callback)
    assert unwrap(client).texts == ["hello"]
    return kept


def by_assignment(client: Any, callback: Callable[..., Any]) -> Callable[..., Any]:
    client.on_message = callback
    kept: Callable[..., Any] = client.on_message
    return kept


WAYS = [by_argument, by_decorator, by_assignment]


@pytest.mark.parametrize("register", WAYS)
def test_however_it_is_registered_it_gets_faces_and_stays_the_caller_s(
    client: Any, register: Callable[[Any, Any], Any]
) -> None:
    seen: list[Any] = []

    def told(of: Any, message: Any, *, text: str) -> None:
        seen.append((of is client, isinstance(message, SyncFace), message.size(), text))

    assert register(client, told) is told
    client.fire("hello")
    assert seen == [(True, True, 5, "plain")]


@pytest.mark.parametrize("register", WAYS)
def test_however_it_is_registered_it_may_run_in_a_thread(
    client: Any, register: Callable[[Any, Any], Any]
) -> None:
    def told(of: Any, message: Any, *, text: str) -> str:
        assert of is client
        message.acknowledge()
        return text

    callback = in_thread(told)
    assert register(client, callback) is callback
    assert client.fire("hello") == ["plain"]
    assert unwrap(client).acknowledged == ["hello"]


@pytest.mark.parametrize("register", WAYS)
def test_however_it_is_registered_a_coroutine_function_gets_the_objects(
    client: Any, register: Callable[[Any, Any], Any]
) -> None:
    async def told(of: Client, message: handlers.Message, *, text: str) -> str:
        assert of is unwrap(client)
        await message.acknowledge()
        return text

    assert register(client, told) is told
    assert client.fire("hello") == ["plain"]
    assert unwrap(client).acknowledged == ["hello"]


def test_what_is_assigned_can_be_taken_away(client: Any) -> None:
    client.on_message = module_level
    client.on_message = None
    assert client.on_message is None
    assert client.fire("hello") == []


def test_a_decorator_runs_where_the_object_s_code_runs_and_goes_in_as_what_it_was() -> None:
    desk: Any = SyncServiceWrapper(Threads())
    decorate = desk.decorator()
    assert decorate.__name__ == "decorate"
    assert decorate() == desk.thread()
    assert desk.is_made(decorate)


def test_what_is_made_of_the_caller_s_function_is_called_where_the_caller_is() -> None:
    desk: Any = SyncServiceWrapper(Threads())
    for given in (threading.get_ident, lambda: threading.get_ident()):  # noqa: PLW0108 - a function of the caller's
        assert desk.decorated(given)() == threading.get_ident() != desk.thread()


def test_in_a_thread_it_may_call_what_it_gets(client: Any) -> None:
    def told(of: Any, message: Any, *, text: str) -> str:
        assert of is client
        message.acknowledge()
        return text

    client.on(in_thread(told))
    assert client.fire("hello") == ["plain"]
    assert unwrap(client).acknowledged == ["hello"]


def test_a_coroutine_function_gets_the_objects_themselves(client: Any) -> None:
    async def told(of: Client, message: handlers.Message, *, text: str) -> None:
        assert of is unwrap(client)
        assert text == "plain"
        await message.acknowledge()

    @functools.wraps(told)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        return told(*args, **kwargs)

    for each in (told, functools.partial(told), decorated):
        client.on(each)
        assert unwrap(client).handlers[-1] is each
    client.fire("hello")
    assert unwrap(client).acknowledged == ["hello"] * 3


class Station:
    def told(self, _client: Any, message: Any, **_: Any) -> Any:
        return message


def module_level(_client: Any, message: Any, **_: Any) -> Any:
    return message


@pytest.mark.parametrize(
    "callback",
    [
        module_level,
        Station().told,
        functools.partial(module_level),
        lambda _client, message, **_: message,
        in_thread(module_level),
    ],
)
def test_it_can_be_removed_again_and_comes_out_as_it_went_in(
    client: Any, callback: Callable[..., Any]
) -> None:
    assert client.on(callback) == callback
    # What it returns goes in as the object.
    assert client.fire("hello") == [client.last]
    assert type(unwrap(client).last) is handlers.Message
    (kept,) = unwrap(client).handlers
    assert inspect.signature(kept) == inspect.signature(callback)
    client.off(callback)
    assert unwrap(client).handlers == []


class Archive:
    def keep(self, _client: Any, message: Any, **_: Any) -> Any:
        return message

    async def aclose(self) -> None:
        """Have an async member, so that there is a face."""


def test_a_method_of_a_face_is_a_callback_like_any_other(client: Any) -> None:
    client.on(SyncServiceWrapper(Archive()).keep)
    of = unwrap(client)
    message = handlers.Message(of, "hello")
    (kept,) = of.handlers
    assert kept(of, message, text="plain") is message


def test_what_a_function_of_the_package_gets_stays_as_it_is() -> None:
    wrapper = SyncServiceWrapper(asyncio.Event())
    assert wrapper._outward.inward(asyncio.sleep) is asyncio.sleep
    assert wrapper._outward.inward(asyncio.iscoroutine) is asyncio.iscoroutine


def test_what_stands_for_a_callback_goes_with_it(client: Any) -> None:
    def told(*_: Any, **__: Any) -> None:
        """Do nothing."""

    gone = weakref.ref(told)
    client.on(told)
    client.off(told)
    del told
    gc.collect()
    assert gone() is None
