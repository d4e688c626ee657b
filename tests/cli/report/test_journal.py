"""The journal of submitted files, where the disk, other runs and other users are against it."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pywats.cli.report.command import JOURNAL
from pywats.cli.report.journal import Journal, JournalError
from pywats.sandbox import Fault
from tests.cli.report.conftest import ROUTE, lines, units
from tests.cli.running import invoke, run_json
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

SERVER = "http://127.0.0.1:1"
COMMAND = [sys.executable, "-m", "pywats.cli", "report", "submit", "--json"]
IDS = ("0f0e0d0c-0b0a-4908-8706-050403020100",)


def note(journal: Journal, digest: str, *, file: str = "a.json", number: int | None = 7) -> None:
    with journal.exclusive(), journal.room_for(file, digest, IDS) as slot:
        slot.note(number)


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("dangling", [False, True])
def test_a_symbolic_link_is_not_followed(
    write: Callable[..., Path], tmp_path: Path, sandbox: Sandbox, *, dangling: bool
) -> None:
    victim = tmp_path / "victim.txt"
    if not dangling:
        victim.write_text("keep me", encoding="utf-8")
    (tmp_path / JOURNAL).symlink_to(victim)
    told = invoke("report", "submit", write("A"), code=2).stderr
    assert "it is a symbolic link, which is not followed" in " ".join(told.replace("│", "").split())
    assert sandbox.requests == ()
    assert victim.exists() is not dangling
    assert dangling or victim.read_text("utf-8") == "keep me"


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="not a regular file"):
        Journal(pipe, SERVER)


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("room", [0, 100, 500, 700])
def test_a_full_disk_ends_the_run_and_loses_no_note(
    room: int, write: Callable[..., Path], api: pyWATS, tmp_path: Path
) -> None:
    files = [write(f"U{number}") for number in range(6)]
    journal = tmp_path / "notes" / "journal.jsonl"
    journal.parent.mkdir()
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, "--journal", str(journal), *map(str, files)],
        # The limit of a file stands in for a full disk: writing beyond it fails.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        # The measurements of coverage would meet the limit, too.
        env=untraced(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads(done.stdout)
    submitted = [row["file"] for row in told["files"] if row["status"] == "submitted"]
    assert [entry["file"] for entry in lines(journal)] == submitted
    assert len(units(api)) == len(submitted) < 6
    for row in told["files"][len(submitted) :]:
        assert row["error"].startswith(f"not sent: the journal {journal} cannot be written (")
    again = run_json("report", "submit", "--journal", journal, *files)
    assert (again["submitted"], again["skipped"]) == (6 - len(submitted), len(submitted))


def test_what_was_not_noted_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path, SERVER) as journal:
        note(journal, "one")
        held = path.read_bytes()
        with pytest.raises(KeyError), journal.room_for("b.json", "two", IDS):
            raise KeyError
    assert path.read_bytes() == held
    assert json.loads(held)["number"] == 7


def test_a_disk_that_is_full_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(tmp_path / "journal", SERVER) as journal:

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        with (
            pytest.raises(JournalError, match=r"cannot be written \(No space left on device\)"),
            journal.room_for("a.json", "one", IDS),
        ):
            pytest.fail("nothing may be sent")


@pytest.mark.parametrize("number", [None, 0, 2**63 - 1])
def test_a_name_that_is_not_utf_8_round_trips(tmp_path: Path, number: int | None) -> None:
    name = os.fsdecode(b"r\xe9sultat\n.json")
    path = tmp_path / "journal"
    with Journal(path, SERVER) as journal:
        note(journal, "one", file=name, number=number)
    with Journal(path, SERVER) as journal:
        found = journal.find("one")
        assert found is not None
        assert os.fsencode(found.file) == b"r\xe9sultat\n.json"
        assert found.number == number
        assert journal.owner(IDS[0].upper()) == found


def test_the_room_that_a_killed_run_had_reserved_is_used(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    for blank in (b" " * 500 + b"\n", b" " * 5, b"\n \n", b""):
        with path.open("ab") as file:
            file.write(blank)
        with Journal(path, SERVER) as journal:
            note(journal, blank.hex())
    assert [entry["sha256"] for entry in lines(path)] == ["20" * 500 + "0a", "20" * 5, "0a200a", ""]


def test_two_journals_of_one_file_know_what_each_has_noted(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path, SERVER) as one, Journal(path, SERVER) as other:
        for number in range(10):
            note((one, other)[number % 2], str(number))
        with one.exclusive():
            assert all(one.find(str(number)) for number in range(10))
    assert len(lines(path)) == 10


def test_a_journal_that_was_emptied_is_read_afresh(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path, SERVER) as journal:
        note(journal, "one")
        path.write_bytes(b"")
        with journal.exclusive():
            assert journal.find("one") is None
        note(journal, "two")
    assert [entry["sha256"] for entry in lines(path)] == ["two"]


@pytest.mark.usefixtures("station")
def test_two_runs_at_once_submit_each_file_once(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    files = [str(write(f"U{number:02}")) for number in range(20)]
    runs = [
        subprocess.Popen([*COMMAND, *files], stdout=subprocess.PIPE)  # noqa: S603 - our own command
        for _ in range(2)
    ]
    told = [json.loads(run.communicate(timeout=240)[0]) for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum(each["submitted"] for each in told) == 20
    assert sum(each["skipped"] for each in told) == 20
    assert sum(request.method == "POST" for request in sandbox.requests) == 20
    assert len(units(api)) == len(lines(tmp_path / JOURNAL)) == 20


@pytest.mark.usefixtures("station")
def test_a_crash_between_response_and_note_counts_nothing_twice(
    write: Callable[..., Path], api: pyWATS, sandbox: Sandbox, tmp_path: Path
) -> None:
    files = [write("A"), write("B", with_id=False)]
    for file in files:
        # The server has the report, and its response is still under way when the run is killed.
        sandbox.inject("POST", ROUTE, Fault.drip(5), times=1)
        before = len(units(api))
        killed = subprocess.Popen([*COMMAND, str(file)])  # noqa: S603 - our own command
        waiting = threading.Event()
        while len(units(api)) == before:
            assert killed.poll() is None
            waiting.wait(0.02)
        killed.send_signal(signal.SIGKILL)
        killed.wait(120)
    assert (tmp_path / JOURNAL).read_bytes().strip() == b""
    assert run_json("report", "submit", *files)["submitted"] == 2
    assert units(api) == ["A", "B"]
    assert [len(entry["reports"]) for entry in lines(tmp_path / JOURNAL)] == [1, 1]
