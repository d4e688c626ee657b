"""pywats-api in its own environment: makes the calls that it is told to, one line per turn.

Runs with the interpreter of that environment, so it imports nothing of pywats or the benchmarks.
"""

# mypy: ignore-errors
from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING

from pywats import configure_throttling, pyWATS

if TYPE_CHECKING:
    from collections.abc import Callable

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
        sys.stdout.write(json.dumps(_turn(call, calls, threads)) + "\n")
        sys.stdout.flush()


def _turn(call: Callable[[], None], calls: int, threads: int) -> dict[str, float]:
    each = max(1, calls // threads)
    failures = [0] * threads
    barrier = threading.Barrier(threads + 1)

    def work(number: int) -> None:
        barrier.wait()
        for _ in range(each):
            try:
                call()
            except Exception:  # noqa: BLE001 - counted
                failures[number] += 1

    if threads == 1:
        started = time.perf_counter()
        for _ in range(each):
            call()
        return {"seconds": time.perf_counter() - started, "calls": each, "failed": 0}
    workers = [threading.Thread(target=work, args=(i,), daemon=True) for i in range(threads)]
    for worker in workers:
        worker.start()
    barrier.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "calls": each * threads, "failed": sum(failures)}


if __name__ == "__main__":
    main(*sys.argv[1:])
