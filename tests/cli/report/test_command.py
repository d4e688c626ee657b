"""``pywats report submit`` over the sandbox."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pywats.cli.report.command import JOURNAL
from pywats.sandbox import Fault
from tests.cli.report.conftest import ROUTE, lines, units
from tests.cli.running import invoke, run, run_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

WSXF = """<?xml version="1.0" encoding="utf-8"?>
<Reports xmlns="http://wats.virinco.com/schemas/WATS/Report/wsxf">
  <Report type="UUT" {id}PN="P" SN="X-1" Rev="A" MachineName="M" Result="Passed">
    <Process Code="100"/><UUT UserLoginName="op"/>
  </Report>
</Reports>"""


@pytest.mark.usefixtures("station")
def test_files_are_submitted_once_however_often_it_is_run(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    first, second = write("A"), write("B", prefix="\ufeff \n")
    journal = tmp_path / JOURNAL
    summary = run("report", "submit", first, second)
    assert summary == f"2 submitted, 0 submitted before, 0 failed; journal: {journal}\n"
    assert units(api) == ["A", "B"]
    assert [entry["file"] for entry in lines(journal)] == [str(first), str(second)]
    assert {entry["server"] for entry in lines(journal)} == {sandbox.base_url}
    sandbox.clear()
    told = run_json("report", "submit", first, second)
    assert (told["submitted"], told["skipped"], told["failed"]) == (0, 2, 0)
    assert [row["number"] for row in told["files"]] == [e["number"] for e in lines(journal)]
    assert sandbox.requests == ()


@pytest.mark.usefixtures("station")
def test_a_failed_file_neither_stops_nor_loses_the_others(
    write: Callable[..., Path], api: pyWATS, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.json"
    empty.write_bytes(b"")
    torn = tmp_path / "torn.json"
    torn.write_text('{"id": ', encoding="utf-8")
    other = tmp_path / "other.xml"
    other.write_text("<html/>", encoding="utf-8")
    missing = tmp_path / "missing.json"
    refused = write("R", type="?")
    files = [empty, write("A"), torn, other, missing, refused, write("B")]
    told = run_json("report", "submit", *files, code=1)
    assert [row["status"] for row in told["files"]] == [
        *("failed", "submitted", "failed", "failed", "failed", "failed", "submitted")
    ]
    errors = [row["error"] for row in told["files"] if row["error"]]
    assert errors[0].startswith("ValueError: neither a WSJF document (JSON, starts with '{')")
    assert errors[1].startswith("ValueError: not a JSON document: Expecting value")
    assert errors[2].startswith("ValueError: not a WSXF document: there is no element Report")
    assert errors[3].startswith("FileNotFoundError: ")
    assert errors[4].startswith("BadRequestError: POST /api/Report/WSJF")
    assert told["files"][5]["correlation_id"] in errors[4]
    assert units(api) == ["A", "B"]
    # Once corrected, the same command submits what is left.
    write("R")
    told = run_json("report", "submit", *files[1:2], *files[5:])
    assert [row["status"] for row in told["files"]] == ["skipped", "submitted", "skipped"]
    assert units(api) == ["A", "B", "R"]


@pytest.mark.usefixtures("station")
def test_people_see_what_failed_and_what_to_do(write: Callable[..., Path]) -> None:
    printed = " ".join(run("report", "submit", write("A"), write("[B]", type="?"), code=1).split())
    assert "failed: " in printed
    assert "[B].json: BadRequestError: POST /api/Report/WSJF" in printed
    assert "1 submitted, 0 submitted before, 1 failed; journal: " in printed
    assert printed.endswith("Run the same command again to submit what is left.")


@pytest.mark.usefixtures("station")
def test_a_lost_response_does_not_count_a_report_twice(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.reset(executed=True), times=1)
    file = write("A", with_id=False)
    told = run_json("report", "submit", "--retries", 0, file, code=1)
    assert "the server may have executed the request" in told["files"][0]["error"]
    assert lines(tmp_path / JOURNAL) == []
    (row,) = run_json("report", "submit", file)["files"]
    assert row["status"] == "submitted"
    (header,) = api.report.iter_headers()
    assert [str(header.uuid)] == row["reports"]


@pytest.mark.usefixtures("station")
def test_a_lost_response_is_asked_for_again(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox
) -> None:
    sandbox.inject("POST", ROUTE, Fault.reset(executed=True), times=1)
    assert run_json("report", "submit", write("A"))["submitted"] == 1
    assert units(api) == ["A"]
    assert [request.status for request in sandbox.requests if request.path == ROUTE] == [None, 200]


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("given", ["", "0f0e0d0c-0b0a-4908-8706-050403020100"])
def test_wsxf_is_told_by_its_content(
    given: str, encoding: str, api: pyWATS, tmp_path: Path, sandbox: Sandbox
) -> None:
    file = tmp_path / "report.dat"
    text = WSXF.format(id=f'ID="{given}" ' if given else "").replace("utf-8", encoding)
    file.write_bytes(text.encode(encoding))
    (row,) = run_json("report", "submit", file)["files"]
    (header,) = api.report.iter_headers()
    assert [str(header.uuid)] == row["reports"]
    if given:
        assert row["reports"] == [given]
        assert sandbox.requests[0].body == file.read_bytes()
    (tmp_path / JOURNAL).unlink()
    (again,) = run_json("report", "submit", file)["files"]
    assert again["status"] == "submitted"
    assert (again["reports"], again["number"]) == (row["reports"], row["number"])


@pytest.mark.usefixtures("station")
def test_a_journal_of_ones_own_that_a_crash_has_torn(
    write: Callable[..., Path], api: pyWATS, tmp_path: Path
) -> None:
    journal = tmp_path / "notes" / "mine.jsonl"
    journal.parent.mkdir()
    run("report", "submit", write("A"), "--journal", journal)
    whole = journal.read_text(encoding="utf-8")
    journal.write_text(whole + whole[:40], encoding="utf-8")
    told = run_json("report", "submit", write("B"), "--journal", journal)
    assert told["journal"] == str(journal)
    assert journal.read_text(encoding="utf-8").startswith(whole + whole[:40] + "\n{")
    assert not (tmp_path / JOURNAL).exists()
    assert units(api) == ["A", "B"]


@pytest.mark.usefixtures("station")
def test_a_line_of_the_journal_that_is_not_utf_8_counts_for_nothing(
    write: Callable[..., Path], api: pyWATS, tmp_path: Path
) -> None:
    first, second = write("A"), write("B")
    run("report", "submit", first, second)
    journal = tmp_path / JOURNAL
    spoilt, whole = journal.read_bytes().splitlines(keepends=True)
    broken = spoilt.replace(b"A.json", b"\xff.json") + b"\xff\xfe\n" + whole
    journal.write_bytes(broken)
    told = run_json("report", "submit", first, second)
    assert [row["status"] for row in told["files"]] == ["submitted", "skipped"]
    assert journal.read_bytes().startswith(broken)
    assert units(api) == ["A", "B"]


def test_another_server_has_not_taken_the_file(
    write: Callable[..., Path], station: Sandbox, tmp_path: Path
) -> None:
    file = write("A")
    run("report", "submit", file)
    journal = tmp_path / JOURNAL
    text = journal.read_text(encoding="utf-8").replace(station.base_url, "http://elsewhere")
    journal.write_text(text, encoding="utf-8")
    assert run_json("report", "submit", file, "--base-url", station.base_url)["submitted"] == 1
    assert [e["server"] for e in lines(journal)] == ["http://elsewhere", station.base_url]


@pytest.mark.usefixtures("station")
def test_a_journal_that_cannot_be_written_is_wrong_use(
    write: Callable[..., Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    told = invoke("report", "submit", write("A"), "--journal", tmp_path, code=2).stderr
    assert "Invalid value for --journal" in told
    assert sandbox.requests == ()


def test_without_a_server_it_is_wrong_use(write: Callable[..., Path], tmp_path: Path) -> None:
    told = invoke("report", "submit", write("A"), code=2).stderr
    assert "no address of the server" in told
    assert "pywats doctor tells more" in " ".join(told.replace("│", " ").split())
    assert not (tmp_path / JOURNAL).exists()


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    ("variable", "value"),
    [("PYWATS_TIMEOUT", "abc"), ("PYWATS_MAX_RETRIES", "-1"), ("PYWATS_RETRY_BACKOFF", "0")],
)
def test_a_setting_of_the_environment_that_is_wrong_is_wrong_use(
    write: Callable[..., Path], sandbox: Sandbox, variable: str, value: str
) -> None:
    done = invoke("report", "submit", write("A"), "--json", code=2, env={variable: value})
    assert f"{variable}={value!r} in the environment: must be" in done.stderr
    assert done.stdout == ""
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("https_proxy", "HTTPS_PROXY in the environment: must be the address of a proxy"),
        ("SSL_CERT_FILE", "SSL_CERT_FILE='nowhere:none' in the environment: must be a file of"),
    ],
)
def test_a_way_to_the_server_that_is_none_is_wrong_use(
    write: Callable[..., Path], variable: str, message: str
) -> None:
    env = {"PYWATS_TOKEN": "dTpw", "no_proxy": "", variable: "nowhere:none"}
    arguments = ("--base-url", "https://127.0.0.1:1")
    told = invoke("report", "submit", write("A"), *arguments, code=2, env=env).stderr
    assert message in " ".join(told.replace("│", " ").split())


def test_a_terminal_sees_a_bar(write: Callable[..., Path], station: Sandbox) -> None:
    station.inject("POST", ROUTE, Fault.delay(0.3))
    terminal, other_end = pty.openpty()
    shown = bytearray()

    def read() -> None:
        try:
            while piece := os.read(terminal, 1000):
                shown.extend(piece)
        except OSError:
            """The other end was closed."""

    reader = threading.Thread(target=read)
    reader.start()
    command = [sys.executable, "-m", "pywats.cli", "report", "submit", str(write("A"))]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        stdout=subprocess.PIPE,
        stderr=other_end,
        env=os.environ | {"TERM": "xterm"},
        timeout=240,
        check=False,
    )
    os.close(other_end)
    reader.join(120)
    os.close(terminal)
    assert done.returncode == 0
    assert b"1 submitted" in done.stdout
    assert b"Submitting" in shown
    assert b"0/1" in shown
