from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS

ROUTE = "/api/Report/WSJF"


@pytest.fixture
def write(tmp_path: Path, api: pyWATS) -> Callable[..., Path]:
    """Return a function that writes a report file."""

    def make(
        unit: str,
        *,
        with_id: bool = True,
        prefix: str = "",
        name: str | None = None,
        **fields: object,
    ) -> Path:
        report = api.report.create_uut_report("op", "P", "A", unit, 100, station_name="M")
        report.conclude()
        document: dict[str, Any] = json.loads(report.to_wire_json()) | fields
        if not with_id:
            del document["id"]
        path = tmp_path / (name or f"{unit}.json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(prefix + json.dumps(document), encoding="utf-8")
        # A folder that is watched is left alone until its files have not changed for a second.
        written = time.time() - 10
        os.utime(path, (written, written))
        return path

    return make


def units(api: pyWATS) -> list[str]:
    return sorted(header.serial_number or "" for header in api.report.iter_headers())


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
