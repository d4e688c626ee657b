"""What type checkers say of the stubs: mypy --strict and pyright accept them and know the types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pywats.sync.stubs import stub
from pywats.sync.stubs.source.pyi import is_untyped
from tests.mypy_cache import mypy_cache
from tests.typing.meters import AsyncMeter
from tests.untraced import untraced

ROOT = Path(__file__).parents[3]
LIBRARY = Path(__file__).parent / "library"
CLASSES = (
    *("AsyncConnection", "AsyncPool", "AsyncLater", "Response", "AsyncCaller", "AsyncResult"),
    *("AsyncCursor", "AsyncSink", "AsyncPlc", "AsyncEntered", "AsyncStream"),
)
USES = """\
from collections.abc import Mapping, Sequence
from typing import Any, assert_type

import asyncio
import faces
import library
from pywats.sync import SyncFuture

plc = faces.wrap(library.AsyncPlc())
assert_type(plc.read(), int)
with plc as entered:
    assert_type(entered, faces.SyncPlc)
assert_type(plc.get("u"), faces.SyncResponse)
with plc.get("u"):
    pass
assert_type(plc.call(), faces.SyncResponse)
assert_type(plc.nodes(), list[faces.SyncConnection])
assert_type(plc.by_name(), Mapping[str, Sequence[faces.SyncConnection]])
assert_type(plc.publish(), SyncFuture[bytes])
assert_type(plc.publish().result(5), bytes)
assert_type(plc.ready, SyncFuture[bool])
assert_type(plc.rows(), list[Any])
plc.attribute(bucket=None)
assert_type(plc.type(), str)
assert_type(plc.of(int), int)
assert_type(plc.size, int)
assert_type(plc["a"], faces.SyncConnection)
assert_type(len(plc), int)
assert_type("a" in plc, bool)
assert_type(plc(1), faces.SyncConnection)
assert_type(plc.anything, faces.SyncConnection)
made = faces.SyncPlc.made_by(library.AsyncPlc, name="plc")
assert_type(made, faces.SyncPlc)


def pools(
    pool: library.AsyncPool[library.AsyncConnection],
    later: library.AsyncLater[library.AsyncConnection],
    cursor: library.AsyncCursor[str],
    result: library.AsyncResult[int, str],
) -> None:
    assert_type(faces.wrap(pool).getconn().execute(), int)
    assert_type(faces.wrap(pool).all(), list[faces.SyncConnection])
    assert_type(faces.wrap(later).connection(), faces.SyncConnection)
    assert_type(faces.wrap(cursor).fetchone(), str | None)
    assert_type(faces.wrap(result).one(), tuple[int, str])


assert_type(faces.wrap(library.AsyncCaller()).call(1, "a"), bool)
with faces.wrap(library.AsyncEntered()) as self:
    assert_type(self, faces.SyncEntered)
    self.made(1, 2, key="a")
for connection in faces.wrap(library.AsyncStream()):
    assert_type(connection, faces.SyncConnection)


def reads(reader: asyncio.StreamReader) -> None:
    assert_type(faces.wrap(reader).readline(), bytes)
