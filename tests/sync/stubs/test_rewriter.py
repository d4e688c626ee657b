"""Type parameters of bases, and annotations that name odd things."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pywats.sync.stubs import stub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOURCE = """
from __future__ import annotations
from typing import Generic, ParamSpec, TypeVar, TypeVarTuple, Unpack

P = ParamSpec("P")
Q = ParamSpec("Q")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

class Calling(Generic[P]):
    async def call(self, *args: P.args, **kwargs: P.kwargs) -> None: ...

class Holding(Generic[T]):
    def get(self) -> T: ...

class Rows(Generic[Unpack[Ts]]):
    async def row(self) -> tuple[Unpack[Ts]]: ...

class Starred(Generic[*Ts]):
    async def row(self) -> tuple[*Ts]: ...

def factory(): return list
units = ["V", "A"]

class AsyncThing({bases}):
    def own(self) -> {result}: ...
"""


@pytest.mark.parametrize(
    ("bases", "result", "expected"),
    [
        ("Calling[Q]", "int", "def call(self, *args: Q.args, **kwargs: Q.kwargs) -> None: ..."),
        ("Calling", "int", "def call(self, *args: Any, **kwargs: Any) -> None: ..."),
        ("Holding[int]", "int", "def get(self) -> int: ..."),
        ("Holding", "int", "def get(self) -> Any: ..."),
        ("Rows[int, str]", "int", "def row(self) -> tuple[*tuple[int, str]]: ..."),
        ("Rows[int]", "int", "def row(self) -> tuple[*tuple[int,]]: ..."),
        ("Rows[()]", "int", "def row(self) -> tuple[*tuple[object, ...]]: ..."),
        ("Starred[int, str]", "int", "def row(self) -> tuple[*tuple[int, str],]: ..."),
        ("Starred[*Ts]", "int", "def row(self) -> tuple[*Ts,]: ..."),
        ("object", "factory()[int]", "def own(self) -> factory()[int]: ..."),
        ("object", "units[int]", "def own(self) -> units[int]: ..."),
    ],
)
def test_what_an_annotation_names(
    body: Callable[[str], str], bases: str, result: str, expected: str
) -> None:
    assert expected in body(SOURCE.replace("{bases}", bases).replace("{result}", result))


def test_a_quoted_annotation_of_an_attribute(body: Callable[[str], str]) -> None:
    text = body("""
        class AsyncThing:
            size: "int" = 1
            async def own(self) -> int: ...
    """)
    assert "def size(self) -> int: ..." in text


def test_a_type_variable_for_several_classes_with_faces(module: Callable[[str], str]) -> None:
    name = module("""
        from __future__ import annotations
        from typing import TypeVar

        class AsyncFile:
            async def read(self) -> bytes: ...

        class AsyncPipe:
            async def read(self) -> bytes: ...

        class Opening:
            async def open(self, kind: type[K]) -> K: ...

        K = TypeVar("K", AsyncFile, AsyncPipe)
    """)
    source = importlib.import_module(name)
    text = stub("faces", [source.AsyncFile, source.AsyncPipe, source.Opening])
    assert "def open(self, kind: type[K]) -> SyncFile | SyncPipe: ..." in text


def test_a_class_that_is_generic_for_type_checkers_alone(
    module: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Extension modules define such classes; their packages name the types."""
    types = module("""
        from typing import Generic, TypeVar
        V = TypeVar("V")
        class Table(Generic[V]): ...
    """)
    package = tmp_path / "table_library"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from typing import TYPE_CHECKING\n"
        f"if TYPE_CHECKING:\n    from {types} import Table\n"
        "else:\n    from table_library.fast import Table\n"
    )
    compiled = ModuleType("table_library.fast")
    vars(compiled)["Table"] = type("Table", (), {"__module__": "table_library.fast"})
    monkeypatch.setitem(sys.modules, "table_library.fast", compiled)
    name = module("""
        from __future__ import annotations
        from table_library import Table

        class AsyncThing:
            async def own(self) -> Table: ...
            async def typed(self) -> Table[int]: ...
    """)
    text = stub("faces", [importlib.import_module(name).AsyncThing])
    assert "def own(self) -> Table[Any]: ..." in text
    assert "def typed(self) -> Table[int]: ..." in text


def test_a_base_from_a_module_without_source(
    body: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = ModuleType("compiled_library")
    vars(compiled)["Base"] = type("Base", (), {"__module__": "compiled_library"})
    monkeypatch.setitem(sys.modules, "compiled_library", compiled)
    text = body("""
        from compiled_library import Base
        class AsyncThing(Base):
            async def own(self) -> int: ...
    """)
    assert text == "(SyncFace[AsyncThing]):\n    def own(self) -> int: ...\n"


def test_what_is_awaited_has_a_base_without_source(
    body: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_: object) -> object:
        return iter(())

    compiled = ModuleType("compiled_library")
    members = {"__module__": "compiled_library", "__await__": wait}
    vars(compiled)["Job"] = type("Job", (), members)
    monkeypatch.setitem(sys.modules, "compiled_library", compiled)
    text = body("""
        from compiled_library import Job
        class Measurement(Job): ...
        class AsyncThing:
            def measure(self) -> Measurement: ...
    """)
    assert text == "(SyncFace[AsyncThing]):\n    def measure(self) -> Any: ...\n"
