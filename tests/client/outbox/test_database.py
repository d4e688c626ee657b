"""The database file of an outbox while other processes use it."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pywats.client.outbox import database
from pywats.client.outbox.database import Database
from pywats.errors import OutboxError

if TYPE_CHECKING:
    from pathlib import Path

# SQLite refuses a change of the journal at once under RESERVED, after the timeout under the others.
LOCKS = ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM sqlite_schema"]


def count(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT count(*) FROM reports").fetchone()
    return int(number)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_new_file_that_another_process_is_making_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    file = tmp_path / "outbox.sqlite3"
    connect, again, opened = sqlite3.connect, threading.Event(), 0

    def counted(file: Path, *, timeout: float, isolation_level: None) -> sqlite3.Connection:
        assert timeout > 1
        nonlocal opened
        opened += 1
        if opened == 2:
            again.set()
        return connect(file, timeout=0.01, isolation_level=isolation_level)

    def use() -> int:
        with Database(file).transaction() as connection:
            return count(connection)

    with closing(connect(file, isolation_level=None)) as other, ThreadPoolExecutor(1) as thread:
        other.executescript(lock)
        monkeypatch.setattr(sqlite3, "connect", counted)
        used = thread.submit(use)
        used.add_done_callback(lambda _: again.set())
        assert again.wait(120)
        other.execute("ROLLBACK")
        assert used.result(120) == 0
    assert opened >= 2


def test_a_file_that_stays_locked_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "outbox.sqlite3"
    with Database(file).transaction():
        pass
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.02)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(OutboxError, match=r"\(database is locked\): another program has had it"),
            Database(file).transaction(),
        ):
            pass
        other.execute("ROLLBACK")
    with Database(file).transaction() as connection:
        assert count(connection) == 0


def test_another_error_of_sqlite_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite3"
    file.write_bytes(b"no database" * 1000)
    told = r"\(file is not a database\): the file is damaged; move its directory to another place"
    with pytest.raises(OutboxError, match=told), Database(file).transaction():
        pass


def test_a_file_that_cannot_be_opened_is_told_with_what_to_check(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite3"
    file.mkdir()
    told = r"\(unable to open database file\): check that the user of this program may write"
    with pytest.raises(OutboxError, match=told), Database(file).transaction():
        pass
