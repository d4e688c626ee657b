"""Each thing a class can say, and what becomes of it in the stub."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tests.typing.sync_meters
from pywats.sync.stubs import Origin, face_name, flat_stub, stub
from pywats.sync.stubs.source.definitions import definition_of
from tests.typing.meters import AsyncMeter, AsyncReadings, AsyncSlot

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_stub_of_the_sample_is_up_to_date() -> None:
    text = stub("tests.typing.sync_meters", [AsyncSlot, AsyncReadings, AsyncMeter])
    present = Path(tests.typing.sync_meters.__file__).with_suffix(".pyi")
    assert text == present.read_text(encoding="utf-8")


def test_a_class_without_members_is_a_face_all_the_same(body: Callable[[str], str]) -> None:
    assert body("class AsyncThing: pass") == "(SyncFace[AsyncThing]): ...\n"


def test_the_face_of_a_class_of_another_name() -> None:
    assert face_name(int) == "Syncint"
    assert face_name(AsyncMeter) == "SyncMeter"


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("async def m(self): ...", "def m(self) -> Any: ..."),
        (
            "async def m(self, a, /, *, b=1): ...",
            "def m(self, a: Any, /, *, b: Any = 1) -> Any: ...",
        ),
        ("async def m(self, *a: int, b: int = 2, **c: str) -> None: ...",) * 2,
        ("async def m(self, a: int = -1, b: str = 'x') -> None: ...",) * 2,
        ("async def m(self, a: int = len('x')) -> None: ...", "a: int = ..."),
        ("async def m(self, a: object = (1, [2])) -> None: ...", "a: object = (1, [2])"),
        ("async def m(self, a: 'int | None' = None) -> None: ...", "a: int | None = None"),
        ("def m(self) -> Awaitable[int]: ...", "def m(self) -> int: ..."),
        ("def m(self) -> Coroutine[None, None, int]: ...", "def m(self) -> int: ..."),
        ("def m(self) -> Optional[AsyncThing]: ...", "-> Optional[SyncThing]: ..."),
        ("def m(self) -> Union[AsyncThing, int]: ...", "-> Union[SyncThing, int]: ..."),
        ("def m(self) -> typing.Optional[AsyncThing]: ...", "-> typing.Optional[SyncThing]: ..."),
        ("def m(self) -> dict[str, AsyncThing]: ...", "-> dict[str, SyncThing]: ..."),
        ("def m(self, a: AsyncThing) -> None: ...", "(self, a: AsyncThing) -> None: ..."),
        ("def m(self) -> AsyncIterable[int]: ...", "-> Iterable[int]: ..."),
        ("def m(self) -> AsyncIterator[int]: ...", "-> Iterator[int]: ..."),
        ("def m(self) -> AsyncGenerator[int, str]: ...", "-> Generator[int, str, None]: ..."),
        ("def m(self) -> AsyncGenerator[int]: ...", "-> Generator[int, None, None]: ..."),
        ("def m(self) -> AsyncContextManager[int]: ...", "-> AbstractContextManager[int]: ..."),
        ("def m(self) -> Annotated[int, list[0]]: ...", "-> int: ..."),
        ("def m(self) -> typing.Literal['a b', 1]: ...", "-> typing.Literal['a b', 1]: ..."),
        ("def m(self) -> Unheard['x']: ...", "-> Unheard[x]: ..."),
        ("def m(self) -> Rows[int]: ...", "-> Generator[int, None, None]: ..."),
        ("def m(self) -> Pairs: ...", "-> Generator[int, None, None]: ..."),
        ("@staticmethod\n    def m(a: int) -> int: ...", "def m(self, a: int) -> int: ..."),
        ("@staticmethod\n    def m(a: int, /) -> int: ...", "def m(self, a: int, /) -> int: ..."),
        ("@classmethod\n    def m(cls, a: int) -> int: ...", "def m(self, a: int) -> int: ..."),
        ("@property\n    def m(self) -> int: ...", "@property\n    def m(self) -> int: ..."),
        ("@property\n    def m(self): ...", "@property\n    def m(self) -> Any: ..."),
        (
            "@reify\n    def m(self) -> int: ...",
            "    @property\n    def m(self) -> int: ...\n    @m.setter",
        ),
        ("@reify\n    async def m(self) -> int: ...", "@property\n    def m(self) -> int: ..."),
        (
            "@Called\n    async def m(self) -> int: ...",
            "(SyncFace[AsyncThing]):\n    def m(self) -> int: ...\n",
        ),
        (
            "@functools.singledispatchmethod\n    async def m(self, a: int) -> int: ...",
            "(SyncFace[AsyncThing]):\n    def m(self, a: int) -> int: ...\n",
        ),
        ("m: int", "@m.setter\n    def m(self, value: int) -> None: ..."),
        ("m: Final = 'x'", "@property\n    def m(self) -> str: ...\n"),
        ("m: Final[int] = 7", "@property\n    def m(self) -> int: ...\n"),
        ("m: ClassVar[int] = 7", "def m(self, value: int) -> None: ..."),
        ("m: ClassVar = 7", "def m(self, value: int) -> None: ..."),
        ("m: InitVar[int]", "(SyncFace[AsyncThing]):\n    def inherited(self)"),
        ("m: 'InitVar[int]' = 1", "(SyncFace[AsyncThing]):\n    def inherited(self)"),
        ("m: InitVar = None", "(SyncFace[AsyncThing]):\n    def inherited(self)"),
        (
            "def _n(self, a: int): ...\n    m = functools.partialmethod(_n, 1)",
            "def m(self, *args: Any, **kwargs: Any) -> Any: ...",
        ),
        (
            "def _n(cls, a: int): ...\n    m = classmethod(_n)",
            "def m(self, a: Any) -> Any: ...",
        ),
        ("def m(self) -> functools.partial: ...", "def m(self) -> functools.partial[Any]: ..."),
        ("def m(self) -> Entered[int]: ...", "def m(self) -> int: ..."),
        ("m = [1]", "@property\n    def m(self) -> object: ..."),
        ("async def n(self) -> int: ...\n    m = n", "def m(self) -> int: ..."),
        ("async def inherited(self) -> bool: ...", "def inherited(self) -> bool: ..."),
        ("n: int", "def inherited(self) -> int: ..."),
        ("def m(self) -> Gone: ...", "def m(self) -> Gone: ..."),
        ("@keep()\n    async def m(self) -> int: ...", "    def m(self) -> int: ..."),
        ("def __aiter__(self) -> AsyncIterator[int]: ...", "__iter__(self) -> Iterator[int]"),
        (
            "async def __anext__(self) -> int: ...",
            "def __next__(self) -> int: ...",
        ),
        ("def m(self) -> AsyncIterator: ...", "def m(self) -> Iterator[Any]: ..."),
        ("def m(self) -> AsyncGenerator: ...", "def m(self) -> Generator[Any, None, None]: ..."),
        ("def m(self) -> Ticks: ...", "def m(self) -> Generator[int, None, None]: ..."),
        ("def m(self) -> Items[str]: ...", "def m(self) -> Generator[str, None, None]: ..."),
        ("def m(self) -> Untold: ...", "def m(self) -> Untold: ..."),
        ("def m(self) -> Entering[str]: ...", "def m(self) -> AbstractContextManager[str]: ..."),
        ("def m(self) -> list: ...", "def m(self) -> list[Any]: ..."),
        ("def m(self) -> Rows[T][int]: ...", "def m(self) -> Generator[int, None, None]: ..."),
        ("def m(self) -> typing.List: ...", "def m(self) -> typing.List[Any]: ..."),
        ("def m(self, a: tuple) -> dict: ...", "(self, a: tuple[Any, ...]) -> dict[Any, Any]: ..."),
        ("def m(self, a: typing.Callable) -> Rows: ...", "(self, a: typing.Callable[..., Any])"),
        ("def m(self) -> typing.Callable[[int], Awaitable[str]]: ...", "Callable[[int], str]: ..."),
        ("async def m(self) -> typing.Callable[..., Ticks]: ...", "Callable[..., Ticks]: ..."),
        (
            "async def m(self) -> dict[str, typing.Callable[[], AsyncIterator[int]]]: ...",
            "-> dict[str, typing.Callable[[], Iterator[int]]]: ...",
        ),
        (
            "@property\n    def m(self) -> typing.Callable[[Ticks], Coroutine[int, int, str]]: ...",
            "-> typing.Callable[[Ticks], str]: ...",
        ),
        ("m: typing.Callable[[int], Awaitable[str]]", "Callable[[int], Awaitable[str]]) -> None"),
        ("m: typing.Callable[[], Awaitable[str]]", "(self) -> typing.Callable[[], Awaitable[str]]"),
        (
            "def m(self, a: typing.Callable[[], Awaitable[int]]) -> None: ...",
            "a: typing.Callable[[], Awaitable[int]]",
        ),
        ("def m(self) -> asyncio.Future[int]: ...", "def m(self) -> int: ..."),
        ("def m(self) -> 'asyncio.Task[int]': ...", "def m(self) -> int: ..."),
        ("def m(self) -> asyncio.Task[int] | None: ...", "def m(self) -> int | None: ..."),
        ("@property\n    def m(self) -> asyncio.Task[int]: ...", "def m(self) -> int: ..."),
        ("def __init__(self): self.m: asyncio.Task[int] = 1", "    m: SyncFuture[int]\n"),
        ("def m(self) -> asyncio.Future: ...", "def m(self) -> Any: ..."),
        ("def m(self) -> Awaitable: ...", "def m(self) -> Any: ..."),
        ("def m(self) -> list[asyncio.Task[int]]: ...", "-> list[SyncFuture[int]]: ..."),
        ("def m(self, a: asyncio.Future) -> None: ...", "(self, a: asyncio.Future[Any])"),
        ("async def m(self) -> asyncio.Task[int]: ...", "def m(self) -> SyncFuture[int]: ..."),
        ("async def m(self) -> Awaitable[int]: ...", "def m(self) -> Awaitable[int]: ..."),
        ("def m(self) -> Awaitable[Awaitable[int]]: ...", "def m(self) -> Awaitable[int]: ..."),
        (
            "@property\n    async def m(self) -> asyncio.Task[int]: ...",
            "def m(self) -> SyncFuture[int]: ...",
        ),
        ("def m(self) -> Futures: ...", "-> Generator[SyncFuture[int], None, None]: ..."),
        ("def m(self) -> AsyncIterator[Awaitable[int]]: ...", "-> Iterator[Awaitable[int]]: ..."),
        (
            "def m(self) -> AsyncGenerator[Awaitable[int], None]: ...",
            "-> Generator[Awaitable[int], None, None]: ...",
        ),
        ("def m(self) -> concurrent.futures.Future[int]: ...", "-> concurrent.futures.Future[int]"),
        ("def m(self) -> Items: ...", "def m(self) -> Generator[Any, None, None]: ..."),
        (
            "def m(self, a: Optional[Items[int]] = NO_ITEMS) -> int: ...",
            "(self, a: Optional[Items[int]] = NO_ITEMS) -> int: ...",
        ),
        ("def m(self, *, args: P.args) -> int: ...", "def m(self, *, args: Any) -> int: ..."),
        ("def set(self, a: set[int]) -> None: ...", "def set(self, a: set_2[int]) -> None: ..."),
        ("def m(self: S, a: S) -> S: ...", "def m(self, a: Self) -> Self: ..."),
        ("@classmethod\n    def m(cls: type[S]) -> S: ...", "def m(self) -> Self: ..."),
        ("def m(self: 'AsyncThing') -> int: ...", "def m(self) -> int: ..."),
        ("async def __aexit__(self, *_): ...", "        traceback: TracebackType | None,\n    )"),
        ("def __init__(self, a: int): self.m = a", "    m: int\n"),
        ("def __init__(*args): self.m = 1", "(SyncFace[AsyncThing]):\n    def inherited(self)"),
        ("async def m(*args: int) -> int: ...", "def m(self, *args: int) -> int: ..."),
        ("async def __aenter__(*args): return args[0]", "def __enter__(self, *args: Any) -> Any"),
        ("def __init__(self, a): self.m = self.n = a", "    m: Any\n    n: Any\n"),
        ("def __init__(self): self.m: list[int] = []", "    m: list[int]\n"),
        (
            "def __init__(self, a): a.m = self._m = 1; b: int = 2",
            "(SyncFace[AsyncThing]):\n    def inh",
        ),
        (
            "@typing.overload\n    def m(self: int) -> str: ...\n"
            "    @typing.overload\n    def m(self: str) -> Awaitable[int]: ...\n"
            "    def m(self): ...",
            "    def m(self) -> int: ...",
        ),
        (
            "@typing.overload\n    async def m(self: int) -> str: ...\n"
            "    @typing.overload\n    def m(self: str) -> int: ...\n"
            "    def m(self): ...",
            "    def m(self) -> str: ...",
        ),
        (
            "@typing.overload\n    def m(self, a, b: int = 1) -> int: ...\n"
            "    @typing.overload\n    def m(self, a: T, b: int = 1) -> T: ...\n"
            "    def m(self): ...",
            "(SyncFace[AsyncThing]):\n    def m(self, a: Any, b: int = 1) -> int: ...",
        ),
        (
            "@typing.overload\n    def m(self, a, *, b: int) -> int: ...\n"
            "    @typing.overload\n    def m(self, a: T, *, c: int) -> T: ...\n"
            "    def m(self): ...",
            "    def m(self, a: T, *, c: int) -> T: ...",
        ),
        (
            "@asynccontextmanager\n    async def m(self) -> AsyncGenerator[int]:\n        yield 1",
            "def m(self) -> AbstractContextManager[int]: ...",
        ),
    ],
)
def test_what_becomes_of_a_member(body: Callable[[str], str], method: str, expected: str) -> None:
    text = body(f"""\