"""


def run(folder: Path, *arguments: str, **variables: str) -> str:
    """Run a program of Python in a folder that has the library."""
    variables |= {"MYPYPATH": f"{folder}:{folder / 'site'}", "PYTHONPATH": str(folder / "site")}
    # Coverage learns from the generator of stubs, and nothing from type checkers.
    traced = arguments[0] == "pywats.sync.stubs"
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=os.environ | variables if traced else untraced(**variables),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    package = tmp_path / "site" / "library"
    package.mkdir(parents=True)
    (package / "py.typed").touch()
    for source in LIBRARY.iterdir():
        text = source.read_text(encoding="utf-8")
        (package / source.name.removesuffix(".txt")).write_text(text, encoding="utf-8")
    classes = [*(f"library:{name}" for name in CLASSES), "asyncio:StreamReader"]
    said = run(tmp_path, "pywats.sync.stubs", *classes, "--wrap", "-o", "faces.pyi")
    assert said == "wrote faces.pyi\n"
    (tmp_path / "uses.py").write_text(USES, encoding="utf-8")
    settings = f'{{"extraPaths": ["{tmp_path / "site"}"], "pythonVersion": "3.11"}}'
    (tmp_path / "pyrightconfig.json").write_text(settings, encoding="utf-8")
    return tmp_path


def test_mypy_knows_the_faces(folder: Path) -> None:
    flags = ("--strict", "--no-implicit-reexport")
    with mypy_cache() as variables:
        said = run(folder, "mypy", *flags, "faces.pyi", "uses.py", **variables)
    assert said == "Success: no issues found in 2 source files\n"


def test_pyright_knows_the_faces(folder: Path) -> None:
    said = run(folder, "pyright", "--pythonpath", sys.executable, "faces.pyi", "uses.py")
    assert "\n0 errors, " in said


def test_classes_of_untyped_packages_share_one_signature_of_wrap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "class AsyncOne:\n    async def one(self): ...\n"
    source += "class AsyncTwo:\n    async def two(self): ...\n"
    package = tmp_path / "untyped_library"
    package.mkdir()
    (package / "__init__.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import untyped_library  # type: ignore[import-not-found]  # noqa: PLC0415 - just made

    classes = [untyped_library.AsyncOne, untyped_library.AsyncTwo]
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    assert all(map(is_untyped, classes))
    text = stub("faces", [*classes, AsyncMeter], wrap=True)
    assert "    wrapped: AsyncMeter,\n" in text
    assert text.count("def wrap(") == 2
    assert "    wrapped: Any,\n" in text
    assert "wrapped: AsyncOne" in stub("faces", classes[:1], wrap=True)
    (package / "py.typed").touch()
    assert not any(map(is_untyped, classes))
    monkeypatch.delitem(sys.modules, "untyped_library")


def test_nested_classes_are_followed_or_told(folder: Path) -> None:
    command = ("pywats.sync.stubs", "library:AsyncPlc", "-o", "faces.pyi")
    assert run(folder, *command) == (
        "wrote faces.pyi\n"
        "without a face, their instances stay async (name them too, or use --follow): "
        "library:AsyncConnection, library:Response\n"
    )
    assert run(folder, *command, "--follow") == (
        "wrote faces.pyi\n"
        "followed, declare their faces too: library:AsyncConnection, library:Response\n"
    )
    text = (folder / "faces.pyi").read_text(encoding="utf-8")
    assert "def nodes(self) -> list[SyncConnection]: ..." in text


def test_a_stub_beside_the_module_is_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside.py").write_text("class AsyncThing:\n    async def m(self, a): ...\n")
    (tmp_path / "beside.pyi").write_text(
        "class AsyncThing:\n    async def m(self, a: int) -> str: ...\n"
    )
    (tmp_path / "apart.py").write_text("class AsyncThing:\n    async def m(self, a): ...\n")
    (tmp_path / "apart-stubs").mkdir()
    (tmp_path / "apart-stubs" / "__init__.pyi").write_text(
        "class AsyncThing:\n    async def m(self, a: int) -> str: ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("beside", "apart"):
        module = __import__(name)
        if name == "apart":
            # A stub package is found for packages; a module of one file is such a package, too.
            module.__path__ = []
        assert "def m(self, a: int) -> str: ..." in stub("faces", [module.AsyncThing])
        monkeypatch.delitem(sys.modules, name)


def test_members_of_an_extension_module_are_of_any_type() -> None:
    text = stub("faces", [AsyncSession])
    # Its base is compiled; what it has is known at run time alone.
    assert "def execute(" in text


def test_members_that_were_made_at_run_time(folder: Path) -> None:
    text = (folder / "faces.pyi").read_text(encoding="utf-8")
    assert "def made(self, first: Any, *rest: Any, key: Any = ...) -> Any: ..." in text
