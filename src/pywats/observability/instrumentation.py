"""The providers for spans and metrics: the providers passed to a client, else the global ones.

No provider is looked up on import. Every call looks up the global providers, so that a provider
that is set later, or replaced by a test, is found.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from opentelemetry import trace

from pywats._version import __version__
from pywats.observability.guard import report
from pywats.runtime.fork_gate import importing

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Tracer, TracerProvider

__all__ = ["GLOBAL", "SCOPE", "Instrumentation"]

SCOPE: Final = "pywats"
"""The instrumentation scope of all spans and metrics."""

# The module of the API that keeps the meter provider. Importing it takes 5 ms, which most programs
# need not pay: while nothing has imported it, nothing can have set a provider.
_METRICS: Final = "opentelemetry.metrics._internal"
# Name of the class of the meter provider if none was set; the API has no public name for it.
_UNSET_METER_PROVIDER: Final = "_ProxyMeterProvider"

# Seconds for which the look-up is skipped while no provider is set.
_UNSET_FOR: Final = 1.0

T = TypeVar("T")


class _GlobalProvider(Generic[T]):
    """A global provider of the API, looked up with every call.

    While no provider is set, each look-up of the API reads ``os.environ`` for the name of a
    provider to load. That takes 0.8 µs, a tenth of the engine's time, so it is done once a second.

    If the package of a provider is missing, every look-up raises; it is tried again after a while.

    Args:
        doing: What the look-up does, for the report of a failure.
        get: The look-up; returns None if the API cannot have a provider.
        module: Name of the module of the API that keeps the provider.
        name: The private name of the provider in that module, None while no provider is set. If
            the API renames it, no look-up is skipped.
    """

    def __init__(self, doing: str, get: Callable[[], T | None], module: str, name: str) -> None:
        self._doing = doing
        self._get = get
        self._module = module
        self._name = name
        # The result of the look-up while no provider is set, and the time until it may be used.
        self._unset: tuple[T | None, float] | None = None
        self._wait = 1.0
        self._again_at = 0.0

    def find(self) -> T | None:
        """Return the provider; None if it cannot be loaded."""
        # Read once, because other threads change it.
        unset = self._unset
        module = sys.modules.get(self._module)
        if (
            unset is not None
            and time.monotonic() < unset[1]
            and (module is None or getattr(module, self._name, self) is None)
        ):
            return unset[0]
        if self._again_at and time.monotonic() < self._again_at:
            return None
        try:
            provider = self._get()
        except Exception as error:  # noqa: BLE001 - the package of the provider may raise anything
            report(self._doing, error)
            # The API logs each failure too, so the wait is doubled each time.
            self._again_at = time.monotonic() + self._wait
            self._wait *= 2
            return None
        self._again_at = 0.0
        # The look-up may have imported the module.
        module = sys.modules.get(self._module)
        is_unset = module is None or getattr(module, self._name, self) is None
        self._unset = (provider, time.monotonic() + _UNSET_FOR) if is_unset else None
        return provider


def _get_meter_provider() -> MeterProvider | None:
    if _METRICS not in sys.modules and "OTEL_PYTHON_METER_PROVIDER" not in os.environ:
        return None
    with importing():
        from opentelemetry.metrics import get_meter_provider  # noqa: PLC0415 - see _METRICS
    return get_meter_provider()


_TRACER_PROVIDER = _GlobalProvider(
    "loading the tracer provider", trace.get_tracer_provider, trace.__name__, "_TRACER_PROVIDER"
)
_METER_PROVIDER = _GlobalProvider(
    "loading the meter provider", _get_meter_provider, _METRICS, "_METER_PROVIDER"
)


class Instrumentation:
    """The tracer and the meter provider for the calls of a client or wrapper.

    Args:
        tracer_provider: Receives the spans; None for the global provider.
        meter_provider: Receives the metrics; None for the global provider.

    Raises:
        TypeError: A value is not a provider.
    """

    def __init__(
        self,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        _check("tracer_provider", tracer_provider, "get_tracer")
        _check("meter_provider", meter_provider, "get_meter")
        self._tracer_provider = tracer_provider
        self._meter_provider = meter_provider
        # A single tuple, so that a thread cannot see the tracer of another provider.
        self._tracer: tuple[TracerProvider | None, Tracer | None] = (None, None)

    @classmethod
    def of(
        cls,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> Instrumentation:
        """Return an instrumentation with these providers; `GLOBAL` if both are None.

        Raises:
            TypeError: A value is not a provider.
        """
        if tracer_provider is None and meter_provider is None:
            return GLOBAL
        return cls(tracer_provider, meter_provider)

    def tracer(self) -> Tracer | None:
        """Return the tracer; None if there is no provider, or if it fails."""
        provider = self._tracer_provider
        if provider is None:
            provider = _TRACER_PROVIDER.find()
        known, tracer = self._tracer
        if provider is known:
            return tracer
        try:
            tracer = _tracer_of(provider)
        except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
            report("getting a tracer", error)
            return None
        self._tracer = (provider, tracer)
        return tracer

    def meter_provider(self) -> MeterProvider | None:
        """Return the meter provider; None if none was set, or it cannot be loaded."""
        provider = self._meter_provider
        if provider is None:
            provider = _METER_PROVIDER.find()
        if provider is None:
            return None
        unset = getattr(sys.modules.get(_METRICS), _UNSET_METER_PROVIDER, None)
        return None if unset is not None and isinstance(provider, unset) else provider

    @property
    def own_meter_provider(self) -> MeterProvider | None:
        """The meter provider that was passed; None if the global provider is used."""
        return self._meter_provider


def _check(name: str, provider: object, method: str) -> None:
    # Check for the method: test doubles and providers of other vendors may not derive from the
    # classes of the API.
    if provider is not None and not callable(getattr(provider, method, None)):
        kind = "TracerProvider" if method == "get_tracer" else "MeterProvider"
        raise TypeError(
            f"{name}={provider!r}: must be an OpenTelemetry {kind}, or None for the global one, "
            f"not {type(provider).__name__}"
        )


def _tracer_of(provider: TracerProvider | None) -> Tracer | None:
    # A proxy means that no provider was set. Its tracers only pass on ids, which is done without a
    # tracer here.
    if provider is None or isinstance(provider, trace.ProxyTracerProvider):
        return None
    return provider.get_tracer(SCOPE, __version__)


GLOBAL: Final = Instrumentation()
"""The global providers."""
