"""Store of an outbox: reports in the order in which they were kept, within limits."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pywats.client.outbox.database import Database
from pywats.client.outbox.place import shown
from pywats.client.outbox.row import COLUMNS, Row, seconds_of
from pywats.client.outbox.sending_lock import SendingLock
from pywats.errors import OutboxFullError
from pywats.models.report.wsxf_text import same_id
from pywats.redaction import one_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pywats.client.outbox.row import Format

__all__ = ["FILE", "Limits", "Store", "Totals"]

FILE: Final = "outbox.sqlite3"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of an outbox.

    Attributes:
        reports: Maximum number of reports.
        size: Maximum total size of their documents in bytes.
        age: Maximum age of the oldest waiting report in seconds; None for no limit.
    """

    reports: int
    size: int
    age: float | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Number and size of the reports in the outbox.

    Attributes:
        waiting: Number of reports that wait for the server.
        refused: Number of reports that the server has refused.
        size: Bytes of the documents of both.
        oldest: Time at which the oldest waiting report was kept, in seconds since 1970; None if
            no report waits.
    """

    waiting: int
    refused: int
    size: int
    oldest: float | None


class Store:
    """Keeps reports in a directory; any number of threads and processes may use it at once.

    Args:
        directory: The directory.
        limits: Its limits.
    """

    def __init__(self, directory: Path, limits: Limits) -> None:
        self.directory = directory
        self._limits = limits
        self._database = Database(directory / FILE)

    def put(self, report_id: str, form: Format, content: bytes, carrier: Mapping[str, str]) -> None:
        """Write a report to the disk; the same report again changes nothing.

        Raises:
            OutboxFullError: A limit is reached, or the disk is full.
            OutboxError: The outbox cannot be written.
            ValueError: Another report with this id waits.
        """
        key = same_id(report_id)
        with self._database.transaction(", so the report is not kept") as database:
            found = database.execute(
                "SELECT state, content FROM reports WHERE id = ?", (key,)
            ).fetchone()
            if found is not None:
                state, kept = found
                if state == "waiting" and kept == content:
                    return
                if state == "waiting":
                    raise ValueError(
                        f"another report with the id {one_line(report_id)} waits in the outbox "
                        f"{shown(self.directory)}, and would be lost: give this report an id of "
                        "its own"
                    )
                # The server has refused the kept report, and this one replaces it.
                database.execute("DELETE FROM reports WHERE id = ?", (key,))
            self._refuse_if_full(_totals(database), len(content))
            database.execute(
                "INSERT INTO reports (id, format, state, kept_at, size, carrier, content) "
                "VALUES (?, ?, 'waiting', ?, ?, ?, ?)",
                (key, form, time.time(), len(content), json.dumps(dict(carrier)), content),
            )

    def next_waiting(self, after: int) -> Row | None:
        """Return the first waiting report after a place in the order; None after the last one."""
        with self._database.transaction() as database:
            found = database.execute(
                f"SELECT {COLUMNS}, content FROM reports "  # noqa: S608  # nosec B608 - a constant
                "WHERE state = 'waiting' AND seq > ? ORDER BY seq LIMIT 1",
                (after,),
            ).fetchone()
        return None if found is None else Row.of(*found)

    def waits(self, report_id: str) -> bool:
        """Return whether the report with this id waits."""
        with self._database.transaction() as database:
            found = database.execute(
                "SELECT 1 FROM reports WHERE id = ? AND state = 'waiting'", (same_id(report_id),)
            ).fetchone()
        return found is not None

    def remove(self, row: Row) -> None:
        """Delete a report that the server has."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM reports WHERE seq = ?", (row.seq,))

    def note_failure(self, row: Row, error: str, *, refused: bool) -> None:
        """Note why a report could not be sent, and set it aside if the server refuses it."""
        with self._database.transaction() as database:
            database.execute(
                "UPDATE reports SET failures = failures + 1, error = ?, state = ? WHERE seq = ?",
                (error, "refused" if refused else "waiting", row.seq),
            )

    def rows(self, state: Literal["waiting", "refused"]) -> list[Row]:
        """Return the reports in a state, without their documents, in the order of sending."""
        with self._database.transaction() as database:
            found = database.execute(
                # A state that this version does not know is shown among the refused reports.
                f"SELECT {COLUMNS} FROM reports "  # noqa: S608  # nosec B608 - a constant
                "WHERE (state = 'waiting') = ? ORDER BY seq",
                (state == "waiting",),
            ).fetchall()
        return [Row.of(*each) for each in found]

    def retry_refused(self) -> int:
        """Put the refused reports back among the waiting ones; return their number."""
        with self._database.transaction() as database:
            changed = database.execute(
                "UPDATE reports SET state = 'waiting' WHERE state != 'waiting'"
            )
            return changed.rowcount

    def totals(self) -> Totals:
        """Return the number and size of the reports in the outbox."""
        if not self._database.file.exists():
            return Totals(0, 0, 0, None)
        with self._database.transaction() as database:
            return _totals(database)

    @contextmanager
    def sending(self, seconds: float | None) -> Iterator[bool]:
        """Hold the lock for sending in the ``with`` block, against other threads and processes.

        Args:
            seconds: Seconds to wait for the lock; None for no limit.

        Yields:
            Whether the lock is held.
        """
        with SendingLock(self.directory / "sending.lock").held(seconds) as held:
            yield held

    def _refuse_if_full(self, totals: Totals, size: int) -> None:
        limits = self._limits
        reports = totals.waiting + totals.refused
        reason = None
        if reports >= limits.reports:
            reason = f"it holds {reports} reports, and max_reports is {limits.reports}"
        elif totals.size + size > limits.size:
            reason = (
                f"it holds {totals.size} bytes, the report has {size}, and max_bytes is "
                f"{limits.size}"
            )
        elif limits.age is not None and totals.oldest is not None:
            age = time.time() - totals.oldest
            if age > limits.age:
                reason = (
                    f"its oldest report has waited for {age:.0f} s, and max_age is {limits.age:g}"
                )
        if reason is not None:
            raise OutboxFullError(
                f"the outbox {shown(self.directory)} is full, so the report is not kept: {reason}"
            )


def _totals(database: sqlite3.Connection) -> Totals:
    found = database.execute(
        "SELECT state = 'waiting', count(*), sum(size), min(kept_at) FROM reports GROUP BY state"
    ).fetchall()
    waiting = refused = size = 0
    oldest: float | None = None
    for waits, count, bytes_of, kept_at in found:
        size += int(bytes_of)
        if waits:
            waiting, oldest = count, seconds_of(kept_at)
        else:
            refused += count
    return Totals(waiting, refused, size, oldest)
