"""How a request may end, and what becomes of it: asked of the code that decides it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpcore
from opentelemetry.trace import INVALID_SPAN

from pywats import RetryConfig
from pywats.errors import WATSError
from pywats.http import Endpoint, Request
from pywats.http.body import UnusableBodyError
from pywats.http.outgoing import Outgoing
from pywats.observability.call import Call, Limit, enter_call
from pywats.sync.policies.circuit_breaker import Refusal
from pywats.sync.policies.retry import Retry, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENDPOINT: Final = Endpoint("https://wats.example.com", "Basic eA==")
# Changes data, and must not run twice.
REQUEST: Final = Request(method="POST", template="/api/Report/WSJF", content=b"{}")
# The defaults, whatever the environment says.
POLICY: Final = RetryConfig(max_retries=3, backoff=2.0)
STATUSES: Final = range(300, 600)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What leaves a call after one attempt that has failed.

    Attributes:
        error: The error.
        sent: Whether a part of the request had left.
    """

    error: WATSError
    sent: bool

    @property
    def retried(self) -> bool:
        """Whether another attempt would follow by default, if it were safe to repeat."""
        return is_retried(self.error)

    @property
    def doubtful(self) -> bool:
        """Whether a change may have been made."""
        return self.error.may_have_been_executed


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A way for a request to get no usable answer.

    Attributes:
        what: What happened.
        error: What the layer below raises.
        sent: Whether a part of the request had left.
        disconnected: Whether the server had ended the connection.
        closed: Whether the client was closed meanwhile.
        in_time_of_call: Whether the deadline of the call is the limit, not an attempt's timeout.
    """

    what: str
    error: Exception
    sent: bool
    disconnected: bool = False
    closed: bool = False
    in_time_of_call: bool = False

    def outcome(self) -> Outcome:
        """Let it happen to a request."""

        def happen(request: Outgoing) -> None:
            exchange = request.exchange
            exchange.sent, exchange.disconnected = self.sent, self.disconnected
            raise self.error

        scope: Final = "deadline" if self.in_time_of_call else "attempt"
        limit = Limit(expires_at=0.0, seconds=30.0, scope=scope)
        call = Call("pywats.report.submit_report", None, None, INVALID_SPAN, limit=limit)
        enter_call(call)
        try:
            return Outcome(_error_of(happen, closed=self.closed), self.sent)
        finally:
            enter_call(None)


def _refused_certificate() -> httpcore.ConnectError:
    error = httpcore.ConnectError("certificate verify failed")
    certificate = ssl.SSLCertVerificationError("certificate verify failed")
    certificate.verify_message = "self-signed certificate"
    error.__cause__ = certificate
    return error


BREAKDOWNS: Final[Sequence[Breakdown]] = (
    Breakdown("no connection of the pool came free", httpcore.PoolTimeout(), sent=False),
    Breakdown("connecting took too long, TLS included", httpcore.ConnectTimeout(), sent=False),
    Breakdown("sending took too long", httpcore.WriteTimeout(), sent=True),
    Breakdown("the response took too long", httpcore.ReadTimeout(), sent=True),
    Breakdown(
        "the time of the call was over", httpcore.ReadTimeout(), sent=True, in_time_of_call=True
    ),
    Breakdown("refused, unreachable, or unknown name", httpcore.ConnectError(), sent=False),
    Breakdown("a certificate that does not verify", _refused_certificate(), sent=False),
    Breakdown("a proxy that does not let through", httpcore.ProxyError(), sent=False),
    Breakdown("the connection broke while sending", httpcore.WriteError(), sent=True),
    Breakdown("the connection broke before the response", httpcore.ReadError(), sent=True),
    Breakdown(
        "the server closed the connection without a complete response",
        httpcore.RemoteProtocolError(),
        sent=True,
        disconnected=True,
    ),
    Breakdown("the response is not HTTP", httpcore.RemoteProtocolError(), sent=True),
    Breakdown("the request is not HTTP", httpcore.LocalProtocolError(), sent=False),
    Breakdown("an address of no known scheme", httpcore.UnsupportedProtocol(), sent=False),
    Breakdown("the body does not decode, or is too large", UnusableBodyError("…"), sent=True),
    Breakdown(
        "closed while it waited to be sent", httpcore.ConnectError(), sent=False, closed=True
    ),
    Breakdown(
        "closed while it waited for the response", httpcore.ReadError(), sent=True, closed=True
    ),
)


def responded(status: int) -> Outcome:
    """Let a request be answered with an error status."""

    def respond(prepared: Outgoing) -> None:
        prepared.conclude(prepared.receive(status, {}, {}))

    return Outcome(_error_of(respond), sent=True)


def refused() -> Outcome:
    """Let a circuit breaker refuse a call."""
    error = Refusal("https://wats.example.com", 10.0).error("pywats.report.submit_report")
    return Outcome(error, sent=False)


def outcomes() -> list[Outcome]:
    """Return every outcome of a request that ends with an error."""
    return [
        *(responded(status) for status in STATUSES),
        *(breakdown.outcome() for breakdown in BREAKDOWNS),
        refused(),
    ]


def is_retried(error: Exception) -> bool:
    """Ask the policy whether another attempt follows by default, if it is safe to repeat."""
    decision = decide(POLICY, error, attempt=1, unsafe_request_sent=False, remaining=None)
    return isinstance(decision, Retry)


def _error_of(happen: Callable[[Outgoing], None], *, closed: bool = False) -> WATSError:
    try:
        with Outgoing(
            ENDPOINT, REQUEST, timeout=30.0, max_response_bytes=None, is_closed=lambda: closed
        ) as prepared:
            happen(prepared)
    except WATSError as error:
        return error
    raise AssertionError("a request that fails leaves an error")
