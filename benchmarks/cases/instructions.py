"""Number of instructions of a call; other work on the machine does not change it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.results import Bar, CaseResult, Row
from benchmarks.rivals import NATIVE, RIVALS

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_CALLS = 200
_LIMIT = 900
_PARTS = "one GET, and its parts by themselves"
_OTHERS = "the same GET by others, without the parse"
_NAMES = {
    "call": "pywats: `api.product.get_product(…)`",
    "parse": "pydantic: the response becomes a model (in either)",
    "port": "pywats' port: the same request, with span, metric, id, limits and lease",
    "face": "pywats' face and engine around a coroutine that returns at once",
    "engine": "pywats' engine alone around it",
    "direct": "a service of one's own over httpx.AsyncClient and DirectTransport, with the parse",
}


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Count the instructions of each kind of call, by callgrind."""
    result = CaseResult(
        "What a call is made of",
        "Instructions of the process per call (not of the kernel), by valgrind's "
        "callgrind: other work on the machine does not change them. A call of pywats is its face "
        "and engine, its port, and the parse.",
        unit="thousand instructions",
    )
    if shutil.which("valgrind") is None or scale.divisor > 1:
        result.notes.append("Not counted: a full run does it, where valgrind is installed.")
        return result
    counts = _instructions(base_url)
    native = counts[NATIVE] + counts["parse"]
    result.tables[_PARTS] = [_row(_NAMES[kind], counts[kind], native) for kind in _NAMES]
    result.tables[_OTHERS] = [_row(kind, counts[kind], counts[NATIVE]) for kind in RIVALS]
    result.bars.append(
        Bar("instructions", f"a GET, parse included: at most {_LIMIT}", _LIMIT, counts["call"])
    )
    rest = counts["call"] - counts["port"] - counts["face"] - counts["parse"]
    result.notes.append(
        f"In the first table 1.00 is httpx.Client with the parse: {native:,.0f}. Of a call of "
        f"pywats the port has {counts['port']:,.0f}, the parse {counts['parse']:,.0f}, face and "
        f"engine {counts['face']:,.0f}, and the service (arguments, request, decoding), with what "
        f"their sum does not share, {rest:,.0f}."
    )
    return result


def _row(name: str, count: float, reference: float) -> Row:
    return Row.of(name, [count], [count / reference])


def _instructions(base_url: str) -> dict[str, float]:
    """Return thousands of instructions per call, by the kinds of `benchmarks.counted`."""
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"),
            *(sys.executable, "-m", "benchmarks.counted", base_url, str(_CALLS)),
        ],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    counted = dict(re.findall(r"==(\d+)== Collected : (\d+)", done.stderr))
    counts: dict[str, float] = {}
    before = 0
    for line in done.stdout.splitlines():
        process, calls, kind = line.split("\t")
        if calls == "0":
            before = int(counted[process])
        else:
            counts[kind] = (int(counted[process]) - before) / int(calls) / 1000
    return counts