from __future__ import annotations
import asyncio
import concurrent.futures
import functools
import typing
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import InitVar
from typing import Annotated, AsyncContextManager, ClassVar, Final, Generic, Optional
from typing import Protocol, TypeVar, Union
from pywats.sync import Batches
T = TypeVar("T")
class Rows(Batches[T]): pass
class Pairs(Rows[int]): pass
S = TypeVar("S")
class Ticks:
    async def __anext__(self) -> int: ...
class Futures:
    async def __anext__(self) -> asyncio.Future[int]: ...
class Items(Generic[T]):
    count = 0
    def other(self) -> int: ...
    async def __anext__(self) -> T: ...
NO_ITEMS: Items[int] = Items()
P = typing.ParamSpec("P")
class Untold:
    async def __anext__(self): ...
class Entering(Generic[T]):
    async def __aenter__(self) -> T: ...
    async def __aexit__(self, *_) -> None: ...
O = TypeVar("O", covariant=True)
class Entered(Awaitable[O], Protocol[O]): ...
if typing.TYPE_CHECKING:
    from no_such_package import Gone
def keep():
    return lambda function: function
class reify:
    def __init__(self, function): self.function = function
    def __get__(self, instance, owner): return self.function(instance)
class Called(reify):
    def __call__(self, *args): ...
