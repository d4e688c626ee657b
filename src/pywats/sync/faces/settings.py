"""Make the engine of a face from its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.config import SyncConfig
from pywats.observability.instrumentation import Instrumentation
from pywats.runtime.fork_gate import importing
from pywats.sync.engine.engine import Engine

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from pywats.sync.runners.direct import Runner

__all__ = ["engine_of"]


def engine_of(
    config: SyncConfig | None,
    runner: Runner | None,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
) -> Engine:
    """Return a new engine for a face.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncConfig`.
    """
    if config is not None and not isinstance(config, SyncConfig):
        raise TypeError(f"config={config!r}: must be a SyncConfig, not {type(config).__name__}")
    return Engine(
        config or SyncConfig(),
        runner or _in_the_background(),
        instrumentation=Instrumentation.of(tracer_provider, meter_provider),
    )


def _in_the_background() -> Runner:
    # Imported lazily: it needs asyncio, a tenth of the import time of pywats, which the WATS client
    # does not need.
    with importing():
        from pywats.sync.runners.portal import PortalRunner  # noqa: PLC0415

    return PortalRunner()
