"""Competitors take turns, round after round, so that a disturbance affects all of them."""

from __future__ import annotations

import gc
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.results import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Measured", "drive", "race"]

SECOND_IN_MICROSECONDS = 1e6


@dataclass(frozen=True)
class Measured:
    """One turn.

    Attributes:
        seconds: Wall time of all calls together.
        calls: Number of calls.
        failed: Number of calls that raised an error.
    """

    seconds: float
    calls: int
    failed: int = 0


def drive(call: Callable[[], object], calls: int, threads: int = 1) -> Measured:
    """Make the calls, shared among threads that start together."""
    each = max(1, calls // threads)
    failures = [0] * threads
    barrier = threading.Barrier(threads + 1)

    def work(number: int) -> None:
        barrier.wait()
        failed = 0
        for _ in range(each):
            try:
                call()
            except Exception:  # noqa: BLE001 - counted
                failed += 1
        failures[number] = failed

    gc.collect()
    if threads == 1:
        started = time.perf_counter()
        for _ in range(each):
            call()
        return Measured(time.perf_counter() - started, each)
    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    barrier.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    return Measured(time.perf_counter() - started, each * threads, sum(failures))


def race(
    competitors: Mapping[str, Callable[[], Measured]], *, reference: str, rounds: int
) -> list[Row]:
    """Let each competitor take one turn per round; each round begins with another competitor.

    Args:
        competitors: Take a turn.
        reference: The competitor that the others are compared with, round by round.
        rounds: Number of rounds that count; one more round before them is the warm-up.

    Returns:
        Per competitor the median of its microseconds per call, and the median of its ratios to
        the reference of the same round, each with the quartiles.
    """
    names = list(competitors)
    times: dict[str, list[float]] = {name: [] for name in names}
    failed = dict.fromkeys(names, 0)
    for number in range(rounds + 1):
        for position in range(len(names)):
            name = names[(position + number) % len(names)]
            turn = competitors[name]()
            if number:
                times[name].append(turn.seconds / turn.calls * SECOND_IN_MICROSECONDS)
                failed[name] += turn.failed
    base = times[reference]
    return [
        Row.of(
            name,
            times[name],
            [mine / theirs for mine, theirs in zip(times[name], base, strict=True)],
            failed[name],
        )
        for name in names
    ]
