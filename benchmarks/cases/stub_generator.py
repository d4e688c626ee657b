"""The stub generator on all nine services."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING

from benchmarks.results import Bar, CaseResult, Row
from pywats.client.registry import SERVICES
from pywats.services import BoxBuildTemplate
from pywats.sync.stubs import stub

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_MODULE = "pywats.client.sync_services"


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Generate stubs for growing sets of services."""
    del base_url
    result = CaseResult(
        "Stub generator",
        "Seconds to generate the stub of the first n services; the cost per method shows "
        "whether it is linear.",
        unit="ms",
    )
    services = list(SERVICES.values())
    sizes = (1, 3, 6, len(services))
    stub(_MODULE, [BoxBuildTemplate, *services])  # Warms up: sources are read once.
    rows = []
    per_method = []
    for size in sizes:
        chosen = [BoxBuildTemplate, *services[:size]]
        methods = sum(
            not name.startswith("_")
            for kind in chosen
            for name, _ in inspect.getmembers(kind, inspect.isfunction)
        )
        samples = []
        for _ in range(min(scale.rounds, 5)):
            started = time.perf_counter()
            stub(_MODULE, chosen)
            samples.append((time.perf_counter() - started) * 1000)
        row = Row.of(f"{size} service{'s' * (size > 1)}, {methods} methods", samples)
        rows.append(row)
        per_method.append(row.median / methods)
    result.tables["stub()"] = rows
    text = "nine services, in seconds: at most 10 (no number was demanded)"
    result.bars.append(Bar("stubs-seconds", text, 10, rows[-1].median / 1000))
    text = "cost per method with nine services, as a multiple of that with three: at most 1.5"
    result.bars.append(Bar("stubs-linear", text, 1.5, per_method[-1] / per_method[1]))
    return result
