"""Metrics of calls and of their attempts, through the OpenTelemetry API alone.

Without a meter provider, nothing is recorded. Every attribute has low cardinality: names of
methods, path templates, statuses, classes of errors. Values are recorded while their span is
current, so that the SDK can keep the trace id as an exemplar.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol
from weakref import WeakKeyDictionary, ref

from pywats._version import __version__
from pywats.errors import CallTimeoutError
from pywats.observability import metric_signals as signals
from pywats.observability import semconv as say
from pywats.observability.guard import guarded, report
from pywats.observability.instrumentation import GLOBAL, SCOPE
from pywats.observability.spans import error_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from opentelemetry import metrics
    from opentelemetry.context import Context
    from opentelemetry.metrics import CallbackOptions, Meter, MeterProvider

    from pywats.events import CircuitState, CircuitTransition
    from pywats.observability.instrumentation import Instrumentation
    from pywats.observability.semconv import Signal

__all__ = [
    "record_call",
    "record_outbox",
    "record_request",
    "record_retry",
    "record_timeout",
    "record_transition",
    "watch",
    "watch_outbox",
]


class _Instruments(NamedTuple):
    request_duration: metrics.Histogram
    call_duration: metrics.Histogram
    retries: metrics.Counter
    timeouts: metrics.Counter
    transitions: metrics.Counter
    outbox_outcomes: metrics.Counter


def _histogram(meter: Meter, signal: Signal, boundaries: tuple[float, ...]) -> metrics.Histogram:
    return meter.create_histogram(
        signal.name,
        unit=signal.unit,
        description=signal.meaning,
        explicit_bucket_boundaries_advisory=boundaries,
    )


def _counter(meter: Meter, signal: Signal) -> metrics.Counter:
    return meter.create_counter(signal.name, unit=signal.unit, description=signal.meaning)


# Clients with the same provider share its instruments: a second set would count every state twice.
_known: WeakKeyDictionary[MeterProvider, _Instruments] = WeakKeyDictionary()
# A cache of the last provider: looking up a weak reference costs more than recording a value.
_latest: tuple[MeterProvider | None, _Instruments | None] = (None, None)


def _instruments(instrumentation: Instrumentation) -> _Instruments | None:
    """Return the instruments of the provider; None if there is no provider, or it fails."""
    global _latest  # noqa: PLW0603 - a cache of one value
    provider = instrumentation.meter_provider()
    latest, made = _latest
    if provider is latest:
        return made
    try:
        made = None
        if provider is not None:
            made = _known.get(provider)
            if made is None:
                made = _known[provider] = _make(provider)
    except Exception as error:  # noqa: BLE001 - telemetry must not fail a call
        report("making the instruments of metrics", error)
    _latest = (provider, made)
    return made


def _make(provider: MeterProvider) -> _Instruments:
    meter = provider.get_meter(SCOPE, __version__)
    of_provider = ref(provider)

    def circuit_breakers(_: CallbackOptions) -> Iterator[metrics.Observation]:
        return _circuit_breakers(of_provider())

    def outbox_reports(_: CallbackOptions) -> Iterator[metrics.Observation]:
        return _outbox_reports(of_provider())

    meter.create_observable_up_down_counter(
        signals.BREAKERS.name,
        [circuit_breakers],
        unit=signals.BREAKERS.unit,
        description=signals.BREAKERS.meaning,
    )
    meter.create_observable_up_down_counter(
        signals.OUTBOX_REPORTS.name,
        [outbox_reports],
        unit=signals.OUTBOX_REPORTS.unit,
        description=signals.OUTBOX_REPORTS.meaning,
    )
    return _Instruments(
        _histogram(meter, signals.REQUEST_DURATION, signals.REQUEST_BOUNDARIES),
        _histogram(meter, signals.CALL_DURATION, signals.CALL_BOUNDARIES),
        _counter(meter, signals.RETRIES),
        _counter(meter, signals.TIMEOUTS),
        _counter(meter, signals.TRANSITIONS),
        _counter(meter, signals.OUTBOX_OUTCOMES),
    )


# Every call sets this attribute, so its name is looked up once.
_CALL = say.CALL.name


@guarded("recording the duration of a request")
def record_request(
    seconds: float,
    attributes: Mapping[str, str | int],
    context: Context | None = None,
    instrumentation: Instrumentation = GLOBAL,
) -> None:
    """Record one HTTP attempt, whose span is in the context, as in the semantic conventions."""
    instruments = _instruments(instrumentation)
    if instruments is not None:
        instruments.request_duration.record(seconds, attributes, context)


@guarded("recording the duration of a call")
def record_call(
    name: str,
    seconds: float,
    error: BaseException | None,
    instrumentation: Instrumentation = GLOBAL,
) -> None:
    """Record one call with all its attempts and waits.

    An exception that is not an `Exception`, such as `SystemExit`, is not a failure of the call.
    """
    instruments = _instruments(instrumentation)
    if instruments is not None:
        attributes = {_CALL: name}
        if isinstance(error, Exception):
            attributes[say.ERROR_TYPE.name] = error_type(error)
        instruments.call_duration.record(seconds, attributes)


@guarded("counting a retry")
def record_retry(
    name: str, error: BaseException, instrumentation: Instrumentation = GLOBAL
) -> None:
    """Count an attempt that failed and is followed by another attempt."""
    instruments = _instruments(instrumentation)
    if instruments is not None:
        instruments.retries.add(1, {_CALL: name, say.ERROR_TYPE.name: error_type(error)})


@guarded("counting a timeout")
def record_timeout(
    name: str, error: TimeoutError, instrumentation: Instrumentation = GLOBAL
) -> None:
    """Count a time limit that ran out in an attempt of the call."""
    instruments = _instruments(instrumentation)
    if instruments is None:
        return
    attributes = {_CALL: name}
    if isinstance(error, CallTimeoutError):
        attributes[say.SCOPE.name] = error.scope
        if error.phase is not None:
            attributes[say.PHASE.name] = error.phase
    instruments.timeouts.add(1, attributes)


@guarded("counting a change of state of a circuit breaker")
def record_transition(change: CircuitTransition, instrumentation: Instrumentation = GLOBAL) -> None:
    """Count a change of state, by the new state; it may end before the next export."""
    instruments = _instruments(instrumentation)
    if instruments is not None:
        attributes = {say.ORIGIN.name: change.origin, say.STATE.name: change.after.value}
        instruments.transitions.add(1, attributes)


@guarded("counting a report of an outbox")
def record_outbox(
    outcome: Literal["kept", "sent", "failed", "refused"], instrumentation: Instrumentation = GLOBAL
) -> None:
    """Count a report of an outbox by its outcome."""
    instruments = _instruments(instrumentation)
    if instruments is not None:
        instruments.outbox_outcomes.add(1, {say.OUTCOME.name: outcome})


class _Circuit(Protocol):
    @property
    def origin(self) -> str: ...

    @property
    def state(self) -> CircuitState: ...


_breakers: list[tuple[ref[_Circuit], Instrumentation]] = []


def watch(breaker: _Circuit, instrumentation: Instrumentation = GLOBAL) -> None:
    """Report the state of a circuit breaker for as long as it is in use.

    Args:
        breaker: The circuit breaker.
        instrumentation: Its meter provider receives the state.
    """

    def forget(gone: ref[_Circuit]) -> None:
        _breakers[:] = [each for each in _breakers if each[0] is not gone]

    _breakers.append((ref(breaker, forget), instrumentation))
    # Make the instruments now: otherwise the state would be reported only after the first call.
    _instruments(instrumentation)


def _circuit_breakers(provider: MeterProvider | None) -> Iterator[metrics.Observation]:
    from opentelemetry.metrics import Observation  # noqa: PLC0415 - imported, if it has a provider

    alive = [
        breaker
        for each, instrumentation in tuple(_breakers)
        if (breaker := each()) is not None and instrumentation.meter_provider() is provider
    ]
    # Two clients of the same server have a circuit breaker each, so count them.
    states = Counter((breaker.origin, breaker.state.value) for breaker in alive)
    for (origin, state), count in states.items():
        yield Observation(count, {say.ORIGIN.name: origin, say.STATE.name: state})


class _Outbox(Protocol):
    @property
    def directory(self) -> Path: ...

    def counts(self) -> tuple[int, int]: ...


_outboxes: WeakKeyDictionary[_Outbox, Instrumentation] = WeakKeyDictionary()


def watch_outbox(outbox: _Outbox, instrumentation: Instrumentation = GLOBAL) -> None:
    """Report how many reports an outbox holds, for as long as it is in use.

    Args:
        outbox: The outbox.
        instrumentation: Its meter provider receives the numbers, in place of any previous one.
    """
    _outboxes[outbox] = instrumentation
    _instruments(instrumentation)


def _outbox_reports(provider: MeterProvider | None) -> Iterator[metrics.Observation]:
    from opentelemetry.metrics import Observation  # noqa: PLC0415 - imported, if it has a provider

    # Several objects may use the same directory: count it once.
    by_directory = {
        outbox.directory: outbox
        for outbox, instrumentation in tuple(_outboxes.items())
        if instrumentation.meter_provider() is provider
    }
    waiting = refused = 0
    for outbox in by_directory.values():
        try:
            counts = outbox.counts()
        except OSError:
            continue
        waiting, refused = waiting + counts[0], refused + counts[1]
    if by_directory:
        yield Observation(waiting, {say.OUTBOX_STATE.name: "waiting"})
        yield Observation(refused, {say.OUTBOX_STATE.name: "refused"})
