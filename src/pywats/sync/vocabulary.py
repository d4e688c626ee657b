"""What telemetry says, and under which names: spans, events, attributes, with their conditions.

The code that emits takes its names from here, `docs/reference/telemetry.md` is made of these
values, and tests hold them against what real calls emit, in both directions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from pywats.errors import StopReason, TimeoutPhase, TimeoutScope
from pywats.events import CircuitState

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS: Final = "always"
"""The condition of an attribute that no signal of its kind lacks."""


# Named tuples, for a dataclass takes six times as long to make, and each import of pywats pays.
class Attribute(NamedTuple):
    """A named value: an attribute of a span, an event, a metric or a log record, or a header.

    Attributes:
        name: Its name.
        holds: The type of its values.
        meaning: What they say.
        unit: Their unit; empty for none.
        values: All that there are; empty where they cannot be listed.
    """

    name: str
    holds: type[str | int | float]
    meaning: str
    unit: str = ""
    values: tuple[str, ...] = ()


class Signal(NamedTuple):
    """A span, an event of a span, a metric, and the like.

    Attributes:
        name: Its name, or the pattern of its names.
        sort: The kind of a span, the instrument of a metric.
        meaning: What it stands for.
        attributes: What it may carry, each with the condition; `ALWAYS` for none.
        unit: The unit of a metric.
    """

    name: str
    sort: str
    meaning: str
    attributes: Mapping[Attribute, str]
    unit: str = ""


_STATES = tuple(state.value for state in CircuitState)
# Where retries are off a call has one attempt, and its end is no giving up.
_STOP_REASONS = tuple(
    reason.value for reason in StopReason if reason is not StopReason.RETRY_DISABLED
)

ERROR_TYPE = Attribute(
    "error.type", str, "status of an error answer, else class of the error with its module"
)
CALL = Attribute("pywats.call", str, "name of the call span")
CORRELATION_ID = Attribute("pywats.correlation_id", str, "the correlation id of the program's own")
ATTEMPT = Attribute("attempt", int, "number of the attempt that failed, from 1")
DELAY = Attribute("delay", float, "wait until the next attempt", unit="s")
REASON = Attribute(
    "reason", str, "why another follows: `timeout`, `status 503`, or a class of `retry_on_errors`"
)
SCOPE = Attribute("scope", str, "whose limit ran out", values=get_args(TimeoutScope))
LIMIT = Attribute("limit", float, "the limit that ran out", unit="s")
PHASE = Attribute("phase", str, "what was going on", values=get_args(TimeoutPhase))
STOP_REASON = Attribute("stop_reason", str, "why no other follows", values=_STOP_REASONS)
ATTEMPTS = Attribute("attempts", int, "how many attempts were made")
ORIGIN = Attribute("origin", str, "where attempts go, such as `https://wats.example.com`")
RETRY_IN = Attribute(
    "retry_in", float, "time until a probe is let through; 0 while one is under way", unit="s"
)
FROM = Attribute("from", str, "the state that was left", values=_STATES)
TO = Attribute("to", str, "the state that was entered", values=_STATES)
STATE = Attribute("state", str, "the state that it is in, or that was entered", values=_STATES)
EXCEPTION_TYPE = Attribute("exception.type", str, "class of the exception with its module")
EXCEPTION_MESSAGE = Attribute("exception.message", str, "its message")
EXCEPTION_STACKTRACE = Attribute("exception.stacktrace", str, "its traceback")
EXCEPTION_ESCAPED = Attribute("exception.escaped", str, "`False`; the SDK sets it")
METHOD = Attribute("http.request.method", str, "method of the request")
RESEND_COUNT = Attribute("http.request.resend_count", int, "how many attempts came before")
STATUS_CODE = Attribute("http.response.status_code", int, "status of the answer")
SERVER_ADDRESS = Attribute("server.address", str, "host of `base_url`")
SERVER_PORT = Attribute("server.port", int, "its port")
URL_FULL = Attribute("url.full", str, "the URL; the values of secret query keys are `REDACTED`")
URL_TEMPLATE = Attribute("url.template", str, "the path as the API declares it")

CALL_SPAN = Signal(
    "pywats.<object>.<method>",
    "INTERNAL",
    "One call, with all its attempts and waits. `<object>` is the service, or the name of the "
    "wrapped object. If the call failed the status is ERROR, with class and message of the error.",
    {ERROR_TYPE: "the call failed", CORRELATION_ID: "the program has set one"},
)
REQUEST_SPAN = Signal(
    "<METHOD> <path template>",
    "CLIENT",
    "One HTTP request, which is one attempt of the call above it. If it failed the status is "
    "ERROR; the call has the exception.",
    {
        METHOD: ALWAYS,
        URL_FULL: ALWAYS,
        URL_TEMPLATE: ALWAYS,
        SERVER_ADDRESS: ALWAYS,
        SERVER_PORT: ALWAYS,
        RESEND_COUNT: "an attempt came before",
        STATUS_CODE: "an answer came",
        ERROR_TYPE: "the attempt failed",
    },
)
RETRY = Signal(
    "retry",
    "event",
    "An attempt failed, and another follows.",
    {ATTEMPT: ALWAYS, DELAY: ALWAYS, ERROR_TYPE: ALWAYS, REASON: ALWAYS},
)
TIMEOUT = Signal(
    "timeout",
    "event",
    "An attempt ended with a `TimeoutError`: that of a limit, or a wrapped object's own.",
    {
        ERROR_TYPE: ALWAYS,
        SCOPE: "a limit of pywats ran out",
        LIMIT: "a limit of pywats ran out",
        PHASE: "it ran out in an HTTP request",
    },
)
RETRY_GIVEN_UP = Signal(
    "retry_given_up",
    "event",
    "An attempt failed that was or could have been retried, and no other follows.",
    {STOP_REASON: ALWAYS, ATTEMPTS: ALWAYS},
)
CIRCUIT_OPEN = Signal(
    "circuit_open",
    "event",
    "The circuit breaker let no attempt through.",
    {ORIGIN: ALWAYS, RETRY_IN: ALWAYS},
)
CIRCUIT_TRANSITION = Signal(
    "circuit_transition",
    "event",
    "An attempt of this call changed the state of the circuit breaker.",
    {ORIGIN: ALWAYS, FROM: ALWAYS, TO: ALWAYS},
)
EXCEPTION = Signal(
    "exception",
    "event",
    "The exception that the call raised, once.",
    {
        EXCEPTION_TYPE: ALWAYS,
        EXCEPTION_MESSAGE: ALWAYS,
        EXCEPTION_STACKTRACE: ALWAYS,
        EXCEPTION_ESCAPED: ALWAYS,
    },
)