class Base:
    async def inherited(self) -> int: ...
class AsyncThing(Base):
    {method}
    a, _hidden = 1, 2
    class Inner: pass
""")
    assert expected.removeprefix("async ") in text
    assert "hidden" not in text
    assert "Inner" not in text


def test_long_signatures_stand_on_lines_of_their_own(body: Callable[[str], str]) -> None:
    text = body(f"class AsyncThing:\n    async def m(self, {'a' * 40}: int, {'b' * 40}: int): ...")
    assert text == (
        "(SyncFace[AsyncThing]):\n    def m(\n        self,\n"
        f"        {'a' * 40}: int,\n        {'b' * 40}: int,\n    ) -> Any: ...\n"
    )


def test_names_come_from_where_the_source_has_them(module: Callable[[str], str]) -> None:
    other = module("import decimal as money\nclass Sequence: pass\n")
    name = module(f"""\
from __future__ import annotations
import collections.abc
import {other} as there
try:
    from decimal import Decimal
except ImportError:
    Decimal = None
if __debug__:
    from {other} import Sequence
else:
    from collections.abc import Sequence
Row = dict[str, Sequence]
class AsyncThing:
    async def m(self, a: Sequence, b: collections.abc.Sequence[int]) -> Decimal: ...
    async def n(self, a: there.Sequence) -> Row | Unknown: ...
