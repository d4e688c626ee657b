"""Ten thousand spans a second, exported while they are made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.cases.engine import nothing
from benchmarks.results import Bar, CaseResult, Row
from benchmarks.telemetry import batch_exporting
from pywats import SyncConfig
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_RATE = 10_000
_TICK = 0.01


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Make calls at a steady rate, and count the spans that the server received."""
    provider, exporter = batch_exporting(base_url)
    engine = Engine(SyncConfig(), DirectRunner())
    burst = int(_RATE * _TICK)
    late = 0.0
    made = 0
    started = time.perf_counter()
    while made < _RATE * scale.span_seconds:
        for _ in range(burst):
            engine.run("pywats.bench.call", nothing)
        made += burst
        ahead = started + made / _RATE - time.perf_counter()
        if ahead > 0:
            time.sleep(ahead)
        else:
            late = max(late, -ahead)
    seconds = time.perf_counter() - started
    provider.force_flush()
    provider.shutdown()
    result = CaseResult(
        "10,000 spans a second",
        f"Calls at a steady rate for {scale.span_seconds:g} s, one span each, through the SDK's "
        "batch processor with its default settings and OTLP over HTTP to the server.",
        unit="spans",
    )
    result.tables["spans"] = [
        Row.of("made", [float(made)]),
        Row.of("taken by the server", [float(exporter.exported)]),
    ]
    result.bars.append(Bar("spans-lost", "spans lost", 0, made - exporter.exported))
    text = "spans a second, made: at least 9,900"
    result.bars.append(Bar("spans-rate", text, 9_900, made / seconds, at_least=True))
    result.notes.append(f"The calls were at most {late * 1000:.0f} ms behind the clock.")
    return result
