"""Run all cases and write ``docs/benchmarks``: ``make bench``, or ``make bench-smoke``."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.machine import facts
from benchmarks.page import page, summary
from benchmarks.plot import plot
from benchmarks.processes import serving

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CASES", "main"]

CASES = (
    "product_get",
    "instructions",
    "product_get_traced",
    "engine",
    "engine_traced",
    "runners",
    "product_list",
    "growth",
    "memory",
    "spans",
    "imports",
    "first_call",
    "stub_generator",
)
RESULTS = "results.json"


def main() -> int:
    """Run the cases; a run fails only if a case crashes, whatever the numbers are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", help="all if none is named")
    parser.add_argument("--smoke", action="store_true", help="a short run that shows that it works")
    parser.add_argument("--growth", type=int, help="calls of that case, a power of ten")
    parser.add_argument("--rounds", type=int, help="rounds of each case; 15 if it is not given")
    parser.add_argument("--page-only", action="store_true", help="write the page of the last run")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    stored = options.out / RESULTS
    if not options.page_only:
        extra = ["--smoke"] * options.smoke
        extra += ["--growth", str(options.growth)] * bool(options.growth)
        extra += ["--rounds", str(options.rounds)] * bool(options.rounds)
        found = _run(options.cases or CASES, extra)
        stored.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    found = json.loads(stored.read_text(encoding="utf-8"))
    (options.out / "README.md").write_text(page(found), encoding="utf-8")
    (options.out / "ratios.svg").write_text(plot(found), encoding="utf-8")
    return 1 if any("error" in case for case in found["cases"].values()) else 0


def _run(names: Sequence[str], extra: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"machine": facts(), "smoke": "--smoke" in extra, "cases": {}}
    with serving() as base_url:
        for name in names:
            sys.stdout.write(f"\n=== {name}\n")
            sys.stdout.flush()
            found["cases"][name] = _case(name, base_url, extra)
            sys.stdout.write(summary(found["cases"][name]))
    return found


def _case(name: str, base_url: str, extra: list[str]) -> dict[str, Any]:
    # A process for each case: OpenTelemetry has one global provider, and the imports and the memory
    # of one case must not change the numbers of another.
    command = [sys.executable, "-m", "benchmarks.case", name, base_url, *extra]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    if done.returncode:
        return {"title": name, "error": done.stderr.strip().splitlines()[-1:]}
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