class SyncThing: pass
class AsyncOther:
    async def m(self) -> SyncThing: ...
""")
    loaded = importlib.import_module(name)
    text = stub("faces", [loaded.AsyncThing, loaded.AsyncOther])
    head, _, body = text.partition("__all__ = [")
    assert head.splitlines()[1:] == [
        "import collections",
        "import collections.abc",
        f"import {other} as there",
        "from decimal import Decimal",
        "from pywats.sync.faces.face import SyncFace",
        f"from {other} import Sequence",
        f"from {name} import AsyncOther, AsyncThing, Row, SyncThing as SyncThing_2",
        "",
    ]
    assert "def m(self, a: Sequence, b: collections.abc.Sequence[int]) -> Decimal: ..." in body
    assert "def n(self, a: there.Sequence) -> Row | Unknown: ..." in body
    assert "def m(self) -> SyncThing_2: ..." in body


def test_an_import_under_a_condition_is_the_one_that_type_checkers_take(
    module: Callable[[str], str],
) -> None:
    name = module("""\
from __future__ import annotations
import sys
if sys.version_info >= (3, 99):
    from collections.abc import Unborn as Sized
else:
    from collections.abc import Sized
class AsyncThing:
    async def m(self, a: Sized) -> None: ...
""")
    text = stub("faces", [importlib.import_module(name).AsyncThing])
    assert "from collections.abc import Sized\n" in text


def test_a_class_is_found_where_its_package_has_it_from(module: Callable[[str], str]) -> None:
    base = module(
        "from decimal import Decimal as Money\nfrom fractions import Fraction as Fraction\n"
    )
    inner = module(f"""\
