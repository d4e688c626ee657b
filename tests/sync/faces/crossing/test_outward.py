"""What comes out of an async object: containers, futures, iterators, coroutines, paginators."""

from __future__ import annotations

import asyncio
import copy
import enum
import functools
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.sync import SyncFace, SyncFuture, awaited, sync_face, unwrap
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
    from contextvars import Context


P = ParamSpec("P")
T = TypeVar("T")


class Node:
    """Has async members."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    async def read(self) -> int:
        await asyncio.sleep(0)
        return self.number


class Pair(NamedTuple):
    first: Node
    second: int


class Nodes(list[Node]):
    """A list with a name."""


class Color(enum.Enum):
    RED = "red"


@dataclass
class Row:
    """Plain data."""

    number: int
    color: Color = Color.RED


@dataclass
class Page:
    """Plain data that holds objects with async members."""

    items: list[Node]


class Cells(dict[str, Node]):
    """A mapping with async members of its own."""

    async def save(self) -> int:
        return len(self)


class Cluster:
    """Hands out what it is asked for."""

    def __init__(self, value: Any = None) -> None:
        self.value = value
        self.node = Node(7)
        self.nodes = [self.node]

    async def get(self) -> Any:
        await asyncio.sleep(0)
        return self.value

    async def is_node(self, *given: Any, **named: Any) -> Any:
        return given, named

    def plain(self) -> Any:
        return self.value


NODE = Node(1)
CONTAINERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "list": ([NODE, 1], lambda value: value[0]),
    "tuple": ((1, NODE), lambda value: value[1]),
    "dict value": ({"a": NODE}, lambda value: value["a"]),
    "dict key": ({NODE: 1}, lambda value: next(iter(value))),
    "set": ({NODE}, lambda value: next(iter(value))),
    "frozenset": (frozenset({NODE}), lambda value: next(iter(value))),
    "deque": (deque([NODE]), lambda value: value.popleft()),
    "ordered": (OrderedDict(a=NODE), lambda value: value["a"]),
    "defaultdict": (defaultdict(list, a=[NODE]), lambda value: value["a"][0]),
    "proxy": (MappingProxyType({"a": NODE}), lambda value: value["a"]),
    "keys": ({NODE: 1}.keys(), lambda value: next(iter(value))),
    "values": ({1: NODE}.values(), lambda value: next(iter(value))),
    "items": ({1: NODE}.items(), lambda value: next(iter(value))[1]),
    "named tuple": (Pair(NODE, 1), lambda value: value.first),
    "subclass": (Nodes([NODE]), lambda value: value[0]),
    "nested": ([{"a": ([NODE],)}], lambda value: value[0]["a"][0][0]),
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_objects_in_containers_have_their_faces(kind: str) -> None:
    held, find = CONTAINERS[kind]
    cluster = SyncServiceWrapper(Cluster(held))
    out = cluster.get()
    assert type(out) is type(held)
    assert out is not held
    face = find(out)
    assert face.read() == 1
    assert unwrap(face) is NODE
    # The same object has the same face, wherever it comes from.
    unwrap(cluster).value = NODE
    assert cluster.get() is face


@pytest.mark.parametrize("kind", CONTAINERS)
def test_faces_in_containers_go_in_as_their_objects(kind: str) -> None:
    held, find = CONTAINERS[kind]
    cluster = SyncServiceWrapper(Cluster(held))
    out = cluster.get()
    reached: list[Any] = []

    class Sink:
        async def take(self, value: Any, *, named: Any = None) -> None:
            reached.extend([value, named])

    SyncServiceWrapper(Sink()).take(out, named=out)
    for each in reached:
        assert type(each) is type(held)
        assert find(each) is NODE


@pytest.mark.parametrize(
    "data",
    [
        *([1, "a", None], (b"", 1.5), {"a": [1, {"b": ()}]}, {1, 2}, deque([1]), [Row(1)]),
        *([Color.RED], {"a": ValueError("no")}, [int, str], [len, Row], Row(1), Color.RED),
    ],
)
def test_plain_data_stays_the_same_object(data: Any) -> None:
    cluster = SyncServiceWrapper(Cluster(data))
    assert cluster.get() is data
    assert cluster.value is data
    (given,), named = cluster.is_node(data, named=data)
    assert given is data
    assert named["named"] is data


def test_containers_that_contain_themselves() -> None:
    data: list[Any] = [1]
    data.append(data)
    assert SyncServiceWrapper(Cluster(data)).get() is data
    data.append(NODE)
    out = SyncServiceWrapper(Cluster(data)).get()
    assert out[2].read() == 1


def test_attributes_that_are_lists_stay_what_the_object_has() -> None:
    cluster = SyncServiceWrapper(Cluster())
    assert cluster.nodes[0] is cluster.node
    assert unwrap(cluster).nodes == [unwrap(cluster).node]
    cluster.nodes = [cluster.node, cluster.node]
    assert unwrap(cluster).nodes == [unwrap(cluster).node] * 2


def test_a_container_with_async_members_is_wrapped_itself() -> None:
    cells = SyncServiceWrapper(Cluster(Cells(a=NODE))).get()
    assert cells.save() == 1
    assert cells["a"].read() == 1


def test_data_that_holds_async_objects_hands_them_out() -> None:
    page = SyncServiceWrapper(Cluster(Page([NODE]))).get()
    assert page.items[0].read() == 1


def test_plain_iterators_hand_out_faces() -> None:
    def generate() -> Generator[Node, Any, str]:
        try:
            sent = yield NODE
            while True:
                try:
                    sent = yield sent
                except KeyError:
                    return "ended"
        finally:
            closed.append(True)

    closed: list[bool] = []
    cluster = SyncServiceWrapper(Cluster(generate()))
    items = cluster.get()
    node = next(items)
    assert node.read() == 1
    assert items.send(node) is node
    with pytest.raises(StopIteration, match="ended"):
        items.throw(KeyError)
    unwrap(cluster).value = generate()
    items = cluster.get()
    next(items)
    items.close()
    assert closed == [True, True]
    for made in (iter([NODE]), map(copy.copy, [NODE]), zip([NODE], strict=True)):
        unwrap(cluster).value = made
        (out,) = cluster.get()
        assert (out[0] if isinstance(out, tuple) else out).read() == 1
    unwrap(cluster).value = iter([NODE, NODE])
    items = cluster.get()
    next(items)
    with pytest.raises(KeyError):
        items.throw(KeyError)
    rest = iter([NODE, NODE])
    unwrap(cluster).value = rest
    items = cluster.get()
    next(items)
    items.close()
    assert next(rest) is NODE


class Pages:
    """What a paginator returns."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __aiter__(self) -> Pages:
        return self

    async def __anext__(self) -> int:
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return self.left


