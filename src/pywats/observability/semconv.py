"""The names and meanings of spans, events and attributes, with their conditions.

The code that emits telemetry takes its names from here, and `docs/reference/telemetry.md` is
generated from these values. Tests compare them with the telemetry of real calls, in both
directions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from pywats.errors import StopReason, TimeoutPhase, TimeoutScope
from pywats.events import CircuitState

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS: Final = "always"
"""The condition of an attribute that every signal of its kind has."""


# Named tuples: defining a dataclass takes six times as long, which every import of pywats pays.
class Attribute(NamedTuple):
    """A named value: an attribute of a span, an event, a metric or a log record, or a header.

    Attributes:
        name: Its name.
        holds: The type of its values.
        meaning: The meaning of the values.
        unit: The unit of the values; empty if they have no unit.
        values: All possible values; empty if they cannot be listed.
    """

    name: str
    holds: type[str | int | float | bool]
    meaning: str
    unit: str = ""
    values: tuple[str, ...] = ()


class Signal(NamedTuple):
    """A span, an event of a span, a metric, a log record, or the headers of a request.

    Attributes:
        name: Its name, or the pattern of its names.
        sort: The kind of a span, the instrument of a metric.
        meaning: What it stands for.
        attributes: Its attributes, each with its condition; `ALWAYS` for no condition.
        unit: The unit of a metric.
    """

    name: str
    sort: str
    meaning: str
    attributes: Mapping[Attribute, str]
    unit: str = ""


_STATES = tuple(state.value for state in CircuitState)
# With retries off, a failure is not `retry_given_up`.
_STOP_REASONS = tuple(
    reason.value for reason in StopReason if reason is not StopReason.RETRY_DISABLED
)

ERROR_TYPE = Attribute(
    "error.type", str, "status of an error response, else class of the error with its module"
)
CALL = Attribute("pywats.call", str, "name of the call span")
CORRELATION_ID = Attribute("pywats.correlation_id", str, "the correlation id of the program's own")
ATTEMPT = Attribute("attempt", int, "number of the attempt that failed, from 1")
DELAY = Attribute("delay", float, "wait until the next attempt", unit="s")
REASON = Attribute(
    "reason",
    str,
    "why another follows: `timeout`, `status 503`, `predicate`, or a class of `retry_on_errors`",
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
OUTCOME = Attribute(
    "outcome",
    str,
    "what became of the report: on the disk, confirmed by the server, not sent, refused",
    values=("kept", "sent", "failed", "refused"),
)
OUTBOX_STATE = Attribute(
    "outbox.state",
    str,
    "what the report waits for: the server, or a correction",
    values=("waiting", "refused"),
)
EXCEPTION_TYPE = Attribute("exception.type", str, "class of the exception with its module")
EXCEPTION_MESSAGE = Attribute("exception.message", str, "its message")
EXCEPTION_STACKTRACE = Attribute("exception.stacktrace", str, "its traceback")
EXCEPTION_ESCAPED = Attribute("exception.escaped", str, "`False`; the SDK sets it")
METHOD = Attribute("http.request.method", str, "method of the request; `_OTHER` if it is unknown")
METHOD_ORIGINAL = Attribute("http.request.method_original", str, "the unknown method")
RESEND_COUNT = Attribute("http.request.resend_count", int, "how many attempts came before")
STATUS_CODE = Attribute("http.response.status_code", int, "status of the response")
SERVER_ADDRESS = Attribute("server.address", str, "host of `base_url`")
SERVER_PORT = Attribute("server.port", int, "its port")
URL_FULL = Attribute("url.full", str, "the URL; the values of secret query keys are `REDACTED`")
URL_TEMPLATE = Attribute("url.template", str, "the path as the API declares it")

PEER_ADDRESS = Attribute("network.peer.address", str, "address of the machine that responded")
PEER_PORT = Attribute("network.peer.port", int, "its port")
PROTOCOL_VERSION = Attribute("network.protocol.version", str, "version of HTTP, such as `1.1`")
PEER_SERVICE = Attribute("peer.service", str, "the service that was called: the host")
CONNECTION_REUSED = Attribute(
    "pywats.connection.reused", bool, "whether the connection had served another request before"
)
PHASES: Final[Mapping[str, Attribute]] = {
    "pool": Attribute(
        "pywats.phase.pool", float, "wait for a place in the connection pool", unit="s"
    ),
    "dns": Attribute("pywats.phase.dns", float, "look-up of the host name", unit="s"),
    "connect": Attribute("pywats.phase.connect", float, "connecting over TCP", unit="s"),
    "proxy": Attribute(
        "pywats.phase.proxy", float, "the proxy was asked to connect to the server", unit="s"
    ),
    "tls": Attribute("pywats.phase.tls", float, "TLS handshake", unit="s"),
    "send": Attribute("pywats.phase.send", float, "sending the request", unit="s"),
    "wait": Attribute(
        "pywats.phase.wait", float, "wait for status and headers of the response", unit="s"
    ),
    "receive": Attribute(
        "pywats.phase.receive", float, "reading the body of the response", unit="s"
    ),
}
"""Attributes with the durations of the phases of an attempt, in the order of the phases."""
RESPONSE_HEADER: Final = "http.response.header"
"""Prefix of the attributes for headers of a response; their values are lists."""

CALL_SPAN = Signal(
    "<object>.<method>",
    "INTERNAL",
    "One call, with all its attempts and waits. `<object>` is `pywats.<service>` for the WATS "
    "client, and the name of the wrapper for any other object. If the call failed the status is "
    "ERROR, with class and message of the error.",
    {ERROR_TYPE: "the call failed", CORRELATION_ID: "the program has set one"},
)
REQUEST_SPAN = Signal(
    "<METHOD> <path template>",
    "CLIENT",
    "One HTTP request, which is one attempt of the call above it. If it failed the status is "
    "ERROR; the call has the exception.",
    {
        METHOD: ALWAYS,
        METHOD_ORIGINAL: "the method is not known",
        URL_FULL: ALWAYS,
        URL_TEMPLATE: ALWAYS,
        SERVER_ADDRESS: ALWAYS,
        SERVER_PORT: ALWAYS,
        RESEND_COUNT: "an attempt came before",
        STATUS_CODE: "a response came",
        PROTOCOL_VERSION: "a response came",
        PEER_SERVICE: ALWAYS,
        PEER_ADDRESS: "a connection was there",
        PEER_PORT: "a connection was there",
        CONNECTION_REUSED: "a connection was there",
        PHASES["pool"]: ALWAYS,
        PHASES["dns"]: "a new connection to a host name was needed",
        PHASES["connect"]: "a new connection was needed",
        PHASES["proxy"]: "a new connection through a proxy was needed",
        PHASES["tls"]: "a new connection with TLS was needed",
        PHASES["send"]: "sending began",
        PHASES["wait"]: "the request was sent",
        PHASES["receive"]: "a response came",
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
    "An attempt ended with a `TimeoutError`: a limit of pywats, or the wrapped object's own error.",
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
INTERRUPTED = Signal(
    "interrupted",
    "event",
    "The call ended early without a failure: `SystemExit`, Ctrl-C, a cancelled task.",
    {EXCEPTION_TYPE: ALWAYS},
)