from {base} import Fraction, Money
class _Client:
    class Part:
        async def m(self, a: Money, b: Fraction) -> int: ...
    async def m(self, a: Money, b: Fraction) -> int: ...
""")
    between = module(f"from {inner} import *\nfrom {inner} import _Client as AsyncClient\n")
    outer = module(f"from {between} import *\nfrom os import path\nimport os\n")
    loaded = importlib.import_module(inner)._Client
    loaded.__module__, loaded.__qualname__ = outer, "AsyncClient"
    text = stub("faces", [loaded])
    # Money is what the base module has for itself, Fraction what it hands on.
    assert "from decimal import Decimal as Money\n" in text
    assert f"from {base} import Fraction\n" in text
    assert f"from {outer} import AsyncClient\n" in text
    loaded.__qualname__ = "path"
    definition_of.cache_clear()
    with pytest.raises(ValueError, match=f"the source of {outer} defines no class path"):
        stub("faces", [loaded])


@pytest.mark.parametrize(
    ("test", "first"),
    [
        ("TYPE_CHECKING", True),
        ("not typing.TYPE_CHECKING", False),
        ("sys.version_info >= (3, 11) and TYPE_CHECKING", True),
        ("sys.version_info >= (3, 99) and UNTOLD", False),
        ("sys.version_info < (3, 11) or not TYPE_CHECKING", False),
        ("sys.version_info >= (3, 11) or UNTOLD", True),
        ("sys.version_info[:2] == (3, 99)", None),
        ("sys.version_info >= OLDEST", None),
        ("sys.version_info in ()", None),
        ("not UNTOLD", None),
        ("UNTOLD and TYPE_CHECKING", None),
        ("UNTOLD < 3", None),
    ],
)
def test_members_under_a_condition(
    body: Callable[[str], str],
    test: str,
    first: bool | None,  # noqa: FBT001 - None is a third answer
) -> None:
    text = body(f"""\
