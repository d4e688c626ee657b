"""The engine around a coroutine that does nothing, with the SDK and the batch exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace

from benchmarks.cases.engine import nothing
from benchmarks.results import Bar, CaseResult
from benchmarks.telemetry import batch_exporting
from benchmarks.turns import Measured, drive, race
from pywats import RetryConfig, SyncConfig
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.scale import Scale

__all__ = ["measure"]

# The exporter starts at 512 spans; with fewer spans it does not disturb a turn.
_CALLS = 400
_LIMIT = 2.0
_REFERENCE = "start_as_current_span"


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race the engine against one span of the SDK."""
    provider, exporter = batch_exporting(base_url)
    tracer = trace.get_tracer("benchmarks")
    config = SyncConfig(deadline=60.0, retry_enabled=True, retry=RetryConfig())
    engine = Engine(config, DirectRunner())
    calls = scale.calls(_CALLS)

    def bare() -> None:
        with tracer.start_as_current_span("pywats.bench.call"):
            try:
                nothing().send(None)
            except StopIteration:
                return

    def turn(call: Callable[[], object]) -> Measured:
        measured = drive(call, calls)
        provider.force_flush()
        return measured

    result = CaseResult(
        "Engine alone, with the SDK and the batch exporter",
        "`Engine.run`, retries, deadline and ids on, beside `tracer.start_as_current_span` around "
        "the same coroutine. What is queued is exported between the turns.",
    )
    result.tables["1 thread"] = race(
        {
            _REFERENCE: lambda: turn(bare),
            "pywats engine": lambda: turn(lambda: engine.run("pywats.bench.call", nothing)),
        },
        reference=_REFERENCE,
        rounds=scale.rounds * 2,
    )
    ratio = result.row("1 thread", "pywats engine").ratio or float("inf")
    text = f"at most {_LIMIT:g} × start_as_current_span"
    result.bars.append(Bar("engine-traced", text, _LIMIT, ratio))
    result.notes.append(f"{exporter.exported} spans reached the server.")
    provider.shutdown()
    return result
