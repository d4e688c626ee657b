"""Metrics of calls and of their attempts, through the OpenTelemetry API alone.

`metrics.get_meter` hands out a proxy that finds a provider set later; without
one, recording is a no-op. Every attribute has few values: names of methods,
templates of paths, statuses, classes of errors. Values are recorded while their
span is current, so that the SDK can keep the trace id as an exemplar.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from weakref import ref

from opentelemetry import metrics

from pywats._version import __version__
from pywats.errors import WATSTimeoutError
from pywats.sync.telemetry import SCOPE, error_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.metrics import CallbackOptions

    from pywats.events import CircuitTransition
    from pywats.sync.breaker import CircuitBreaker

__all__ = [
    "record_call",
    "record_request",
    "record_retry",
    "record_timeout",
    "record_transition",
    "watch",
]

_meter = metrics.get_meter(SCOPE, __version__)

# The boundaries that the HTTP semantic conventions advise for this histogram.
_REQUEST_BOUNDARIES = (
    *(0.005, 0.01, 0.025, 0.05, 0.075),
    *(0.1, 0.25, 0.5, 0.75),
    *(1.0, 2.5, 5.0, 7.5, 10.0),
)
# A call lasts longer than an attempt: retries wait for seconds.
_CALL_BOUNDARIES = (*_REQUEST_BOUNDARIES, 30.0, 60.0, 120.0, 300.0)

_request_duration = _meter.create_histogram(
    "http.client.request.duration",
    unit="s",
    description="Duration of HTTP client requests.",
    explicit_bucket_boundaries_advisory=_REQUEST_BOUNDARIES,
)
_call_duration = _meter.create_histogram(
    "pywats.client.call.duration",
    unit="s",
    description="Duration of calls with all their attempts and waits.",
    explicit_bucket_boundaries_advisory=_CALL_BOUNDARIES,
)
_retries = _meter.create_counter(
    "pywats.client.retries",
    unit="{retry}",
    description="Attempts that failed and were followed by another.",
)
_timeouts = _meter.create_counter(
    "pywats.client.timeouts",
    unit="{timeout}",
    description="Limits of time that ran out, of attempts and of calls.",
)
_transitions = _meter.create_counter(
    "pywats.client.circuit_breaker.transitions",
    unit="{transition}",
    description="Changes of state of circuit breakers.",
)


def record_request(seconds: float, attributes: Mapping[str, str | int]) -> None:
    """Record one HTTP attempt, by the attributes of the HTTP semantic conventions."""
    _request_duration.record(seconds, attributes)


def record_call(name: str, seconds: float, error: BaseException | None) -> None:
    """Record one call with all its attempts and waits."""
    attributes = {"pywats.call": name}
    if error is not None:
        attributes["error.type"] = error_type(error)
    _call_duration.record(seconds, attributes)


def record_retry(name: str, error: BaseException) -> None:
    """Count an attempt that failed and that another follows."""
    _retries.add(1, {"pywats.call": name, "error.type": error_type(error)})


def record_timeout(name: str, error: TimeoutError) -> None:
    """Count a limit of time that ran out in an attempt of the call."""
    attributes = {"pywats.call": name}
    if isinstance(error, WATSTimeoutError):
        attributes["scope"] = error.scope
        if error.phase is not None:
            attributes["phase"] = error.phase
    _timeouts.add(1, attributes)


def record_transition(change: CircuitTransition) -> None:
    """Count a change of state, by the state that was entered: some last for no export."""
    _transitions.add(1, {"origin": change.origin, "state": change.after.value})


_breakers: list[ref[CircuitBreaker]] = []


def watch(breaker: CircuitBreaker) -> None:
    """Report the state of a circuit breaker for as long as it is in use."""
    _breakers.append(ref(breaker, _breakers.remove))


def _circuit_breakers(_: CallbackOptions) -> Iterator[metrics.Observation]:
    alive = [breaker for each in tuple(_breakers) if (breaker := each()) is not None]
    # Two clients of one server have one circuit breaker each.
    states = Counter((breaker.origin, breaker.state.value) for breaker in alive)
    for (origin, state), count in states.items():
        yield metrics.Observation(count, {"origin": origin, "state": state})


_meter.create_observable_up_down_counter(
    "pywats.client.circuit_breakers",
    [_circuit_breakers],
    unit="{circuit_breaker}",
    description="Circuit breakers, by the state that they are in.",
)
