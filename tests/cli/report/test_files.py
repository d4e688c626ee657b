"""Report files: what is sent of them, and which are refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pywats.cli.report import files as report_files
from pywats.cli.report.files import read_report_file
from tests.cli.report.conftest import units
from tests.cli.running import run, run_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

WITHOUT_PRIVILEGE = (
    [
        "setpriv",
        "--bounding-set=-dac_override,-dac_read_search",
        "--inh-caps=-dac_override,-dac_read_search",
    ]
    if os.getuid() == 0
    else []
)


@pytest.mark.usefixtures("station")
@pytest.mark.skipif(
    bool(WITHOUT_PRIVILEGE) and shutil.which("setpriv") is None,
    reason="root reads every file, and setpriv is not here",
)
def test_what_cannot_be_read_does_not_stop_the_others(
    write: Callable[..., Path], api: pyWATS, tmp_path: Path
) -> None:
    paths = [write("A"), write("B"), write("C", name="closed/C.json"), write("D")]
    paths[1].chmod(0)
    (tmp_path / "closed").chmod(0)
    os.mkfifo(tmp_path / "pipe.json")
    given = [*paths, tmp_path / "pipe.json", tmp_path / "closed", tmp_path / ("x" * 300)]
    command = [sys.executable, "-m", "pywats.cli", "report", "submit", "--json"]
    done = subprocess.run(  # noqa: S603 - our own command
        [*WITHOUT_PRIVILEGE, *command, "--journal", str(tmp_path / "journal"), *map(str, given)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    (tmp_path / "closed").chmod(0o700)
    told = {Path(row["file"]).name: row for row in json.loads(done.stdout)["files"]}
    assert done.returncode == 1
    assert {name for name, row in told.items() if row["status"] == "submitted"} == {
        "A.json",
        "D.json",
    }
    assert {name: row["error"].split(":")[0] for name, row in told.items() if row["error"]} == {
        "B.json": "PermissionError",
        "C.json": "PermissionError",
        "pipe.json": "ValueError",
        "closed": "PermissionError",
        "x" * 300: "OSError",
    }
    assert units(api) == ["A", "D"]


@pytest.mark.usefixtures("station")
def test_a_document_goes_out_as_it_is_on_disk(write: Callable[..., Path], sandbox: Sandbox) -> None:
    file = write("A")
    text = file.read_text("utf-8")[:-1] + ', "x" : 1.10, "y":[1e3,\t"\u00e9"]}\n'
    file.write_text(text, encoding="utf-8")
    assert run_json("report", "submit", file)["submitted"] == 1
    assert sandbox.requests[-1].body == text.encode()


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wsjf_may_be_in_another_encoding(
    encoding: str, write: Callable[..., Path], api: pyWATS, sandbox: Sandbox
) -> None:
    file = write("A")
    text = file.read_text("utf-8")
    file.write_bytes(text.encode(encoding))
    assert run_json("report", "submit", file)["submitted"] == 1
    assert sandbox.requests[-1].body == text.encode()
    assert units(api) == ["A"]


@pytest.mark.usefixtures("station")
def test_an_encoding_that_is_not_unicode_is_named(write: Callable[..., Path]) -> None:
    file = write("A")
    file.write_bytes(file.read_bytes()[:-1] + b',"x":"\xe9"}')
    (row,) = run_json("report", "submit", file, code=1)["files"]
    assert row["error"].startswith("ValueError: the document is not UTF-8: byte 0xe9 at offset ")


@pytest.mark.usefixtures("station")
def test_a_key_that_is_there_twice_is_refused_with_its_place(
    write: Callable[..., Path], sandbox: Sandbox
) -> None:
    file = write("A")
    file.write_text(file.read_text("utf-8")[:-1] + ',\n"sn": "B"}', encoding="utf-8")
    (row,) = run_json("report", "submit", file, code=1)["files"]
    assert row["error"].startswith("ValueError: the key 'sn' is in one object twice, at line 1 col")
    assert row["error"].endswith(" and at line 2 column 1: remove one")
    assert sandbox.requests == ()


@pytest.mark.usefixtures("station")
def test_nan_is_sent_as_the_models_send_it(write: Callable[..., Path], sandbox: Sandbox) -> None:
    file = write("A", x=[float("nan"), float("-inf")])
    assert "NaN" in file.read_text("utf-8")
    assert run_json("report", "submit", file)["submitted"] == 1
    assert json.loads(sandbox.requests[-1].body)["x"] == ["NaN", "-Infinity"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "encoding"),
        (b"<!DOCTYPE a><a/>", "document type"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"PK\x03\x04", "neither a WSJF document"),
    ],
)
def test_what_is_not_a_report_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_report_file(file)


def test_a_file_has_a_limit_of_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_files, "_MAX_BYTES", 2**20)
    file = tmp_path / "file"
    file.write_bytes(b" " * 2**20 + b"{")
    with pytest.raises(ValueError, match="larger than 1 MiB"):
        read_report_file(file)


@pytest.mark.usefixtures("station")
def test_a_name_that_is_not_utf_8_or_printable_is_shown_as_escapes(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / os.fsdecode(b"r\xe9\x1b[31m.json")
    write("A").rename(file)
    bad = tmp_path / os.fsdecode(b"bad\xe9\x1b[2J.json")
    bad.write_bytes(b"")
    told = run_json("report", "submit", file, bad, code=1)
    assert [row["status"] for row in told["files"]] == ["submitted", "failed"]
    assert os.fsencode(told["files"][0]["file"]) == os.fsencode(file)
    printed = " ".join(run("report", "submit", file, bad, code=1).split())
    assert r"bad\udce9.json: ValueError: neither" in printed
    assert "0 submitted, 1 submitted before, 1 failed" in printed
