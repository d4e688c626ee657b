"""Everything an async object can have, over the portal runner."""

from __future__ import annotations

import asyncio
import functools
import gc
import pydoc
import weakref
from contextlib import asynccontextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import pytest

from pywats import SyncConfig, SyncServiceWrapper
from pywats.errors import WATSError
from pywats.sync import (
    DirectRunner,
    SyncFace,
    awaited,
    entering,
    sync_face,
    unwrap,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator

    from tests.tracing import Spans


async def moment() -> None:
    """Suspend, as only a coroutine in an event loop can."""
    await asyncio.sleep(0)


class Connection:
    """Awaitable, and an async context manager, and a client."""

    def __init__(self) -> None:
        self.state = "new"
        self.awaits = 0

    def __await__(self) -> Generator[Any, None, Self]:
        return self._open().__await__()

    async def _open(self) -> Self:
        await moment()
        self.state = "open"
        self.awaits += 1
        return self

    async def __aenter__(self) -> Self:
        return await self

    async def __aexit__(self, *_: object) -> None:
        await moment()
        self.state = "closed"

    async def query(self, text: str) -> str:
        await moment()
        return f"{text} on {self.state}"


class Acquiring:
    """Can be awaited or entered, and nothing else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def __await__(self) -> Generator[Any, None, Connection]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Connection:
        await moment()
        self._pool.out += 1
        return self._pool.connection

    async def __aexit__(self, *_: object) -> None:
        await moment()
        self._pool.out -= 1


class Namespace:
    """Has nothing async of its own but what it holds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @property
    def connection(self) -> Connection:
        return self._pool.connection


class Functions:
    """Has coroutine functions that were made for it."""

    def __init__(self) -> None:
        self.double = self._doubling()

    def _doubling(self) -> Callable[[int], Coroutine[None, None, int]]:
        async def double(number: int) -> int:
            await moment()
            return number * 2

        return double


class Stream:
    """An async iterator with more to it than that."""

    def __init__(self) -> None:
        self.number = 0
        self.ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int:
        await moment()
        if self.number == 3:
            raise StopAsyncIteration
        self.number += 1
        return self.number

    async def aclose(self) -> None:
        self.ended = True

    def progress(self) -> str:
        return f"{self.number} of 3"


class Page:
    """Async iterable, with a length and items too."""

    def __init__(self, *items: int) -> None:
        self.items = list(items)

    async def __aiter__(self) -> AsyncIterator[int]:
        for item in self.items:
            await moment()
            yield item

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> int:
        return self.items[index]

    def __setitem__(self, index: int, value: int) -> None:
        self.items[index] = value

    def __contains__(self, item: object) -> bool:
        return item in self.items

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and self.items == other.items

    __hash__ = None  # type: ignore[assignment]  # as Python sets it itself

    def __str__(self) -> str:
        return f"page of {len(self)}"

    async def next_page(self) -> Page:
        return Page()


class Settings(dict[str, str]):
    """A mapping that can be saved."""

    async def save(self) -> int:
        await moment()
        return len(self)


class Pool:
    """A client with all kinds of members."""

    kind = "pool"

    def __init__(self) -> None:
        self.connection = Connection()
        self.named = Namespace(self)
        self.functions = Functions()
        self.out = 0
        self.calls = 0
        self.callback: Callable[[], str] = lambda: "called back"
        self.later = functools.partial(self._add, 1)
        self.task: asyncio.Future[int] | None = None

    async def _add(self, first: int, second: int) -> int:
        await moment()
        return first + second

    @classmethod
    def of_size(cls, size: int) -> Self:
        pool = cls()
        pool.out = size
        return pool

    @staticmethod
    async def version() -> str:
        await moment()
        return "1"

    add_two = functools.partialmethod(_add, 2)

    @property
    def size(self) -> int:
        return self.out

    @size.setter
    def size(self, value: int) -> None:
        self.out = value

    @property
    async def nodes(self) -> list[str]:
        await moment()
        return ["a", "b"]

    def acquire(self) -> Acquiring:
        return Acquiring(self)

    def connect(self) -> Connection:
        return Connection()

    def soon(self, value: int) -> Awaitable[int]:
        """Return a future, which only a loop can make."""
        self.calls += 1
        future = asyncio.get_running_loop().create_future()
        future.set_result(value)
        return future

    def sometimes(self, *, later: bool) -> Any:
        return self._add(1, 1) if later else "now"

    def plain(self) -> str:
        return "plain"

    async def itself(self) -> Self:
        await moment()
        return self

    async def same(self, connection: Connection) -> bool:
        await moment()
        return connection is self.connection

    async def first(self, *connections: Connection, named: Connection) -> Connection:
        return connections[0] if connections else named

    async def several(self) -> AsyncIterator[Connection]:
        await moment()
        yield self.connection
        yield Connection()

    async def stream(self) -> Stream:
        return Stream()

    def page(self) -> Page:
        return Page(1, 2)

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[Connection]:
        await moment()
        yield self.connection

    async def error(self) -> Exception:
        return ValueError("returned")

    async def settings(self) -> Settings:
        return Settings(a="1")


@pytest.fixture
def pool() -> SyncServiceWrapper[Pool]:
    return SyncServiceWrapper(Pool())


def test_class_methods_static_methods_and_partials(pool: SyncServiceWrapper[Pool]) -> None:
    made = pool.of_size(3)
    assert isinstance(made, SyncServiceWrapper)
    assert made.size == 3
    assert pool.version() == "1"
    assert pool.later(2) == 3
    assert pool.add_two(2) == 4


def test_properties_and_attributes(pool: SyncServiceWrapper[Pool], spans: Spans) -> None:
    pool.size = 2
    assert (pool.size, pool.out, pool.kind) == (2, 2, "pool")
    assert not spans.finished
    assert pool.nodes == ["a", "b"]
    assert [span.name for span in spans.finished] == ["pool.nodes"]


def test_a_property_that_is_awaited_is_read_again_for_another_attempt() -> None:
    class Flaky:
        reads = 0

        @property
        async def value(self) -> int:
            self.reads += 1
            if self.reads < 3:
                raise ConnectionError
            return self.reads

    config = SyncConfig(retry_enabled=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pywats.sync.engine.engine.SystemClock.wait", lambda *_: False, raising=False)
        assert SyncServiceWrapper(Flaky(), config).value == 3


def test_plain_functions_that_return_awaitables(pool: SyncServiceWrapper[Pool]) -> None:
    assert [pool.soon(1), pool.soon(2)] == [1, 2]
    assert pool.calls == 2
    assert [pool.sometimes(later=each) for each in (False, True, False)] == ["now", 2, "now"]


def test_an_attribute_that_holds_a_future_is_not_awaited(pool: SyncServiceWrapper[Pool]) -> None:
    async def later() -> asyncio.Future[int]:
        return asyncio.get_running_loop().create_future()

    class Holding:
        def __init__(self) -> None:
            self.make = later

    assert SyncServiceWrapper(Holding()).make
    assert pool.task is None


def test_held_functions_are_those_of_the_object(pool: SyncServiceWrapper[Pool]) -> None:
    assert pool.callback is unwrap(pool).callback
    assert pool.functions.double(2) == 4


def test_the_same_object_has_the_same_wrapper(pool: SyncServiceWrapper[Pool]) -> None:
    assert pool.connection is pool.connection
    assert pool.named.connection is pool.connection
    assert pool.itself() is pool
    assert next(pool.several()) is pool.connection
    with pool.borrowed() as connection:
        assert connection is pool.connection
    assert pool.connect() is not pool.connection


def test_wrappers_of_nested_objects_do_not_keep_each_other(
    pool: SyncServiceWrapper[Pool],
) -> None:
    connection = pool.connect()
    dead = weakref.ref(unwrap(connection))
    del connection
    gc.collect()
    assert dead() is None


def test_a_wrapper_goes_in_as_its_object(pool: SyncServiceWrapper[Pool]) -> None:
    assert pool.same(pool.connection)
    assert not pool.same(connection=pool.connect())
    assert pool.first(pool.connection, named=pool.connect()) is pool.connection
    assert pool.first(named=pool.connection) is pool.connection
    pool.connection = replacement = pool.connect()
    assert isinstance(unwrap(pool).connection, Connection)
    assert pool.connection is replacement


def test_nested_objects_are_wrapped_wherever_they_come_from(
    pool: SyncServiceWrapper[Pool],
) -> None:
    assert pool.connection.query("select") == "select on new"
    assert [each.query("x") for each in pool.several()] == ["x on new"] * 2
    assert isinstance(pool.error(), ValueError)


def test_spans_of_nested_objects_have_their_own_names(
    pool: SyncServiceWrapper[Pool], spans: Spans
) -> None:
    pool.connection.query("x")
    list(pool.several())
    assert [span.name for span in spans.finished] == [
        "connection.query",
        *["pool.several"] * 3,
    ]


def test_an_awaitable_client_is_awaited_once(pool: SyncServiceWrapper[Pool]) -> None:
    connection = pool.connect()
    assert connection.state == "open"
    assert awaited(connection) is connection
    assert unwrap(connection).awaits == 1
    with connection as entered:
        assert entered is connection
        assert unwrap(connection).awaits == 1
    assert connection.state == "closed"
    raw = SyncServiceWrapper(Connection())
    assert raw.state == "new"
    assert awaited(raw) is raw
    assert raw.state == "open"
    with pool.connect() as entered:
        assert entered.query("x") == "x on open"
    assert entered.state == "closed"
    with pytest.raises(TypeError, match="Pool cannot be awaited"):
        awaited(pool)


def test_what_can_be_awaited_or_entered(pool: SyncServiceWrapper[Pool]) -> None:
    assert pool.acquire() is pool.connection
    assert pool.out == 1
    with entering(pool.acquire) as connection:
        assert connection is pool.connection
        assert pool.out == 2
    assert pool.out == 1
    with pytest.raises(TypeError, match="must be a method of a synchronous face"):
        entering(len)
    with pytest.raises(TypeError, match="double returns a coroutine, which is not an async"):
        entering(pool.functions.double, 2)
    with pytest.raises(TypeError, match="plain returns a str, which is not an async"):
        entering(pool.plain)


def test_unwrap_is_for_isinstance(pool: SyncServiceWrapper[Pool]) -> None:
    assert isinstance(unwrap(pool), Pool)
    assert not isinstance(pool, Pool)
    with pytest.raises(TypeError, match="must be a synchronous face, not Pool"):
        unwrap(Pool())  # type: ignore[arg-type]  # the mistake under test


def test_an_iterator_with_more_to_it(pool: SyncServiceWrapper[Pool]) -> None:
    stream = pool.stream()
    assert next(stream) == 1
    assert stream.progress() == "1 of 3"
    assert next(stream) == 2
    for third in stream:
        assert third == 3
        break
    # As with async for: who has it may go on, and closes it in the end.
    assert not stream.ended
    with pytest.raises(StopIteration):
        next(stream)
    stream.aclose()
    assert stream.ended


def test_an_iterable_with_protocols_of_plain_objects(pool: SyncServiceWrapper[Pool]) -> None:
    page = pool.page()
    assert list(page) == [1, 2]
    page[0] = 7
    assert (len(page), page[0], 2 in page, 3 in page, str(page)) == (2, 7, True, False, "page of 2")
    assert page == Page(7, 2)
    assert page != pool.page()
    assert not page.next_page()
    with pytest.raises(TypeError, match="unhashable"):
        hash(page)
    assert hash(pool) == hash(pool)
    settings = pool.settings()
    assert (list(settings), settings["a"], settings.save()) == (["a"], "1", 1)
    with pytest.raises(TypeError, match="not iterable"):
        iter(pool)
    with pytest.raises(TypeError, match="not callable"):
        pool()


def test_operators_are_those_of_the_object_and_not_of_its_wrapper() -> None:
    class Amount:
        async def fetch(self) -> int:
            return 1

        def __add__(self, other: int) -> int:
            return 1 + other

    amount: Any = SyncServiceWrapper(Amount())
    with pytest.raises(TypeError, match="unsupported operand"):
        _ = amount + 1
    assert unwrap(amount) + 1 == 2


async def greet(name: str) -> str:
    """Greet."""
    await moment()
    return f"hello {name}"


class Greeter:
    async def __call__(self, name: str) -> str:
        return await greet(name)


def test_functions_callables_modules_and_classes_can_be_wrapped(spans: Spans) -> None:
    assert SyncServiceWrapper(greet)("you") == "hello you"
    assert SyncServiceWrapper(functools.partial(greet, "me"))() == "hello me"
    assert SyncServiceWrapper(Greeter())("them") == "hello them"
    module = ModuleType("package.greetings")
    module.greet = greet  # type: ignore[attr-defined]  # as a module has it
    module.connect = Connection  # type: ignore[attr-defined]  # as a module has it
    wrapper = SyncServiceWrapper(module)
    assert wrapper.greet("all") == "hello all"
    assert unwrap(wrapper.connect) is Connection
    assert wrapper.connect().query("x") == "x on open"
    assert repr(wrapper) == "<SyncServiceWrapper of module package.greetings>"
    pools = SyncServiceWrapper(Pool)
    assert pools.version() == "1"
    assert pools().connection.query("x") == "x on new"
    assert repr(pools) == "<SyncServiceWrapper of Pool>"
    assert [span.name for span in spans.finished] == [
        *("greet.call", "partial.call", "greeter.call"),
        *("greetings.greet", "connection.call", "connection.query"),
        *("pool.version", "connection.query"),
    ]


def test_help_shows_what_the_object_can_do(pool: SyncServiceWrapper[Pool]) -> None:
    text = pydoc.plain(pydoc.render_doc(pool))
    assert "A client with all kinds of members." in text
    assert "soon(self, value: 'int') -> 'Awaitable[int]'" in text
    assert "Return a future, which only a loop can make." in text
    assert {"acquire", "kind", "functions"} <= set(dir(pool))


def test_a_wrapper_of_a_wrapper_is_one_of_the_object(pool: SyncServiceWrapper[Pool]) -> None:
    again = SyncServiceWrapper(pool, name="again")
    assert isinstance(unwrap(again), Pool)


def test_a_class_of_ones_own_has_the_members_too() -> None:
    class Mine(SyncServiceWrapper[Pool]):
        """Mine."""

        def version(self) -> str:
            return f"mine and {unwrap(self).kind}"

        def both(self) -> tuple[str, int]:
            return self.version(), self.later(1)

    mine = Mine(Pool())
    assert isinstance(mine, Mine)
    assert mine.both() == ("mine and pool", 2)
    assert not isinstance(mine.connection, Mine)
    assert type(mine) is type(Mine(Pool()))


class Remembered:
    """A descriptor with a cache, as the decorators of caching libraries are."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.known: dict[tuple[object, ...], Any] = {}

    def __get__(self, instance: object, owner: type) -> Remembering:
        return Remembering(self, instance)


class Remembering:
    def __init__(self, cache: Remembered, instance: object) -> None:
        functools.update_wrapper(self, cache.function)
        self.cache = cache
        self.instance = instance

    async def __call__(self, *args: object) -> Any:
        if args not in self.cache.known:
            self.cache.known[args] = await self.cache.function(self.instance, *args)
        return self.cache.known[args]

    def cache_clear(self) -> None:
        self.cache.known.clear()

    async def cache_close(self) -> int:
        await moment()
        return len(self.cache.known)


def test_a_method_with_methods_of_its_own() -> None:
    class Parts:
        reads = 0

        @Remembered
        async def count(self, part: str) -> tuple[str, int]:
            await moment()
            self.reads += 1
            return part, self.reads

    parts = SyncServiceWrapper(Parts())
    assert parts.count("a") == parts.count("a") == ("a", 1)
    assert parts.count.cache_close() == 1
    parts.count.cache_clear()
    assert parts.count("a") == ("a", 2)


def test_an_attribute_of_a_method_hides_a_method_of_its_class() -> None:
    class Labelled(Remembering):
        def cache_close(self) -> Any:
            raise NotImplementedError

    class Parts:
        async def _count(self) -> int:
            await moment()
            return 3

        @property
        def count(self) -> Labelled:
            async def clear() -> str:
                await moment()
                return "cleared"

            made = Labelled(Remembered(Parts._count), self)
            vars(made).update(cache_close="no cache", cache_clear=clear)
            return made

    parts: Any = SyncServiceWrapper(Parts())
    assert parts.count() == 3
    assert parts.count.cache_close == "no cache"
    assert parts.count.cache_clear() == "cleared"


def test_super_in_a_class_of_ones_own_is_the_method_of_the_object() -> None:
    class Mixin:
        def later(self, value: int) -> int:
            return -value

    class Mine(SyncServiceWrapper[Pool]):
        """Mine."""

        def soon(self, value: int) -> int:
            # mypy does not look for __getattr__ in super().
            above: Any = super()
            found: int = above.soon(value)
            return found + 100

    class Further(Mine, Mixin):
        def soon(self, value: int) -> int:
            return super().soon(value) + 1000

    assert Mine(Pool()).soon(1) == SyncServiceWrapper(Pool()).soon(1) + 100
    further = Further(Pool())
    assert further.soon(1) == Mine(Pool()).soon(1) + 1000
    # A mixin hides the method of the object, as it hides an attribute that __getattr__ finds.
    assert further.later(1) == -1
    assert Mine(Pool()).later(1) == 2


def test_attributes_of_spans_come_from_a_hook(
    spans: Spans, caplog: pytest.LogCaptureFixture
) -> None:
    def attributes(method: str, args: tuple[Any, ...], kwargs: Any) -> dict[str, str | int] | None:
        if method == "version":
            raise LookupError(method)
        return {"db.operation": method, "given": len(args) + len(kwargs)} if args else None

    pool = SyncServiceWrapper(Pool(), span_attributes=attributes)
    pool.connection.query("x")
    pool.itself()
    assert pool.version() == "1"
    assert [dict(span.attributes or {}) for span in spans.finished] == [
        {"db.operation": "query", "given": 1},
        {},
        {},
    ]
    told = [each.getMessage() for each in caplog.records if each.name == "pywats.sync"]
    assert told == ["span_attributes failed for version; the call goes on without"]


@sync_face(Connection)
class SyncConnection(SyncFace[Connection]):
    """A typed face."""


@sync_face(Pool, nested=[SyncConnection])
class SyncPool(SyncFace[Pool]):
    """Another one."""


def test_wrap_takes_the_face_that_was_declared() -> None:
    class Bigger(Pool):
        pass

    pool = wrap(Bigger(), SyncConfig(timeout=5), name="big", span_attributes=lambda *_: {})
    assert isinstance(pool, SyncPool)
    assert type(pool.acquire()) is SyncConnection
    assert isinstance(wrap(Stream()), SyncServiceWrapper)
    direct = wrap(Pool(), runner=DirectRunner(), faces={Page: SyncServiceWrapper})
    assert isinstance(direct.page(), SyncServiceWrapper)


def test_wrap_takes_a_function_that_chooses_the_faces() -> None:
    class Book:
        def page(self) -> Page:
            return Page()

        def pages(self) -> int:
            return 1

    book = wrap(Book(), faces=lambda value: SyncServiceWrapper if isinstance(value, Page) else None)
    assert isinstance(book.page(), SyncServiceWrapper)
    assert book.pages() == 1


def test_a_typed_face_leaves_undeclared_objects_as_they_are() -> None:
    pool = SyncPool(Pool())
    assert isinstance(pool.page(), Page)  # type: ignore[attr-defined]  # no stub was generated
    assert list(pool.stream()) == [1, 2, 3]  # type: ignore[attr-defined]  # no stub was generated


def test_an_error_of_a_plain_function_is_as_short() -> None:
    class Failing:
        def fail(self) -> None:
            raise LookupError

    with pytest.raises(LookupError) as caught:
        SyncServiceWrapper(Failing()).fail()
    names = [entry.name for entry in caught.traceback]
    assert names[-1] == "fail"
    assert len(names) <= 5
    assert not isinstance(caught.value, WATSError)


def test_the_items_of_a_plain_iterable_are_wrapped_too() -> None:
    class Cluster:
        def __init__(self) -> None:
            self.nodes = [Connection(), Connection()]

        def __iter__(self) -> Iterator[Connection]:
            return iter(self.nodes)

        async def refresh(self) -> None:
            pass

    assert [node.query("x") for node in SyncServiceWrapper(Cluster())] == ["x on new"] * 2


def test_modules_of_a_wrapped_package_have_faces_and_others_do_not() -> None:
    async def respond() -> int:
        await moment()
        return 42

    package, inside, other = (ModuleType(name) for name in ("sdk", "sdk.files", "another"))
    vars(package).update(files=inside, another=other)
    vars(inside).update(respond=respond)
    vars(other).update(respond=respond)
    face: Any = SyncServiceWrapper(package)
    assert face.files.respond() == 42
    assert face.another is other
