"""Results that can be awaited, entered or iterated over: what is done decides."""

from __future__ import annotations

import _thread
import asyncio
import dis
import itertools
import threading
from contextlib import ExitStack, asynccontextmanager
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.sync import SyncFace, awaited, entering, sync_face, unawaited, unwrap
from pywats.sync.faces.call_site import attribute_after, beginnings, use_after
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator

    from tests.tracing import Spans

RETRIES = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=3, max_backoff=0.001))


class Acquiring:
    """As asyncpg's: awaited or entered, with attributes besides."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def __await__(self) -> Generator[Any, None, str]:
        return self._acquire("awaited").__await__()

    async def __aenter__(self) -> str:
        return await self._acquire("entered")

    async def __aexit__(self, *_: object) -> None:
        self.pool.log.append("released")

    async def _acquire(self, how: str) -> str:
        await asyncio.sleep(0)
        if self.pool.failures:
            self.pool.failures -= 1
            self.pool.log.append("refused")
            raise ConnectionError("refused")
        self.pool.log.append(how)
        return "connection"


class Cursor:
    """What awaiting a query gives."""

    async def fetch(self) -> int:
        return 0


class Query:
    """As asyncpg's cursor factory: awaited or iterated over."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def __await__(self) -> Generator[Any, None, Cursor]:
        return self._open().__await__()

    async def _open(self) -> Cursor:
        self.pool.log.append("opened")
        return Cursor()

    async def __aiter__(self) -> AsyncIterator[int]:
        self.pool.log.append("iterated")
        for number in range(3):
            await asyncio.sleep(0)
            yield number


class Call:
    """As a call of gRPC: one request, whose outcome stays."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.parts: list[str] = []
        pool.log.append("begun")

    def __await__(self) -> Generator[Any, None, list[str]]:
        return self._end().__await__()

    async def _end(self) -> list[str]:
        await asyncio.sleep(0)
        if self.pool.failures:
            self.pool.failures -= 1
            raise ConnectionError("unavailable")
        return self.parts

    async def write(self, part: str) -> None:
        self.parts.append(part)

    def cancel(self) -> bool:
        return True


class Client:
    """As a connection: awaiting it gives itself."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def __await__(self) -> Generator[Any, None, Self]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        if "open" in self.log:
            raise RuntimeError("it is open")
        self.log.append("open")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.log.append("closed")

    async def query(self) -> str:
        assert self.log == ["open"]
        return "row"


