"""The outbox of a station, sent by the command."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox, pyWATS
from pywats.sandbox import Fault
from tests.cli.report.conftest import ROUTE, units
from tests.cli.running import invoke, run, run_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats.sandbox import Sandbox


@pytest.fixture
def outbox(api: pyWATS, sandbox: Sandbox, station: Sandbox, tmp_path: Path) -> Outbox:
    """Return an outbox in which the reports A and B wait."""
    del station
    outbox = Outbox(tmp_path / "outbox")
    sandbox.inject("POST", ROUTE, Fault.status(503), times=2)
    with pyWATS(sandbox.base_url, sandbox.token, outbox=outbox) as keeping:
        for unit in ("A", "B"):
            report = api.report.create_uut_report("op", "P", "A", unit, 100)
            report.conclude()
            assert keeping.report.submit_report(report).kept
    return outbox


def test_what_waits_is_sent_before_the_files(
    outbox: Outbox, write: Callable[..., Path], api: pyWATS
) -> None:
    told = run_json("report", "submit", write("C"), "--outbox", outbox.directory)
    assert told["outbox"] == {
        "directory": str(outbox.directory),
        "sent": 2,
        "refused": 0,
        "waiting": 0,
        "error": None,
    }
    assert told["submitted"] == 1
    assert [header.serial_number for header in api.report.iter_headers()] == ["A", "B", "C"]


def test_no_file_is_needed(outbox: Outbox, api: pyWATS, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_OUTBOX", str(outbox.directory))
    printed = run("report", "submit")
    assert printed == f"2 sent, 0 refused, 0 waiting; outbox: {outbox.directory}\n"
    assert units(api) == ["A", "B"]
    assert run_json("report", "submit")["outbox"]["sent"] == 0


def test_nothing_to_submit_is_wrong_use() -> None:
    told = invoke("report", "submit", code=2).stderr
    assert "give files or folders, --outbox, or set PYWATS_OUTBOX" in " ".join(
        told.replace("│", " ").split()
    )


def test_an_outage_that_the_outbox_finds_ends_the_run(
    outbox: Outbox, write: Callable[..., Path], sandbox: Sandbox
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503))
    arguments = ("report", "submit", "--retries", 0, "--outbox", outbox.directory)
    before = len(sandbox.requests)
    told = run_json(*arguments, write("C"), code=1)
    assert len(sandbox.requests) == before + 1
    assert told["outbox"]["waiting"] == 2
    assert told["outbox"]["error"].startswith("ServerError: POST /api/Report/WSJF")
    assert told["files"][0]["error"] == "not sent: the server is away"
    printed = run(*arguments, code=1)
    assert "0 sent, 0 refused, 2 waiting; outbox: " in printed
    assert printed.endswith("Run the same command again to submit what is left.\n")


def test_an_outage_is_waited_out_before_the_outbox(
    outbox: Outbox, api: pyWATS, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    arguments = ("--retries", 0, "--wait", 60, "--outbox", outbox.directory)
    assert run_json("report", "submit", *arguments)["outbox"]["sent"] == 2
    assert waits == [5.0]
    assert units(api) == ["A", "B"]


def test_a_report_that_the_server_refuses_fails_the_command(
    outbox: Outbox, sandbox: Sandbox
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(400), times=1)
    told = run_json("report", "submit", "--outbox", outbox.directory, code=1)["outbox"]
    assert (told["sent"], told["refused"], told["error"]) == (1, 1, None)


@pytest.mark.usefixtures("station")
def test_an_outbox_that_cannot_be_read_fails_the_command(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "outbox.sqlite3").write_bytes(b"no database" * 1000)
    told = run_json("report", "submit", write("A"), "--outbox", tmp_path / "outbox", code=1)
    assert "file is not a database" in told["outbox"]["error"]
    assert told["submitted"] == 1


def test_an_outbox_is_watched_too(outbox: Outbox, api: pyWATS) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            *(sys.executable, "-m", "pywats.cli", "report", "submit", "--watch"),
            *("--outbox", str(outbox.directory)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while outbox.status().waiting:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.terminate()
    out, _ = process.communicate(timeout=240)
    assert process.returncode == 0
    assert out.endswith(f"0 waiting; outbox: {outbox.directory}\n")
    assert units(api) == ["A", "B"]


def test_what_became_of_the_outbox_is_told_when_a_signal_ends_it(
    outbox: Outbox, sandbox: Sandbox
) -> None:
    sandbox.inject("POST", ROUTE, Fault.hang())
    before = len(sandbox.requests)
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            *(sys.executable, "-m", "pywats.cli", "report", "submit", "--watch"),
            *("--outbox", str(outbox.directory)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while len(sandbox.requests) == before:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.terminate()
    out, _ = process.communicate(timeout=240)
    assert process.returncode == 0
    assert out.startswith(f"0 sent, 0 refused, 2 waiting; outbox: {outbox.directory}\n")
