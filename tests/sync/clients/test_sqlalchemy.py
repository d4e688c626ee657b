"""SQLAlchemy's asyncio extension behind synchronous faces, against PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from pywats import SyncServiceWrapper
from pywats.sync import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

metadata = MetaData()
units = Table("sa_units", metadata, Column("id", Integer, primary_key=True))


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Any]:
    url = postgres_url.replace("postgresql:", "postgresql+asyncpg:")
    engine = SyncServiceWrapper.made_by(lambda: create_async_engine(url), name="db")
    with engine.begin() as connection:
        connection.run_sync(metadata.drop_all)
        connection.run_sync(metadata.create_all)
    yield engine
    engine.dispose()


def test_connections_are_entered_or_awaited(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(insert(units), [{"id": 1}, {"id": 2}])
    with engine.connect() as connection:
        assert connection.execute(select(units)).all() == [(1,), (2,)]
        with connection.stream(select(units).order_by(units.c.id)) as result:
            assert [row.id for row in result] == [1, 2]
        assert connection.stream(select(units)).all() == [(1,), (2,)]
    connection = engine.connect()
    assert connection.scalar(select(units.c.id).order_by(units.c.id)) == 1
    connection.close()


def test_a_transaction_is_rolled_back(engine: Any) -> None:
    def fail() -> None:
        with engine.begin() as connection:
            connection.execute(insert(units), [{"id": 1}])
            connection.execute(insert(units), [{"id": 1}])

    with pytest.raises(IntegrityError):
        fail()
    with engine.connect() as connection:
        with connection.begin() as transaction:
            connection.execute(insert(units), [{"id": 3}])
            transaction.rollback()
        assert connection.execute(select(units)).all() == []


def test_a_session(engine: Any) -> None:
    made = SyncServiceWrapper.made_by(lambda: AsyncSession(unwrap(engine)), name="session")
    with made as session:
        session.execute(insert(units), [{"id": 4}])
        session.commit()
        assert session.scalars(select(units.c.id)).all() == [4]
