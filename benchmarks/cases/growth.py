"""Cost as work grows: time per call and memory, from the first call to the last."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.payloads import PART_NUMBER
from benchmarks.results import Bar, CaseResult, Row
from benchmarks.rivals import TOKEN
from pywats import pyWATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.scale import Scale

__all__ = ["measure"]

_BATCH = 500
_FLAT = 1.25
_MEBIBYTES = 2.0


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Get a product a million times."""
    api = pyWATS(base_url, TOKEN, max_retries=3, deadline=60)
    rows, memory = _grow(lambda: api.product.get_product(PART_NUMBER), scale.growth)
    api.close()
    result = CaseResult(
        "Cost as work grows",
        f"`api.product.get_product(…)` {scale.growth:,} times on one client, retries and deadline "
        f"on, in batches of {_BATCH}; each row is the median of the batches between two powers of "
        "ten, except the first, which is one call: it imports, connects and resolves.",
    )
    result.tables["calls 1 to n"] = rows
    steady = [row.low for row in rows[1:]]
    text = f"time per call of the last decade, as a multiple of the second: at most {_FLAT}"
    result.bars.append(Bar("growth-time", text, _FLAT, steady[-1] / steady[0]))
    text = "RSS growth over the last nine tenths of the calls, in MiB: at most 2"
    result.bars.append(Bar("growth-memory", text, _MEBIBYTES, memory))
    return result


def _grow(call: Callable[[], object], total: int) -> tuple[list[Row], float]:
    started = time.perf_counter()
    call()
    rows = [Row.of("1", [(time.perf_counter() - started) * 1e6])]
    done = 1
    base = 0.0
    bound = min(1000, total)
    while done < total:
        samples = []
        while done < bound:
            batch = min(_BATCH, bound - done)
            started = time.perf_counter()
            for _ in range(batch):
                call()
            samples.append((time.perf_counter() - started) / batch * 1e6)
            done += batch
        rows.append(Row.of(f"{bound:,}", samples))
        if bound <= total // 10:
            base = _resident()
        bound = min(bound * 10, total)
    return rows, _resident() - base


def _resident() -> float:
    """Return the resident set in MiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
