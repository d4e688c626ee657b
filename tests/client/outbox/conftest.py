from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox

ROUTE = "/api/Report/WSJF"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return the directory of the outbox, which does not exist."""
    return tmp_path / "station" / "outbox"


@pytest.fixture
def keeping(connect: Callable[..., pyWATS], directory: Path) -> pyWATS:
    """Return a client of the sandbox with an outbox."""
    return connect(outbox=directory)


@pytest.fixture
def report(api: pyWATS) -> Callable[..., UUTReport]:
    """Return a function that makes a report of a unit."""

    def make(unit: str, **settings: str) -> UUTReport:
        made = api.report.create_uut_report("op", "P", "A", unit, 100, **settings)  # type: ignore[arg-type]  # each test passes what it takes
        made.conclude()
        return made

    return make


def units(api: pyWATS) -> list[str]:
    """Return the units on the server in the order in which it has received their reports."""
    return [header.serial_number or "" for header in api.report.iter_headers()]


def posts(sandbox: Sandbox) -> int:
    return sum(request.method == "POST" for request in sandbox.requests)