class Annotated:
    def paginate(self, count: int) -> Pages:
        made: Pages = globals()["Pages"](count)
        return made


class Unannotated:
    def paginate(self, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as libraries have it
        return Pages(count)


class Holding:
    PAGES = Pages

    def paginate(self, count: int) -> Any:
        return self.PAGES(count)


class Defining:
    def paginate(self, count: int) -> Any:
        async def pages() -> AsyncIterator[int]:
            for number in reversed(range(count)):
                yield number

        return pages()


class Naming:
    class Note:
        """Plain data of the same package."""

    class Pages(Pages):
        """An async class that no method names."""

    def paginate(self, count: int) -> Any:
        return vars(type(self))["Pages"](count)


class Abstract:
    def paginate(self, count: int) -> AsyncIterator[int]:
        made: Any = getattr(Defining(), "paginate")  # noqa: B009 - hidden from look-ups
        return made(count)  # type: ignore[no-any-return]  # what it makes is an iterator


class Calling:
    def __call__(self, count: int) -> Pages:
        return Pages(count)


@pytest.mark.parametrize("kind", [Annotated, Unannotated, Holding, Defining, Naming, Abstract])
def test_plain_objects_that_hand_out_async_ones_have_faces(kind: type) -> None:
    paginator = SyncServiceWrapper(Cluster(kind())).get()
    assert list(paginator.paginate(3)) == [2, 1, 0]


def threaded(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a plain function async, as many libraries do; ``__wrapped__`` is the plain one."""

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(function, *args, **kwargs)

    return run


class Threaded:
    """An object without async code of its own: a decorator makes its method async."""

    @threaded
    def read(self) -> int:
        return 5


class HoldingThreaded:
    def __init__(self) -> None:
        self.double = threaded(abs)


def test_plain_functions_that_a_decorator_makes_async() -> None:
    cluster = SyncServiceWrapper(Cluster(Threaded()))
    assert cluster.get().read() == 5
    unwrap(cluster).value = [Threaded()]
    assert cluster.get()[0].read() == 5
    unwrap(cluster).value = HoldingThreaded()
    assert cluster.get().double(-8) == 8
    unwrap(cluster).value = threaded(str)
    assert cluster.get()(6) == "6"


def test_an_object_whose_call_hands_out_async_ones() -> None:
    assert list(SyncServiceWrapper(Cluster(Calling())).get()(2)) == [1, 0]


def later() -> Coroutine[Any, Any, int]:
    return Node(3).read()


@pytest.mark.parametrize(
    "make", [later, lambda: [later()], lambda: (1, later()), lambda: {"a": [later()]}]
)
@pytest.mark.parametrize("kind", [SyncServiceWrapper, SyncFace])
def test_a_coroutine_that_comes_out_is_an_error(
    make: Callable[[], Any], kind: type[SyncFace[Any]]
) -> None:
    class Source:
        async def get(self) -> Any:
            return make()

    @sync_face(Source)
    class Typed(SyncFace[Source]):
        pass

    face: Any = (Typed if kind is SyncFace else kind)(Source())
    with pytest.raises(TypeError, match=r"returned the coroutine Node\.read, which nothing would"):
        face.get()


class DoneOnceWaitedFor(asyncio.Future[str]):
    """A future that gets its result when somebody begins to wait for it."""

    def add_done_callback(
        self, function: Callable[[Any], object], /, *, context: Context | None = None
    ) -> None:
        super().add_done_callback(function, context=context)
        self.set_result("done")


class Publisher:
    """Hands out futures."""

    def __init__(self) -> None:
        self.last: asyncio.Future[str] | None = None

    async def publish(self, text: str) -> asyncio.Future[str]:
        self.last = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(self.last.set_result, text)
        return self.last

    async def several(self) -> dict[str, Any]:
        return {"a": await self.publish("a"), "task": asyncio.create_task(self.failing())}

    async def failing(self) -> None:
        await asyncio.sleep(0)
        raise ConnectionError("refused")

    async def never(self) -> asyncio.Future[str]:
        return asyncio.get_running_loop().create_future()

    async def later(self) -> asyncio.Future[str]:
        return DoneOnceWaitedFor()

    async def same(self, future: object) -> bool:
        return future is self.last

    async def node(self) -> asyncio.Future[Node]:
        future: asyncio.Future[Node] = asyncio.get_running_loop().create_future()
        future.set_result(NODE)
        return future


@sync_face(Publisher)
class SyncPublisher(SyncFace[Publisher]):
    """A typed face."""


@pytest.mark.parametrize("kind", [SyncServiceWrapper, SyncPublisher])
def test_futures_that_come_out_can_be_waited_for(kind: type[SyncFace[Any]]) -> None:
    publisher: Any = kind(Publisher())
    future = publisher.publish("hello")
    assert isinstance(future, SyncFuture)
    assert future.result(HANGS) == "hello"
    assert future.result() == awaited(future) == "hello"
    assert publisher.last is future
    assert publisher.same(future)
    several = publisher.several()
    assert several["a"].result() == "a"
    assert isinstance(several["task"].exception(), ConnectionError)
    with pytest.raises(ConnectionError):
        several["task"].result()


def test_a_future_is_waited_for_until_it_is_done() -> None:
    assert SyncServiceWrapper(Publisher()).later().result(HANGS) == "done"


def test_a_future_that_is_not_done_can_be_waited_for_again() -> None:
    publisher = SyncServiceWrapper(Publisher())
    future = publisher.never()
    seen: list[object] = []
    future.add_done_callback(seen.append)
    with pytest.raises(TimeoutError, match="is not done after 0.01 s"):
        future.result(0.01)
    assert not future.done()
    assert future.cancel()
    with pytest.raises(asyncio.CancelledError):
        future.result()
    assert future.cancelled()
    assert future.done()
    assert publisher.node().result().read() == 1
    # The loop has called back before it ran what was asked of it later.
    assert seen == [future]


def test_the_timeout_of_a_wait_replaces_the_one_of_the_configuration() -> None:
    publisher = SyncServiceWrapper(Publisher(), SyncConfig(timeout=0.01))
    future = publisher.never()
    with pytest.raises(CallTimeoutError, match=r"is not done after 0\.01 s ") as caught:
        future.result()
    assert (caught.value.limit, caught.value.scope) == (0.01, "attempt")
    loop = unwrap(future).get_loop()
    # The timeout of the configuration expires long before the future is done.
    loop.call_soon_threadsafe(loop.call_later, 0.2, unwrap(future).set_result, "late")
    assert future.result(HANGS) == "late"


def test_a_deadline_limits_the_wait_too() -> None:
    future = SyncServiceWrapper(Publisher(), SyncConfig(deadline=0.01)).never()
    with pytest.raises(CallTimeoutError) as caught:
        future.result(HANGS)
    assert caught.value.scope == "deadline"
    assert not future.done()


def test_a_future_is_not_waited_for_twice_by_a_retry() -> None:
    retry = RetryConfig(max_retries=3, max_backoff=0.001)
    publisher = SyncServiceWrapper(Publisher(), SyncConfig(retry_enabled=True, retry=retry))
    task = publisher.several()["task"]
    with pytest.raises(ConnectionError) as caught:
        awaited(task)
    assert len(caught.value.attempts) == 1  # type: ignore[attr-defined]  # set by the engine


@sync_face(Node)
class SyncNode(SyncFace[Node]):
    """A typed face."""


@sync_face(Cluster, nested=[SyncNode])
class SyncCluster(SyncFace[Cluster]):
    """Another one."""


def test_typed_faces_have_the_declared_faces_inside_containers() -> None:
    cluster: Any = SyncCluster(Cluster([NODE, Page([NODE])]))
    node, page = cluster.get()
    assert type(node) is SyncNode
    assert type(page) is Page
    only: Any = SyncServiceWrapper(
        Cluster([NODE, "a"]), faces=lambda value: SyncNode if isinstance(value, Node) else None
    )
    assert [type(each) for each in only.get()] == [SyncNode, str]


def test_an_error_in_the_iteration_of_a_plain_iterator() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError

    items = SyncServiceWrapper(Cluster(failing())).plain()
    assert next(items) == 1
    with pytest.raises(LookupError):
        next(items)


def test_a_context_manager_that_is_an_attribute_can_be_entered() -> None:
    class Lock:
        async def __aenter__(self) -> str:
            return "entered"

        async def __aexit__(self, *_: object) -> None:
            left.append(True)

    class Service:
        def __init__(self) -> None:
            self.lock = Lock()

    left: list[bool] = []
    with SyncServiceWrapper(Service()).lock as entered:
        assert entered == "entered"
    assert left == [True]
