"""Database file of an outbox: SQLite, with every commit on the disk before it returns.

A connection is opened for each transaction and closed after it. A SQLite connection must not be
carried across a fork, so a fork waits until no transaction is running.

Several processes may create the file at the same time. While one of them changes the journal mode
or cleans up after the last connection, SQLite refuses the others at once, whatever the timeout of
the connection is (https://www.sqlite.org/wal.html, section 9). The opening is therefore retried.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from pywats.client.outbox.place import shown
from pywats.client.outbox.row import readable
from pywats.errors import OutboxError, OutboxFullError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Database"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS reports (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    state TEXT NOT NULL,
    kept_at REAL NOT NULL,
    size INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    carrier TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS totals ON reports (state, kept_at, size);
PRAGMA user_version = 1;
"""
_VERSION: Final = 1
_BUSY_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.01
_IN_USE: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NOT_WRITABLE: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}
)

_no_fork = threading.RLock()

if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    os.register_at_fork(
        before=_no_fork.acquire, after_in_parent=_no_fork.release, after_in_child=_no_fork.release
    )


class Database:
    """Opens the database for one transaction at a time.

    Args:
        file: The database file; it and its directory are created on first use.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    @contextmanager
    def transaction(self, if_full: str = "") -> Iterator[sqlite3.Connection]:
        """Run a transaction in the ``with`` block; what it wrote is on the disk after it.

        Args:
            if_full: What it means that the disk is full, for the error.

        Raises:
            OutboxFullError: The disk is full.
            OutboxError: The database cannot be read or written.
        """
        try:
            with _no_fork, closing(self._begin()) as connection:
                try:
                    yield connection
                except BaseException:
                    # After a disk error, SQLite has already rolled the transaction back.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise OutboxFullError(
                    f"the disk of the outbox {shown(self.file)} is full{if_full}: "
                    "free some space on it"
                ) from error
            raise OutboxError(
                f"the outbox {shown(self.file)} cannot be used ({error}){_advice(error)}"
            ) from error
        except OSError as error:
            if isinstance(error, OutboxError):
                raise
            reason = error.strerror or str(error)
            raise OutboxError(f"the outbox {shown(self.file)} cannot be used ({reason})") from error

    def _begin(self) -> sqlite3.Connection:
        """Open a connection and begin a transaction; retry while another process has the file."""
        until = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                connection = self._open()
            except sqlite3.Error as error:
                if not _is_in_use(error) or time.monotonic() >= until:
                    raise
                time.sleep(_POLL_SECONDS)
            else:
                return connection

    def _open(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.file, timeout=_BUSY_SECONDS, isolation_level=None)
        # A damaged text must not keep the other rows from being read.
        connection.text_factory = readable
        try:
            # FULL: a commit is on the disk before it returns, also with a write-ahead log.
            connection.execute("PRAGMA synchronous = FULL")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            else:
                _check_version(self.file, version)
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            connection.close()
            raise
        return connection


def _primary_code(error: sqlite3.Error) -> int | None:
    """Return the primary result code, which is the low byte of the extended code."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _is_in_use(error: sqlite3.Error) -> bool:
    """Return whether another process has the file."""
    return _primary_code(error) in _IN_USE


def _advice(error: sqlite3.Error) -> str:
    code = _primary_code(error)
    if code in _DAMAGED:
        return (
            ": the file is damaged; move its directory to another place, because it may contain "
            "reports, and the next report starts a new outbox"
        )
    if code in _IN_USE:
        return f": another program has had it locked for {_BUSY_SECONDS:g} s; close that program"
    if code in _NOT_WRITABLE:
        return ": check that the user of this program may write the directory and its files"
    return ""


def _check_version(file: Path, version: int) -> None:
    if version != _VERSION:
        raise OutboxError(
            f"the outbox {shown(file)} has the format {version}, and this version of pywats knows "
            f"{_VERSION}: update pywats"
        )