import sys
import typing
from typing import TYPE_CHECKING
UNTOLD, OLDEST = 1, (3, 0)
class AsyncThing:
    if {test}:
        @typing.overload
        async def both(self, a: int) -> int: ...
        @typing.overload
        async def both(self, a: str) -> str: ...
        async def one(self) -> None: ...
        if True:
            inner: int = 1
    else:
        async def both(self, a: bytes) -> bytes: ...
        async def other(self) -> None: ...
    async def after(self) -> None: ...
""")
    assert ("def both(self, a: int) -> int: ..." in text) is (first is not False)
    assert ("def both(self, a: str) -> str: ..." in text) is (first is not False)
    assert ("def both(self, a: bytes) -> bytes: ..." in text) is (first is False)
    assert ("def one" in text) is ("def inner" in text) is (first is not False)
    assert ("def other" in text) is (first is not True)
    assert "def after" in text


def test_a_member_that_only_type_checkers_see_is_what_its_decorator_says(
    body: Callable[[str], str],
) -> None:
    text = body("""\
from typing import TYPE_CHECKING
class AsyncThing:
    if TYPE_CHECKING:
        @property
        def size(self) -> int: ...
        @property
        def name(self) -> str: ...
        @name.setter
        def name(self, value: str) -> None: ...
        async def get(self) -> int: ...
""")
    assert "    @property\n    def size(self) -> int: ..." in text
    assert "size.setter" not in text
    assert "    @name.setter\n    def name(self, value: str) -> None: ..." in text
    assert text.count("@property") == 2


def test_members_and_classes_in_a_try(body: Callable[[str], str]) -> None:
    text = body("""\
try:
    import no_such_package
except ImportError:
    class AsyncThing:
        try:
            from json import no_such_name
        except ImportError:
            async def fallback(self) -> int: ...
            async def both(self, a: int) -> int: ...
        else:
            async def both(self, a: str) -> str: ...
        finally:
            async def last(self) -> int: ...
""")
    assert [line.strip() for line in text.splitlines()[1:]] == [
        "def both(self, a: str) -> str: ...",
        "def fallback(self) -> int: ...",
        "def last(self) -> int: ...",
    ]


def test_a_class_in_the_body_is_named_with_the_class_that_it_is_in(
    module: Callable[[str], str],
) -> None:
    name = module("""\
from __future__ import annotations
import enum
import typing
from decimal import Decimal as Inner
T = typing.TypeVar("T")
S = typing.TypeVar("S")
class Base:
    class Row:
        class Cell: pass
    async def row(self) -> Row.Cell: ...
class Rows(typing.Generic[T]):
    class Item(typing.Generic[S]): pass
    async def __anext__(self) -> Item[T]: ...
class Outer:
    class AsyncThing(Base):
        class Inner:
            async def deep(self, a: Inner) -> None: ...
        class AsyncPart:
            async def whole(self, a: Inner) -> None: ...
        class Mode(enum.Enum):
            FAST = 1
        if typing.TYPE_CHECKING:
            class Unseen: pass
        async def inner(self: T, a: list[Inner], b: T) -> Inner | None: ...
        async def part(self, mode: Mode = Mode.FAST) -> AsyncPart: ...
        async def unseen(self) -> Unseen: ...
        def rows(self) -> Rows[int]: ...
        async def __aenter__(self) -> AsyncPart: ...
