"""Run one case in a process of its own, and write what it found as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module

from benchmarks.scale import FULL, SMOKE

__all__ = ["main"]


def main() -> None:
    """Run the case that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("base_url")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    module = import_module(f"benchmarks.cases.{options.name}")
    result = module.measure(options.base_url, SMOKE if options.smoke else FULL)
    json.dump(asdict(result), sys.stdout)


if __name__ == "__main__":
    main()
