"""Run one case in its own process, and write its result as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from importlib import import_module

from benchmarks.cores import leave_last_core
from benchmarks.scale import FULL, SMOKE

__all__ = ["main"]


def main() -> None:
    """Run the case that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("base_url")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--growth", type=int)
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    scale = SMOKE if options.smoke else FULL
    if options.growth:
        scale = replace(scale, growth=options.growth)
    if options.rounds:
        scale = replace(scale, rounds=options.rounds)
    leave_last_core()
    module = import_module(f"benchmarks.cases.{options.name}")
    result = module.measure(options.base_url, scale)
    json.dump(asdict(result), sys.stdout)


if __name__ == "__main__":
    main()
