"""`aiosqlite` behind a synchronous face, against a real file."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import aiosqlite
import pytest

from pywats import SyncServiceWrapper
from pywats.sync import awaited, entering, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tracing import Spans

Connection = SyncServiceWrapper[aiosqlite.Connection]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    with SyncServiceWrapper(aiosqlite.connect(tmp_path / "units.db"), name="units") as entered:
        entered.execute("create table units (serial text primary key, passed integer)")
        yield entered


def test_statements_and_cursors(db: Connection, spans: Spans) -> None:
    db.executemany("insert into units values (?, ?)", [("a", 1), ("b", 0), ("c", 1)])
    db.commit()
    assert db.total_changes == 3
    cursor = db.execute("select serial from units where passed order by serial")
    assert cursor.fetchone() == ("a",)
    assert cursor.fetchall() == [("c",)]
    cursor.close()
    assert db.execute_fetchall("select count(*) from units") == [(3,)]
    assert spans.finished[0].name == "units.executemany"


def test_what_can_be_awaited_or_entered(db: Connection) -> None:
    db.execute("insert into units values ('a', 1)")
    with db.execute("select serial from units") as cursor:
        assert list(cursor) == [("a",)]
    with entering(db.execute, "select passed from units") as cursor:
        assert [row for row in cursor] == [(1,)]  # noqa: C416 - a loop as users write it


def test_attributes(db: Connection) -> None:
    db.row_factory = sqlite3.Row
    assert unwrap(db).row_factory is sqlite3.Row
    (row,) = db.execute_fetchall("select 1 as one")
    assert dict(row) == {"one": 1}


def test_an_error_keeps_its_class(db: Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table") as caught:
        db.execute("select * from missing")
    assert len(caught.value.__notes__) == 1


def test_the_module_and_a_connection_that_is_awaited(tmp_path: Path) -> None:
    module: Any = SyncServiceWrapper(aiosqlite)
    with module.connect(tmp_path / "a.db") as db:
        assert db.execute_fetchall("select 1") == [(1,)]
    db = awaited(module.connect(tmp_path / "b.db"))
    assert db.execute_fetchall("select 2") == [(2,)]
    db.close()


def test_threads_share_a_connection(db: Connection) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: db.execute("insert into units values (?, 1)", (n,)), range(80)))
    assert db.execute_fetchall("select count(*) from units") == [(80,)]
