"""The engine around a coroutine that does nothing, without OpenTelemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.results import Bar, CaseResult
from benchmarks.turns import drive, race
from pywats import RetryConfig, SyncConfig
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure", "nothing"]

_CALLS = 20_000
_LIMIT = 4.0


async def nothing() -> None:
    """Return."""


def _send_none() -> None:
    try:
        nothing().send(None)
    except StopIteration:
        return


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race the engine against the bare ``send(None)``."""
    del base_url
    engine = Engine(SyncConfig(), DirectRunner(stand_in=False))
    any_service = Engine(SyncConfig(), DirectRunner())
    everything = SyncConfig(deadline=60.0, retry_enabled=True, retry=RetryConfig())
    full = Engine(everything, DirectRunner(stand_in=False))
    calls = scale.calls(_CALLS)
    result = CaseResult(
        "Engine alone, OpenTelemetry off",
        "`Engine.run` with a coroutine that returns at once: correlation id, call state, limits "
        "and retry budget, and nothing else. The first row of pywats is the engine of the WATS "
        "client; a wrapper with the DirectRunner gives the coroutine a stand-in for an event loop.",
    )
    result.tables["1 thread"] = race(
        {
            "coroutine.send(None)": lambda: drive(_send_none, calls),
            "pywats engine": lambda: drive(lambda: engine.run("pywats.bench.call", nothing), calls),
            "pywats engine, retries and deadline on": lambda: drive(
                lambda: full.run("pywats.bench.call", nothing), calls
            ),
            "pywats engine, with the stand-in for an event loop": lambda: drive(
                lambda: any_service.run("pywats.bench.call", nothing), calls
            ),
        },
        reference="coroutine.send(None)",
        rounds=scale.rounds * 2,
    )
    row = result.row("1 thread", "pywats engine")
    result.bars.append(Bar("engine", f"at most {_LIMIT:g} µs (median)", _LIMIT, row.median))
    result.notes.append(
        f"The lower quartile of the engine, which other work on the machine disturbs least, is "
        f"{row.low:.2f} µs."
    )
    return result
