"""`psycopg` and `psycopg_pool` behind synchronous faces, against PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import psycopg_pool
import pytest

from pywats import SyncServiceWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tracing import Spans


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Any]:
    wrapped = SyncServiceWrapper(psycopg.AsyncConnection, name="db")
    with wrapped.connect(postgres_url) as connection:
        connection.execute("create temp table k (i int)")
        connection.commit()
        yield connection


def test_statements_and_cursors(connection: Any, spans: Spans) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("insert into k values (%s)", [(1,), (2,)])
        cursor.execute("select i from k order by i")
        assert cursor.fetchone() == (1,)
        assert list(cursor) == [(2,)]
    assert connection.execute("select count(*) from k").fetchone() == (2,)
    assert "db.execute" in {span.name for span in spans.finished}


def test_a_transaction_that_is_named_is_rolled_back_alone(connection: Any) -> None:
    with connection.transaction():
        connection.execute("insert into k values (1)")
        with connection.transaction() as inner:
            connection.execute("insert into k values (2)")
            raise psycopg.Rollback(inner)
    assert connection.execute("select i from k").fetchall() == [(1,)]


def test_copy_and_streams(connection: Any) -> None:
    with connection.cursor() as cursor:
        with cursor.copy("copy k from stdin") as copy:
            for number in range(3):
                copy.write_row((number,))
        assert [row for row in cursor.stream("select i from k order by i")] == [(0,), (1,), (2,)]  # noqa: C416 - a comprehension as users write it


def test_a_pool(postgres_url: str) -> None:
    def make() -> psycopg_pool.AsyncConnectionPool[Any]:
        return psycopg_pool.AsyncConnectionPool(postgres_url, min_size=1, open=False)

    with (
        SyncServiceWrapper.made_by(make, name="pool") as pool,
        pool.connection() as connection,
    ):
        assert connection.execute("select 1").fetchone() == (1,)