class Pool:
    """Has methods with such results."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.failures = 0
        self.made: list[int] = []

    def acquire(self) -> Acquiring:
        return Acquiring(self)

    def query(self) -> Query:
        return Query(self)

    def call(self) -> Call:
        return Call(self)

    def connect(self) -> Client:
        return Client()

    async def plain(self) -> int:
        return 1

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[str]:
        self.log.append("borrowed")
        if self.failures:
            self.failures -= 1
            raise ConnectionError("refused")
        yield "loan"


@sync_face(Pool)
class SyncPool(SyncFace[Pool]):
    """A typed face."""


@pytest.fixture(params=[SyncServiceWrapper, SyncPool])
def pool(request: pytest.FixtureRequest) -> Any:
    return request.param(Pool(), RETRIES)


def test_called_plainly_it_is_awaited(pool: Any, spans: Spans) -> None:
    assert pool.acquire() == "connection"
    pool.acquire()
    kept = [pool.acquire() for _ in range(2)]
    assert kept == ["connection"] * 2

    def returned() -> Any:
        return pool.acquire()

    assert returned() == "connection"
    assert unwrap(pool).log == ["awaited"] * 5
    assert [span.name for span in spans.finished] == ["pool.acquire"] * 5


def test_in_with_it_is_entered(pool: Any, spans: Spans) -> None:
    for _ in range(2):
        with pool.acquire() as connection:
            assert connection == "connection"
    with pool.acquire() as first, pool.acquire() as second:
        assert first == second
    with (
        pool.acquire(),
    ):
        pass
    assert unwrap(pool).log.count("entered") == unwrap(pool).log.count("released") == 5
    assert "awaited" not in unwrap(pool).log
    assert spans.finished[0].name == "pool.acquire.enter"


def test_in_for_it_is_iterated_over(pool: Any) -> None:
    for _ in range(2):
        seen = []
        for number in pool.query():
            seen.append(number)  # noqa: PERF402 - a loop as users write it
        assert seen == [0, 1, 2]
    assert [number for number in pool.query()] == [0, 1, 2]  # noqa: C416 - a comprehension is another statement

    def each() -> Generator[int, None, None]:
        yield from pool.query()

    assert list(each()) == [0, 1, 2]
    assert unwrap(pool).log == ["iterated"] * 4


def test_what_was_awaited_can_be_iterated_over_later() -> None:
    pool = SyncServiceWrapper(Pool())
    cursor = pool.query()
    assert cursor.fetch() == 0
    assert list(cursor) == list(pool.query()) == [0, 1, 2]
    assert sum(pool.query()) == 3
    assert isinstance(unwrap(cursor), Cursor)


def test_retries_make_a_new_one(pool: Any) -> None:
    unwrap(pool).failures = 2
    assert pool.call() == []
    assert unwrap(pool).log == ["begun"] * 3
    unwrap(pool).log.clear()
    unwrap(pool).failures = 2
    with pool.acquire():
        pass
    assert unwrap(pool).log == ["refused", "refused", "entered", "released"]
    unwrap(pool).log.clear()
    unwrap(pool).failures = 2
    with pool.borrowed() as loan:
        assert loan == "loan"
    assert unwrap(pool).log == ["borrowed"] * 3


def test_a_stack_enters_what_entering_returns(pool: Any) -> None:
    with ExitStack() as stack:
        assert stack.enter_context(entering(pool.acquire)) == "connection"
    assert unwrap(pool).log == ["entered", "released"]


def test_a_client_that_was_awaited_is_not_awaited_again_by_with() -> None:
    pool = SyncServiceWrapper(Pool())
    client = pool.connect()
    assert client.query() == "row"
    with client as entered:
        assert entered is client
    assert unwrap(client).log == ["open", "closed"]
    with pool.connect() as client:
        assert client.query() == "row"
    assert unwrap(client).log == ["open", "closed"]
    # Leaving it does not count as awaiting.
    with pytest.raises(RuntimeError, match="it is open"), client:
        pass


def test_unawaited_gives_the_methods_of_a_call(pool: Any) -> None:
    call = unawaited(pool.call)
    call.write("a")
    call.write("b")
    assert call.cancel()
    assert awaited(call) == ["a", "b"]
    unwrap(pool).failures = 1
    with pytest.raises(ConnectionError) as caught:
        awaited(unawaited(pool.call))
    assert len(caught.value.attempts) == 1  # type: ignore[attr-defined]  # set by the engine
    with pytest.raises(TypeError, match="plain returns a coroutine, which can only be awaited"):
        unawaited(pool.plain)
    with pytest.raises(TypeError, match="must be a method of a synchronous face"):
        unawaited(len)


def test_a_call_of_the_face_itself_can_stay_unawaited() -> None:
    holder = Pool()

    def begin() -> Coroutine[Any, Any, None] | Call:
        return Call(holder)

    call = unawaited(SyncServiceWrapper(begin))
    call.write("a")
    assert awaited(call) == ["a"]


def test_the_statement_is_found_through_other_functions() -> None:
    pool = SyncServiceWrapper(Pool())

    def decorated(function: Callable[[], Any]) -> Any:
        return function()

    assert decorated(pool.acquire) == "connection"
    assert list(map(decorated, [pool.acquire])) == ["connection"]
    assert unwrap(pool).log == ["awaited"] * 2


STATEMENTS = {
    "with f() as x: pass": "with",
    "with f() as (x, *y): pass": "with",
    "with f(*a, **k): pass": "with",
    "with f(1, b=2) as x.attribute: pass": "with",
    "with (c := f()): pass": "with",
    "with (f() if a else b) as x: pass": "with",
    "with (b if a else f()) as x: pass": "with",
    "with f(): return 1": "with",
    "with open(a), f() as x: pass": "with",
    "for x in f(): pass": "for",
    "for x, (y, z) in f(): pass": "for",
    "for x in (c := f()): pass": "for",
    "return [x for x in f()]": "for",
    "return {x: y for x, y in f()}": "for",
    "yield from f()": "for",
    "x = yield from f()": "for",
    "return f()": "other",
    "f()": "other",
    "x = f()": "other",
    "x = y = f()": "other",
    "with (yield f()): pass": "other",
    "with open(f()): pass": "other",
    "for x in enumerate(f()): pass": "other",
    "x, y = f()": "other",
    "print(*f())": "other",
    "for x in b: f()": "other",
    "z = b; print((c := f()), [x for x in z])": "other",
    "with a: f()": "other",
    "async with f(): pass": "other",
    "async for x in f(): pass": "other",
    "await f()": "other",
    "assert f()": "other",
    "if f(): pass": "other",
    "raise f()": "other",
    "x.y = f()": "other",
    "x[f()] = 1": "other",
    "lambda: f()": "other",
}
"""What a statement does with the result of f()."""


def uses_of(statement: str) -> list[str]:
    """Return what `use_after` says of each call of f in a statement."""
    begin = "async def" if statement.startswith(("async ", "await ")) else "def"
    code = compile(f"{begin} g(a, b, k):\n global f\n {statement}", "<statement>", "exec")
    found: dict[tuple[int | None, int | None], str] = {}
    waiting = [code]
    while waiting:
        code = waiting.pop()
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
        text = f" {statement}"
        for each in dis.get_instructions(code):
            where = each.positions
            if where and where.lineno == 3 and each.opname.startswith("CALL"):
                called = text[where.col_offset : where.end_col_offset]
                if called.startswith("f(") and called.endswith(")") and called.count("(") == 1:
                    # Calls of __exit__ come later and stand at the same place.
                    span = (where.col_offset, where.end_col_offset)
                    found.setdefault(span, use_after(code, each.offset))
    return list(found.values())


@pytest.mark.parametrize(("statement", "use"), STATEMENTS.items())
def test_what_a_statement_does_with_a_result(statement: str, use: str) -> None:
    assert set(uses_of(statement)) == {use}


def as_python_3_14(instructions: Iterable[dis.Instruction]) -> Iterator[dis.Instruction]:
    """Yield instructions in the way of a Python without BEFORE_WITH, as its dis shows them."""
    for each in instructions:
        number = {"BEFORE_WITH": 0, "BEFORE_ASYNC_WITH": 2}.get(each.opname)
        if number is None:
            yield each
            continue
        yield each._replace(opname="COPY", arg=1)
        yield each._replace(opname="LOAD_SPECIAL", arg=number + 1)
        yield each._replace(opname="SWAP", arg=2)
        yield each._replace(opname="SWAP", arg=3)
        yield each._replace(opname="LOAD_SPECIAL", arg=number)
        yield each._replace(opname="CALL", arg=0)


@pytest.fixture
def instructions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Return a function that has another one change what dis shows."""
    of = dis.get_instructions

    def change(way: Callable[[Iterable[dis.Instruction]], Iterator[dis.Instruction]]) -> None:
        monkeypatch.setattr(dis, "get_instructions", lambda code: way(of(code)))
        beginnings.cache_clear()

    yield change
    beginnings.cache_clear()


