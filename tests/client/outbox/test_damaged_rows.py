"""Damaged rows in the database of an outbox: the other reports are sent, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox, pyWATS
from pywats.sandbox import Fault
from tests.client.outbox.conftest import ROUTE, units

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox

# Damage that leaves the report itself whole.
HARMLESS = {
    "carrier": [
        "'{bad'",
        "'[1]'",
        "'null'",
        '\'{"correlation_id": 5, "traceparent": []}\'',
        "CAST(x'ff7b' AS TEXT)",
        "x'ff7b'",
        "5",
    ],
    "error": ["CAST(x'ff7b' AS TEXT)", "x'ff'", "5"],
    "kept_at": ["'noon'", "1e300", "9e999", "x'ff'"],
    "size": ["'big'", "x'ff'"],
    "failures": ["'many'", "x'ff'"],
}
HARMFUL = {
    "format": (["'WSZF'", "x'ff'", "CAST(x'ff7b' AS TEXT)"], "its format is "),
    "content": (["'{}'", "5", "CAST(x'ff7b' AS TEXT)"], "its document is stored as "),
    "id": (["'nonsense'", "CAST(x'ff7b' AS TEXT)", "x'ff'"], "its id is not a UUID"),
}


@pytest.fixture
def damaged(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> Callable[[str, str], Outbox]:
    """Return a function that damages a column of the first of three waiting reports."""

    def damage(column: str, value: str) -> Outbox:
        sandbox.inject("POST", ROUTE, Fault.status(503), times=3)
        for unit in "ABC":
            keeping.report.submit_report(report(unit))
        with closing(sqlite3.connect(directory / "outbox.sqlite3")) as database:
            database.execute(f"UPDATE reports SET {column} = {value} WHERE seq = 1")  # noqa: S608 - its own values
            database.commit()
        return Outbox(directory, keeping)

    return damage


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column in HARMLESS for value in HARMLESS[column]]
)
def test_a_report_that_is_whole_is_sent(
    damaged: Callable[[str, str], Outbox], keeping: pyWATS, column: str, value: str
) -> None:
    outbox = damaged(column, value)
    assert outbox.status().waiting == 3
    first = outbox.waiting()[0]
    assert isinstance(first.error, str)
    assert (first.kept_at == datetime.fromtimestamp(0, UTC)) is (column == "kept_at")
    run = outbox.send()
    assert (len(run.sent), run.refused, run.waiting, run.error) == (3, (), 0, None)
    assert units(keeping) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column in HARMFUL for value in HARMFUL[column][0]]
)
def test_a_report_that_cannot_be_sent_is_set_aside(
    damaged: Callable[[str, str], Outbox],
    keeping: pyWATS,
    caplog: pytest.LogCaptureFixture,
    column: str,
    value: str,
) -> None:
    outbox = damaged(column, value)
    run = outbox.send()
    assert (len(run.sent), len(run.refused), run.waiting, run.error) == (2, 1, 0, None)
    assert {"B", "C"} <= set(units(keeping))
    (kept,) = outbox.refused()
    assert kept.error is not None
    assert HARMFUL[column][1] in kept.error
    assert HARMFUL[column][1] in caplog.text
    assert outbox.status().refused == 1
    assert outbox.retry_refused() == 1
    assert outbox.send().refused == run.refused


def test_a_state_of_a_newer_version_is_kept_and_shown(
    damaged: Callable[[str, str], Outbox], keeping: pyWATS
) -> None:
    outbox = damaged("state", "'paused'")
    assert (outbox.status().waiting, outbox.status().refused) == (2, 1)
    assert len(outbox.send().sent) == 2
    assert len(outbox.refused()) == 1
    assert outbox.retry_refused() == 1
    assert len(outbox.send().sent) == 1
    assert units(keeping) == ["B", "C", "A"]


def test_a_report_that_the_server_does_not_confirm_waits_and_the_others_are_sent(
    damaged: Callable[[str, str], Outbox], keeping: pyWATS
) -> None:
    outbox = damaged("id", "'00000000-0000-4000-8000-000000000000'")
    run = outbox.send()
    assert (len(run.sent), run.refused, run.waiting) == (2, (), 1)
    assert "does not confirm the report 00000000-" in str(run.error)
    (kept,) = outbox.waiting()
    assert "does not confirm the report 00000000-" in (kept.error or "")
    # The server counts a report once, whatever the outbox calls it.
    assert sorted(units(keeping)) == ["A", "B", "C"]