""")
    thing = importlib.import_module(name).Outer.AsyncThing
    text = stub("faces", [thing, thing.AsyncPart])
    assert f"from {name} import Base, Outer, Rows\n" in text
    whole = "Outer.AsyncThing"
    assert f"def inner(self, a: list[{whole}.Inner], b: Self) -> {whole}.Inner | None:" in text
    assert f"def part(self, mode: {whole}.Mode = {whole}.Mode.FAST) -> SyncPart: ..." in text
    assert f"def unseen(self) -> {whole}.Unseen: ..." in text
    assert "def row(self) -> Base.Row.Cell: ..." in text
    assert "def rows(self) -> Generator[Rows.Item[int], None, None]: ..." in text
    assert "def __enter__(self) -> SyncPart: ..." in text
    # The classes in the body of a class are not in scope in the bodies of each other.
    assert "def whole(self, a: Inner) -> None: ..." in text
    assert "from decimal import Decimal as Inner\n" in text


def test_wrap_has_the_types_of_all_faces() -> None:
    text = stub("faces", [AsyncReadings, AsyncMeter], wrap=True)
    assert '"SyncReadings",\n    "wrap",\n]' in text
    keywords = (
        "    config: SyncConfig | None = None,\n    *,\n    name: str | None = None,\n"
        "    runner: Runner | None = None,\n    faces: Faces | None = None,\n"
        "    span_attributes: SpanAttributes | None = None,\n"
        "    repeatable: Repeatable | None = None,\n"
        "    tracer_provider: TracerProvider | None = None,\n"
        "    meter_provider: MeterProvider | None = None,\n"
    )
    head = "@overload\ndef wrap(\n    wrapped: AsyncReadings[T],\n"
    assert f"{head}{keywords}) -> SyncReadings[T]: ...\n" in text
    alone = stub("faces", [AsyncMeter], wrap=True)
    assert f"\n\ndef wrap(\n    wrapped: AsyncMeter,\n{keywords}) -> SyncMeter: ...\n" in alone


def test_a_derived_class_comes_before_its_base_in_wrap(module: Callable[[str], str]) -> None:
    loaded = importlib.import_module(
        module("class AsyncBase: pass\nclass AsyncDerived(AsyncBase): pass\n")
    )
    text = stub("faces", [loaded.AsyncBase, loaded.AsyncDerived], wrap=True)
    assert text.index("wrapped: AsyncDerived") < text.index("wrapped: AsyncBase")
    # mypy --strict does not complain of the comment where it does not report the overlap.
    ignored = (
        "def wrap(  # type: ignore[overload-overlap, unused-ignore]\n    wrapped: AsyncDerived"
    )
    assert text.count(ignored) == 1
    assert text.count("overload-overlap") == 1


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
def test_type_parameters_belong_to_the_class(body: Callable[[str], str]) -> None:
    text = body("""\
type Row[K] = dict[K, int]
class AsyncThing[T: int]:
    async def m[U](self, a: T, b: U) -> Row[T]: ...
""")
    assert text.startswith("[T: int](SyncFace[AsyncThing[T]]):")
    assert "def m[U](self, a: T, b: U) -> Row[T]: ..." in text


def test_a_class_that_cannot_be_read_is_refused(module: Callable[[str], str]) -> None:
    name = module("Made = type('Made', (), {})\nclass Outer:\n    class Inner: pass\n")
    loaded = importlib.import_module(name)
    with pytest.raises(ValueError, match=f"the source of {name} defines no class Made"):
        stub("faces", [loaded.Made])
    with pytest.raises(ValueError, match="the source of builtins defines no class list_iterator"):
        stub("faces", [type(iter([]))])
    with pytest.raises(ValueError, match=r"two of \['AsyncSlot', 'AsyncSlot'\] have the same name"):
        stub("faces", [AsyncSlot, type("AsyncSlot", (), {})])


def test_a_flat_stub_has_a_further_keyword() -> None:
    text = flat_stub(
        "flat",
        "Flat",
        {"slot_next": (AsyncSlot, "next"), "read": (AsyncMeter, "read")},
        faces={AsyncSlot: Origin("faces", "SyncSlot")},
        keyword=("limit", Origin("decimal", "Decimal")),
    )
    assert text.partition("class Flat")[2] == (
        "():\n    def slot_next(self, *, limit: Decimal = ...) -> SyncSlot:\n"
        '        """Return the place after it."""\n'
        "    @overload\n"
        "    def read(self, text: Literal[True], *, limit: Decimal = ...) -> str:\n"
        '        """Read what it shows."""\n'
        "    @overload\n"
        "    def read(self, text: Literal[False] = ..., *, limit: Decimal = ...) -> bytes:\n"
        '        """Read what it shows."""\n'
    )
