"""The metrics: their names, units, meanings and attributes.

`docs/reference/telemetry.md` is generated from these values and from
`pywats.observability.semconv`.
"""

from __future__ import annotations

from typing import Final

from pywats.observability import semconv as say
from pywats.observability.semconv import ALWAYS, Signal

__all__ = [
    "BREAKERS",
    "CALL_BOUNDARIES",
    "CALL_DURATION",
    "OUTBOX_OUTCOMES",
    "OUTBOX_REPORTS",
    "REQUEST_BOUNDARIES",
    "REQUEST_DURATION",
    "RETRIES",
    "TIMEOUTS",
    "TRANSITIONS",
]

# The bucket boundaries that the HTTP semantic conventions advise for this histogram.
REQUEST_BOUNDARIES: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.075),
    *(0.1, 0.25, 0.5, 0.75),
    *(1.0, 2.5, 5.0, 7.5, 10.0),
)
# A call can last longer than an attempt, because retries wait for seconds.
CALL_BOUNDARIES: Final = (*REQUEST_BOUNDARIES, 30.0, 60.0, 120.0, 300.0)

REQUEST_DURATION = Signal(
    "http.client.request.duration",
    "histogram",
    "Duration of HTTP client requests.",
    {
        say.METHOD: ALWAYS,
        say.SERVER_ADDRESS: ALWAYS,
        say.SERVER_PORT: ALWAYS,
        say.URL_TEMPLATE: ALWAYS,
        say.STATUS_CODE: "a response came",
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
OUTBOX_OUTCOMES = Signal(
    "pywats.outbox.outcomes",
    "counter",
    "What became of reports in outboxes; a report is kept once, and may fail any number of times.",
    {say.OUTCOME: ALWAYS},
    unit="{report}",
)
OUTBOX_REPORTS = Signal(
    "pywats.outbox.reports",
    "observable up-down counter",
    "Reports in the outboxes that this process uses.",
    {say.OUTBOX_STATE: ALWAYS},
    unit="{report}",
)
