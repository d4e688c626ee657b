"""Folders as arguments, watched or not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pywats.cli.report.command import JOURNAL
from pywats.cli.report.listing import Watch, report_files
from pywats.sandbox import Fault
from tests.cli.report.conftest import ROUTE, lines, units
from tests.cli.running import run, run_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox


def put(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")


def test_the_report_files_below_a_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ["b.json", "A.XML", "c.wsjf", "d.wsxf", "sub/e.json", "sub/deeper/f.json"]
    put(tmp_path, *names, "notes.txt", "x.json.tmp", ".hidden.json", ".git/g.json", "done/h.json")
    found = report_files([tmp_path / "c.wsjf", tmp_path], tmp_path / "done")
    assert [str(file.relative_to(tmp_path)) for file in found] == [
        *("c.wsjf", "A.XML", "b.json", "d.wsxf", "sub/e.json", "sub/deeper/f.json")
    ]


@pytest.mark.usefixtures("station")
def test_a_folder_is_submitted(write: Callable[..., Path], api: pyWATS, tmp_path: Path) -> None:
    write("B", name="results/b.json")
    write("A", name="results/a.json")
    told = run_json("report", "submit", tmp_path / "results")
    assert told["journal"] == str(tmp_path / "results" / JOURNAL)
    assert [Path(row["file"]).name for row in told["files"]] == ["a.json", "b.json"]
    assert units(api) == ["A", "B"]
    assert run_json("report", "submit", tmp_path / "results")["skipped"] == 2


@pytest.mark.usefixtures("station")
def test_an_empty_folder_is_no_failure(tmp_path: Path) -> None:
    assert "0 submitted, 0 submitted before, 0 failed" in run("report", "submit", tmp_path)


def test_a_file_is_taken_when_it_has_not_changed_for_a_second(tmp_path: Path) -> None:
    put(tmp_path, "a.json")
    file = tmp_path / "a.json"
    watch = Watch([tmp_path, tmp_path / "missing.json"], None)
    os.utime(file, (2**33, 2**33))
    assert watch.new() == []
    os.utime(file, (10, 10))
    assert watch.new() == [file]
    assert watch.new() == []
    os.utime(file, (20, 20))
    assert watch.new() == [file]
    file.unlink()
    assert watch.new() == []


class Watching:
    """A command that watches a folder, and the lines of JSON that it prints."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [
                *(sys.executable, "-m", "pywats.cli", "report", "submit", "--watch", "--json"),
                *map(str, arguments),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )

    def told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line: dict[str, Any] = json.loads(self.process.stdout.readline())
        return line

    def stop(self, number: signal.Signals) -> dict[str, Any]:
        self.process.send_signal(number)
        summary: dict[str, Any] = json.loads(self.process.communicate(timeout=240)[0])
        return summary


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_files_are_submitted_as_they_appear(
    number: signal.Signals,
    write: Callable[..., Path],
    api: pyWATS,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    write("A", name="results/a.json")
    done = tmp_path / "results" / "done"
    watching = Watching(tmp_path / "results", "--move-to", done, "--retries", 0)
    first = watching.told()
    assert (first["status"], first["moved_to"]) == (
        "submitted",
        str(done / "a.json"),
    )
    # The server is away for a while; the file is submitted when it is back.
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    write("B", name="results/b.json")
    assert watching.told()["status"] == "submitted"
    summary = watching.stop(number)
    assert (summary["submitted"], summary["failed"]) == (2, 0)
    assert watching.process.returncode == 0
    assert units(api) == ["A", "B"]
    assert len(lines(tmp_path / "results" / JOURNAL)) == 2


@pytest.mark.usefixtures("station")
def test_a_file_that_failed_is_tried_again_when_it_has_changed(
    write: Callable[..., Path], api: pyWATS, tmp_path: Path
) -> None:
    write("A", name="results/a.json", type="?")
    watching = Watching(tmp_path / "results")
    assert watching.told()["status"] == "failed"
    write("A", name="results/a.json")
    assert watching.told()["status"] == "submitted"
    assert watching.stop(signal.SIGTERM)["failed"] == 1
    assert watching.process.returncode == 1
    assert units(api) == ["A"]


@pytest.mark.usefixtures("station")
def test_a_run_that_is_stopped_says_what_it_has_done(
    write: Callable[..., Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    files = [write("A"), write("B")]
    sandbox.inject("POST", ROUTE, Fault.delay(0.001), times=1)
    sandbox.inject("POST", ROUTE, Fault.hang(), times=1)
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "pywats.cli", "report", "submit", "--json", *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(sandbox.requests) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 1
    assert err == "Stopped before the last file.\n"
    assert [row["status"] for row in json.loads(out)["files"]] == ["submitted"]
    assert len(lines(tmp_path / JOURNAL)) == 1
