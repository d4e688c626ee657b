"""Faces inside exceptions go in as their objects."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

import pytest

from pywats import SyncServiceWrapper
from pywats.sync import SyncFace, sync_face, unwrap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


class Rollback(Exception):
    """As psycopg's: names the transaction that is to be rolled back."""

    def __init__(self, transaction: object) -> None:
        self.transaction = transaction


class WithDict:
    """Has a slot for what classes without slots have of themselves."""

    __slots__ = ("__dict__",)


class Slotted(WithDict, Exception):
    """Keeps it in a slot, beside one that is never set."""

    __slots__ = ("transaction", "unset")

    def __init__(self, transaction: object) -> None:
        self.transaction = transaction


class Transaction:
    """Suppresses an exception that names it."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    async def __aenter__(self) -> Self:
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        found = find(error)
        self.seen.append(found)
        return found is self

    async def write(self) -> None:
        """Write something."""


def find(error: BaseException | None) -> object:
    """Return the transaction that an exception, its group or its cause names."""
    if isinstance(error, BaseExceptionGroup):
        return find(error.exceptions[0])
    if error is None:
        return None
    found = getattr(error, "transaction", error.args[0] if error.args else None)
    found = found["of"][0] if isinstance(found, dict) else found
    return find(error.__cause__) if found is None else found


class Connection:
    def transaction(self) -> Transaction:
        return Transaction()

    async def rows(self) -> AsyncIterator[Any]:
        sent: Any = None
        while True:
            try:
                sent = yield sent
            except Rollback as error:
                sent = type(error.transaction).__name__
            else:
                sent = type(sent).__name__


@sync_face(Transaction)
class SyncTransaction(SyncFace[Transaction]):
    """A typed face."""


@sync_face(Connection, nested=[SyncTransaction])
class SyncConnection(SyncFace[Connection]):
    """Another one."""


def caused(transaction: object) -> Exception:
    error = LookupError()
    error.__cause__ = Rollback(transaction)
    return error


ERRORS: dict[str, Callable[[object], BaseException]] = {
    "attribute": Rollback,
    "argument": ValueError,
    "slot": Slotted,
    "container": lambda each: Rollback({"of": [each]}),
    "group": lambda each: ExceptionGroup("several", [Rollback(each)]),
    "cause": caused,
}


@pytest.mark.parametrize("kind", [SyncServiceWrapper, SyncConnection])
@pytest.mark.parametrize("how", ERRORS)
def test_a_block_left_by_an_exception_that_names_its_context(
    how: str, kind: type[SyncFace[Any]]
) -> None:
    connection: Any = kind(Connection())
    with connection.transaction() as outer:
        with connection.transaction() as transaction:
            error = ERRORS[how](transaction)
            raise error
        assert find(error) is transaction
        assert unwrap(transaction).seen == [unwrap(transaction)]
        with pytest.raises(type(error)) as caught, connection.transaction():
            raise ERRORS[how](outer)
        # The exception that leaves the block holds the face again.
        assert find(caught.value) is outer
    assert unwrap(outer).seen == [None]


def test_what_is_sent_or_thrown_into_a_generator() -> None:
    connection = SyncServiceWrapper(Connection())
    transaction = connection.transaction()
    rows = connection.rows()
    assert next(rows) is None
    assert rows.send(transaction) == "Transaction"
    assert rows.send([transaction]) == "list"
    error = Rollback(transaction)
    assert rows.throw(error) == "Transaction"
    assert error.transaction is transaction


def test_what_the_object_puts_into_an_exception_stays() -> None:
    class Marking(Transaction):
        async def __aexit__(
            self, kind: object, error: BaseException | None, traceback: object
        ) -> bool:
            assert isinstance(error, Rollback)
            error.transaction = "rolled back"
            return True

    class Marked:
        def transaction(self) -> Transaction:
            return Marking()

    with SyncServiceWrapper(Marked()).transaction() as transaction:
        error = Rollback(transaction)
        raise error
    assert error.transaction == "rolled back"
