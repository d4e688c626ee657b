"""Runs over many files: outages, ids that are there twice, several reports in one file."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from pywats import pyWATS
from pywats.cli.report.batch import Batch, Rules
from pywats.cli.report.command import JOURNAL
from pywats.cli.report.journal import Journal
from pywats.sandbox import Fault
from tests.cli.report.conftest import ROUTE, lines, units
from tests.cli.running import run, run_json
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pywats.sandbox import Sandbox

REPORT = (
    '<Report type="UUT" {id}Start="2026-11-28T10:00:00+01:00" Result="Passed" SN="{sn}" PN="P" '
    'Rev="A" MachineName="M" Location="" Purpose=""><UUT UserLoginName="op"/>'
    '<Process Code="100"/></Report>'
)
REPORTS = '<Reports xmlns="http://wats.virinco.com/schemas/WATS/Report/wsxf">{}</Reports>'


def posts(sandbox: Sandbox) -> int:
    return sum(request.method == "POST" for request in sandbox.requests)


def patient(
    sandbox: Sandbox, journal: Path, wait: float = 0.0
) -> tuple[pyWATS, Batch, list[float]]:
    """Return a batch without retries of calls, and the waits that it makes."""
    waits: list[float] = []
    api = pyWATS(sandbox.base_url, sandbox.token, max_retries=0)
    return api, Batch(api, Journal(journal, api.base_url), Rules(wait), waits.append), waits


@pytest.mark.usefixtures("station")
def test_an_outage_is_found_once(write: Callable[..., Path], sandbox: Sandbox) -> None:
    files = [write(f"U{number}") for number in range(6)]
    sandbox.inject("*", "*", Fault.status(503))
    told = run_json("report", "submit", "--retries", 0, *files, code=1)
    assert told["failed"] == 6
    assert posts(sandbox) == 1
    errors = [row["error"] for row in told["files"]]
    assert errors[0].startswith("ServerError: POST /api/Report/WSJF")
    assert set(errors[1:]) == {f"not sent: the server is away, see {files[0]}"}
    printed = run("report", "submit", "--retries", 0, *files, code=1)
    assert "U1.json and 4 more: not sent: the server is away" in " ".join(printed.split())
    assert "0 submitted, 0 submitted before, 6 failed" in printed


def test_an_outage_is_waited_out_once_and_the_run_goes_on(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    files = [write(f"U{number}") for number in range(3)]
    sandbox.inject("POST", ROUTE, Fault.status(503), times=3)
    client, batch, waits = patient(sandbox, tmp_path / JOURNAL, wait=100.0)
    with client:
        assert [outcome.status for outcome in batch.run(files)] == ["submitted"] * 3
    assert waits == [2.0, 4.0, 8.0]
    assert batch.over is None
    assert units(api) == ["U0", "U1", "U2"]


def test_a_server_that_asks_for_a_pause_gets_it(
    write: Callable[..., Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(429, retry_after=7), times=1)
    client, batch, waits = patient(sandbox, tmp_path / JOURNAL, wait=100.0)
    with client:
        assert [outcome.status for outcome in batch.run([write("A")])] == ["submitted"]
    assert waits == [7.0]


def test_a_file_that_the_server_does_not_take_is_not_an_outage(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    files = [write(f"U{number}") for number in range(4)]
    # Such as a proxy that cuts off one large upload.
    sandbox.inject("POST", ROUTE, Fault.reset(), times=2)
    client, batch, waits = patient(sandbox, tmp_path / JOURNAL, wait=100.0)
    with client:
        statuses = [outcome.status for outcome in batch.run(files)]
    assert statuses == ["failed", "failed", "submitted", "submitted"]
    assert waits == []
    assert units(api) == ["U2", "U3"]


def test_three_such_files_in_succession_are_an_outage(
    write: Callable[..., Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    files = [write(f"U{number}") for number in range(9)]
    sandbox.inject("POST", ROUTE, Fault.reset())
    client, batch, _ = patient(sandbox, tmp_path / JOURNAL)
    with client:
        assert [outcome.status for outcome in batch.run(files)] == ["failed"] * 9
    assert batch.over == f"the server is away, see {files[2]}"
    assert posts(sandbox) == 3


@pytest.mark.usefixtures("station")
def test_credentials_that_are_wrong_are_tried_once(
    write: Callable[..., Path], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYWATS_TOKEN", "dTpw")
    told = run_json("report", "submit", write("A"), write("B"), code=1)
    assert told["files"][0]["error"].startswith("AuthenticationError: ")
    assert told["files"][1]["error"].startswith("not sent: the server does not accept the cred")
    assert posts(sandbox) == 1


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("runs", [1, 2])
def test_a_report_does_not_replace_one_of_another_file(
    runs: int, write: Callable[..., Path], api: pyWATS
) -> None:
    first = write("A", id=str(uuid4()))
    same = {"id": lines(first)[0]["id"].upper()}
    second = write("B", **same)
    if runs == 1:
        told = run_json("report", "submit", first, second, code=1)["files"]
    else:
        told = run_json("report", "submit", first)["files"]
        told += run_json("report", "submit", second, code=1)["files"]
    assert [row["status"] for row in told] == ["submitted", "failed"]
    assert f"is the id of a report submitted before, from {first}, which it wo" in told[1]["error"]
    assert units(api) == ["A"]
    # A copy is the same report, and a correction says that it is one.
    copy = first.with_name("copy.json")
    copy.write_bytes(first.read_bytes())
    told = run_json("report", "submit", copy, second, "--replace")["files"]
    assert [row["status"] for row in told] == ["skipped", "submitted"]
    assert units(api) == ["B"]


@pytest.mark.usefixtures("station")
def test_a_file_that_was_changed_says_so(write: Callable[..., Path]) -> None:
    report_id = str(uuid4())
    run("report", "submit", write("A", id=report_id))
    changed = write("A", id=report_id, result="F")
    (row,) = run_json("report", "submit", changed, code=1)["files"]
    assert "from this file with other contents, which it would replace" in row["error"]


@pytest.mark.usefixtures("station")
def test_an_id_in_doubt_is_not_given_to_another_report(
    write: Callable[..., Path], sandbox: Sandbox
) -> None:
    report_id = str(uuid4())
    files = write("A", id=report_id), write("B", id=report_id)
    sandbox.inject("POST", ROUTE, Fault.reset(executed=True), times=1)
    told = run_json("report", "submit", "--retries", 0, *files, code=1)
    assert "is the id of a report submitted before, from " in told["files"][1]["error"]


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    "id_of_a", ["", 'ID="5f0c6e2a-7f4b-4d0e-9f6a-0d4b7c1f3a11" '], ids=["without", "with"]
)
def test_all_reports_of_a_wsxf_file_arrive(
    id_of_a: str, api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "two.xml"
    parts = [REPORT.format(id=id_of_a, sn="A"), REPORT.format(id="", sn="B")]
    file.write_text(REPORTS.format("".join(parts)), encoding="utf-8")
    # The second report is refused at first.
    sandbox.inject("POST", "/api/Report/WSXF", Fault.delay(0.001), times=1)
    sandbox.inject("POST", "/api/Report/WSXF", Fault.status(400), times=1)
    (row,) = run_json("report", "submit", file, code=1)["files"]
    assert (row["status"], len(row["reports"])) == ("failed", 1)
    assert units(api) == ["A"]
    before = posts(sandbox)
    (row,) = run_json("report", "submit", file)["files"]
    assert (row["status"], len(row["reports"])) == ("submitted", 2)
    assert units(api) == ["A", "B"]
    assert posts(sandbox) == before + 1
    (row,) = run_json("report", "submit", file)["files"]
    assert (row["status"], len(row["reports"])) == ("skipped", 2)


@pytest.mark.usefixtures("station")
def test_two_reports_of_one_file_with_one_id_are_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    given = f'ID="{uuid4()}" '
    parts = [REPORT.format(id=given, sn="A"), REPORT.format(id=given.upper(), sn="B")]
    file = tmp_path / "two.xml"
    file.write_text(REPORTS.format("".join(parts)), encoding="utf-8")
    (row,) = run_json("report", "submit", file, code=1)["files"]
    assert "two reports of the file have the id " in row["error"]
    assert sandbox.requests == ()


@contextmanager
def keeping_server(port: int, kept: Path) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.cli.report.keeping_server", str(port), str(kept)],
        env=untraced(),
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(120)


def wait_for(kept: Path, number: int) -> None:
    until = time.monotonic() + 120
    while not kept.exists() or kept.read_bytes().count(b"\n") < number:
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.timeout(300)
def test_a_thousand_files_arrive_though_the_server_is_killed_and_restarted_twice(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    files = [write(f"{number:04}", name=f"results/{number:04}.json") for number in range(1000)]
    ids = [lines(file)[0]["id"] for file in files]
    kept = tmp_path / "kept"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = {"PYWATS_BASE_URL": f"http://127.0.0.1:{port}", "PYWATS_TOKEN": "dTpw"}
    command = [sys.executable, "-m", "pywats.cli", "report", "submit", str(tmp_path / "results")]
    submit = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--wait", "120", "--json"],
        env=untraced(**environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    with submit:
        journal = tmp_path / "results" / JOURNAL
        # The journal is made before the first file is sent, while the server is down.
        wait_for(journal, 0)
        for number in (300, 700):
            with keeping_server(port, kept):
                wait_for(kept, number)
        with keeping_server(port, kept):
            told, _ = submit.communicate(timeout=200)
    assert submit.returncode == 0
    assert '"submitted": 1000, "skipped": 0, "failed": 0' in told
    assert [entry["reports"] for entry in lines(journal)] == [[each] for each in ids]
    arrived = kept.read_text("utf-8").split()
    assert sorted(set(arrived)) == sorted(ids)
    # A report whose response the kill has cut off is sent again, under the same id.
    assert len(arrived) <= len(ids) + 2
