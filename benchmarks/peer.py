"""pywats-api in its own environment: makes the calls that it is told to, one line per turn.

Runs with the interpreter of that environment, where `pywats` is pywats-api.
"""

# mypy: ignore-errors
from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from pywats import configure_throttling, pyWATS

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.turns import drive

__all__ = ["main"]


def main(base_url: str, part_number: str) -> None:
    """Read ``calls threads`` from standard input, write the outcome of the turn."""
    # Its limit of 500 calls a minute would be all that one measures.
    configure_throttling(enabled=False)
    api = pyWATS(base_url, "dGVzdDp0ZXN0", enable_cache=False)

    def call() -> None:
        if api.product.get_product(part_number).part_number != part_number:
            raise ValueError("another product came")

    for line in sys.stdin:
        calls, threads = map(int, line.split())
        sys.stdout.write(json.dumps(asdict(drive(call, calls, threads))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