@pytest.mark.parametrize(("statement", "use"), STATEMENTS.items())
def test_a_python_that_looks_up_enter_and_exit_by_an_instruction_each(
    statement: str, use: str, instructions: Callable[[Any], None]
) -> None:
    if "BEFORE_WITH" in dis.opmap:
        instructions(as_python_3_14)
    assert set(uses_of(statement)) == {use}


def test_where_the_compiler_shows_nothing_in_common_results_are_awaited(
    instructions: Callable[[Any], None],
) -> None:
    numbers = itertools.count()

    def unknown(given: Iterable[dis.Instruction]) -> Iterator[dis.Instruction]:
        for each in given:
            call = each.opname.startswith("CALL")
            yield each if call else each._replace(opname=f"NEW_{next(numbers)}")

    instructions(unknown)
    pool = SyncServiceWrapper(Pool())
    with pytest.raises(TypeError, match="context manager"), pool.acquire():
        pass
    assert [number for number in pool.query()] == [0, 1, 2]  # noqa: C416 - as users write it
    assert unwrap(pool).log == ["awaited", "opened", "iterated"]


def test_a_call_that_no_python_code_makes_is_awaited() -> None:
    class Opened(Query):
        async def _open(self) -> Cursor:
            try:
                return await super()._open()
            finally:
                opened.set()

    class Service:
        def query(self) -> Query:
            return Opened(Pool())

    opened = threading.Event()
    face = SyncServiceWrapper(Service())
    # The new thread begins in the face: no other code is below it.
    _thread.start_new_thread(face.query, ())
    assert opened.wait(HANGS)


