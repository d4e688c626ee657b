"""What a call is made of, in instructions, which other work on the machine does not change."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.counted import KINDS
from benchmarks.results import CaseResult, Row

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_CALLS = 200
_TABLE = "one GET, and its parts by themselves"
_NAMES = {
    "call": "pywats: `api.product.get_product(…)`",
    "httpx": "`httpx.Client.get(…)`",
    "parse": "pydantic: the answer becomes a model (in either)",
    "port": "pywats' port: the same request, with span, metric, id, limits and lease",
    "face": "pywats' face and engine around a coroutine that returns at once",
    "engine": "pywats' engine alone around it",
}


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Count the instructions of each kind of call, by callgrind."""
    result = CaseResult(
        "What a call is made of",
        "Instructions of the process per call, those of the kernel not counted, by valgrind's "
        "callgrind. A call of pywats is its face and engine, its port, and the parse; what it "
        "has more than httpx with the same parse is the distance that the times above show.",
        unit="thousand instructions",
    )
    if shutil.which("valgrind") is None or scale.divisor > 1:
        result.notes.append("Not counted: a full run does it, where valgrind is installed.")
        return result
    before = _instructions(base_url, "call", 0)
    counts = {
        kind: (_instructions(base_url, kind, _CALLS) - before) / _CALLS / 1000 for kind in KINDS
    }
    native = counts["httpx"] + counts["parse"]
    result.tables[_TABLE] = [
        Row(_NAMES[kind], count, count, count, *[count / native] * 3)
        for kind, count in counts.items()
    ]
    more = counts["call"] - native
    port, face = counts["port"] - counts["httpx"], counts["face"]
    result.notes.append(
        f"httpx and the parse together are 1.00: {native:,.0f}. A call of pywats has {more:,.0f} "
        f"more: the port {port:,.0f}, face and engine {face:,.0f}, the service (arguments, "
        f"request, decoding) and what their sum does not share {more - port - face:,.0f}."
    )
    return result


def _instructions(base_url: str, kind: str, calls: int) -> int:
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"),
            *(sys.executable, "-m", "benchmarks.counted", base_url, kind, str(calls)),
        ],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert found is not None  # noqa: S101 - callgrind's last words
    return int(found[1])
