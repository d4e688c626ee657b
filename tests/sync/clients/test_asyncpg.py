"""`asyncpg` behind a synchronous face, against PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from pywats import SyncServiceWrapper
from pywats.sync import entering

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def pool(postgres_url: str) -> Iterator[Any]:
    def make() -> Any:
        return asyncpg.create_pool(postgres_url, min_size=1, max_size=2)

    with SyncServiceWrapper.made_by(make, name="db") as pool:
        pool.execute("drop table if exists units")
        pool.execute("create table units (serial text primary key)")
        yield pool


def test_a_pool_is_acquired_from(pool: Any) -> None:
    for _ in range(3):
        with pool.acquire() as connection:
            assert connection.fetchval("select 1") == 1
    connection = pool.acquire()
    connection.execute("insert into units values ($1)", "a")
    pool.release(connection)
    with entering(pool.acquire) as connection:
        assert [tuple(row) for row in connection.fetch("select * from units")] == [("a",)]


def test_cursors_and_transactions(pool: Any) -> None:
    with pool.acquire() as connection, connection.transaction():
        connection.executemany("insert into units values ($1)", [("a",), ("b",), ("c",)])
        rows = []
        for row in connection.cursor("select * from units order by 1"):
            rows.append(row["serial"])  # noqa: PERF401 - a loop as users write it
        assert rows == ["a", "b", "c"]
        cursor = connection.cursor("select * from units order by 1")
        assert cursor.fetchrow()["serial"] == "a"
        assert len(cursor.fetch(5)) == 2


def test_a_failed_transaction_is_rolled_back(pool: Any) -> None:
    def fail(connection: Any) -> None:
        with connection.transaction():
            connection.execute("insert into units values ('x')")
            connection.execute("insert into units values ('x')")

    with pool.acquire() as connection:
        connection.execute("insert into units values ('a')")
        with pytest.raises(asyncpg.UniqueViolationError):
            fail(connection)
        assert connection.fetchval("select count(*) from units") == 1


def test_threads_share_a_pool(pool: Any) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(lambda n: pool.execute("insert into units values ($1)", str(n)), range(40))
        )
    assert pool.fetchval("select count(*) from units") == 40
