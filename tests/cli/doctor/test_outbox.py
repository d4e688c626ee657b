"""``pywats doctor`` looks into the outbox."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox, pyWATS
from pywats.cli.doctor.outbox import check_outbox
from pywats.errors import BadRequestError
from pywats.sandbox import Fault
from tests.cli.running import run_json

if TYPE_CHECKING:
    from pathlib import Path

    from pywats.sandbox import Sandbox


@pytest.fixture
def directory(tmp_path: Path, sandbox: Sandbox) -> Path:
    """Return an outbox with a report that waits and another one that the server has refused."""
    sandbox.inject("POST", "*", Fault.status(400), times=1)
    sandbox.inject("POST", "*", Fault.status(503), times=1)
    with pyWATS(sandbox.base_url, sandbox.token, outbox=tmp_path / "outbox") as api:
        reports = [api.report.create_uut_report("op", "P", "A", unit, 100) for unit in "AB"]
        with pytest.raises(BadRequestError):
            api.report.submit_report(reports[0])
        assert api.report.submit_report(reports[1]).kept
    return tmp_path / "outbox"


def test_without_an_outbox_there_is_nothing_to_check() -> None:
    assert check_outbox(None) == []


def test_reports_that_wait_are_counted(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_OUTBOX", str(directory))
    waiting, refused = check_outbox(None)
    assert (waiting.level, refused.level) == ("ok", "warning")
    assert waiting.found.startswith("1 reports (")
    assert f"bytes) wait in {directory}, the oldest for " in waiting.found
    assert f"the server has refused 1 reports in {directory}: BadRequestError" in refused.found


def test_a_report_that_has_waited_for_long_is_a_warning(directory: Path) -> None:
    with sqlite3.connect(directory / "outbox.sqlite3") as database:
        database.execute("UPDATE reports SET kept_at = kept_at - 7200")
    database.close()
    waiting, _ = check_outbox(directory)
    assert waiting.level == "warning"
    assert waiting.advice == f"Run pywats report submit --outbox {directory}"
    spaced = directory.rename(directory.with_name("out box"))
    waiting, _ = check_outbox(spaced)
    assert waiting.advice == f'Run pywats report submit --outbox "{spaced}"'


def test_an_empty_outbox_is_well(tmp_path: Path) -> None:
    (finding,) = check_outbox(tmp_path / "outbox")
    assert (finding.level, finding.found) == ("ok", f"no report waits in {tmp_path / 'outbox'}")


@pytest.mark.usefixtures("station")
def test_an_outbox_that_cannot_be_read_has_failed(tmp_path: Path) -> None:
    (tmp_path / "outbox.sqlite3").write_bytes(b"no database" * 1000)
    told = run_json("doctor", "--outbox", tmp_path, code=1)
    (finding,) = [each for each in told["findings"] if each["check"] == "outbox"]
    assert finding["level"] == "failed"
    assert Outbox(tmp_path).directory == tmp_path
