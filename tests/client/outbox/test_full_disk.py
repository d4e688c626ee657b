"""A disk that gets full while an outbox is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox
from pywats.errors import OutboxFullError
from pywats.sandbox import Fault
from tests.client.outbox.conftest import ROUTE, units

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox

    Fill = Callable[[str], None]

PAGES = 200  # of 4096 bytes
GROW = """
CREATE TABLE filler (content BLOB);
CREATE TRIGGER grow BEFORE {change} ON reports BEGIN
    INSERT INTO filler VALUES (zeroblob(4000000));
END;
"""


@pytest.fixture
def fill(keeping: pyWATS, directory: Path, monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Return a function that makes SQLite find the disk full at one kind of change."""
    del keeping
    connect = sqlite3.connect
    file = directory / "outbox.sqlite3"

    def limited(file: Path, *, timeout: float, isolation_level: None) -> sqlite3.Connection:
        connection = connect(file, timeout=timeout, isolation_level=isolation_level)
        connection.execute(f"PRAGMA max_page_count = {PAGES}")
        return connection

    def make(change: str) -> None:
        assert Outbox(directory).refused() == []  # makes the database
        with closing(connect(file)) as database:
            database.executescript(GROW.format(change=change))
        monkeypatch.setattr(sqlite3, "connect", limited)

    return make


def free(directory: Path) -> None:
    with closing(
        sqlite3.connect(directory / "outbox.sqlite3", timeout=9, isolation_level=None)
    ) as database:
        database.execute("DROP TRIGGER grow")


def test_a_report_that_does_not_fit_is_not_kept(
    keeping: pyWATS, report: Callable[..., UUTReport], directory: Path, fill: Fill
) -> None:
    fill("INSERT")
    told = "is full, so the report is not kept: free some space on it"
    with pytest.raises(OutboxFullError, match=told):
        keeping.report.submit_report(report("A"))
    assert Outbox(directory).status().waiting == 0
    free(directory)
    assert not keeping.report.submit_report(report("A")).kept


def test_a_kept_report_stays_kept_if_the_outage_cannot_be_noted(
    keeping: pyWATS,
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    fill: Fill,
) -> None:
    fill("UPDATE")
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    assert keeping.report.submit_report(report("A")).kept
    assert Outbox(directory).status().waiting == 1
    free(directory)
    assert len(Outbox(directory).send(keeping).sent) == 1
    assert units(keeping) == ["A"]


def test_a_report_that_cannot_be_deleted_is_sent_again_and_counted_once(
    keeping: pyWATS,
    report: Callable[..., UUTReport],
    directory: Path,
    fill: Fill,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fill("DELETE")
    assert keeping.report.submit_report(report("A")).kept
    (line,) = [each.getMessage() for each in caplog.records if each.name == "pywats.outbox"]
    assert "is kept and will be sent later: the disk of the outbox" in line
    with pytest.raises(OutboxFullError, match="is full: free some space on it"):
        Outbox(directory).send(keeping)
    free(directory)
    run = Outbox(directory).send(keeping)
    assert (len(run.sent), run.waiting, units(keeping)) == (1, 0, ["A"])


def test_a_full_outbox_on_a_full_disk_refuses_the_next_report(
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    fill: Fill,
) -> None:
    api = connect(outbox=Outbox(directory, max_reports=1))
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    assert api.report.submit_report(report("A")).kept
    fill("DELETE")
    with pytest.raises(OutboxFullError, match="it holds 1 reports, and max_reports is 1"):
        api.report.submit_report(report("B"))
    free(directory)
    assert not api.report.submit_report(report("B")).kept
    assert units(api) == ["A", "B"]
