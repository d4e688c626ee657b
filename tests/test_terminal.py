"""Programs whose output cannot show every character print plain ones, and go on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from pywats.terminal import use_plain_characters
use_plain_characters()
print("wait … → 503 ✓ ━ naïve 中")
print("≤", file=sys.stderr)
"""


def output(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONIOENCODING": encoding, "NO_COLOR": "1"},
        capture_output=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("utf-8", "wait … → 503 ✓ ━ naïve 中"),
        ("cp1252", "wait … -> 503 ok = naïve ?"),
        ("ascii", "wait ... -> 503 ok = na?ve ?"),
    ],
)
def test_what_an_encoding_lacks_is_written_plainly(encoding: str, line: str) -> None:
    done = output(encoding, "-c", PROGRAM)
    assert done.stdout.decode(encoding).strip() == line
    assert done.stderr.decode(encoding).strip() == ("≤" if encoding == "utf-8" else "<=")


def test_streams_that_are_not_files_are_left_alone() -> None:
    program = "import sys, io; sys.stdout = io.StringIO()" + PROGRAM.replace("≤", "done")
    assert output("ascii", "-c", program).stderr.strip() == b"done"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("doctor",), 1),
        (("demo",), 0),
        (("trace", "d5951251bdb572d1b554301cca3ffa8b", "--jaeger", "http://127.0.0.1:9"), 1),
        (("report", "submit", "--help"), 0),
        (("sandbox", "--fault", "x"), 2),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_no_command_ends_by_its_output(encoding: str, command: tuple[str, ...], code: int) -> None:
    done = output(encoding, "-m", "pywats.cli", *command)
    assert b"UnicodeEncodeError" not in done.stderr
    assert done.returncode == code, done.stderr
    done.stdout.decode(encoding)
