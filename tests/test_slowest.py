from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.slowest import LISTING, listed, slowest

if TYPE_CHECKING:
    from pathlib import Path

REPORT = """<testsuites><testsuite>{}</testsuite></testsuites>"""
CASE = '<testcase classname="tests.http.test_port" name="test_{}" time="{}"/>'


def test_the_slowest_twentieth_is_found(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(REPORT.format("".join(CASE.format(n, 40 - n) for n in range(40))))
    assert slowest(report) == [f"tests/http/test_port.py::test_{n}" for n in (0, 1)]


def test_a_fast_run_leaves_the_listed_tests_out() -> None:
    left_out = next(name for name in sorted(listed()) if "[" not in name)
    module = left_out.partition("::")[0]
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", module]
    found = {
        option: subprocess.run(  # noqa: S603 - our own tests
            [*command, *option], capture_output=True, text=True, timeout=240, check=True
        ).stdout
        for option in ((), ("--fast",))
    }
    assert left_out in found[()]
    assert left_out not in found["--fast",]


def test_the_listing_is_a_twentieth_at_most() -> None:
    assert 0 < len(LISTING.read_text(encoding="utf-8").splitlines()) < 1000
