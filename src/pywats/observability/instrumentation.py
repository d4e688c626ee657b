"""Where spans and metrics go: the providers a client was given, else the global ones.

Nothing is asked of OpenTelemetry on import. The global providers are looked up with every call, so
that a provider that is set later, or replaced by a test, is found.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from opentelemetry import metrics, trace
from opentelemetry.metrics import _internal as metrics_internal

from pywats._version import __version__
from pywats.observability.guard import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Tracer, TracerProvider

__all__ = ["GLOBAL", "SCOPE", "Instrumentation"]

SCOPE: Final = "pywats"
"""The instrumentation scope of all spans and metrics."""

# Stands for "no provider was set"; the API has no public name for it.
_UNSET_METER_PROVIDER: type = getattr(
    metrics_internal, "_ProxyMeterProvider", metrics.MeterProvider
)

# Seconds for which "no provider is set" holds, unless one is set.
_UNSET_FOR: Final = 1.0

T = TypeVar("T")


class _GlobalProvider(Generic[T]):
    """A global provider of the API, looked up with every call.

    While none is set, each look-up of the API reads ``os.environ``, for the name of a provider to
    load. That takes 0.8 µs, as long as a tenth of the engine, so it is done once in a second.

    A provider whose package is missing makes every look-up raise; it is looked up again after a
    while.

    Args:
        doing: What is done, for the report of a failure.
        get: The look-up.
        holder: The module of the API that keeps the provider.
        name: Under which name it does, with None for "none is set". The name is private: if the
            API has renamed it, every look-up is a whole one.
    """

    def __init__(self, doing: str, get: Callable[[], T], holder: object, name: str) -> None:
        self._doing = doing
        self._get = get
        self._holder = holder
        self._name = name
        # What the look-up returns while no provider is set, and until when that holds.
        self._unset: tuple[T, float] | None = None
        self._wait = 1.0
        self._again_at = 0.0

    def find(self) -> T | None:
        """Return the provider; None if it cannot be loaded."""
        # Read once: other threads change it.
        unset = self._unset
        if (
            unset is not None
            and time.monotonic() < unset[1]
            and getattr(self._holder, self._name, self) is None
        ):
            return unset[0]
        if self._again_at and time.monotonic() < self._again_at:
            return None
        try:
            provider = self._get()
        except Exception as error:  # noqa: BLE001 - whatever the provider's package raises
            report(self._doing, error)
            # The API logs each failure too, so the waits grow.
            self._again_at = time.monotonic() + self._wait
            self._wait *= 2
            return None
        self._again_at = 0.0
        is_unset = getattr(self._holder, self._name, self) is None
        self._unset = (provider, time.monotonic() + _UNSET_FOR) if is_unset else None
        return provider


_TRACER_PROVIDER = _GlobalProvider(
    "loading the tracer provider", trace.get_tracer_provider, trace, "_TRACER_PROVIDER"
)
_METER_PROVIDER = _GlobalProvider(
    "loading the meter provider", metrics.get_meter_provider, metrics_internal, "_METER_PROVIDER"
)


class Instrumentation:
    """The tracer and the meter provider of some calls.

    Args:
        tracer_provider: Where spans go; None for the global provider.
        meter_provider: Where metrics go; None for the global provider.

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
        # One value, so that a thread never sees the tracer of another provider.
        self._tracer: tuple[TracerProvider | None, Tracer | None] = (None, None)

    @classmethod
    def of(
        cls,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> Instrumentation:
        """Return an instrumentation with these providers: `GLOBAL` if there are none.

        Raises:
            TypeError: A value is not a provider.
        """
        if tracer_provider is None and meter_provider is None:
            return GLOBAL
        return cls(tracer_provider, meter_provider)

    def tracer(self) -> Tracer | None:
        """Return the tracer; None if there is no provider, or it fails."""
        provider = self._tracer_provider
        if provider is None:
            provider = _TRACER_PROVIDER.find()
        known, tracer = self._tracer
        if provider is known:
            return tracer
        try:
            tracer = _tracer_of(provider)
        except Exception as error:  # noqa: BLE001 - telemetry has no say in the outcome
            report("getting a tracer", error)
            return None
        self._tracer = (provider, tracer)
        return tracer

    def meter_provider(self) -> MeterProvider | None:
        """Return the meter provider; None if none was set, or it cannot be loaded."""
        provider = self._meter_provider
        if provider is None:
            provider = _METER_PROVIDER.find()
        return None if isinstance(provider, _UNSET_METER_PROVIDER) else provider

    @property
    def own_meter_provider(self) -> MeterProvider | None:
        """The meter provider that was given; None if the global one is used."""
        return self._meter_provider


def _check(name: str, provider: object, method: str) -> None:
    # By the method: test doubles and the providers of other vendors derive from nothing.
    if provider is not None and not callable(getattr(provider, method, None)):
        kind = "TracerProvider" if method == "get_tracer" else "MeterProvider"
        raise TypeError(
            f"{name}={provider!r}: must be an OpenTelemetry {kind}, or None for the global one, "
            f"not {type(provider).__name__}"
        )


def _tracer_of(provider: TracerProvider | None) -> Tracer | None:
    # A proxy says that no provider was set. Its tracers only pass on ids, which needs no tracer.
    if provider is None or isinstance(provider, trace.ProxyTracerProvider):
        return None
    return provider.get_tracer(SCOPE, __version__)


GLOBAL: Final = Instrumentation()
"""The global providers."""