def test_an_object_that_is_entered_without_await() -> None:
    class Session:
        def __enter__(self) -> Self:
            log.append("entered")
            return self

        def __exit__(self, *_: object) -> None:
            log.append("left")

        async def read(self) -> int:
            return 1

    log: list[str] = []
    with SyncServiceWrapper(Session()) as session:
        assert session.read() == 1
        assert log == ["entered"]
    assert log == ["entered", "left"]


def test_a_context_that_may_have_been_entered_is_not_entered_again() -> None:
    class Session:
        async def __aenter__(self) -> None:
            entered.append(True)
            raise CallTimeoutError("cut off", may_have_been_executed=True)

        async def __aexit__(self, *_: object) -> None:
            raise AssertionError("never entered")

    class Service:
        def session(self) -> Session:
            return Session()

    entered: list[bool] = []
    with (
        pytest.raises(CallTimeoutError) as caught,
        SyncServiceWrapper(Service(), RETRIES).session(),
    ):
        pass
    assert entered == [True]
    assert vars(caught.value)["stop_reason"] == "unsafe_to_repeat"


class Select:
    """A query that is built call by call, as those of object-relational mappers are."""

    def __init__(self, *conditions: str) -> None:
        self.conditions = conditions

    def where(self, condition: str) -> Select:
        return Select(*self.conditions, condition)

    def __await__(self) -> Generator[Any, None, list[str]]:
        return self.run().__await__()

    async def run(self) -> list[str]:
        await asyncio.sleep(0)
        return list(self.conditions)

    async def count(self) -> int:
        return len(await self.run())


SelfType = TypeVar("SelfType", bound="ByVariable")


class ByVariable(Select):
    def where(self, condition: str) -> Self:
        return type(self)(*self.conditions, condition)


class BySelf(Select):
    def where(self, condition: str) -> Self:
        return type(self)(*self.conditions, condition)


class Evaluated(Select):
    """Its annotations are no strings, as in a module without ``from __future__``."""

    def where(self, condition: str) -> Evaluated:
        return type(self)(*self.conditions, condition)


class Iterated(BySelf):
    async def __aiter__(self) -> AsyncIterator[str]:
        for each in await self.run():
            yield each.upper()


class Begun(BySelf):
    """A connection: what is taken of it is there once it was awaited."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class Table:
    def __init__(self, kind: Callable[[], Select]) -> None:
        self.kind = kind

    def select(self) -> Any:
        return self.kind()


@pytest.mark.parametrize(
    "annotations",
    [{"return": Evaluated}, {"return": Self}, {"self": SelfType, "return": SelfType}],
    ids=["class", "Self", "variable"],
)
def test_annotations_that_were_evaluated_tell_a_query(annotations: dict[str, object]) -> None:
    class Query(Evaluated):
        where = FunctionType(Evaluated.where.__code__, globals())

    Query.where.__annotations__ = annotations
    assert SyncServiceWrapper(Table(Query)).select().where("a").where("b") == ["a", "b"]


def test_nothing_is_taken_of_a_result_at_the_end_of_code() -> None:
    code = compile("f()", "<code>", "exec")
    *_, last = dis.get_instructions(code)
    assert attribute_after(code, last.offset) == ""


@pytest.mark.parametrize("kind", [Select, ByVariable, BySelf, Iterated])
def test_a_query_is_built_call_by_call(kind: type[Select]) -> None:
    table = SyncServiceWrapper(Table(kind))
    assert table.select() == []
    assert table.select().where("a").where("b") == ["a", "b"]
    assert table.select().where("a").run() == ["a"]
    # A list has `count`, too.
    assert table.select().where("a").count() == 1
    rows = table.select().where("a")
    rows.append("b")
    assert rows == ["a", "b"]


def test_what_is_built_is_iterated_over() -> None:
    table = SyncServiceWrapper(Table(Iterated))
    assert [each for each in table.select().where("a")] == ["A"]  # noqa: C416 - the statement counts


def test_an_attribute_that_a_query_has_not_is_of_its_result() -> None:
    table = SyncServiceWrapper(Table(Select))
    assert table.select().where("a").index("a") == 0


def test_what_can_be_entered_is_awaited_before_an_attribute_is_taken() -> None:
    table = SyncServiceWrapper(Table(Begun))
    assert table.select().index is not None
    with pytest.raises(AttributeError, match="where"):
        table.select().where("a")
