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
from pywats.sync import vocabulary as say
from pywats.sync.telemetry import SCOPE, error_type
from pywats.sync.vocabulary import ALWAYS, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.context import Context
    from opentelemetry.metrics import CallbackOptions

    from pywats.events import CircuitTransition
    from pywats.sync.breaker import CircuitBreaker

__all__ = [
    "BREAKERS",
    "CALL_DURATION",
    "REQUEST_DURATION",
    "RETRIES",
    "TIMEOUTS",
    "TRANSITIONS",
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

REQUEST_DURATION = Signal(
    "http.client.request.duration",
    "histogram",
    "Duration of HTTP client requests.",
    {
        say.METHOD: ALWAYS,
        say.SERVER_ADDRESS: ALWAYS,
        say.SERVER_PORT: ALWAYS,
        say.URL_TEMPLATE: ALWAYS,
        say.STATUS_CODE: "an answer came",
        say.ERROR_TYPE: "the attempt failed",
    },
    unit="s",
)
CALL_DURATION = Signal(
    "pywats.client.call.duration",
    "histogram",
    "Duration of calls with all their attempts and waits.",
    {say.CALL: ALWAYS, say.ERROR_TYPE: "the call failed"},
    unit="s",
)
RETRIES = Signal(
    "pywats.client.retries",
    "counter",
    "Attempts that failed and were followed by another.",
    {say.CALL: ALWAYS, say.ERROR_TYPE: ALWAYS},
    unit="{retry}",
)
TIMEOUTS = Signal(
    "pywats.client.timeouts",
    "counter",
    "Limits of time that ran out, of attempts and of calls.",
    {
        say.CALL: ALWAYS,
        say.SCOPE: "a limit of pywats ran out",
        say.PHASE: "it ran out in an HTTP request",
    },
    unit="{timeout}",
)
TRANSITIONS = Signal(
    "pywats.client.circuit_breaker.transitions",
    "counter",
    "Changes of state of circuit breakers.",
    {say.ORIGIN: ALWAYS, say.STATE: ALWAYS},
    unit="{transition}",
)
BREAKERS = Signal(
    "pywats.client.circuit_breakers",
    "observable up-down counter",
    "Circuit breakers, by the state that they are in.",
    {say.ORIGIN: ALWAYS, say.STATE: ALWAYS},
    unit="{circuit_breaker}",
)


def _histogram(signal: Signal, boundaries: tuple[float, ...]) -> metrics.Histogram:
    return _meter.create_histogram(
        signal.name,
        unit=signal.unit,
        description=signal.meaning,
        explicit_bucket_boundaries_advisory=boundaries,
    )


def _counter(signal: Signal) -> metrics.Counter:
    return _meter.create_counter(signal.name, unit=signal.unit, description=signal.meaning)


_request_duration = _histogram(REQUEST_DURATION, _REQUEST_BOUNDARIES)
_call_duration = _histogram(CALL_DURATION, _CALL_BOUNDARIES)
_retries = _counter(RETRIES)
_timeouts = _counter(TIMEOUTS)
_transitions = _counter(TRANSITIONS)

# Set by every call, so it is looked up once.
_CALL = say.CALL.name


def record_request(
    seconds: float, attributes: Mapping[str, str | int], context: Context | None = None
) -> None:
    """Record one HTTP attempt, whose span is in the context, by the semantic conventions."""
    _request_duration.record(seconds, attributes, context)


def record_call(name: str, seconds: float, error: BaseException | None) -> None:
    """Record one call with all its attempts and waits."""
    attributes = {_CALL: name}
    if error is not None:
        attributes[say.ERROR_TYPE.name] = error_type(error)
    _call_duration.record(seconds, attributes)


def record_retry(name: str, error: BaseException) -> None:
    """Count an attempt that failed and that another follows."""
    _retries.add(1, {_CALL: name, say.ERROR_TYPE.name: error_type(error)})


def record_timeout(name: str, error: TimeoutError) -> None:
    """Count a limit of time that ran out in an attempt of the call."""
    attributes = {_CALL: name}
    if isinstance(error, WATSTimeoutError):
        attributes[say.SCOPE.name] = error.scope
        if error.phase is not None:
            attributes[say.PHASE.name] = error.phase
    _timeouts.add(1, attributes)


def record_transition(change: CircuitTransition) -> None:
    """Count a change of state, by the state that was entered: some last for no export."""
    _transitions.add(1, {say.ORIGIN.name: change.origin, say.STATE.name: change.after.value})


_breakers: list[ref[CircuitBreaker]] = []


def watch(breaker: CircuitBreaker) -> None:
    """Report the state of a circuit breaker for as long as it is in use."""
    _breakers.append(ref(breaker, _breakers.remove))


def _circuit_breakers(_: CallbackOptions) -> Iterator[metrics.Observation]:
    alive = [breaker for each in tuple(_breakers) if (breaker := each()) is not None]
    # Two clients of one server have one circuit breaker each.
    states = Counter((breaker.origin, breaker.state.value) for breaker in alive)
    for (origin, state), count in states.items():
        yield metrics.Observation(count, {say.ORIGIN.name: origin, say.STATE.name: state})


_meter.create_observable_up_down_counter(
    BREAKERS.name, [_circuit_breakers], unit=BREAKERS.unit, description=BREAKERS.meaning
)
