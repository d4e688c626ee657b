"""The error tree of pywats.

::

    WATSError
    ├── WATSConnectionError (ConnectionError)    no usable answer came over the wire
    │   └── CircuitOpenError                     nothing was sent: the last attempts failed
    ├── WATSTimeoutError (TimeoutError)          a limit of time ran out
    ├── WATSStatusError                          the server answered with an error status
    │   ├── BadRequestError (ValueError)         400, 422
    │   ├── AuthenticationError                  401
    │   ├── PermissionDeniedError (PermissionError)  403
    │   ├── NotFoundError (LookupError)          404
    │   ├── ConflictError                        409
    │   ├── RateLimitError                       429
    │   └── ServerError                          5xx
    ├── WATSDecodeError (ValueError)             the answer is not what the API promises
    ├── WATSRequestError                         the request could not be sent as asked
    └── WATSClosedError (RuntimeError)           the client was closed

Every class derives from the builtin a caller would look for, so that
``except ConnectionError`` and ``except TimeoutError`` work without importing
anything from here. Errors of the caller's own (and of objects wrapped by the
engine) pass through with their class unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

__all__ = [
    "Attempt",
    "AuthenticationError",
    "BadRequestError",
    "CircuitOpenError",
    "ConflictError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ServerError",
    "StopReason",
    "TimeoutPhase",
    "TimeoutScope",
    "WATSClosedError",
    "WATSConnectionError",
    "WATSDecodeError",
    "WATSError",
    "WATSRequestError",
    "WATSStatusError",
    "WATSTimeoutError",
]

TimeoutPhase = Literal["pool", "connect", "write", "read"]
TimeoutScope = Literal["attempt", "deadline"]


class StopReason(StrEnum):
    """Why no further attempt was made.

    Attributes:
        RETRY_DISABLED: Retries are off.
        NOT_RETRYABLE: The error is none that another attempt could mend.
        RETRIES_EXHAUSTED: ``max_retries`` attempts have followed the first.
        UNSAFE_TO_REPEAT: The request may have been carried out, and must not be twice.
        RETRY_AFTER_TOO_LONG: The server asks for a wait that ``max_retry_after`` or the deadline
            does not allow.
        RETRY_BUDGET_EXHAUSTED: The client has retried too large a share of its calls.
        CIRCUIT_OPEN: The circuit breaker let no attempt through.
        DEADLINE: The time of the call was over, or would have been after the wait.
        CLOSED: The client was closed.
    """

    RETRY_DISABLED = "retry_disabled"
    NOT_RETRYABLE = "not_retryable"
    RETRIES_EXHAUSTED = "retries_exhausted"
    UNSAFE_TO_REPEAT = "unsafe_to_repeat"
    RETRY_AFTER_TOO_LONG = "retry_after_too_long"
    RETRY_BUDGET_EXHAUSTED = "retry_budget_exhausted"
    CIRCUIT_OPEN = "circuit_open"
    DEADLINE = "deadline"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a call, as it is kept on the error that left the call.

    Attributes:
        number: Counts from 1.
        duration: Seconds from the start of the attempt to its end.
        error: Class name of the exception that ended it.
        status: HTTP status of the answer, if there was one.
        waited: Seconds waited before this attempt (0 for the first).
    """

    number: int
    duration: float
    error: str
    status: int | None
    waited: float


class WATSError(Exception):
    """Base of all errors that pywats raises while a call runs.

    What to do: catch it to tell a call that failed from a mistake in the program. If
    ``may_have_been_executed``, look at the server before you call again; else call again as soon
    as the cause is gone.

    Attributes:
        message: What went wrong and what to do, without the facts below.
        correlation_id: The id that the log records, the request header and the span carry.
        attempts: Every attempt made, oldest first; empty outside a sync call.
        elapsed: Seconds from the start of the call to its end.
        stop_reason: Why no further attempt was made.
        may_have_been_executed: True if the server may have carried out a request that changes
            data although no answer says so: look before you submit again.
    """

    def __init__(self, message: str, *, may_have_been_executed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.may_have_been_executed = may_have_been_executed
        self.correlation_id: str | None = None
        self.attempts: tuple[Attempt, ...] = ()
        self.elapsed: float | None = None
        self.stop_reason: StopReason | None = None

    def __str__(self) -> str:
        facts = self._facts()
        return f"{self.message} [{'; '.join(facts)}]" if facts else self.message

    def _facts(self) -> list[str]:
        facts: list[str] = []
        if self.attempts and self.elapsed is not None:
            count = len(self.attempts)
            plural = "attempt" if count == 1 else "attempts"
            facts.append(f"{count} {plural} in {self.elapsed:.2f} s")
        if self.stop_reason is not None:
            facts.append(f"stopped: {self.stop_reason}")
        if self.may_have_been_executed:
            facts.append("the server may have executed the request")
        if self.correlation_id is not None:
            facts.append(f"correlation_id={self.correlation_id}")
        return facts


class WATSConnectionError(WATSError, ConnectionError):
    """The server was not reached, or the connection broke before a whole answer came.

    What to do: run ``pywats doctor``, which checks address, proxy and TLS. If not ``transient``,
    correct what the message names, such as the certificate; what is transient may pass, and
    retries wait for that.

    Attributes:
        transient: False where trying again cannot help (a certificate that does not verify, an
            answer that is not HTTP).
        status: The HTTP status, if the connection broke in the middle of an answer; else 0.
        excerpt: The start of that answer's body: printable, at most 200 characters.
    """

    def __init__(
        self,
        message: str,
        *,
        may_have_been_executed: bool = False,
        transient: bool = True,
        status: int = 0,
        excerpt: str = "",
    ) -> None:
        super().__init__(message, may_have_been_executed=may_have_been_executed)
        self.transient = transient
        self.status = status
        self.excerpt = excerpt


class CircuitOpenError(WATSConnectionError):
    """The circuit breaker let no attempt through, so nothing was sent.

    What to do: call again after ``retry_in`` seconds. Why the circuit is open is said by the
    errors before this one.

    Attributes:
        origin: Where the attempt would have gone.
        retry_in: Seconds until a probe is let through; 0 while one is under way.
    """

    def __init__(
        self,
        message: str,
        *,
        origin: str = "",
        retry_in: float = 0.0,
        may_have_been_executed: bool = False,
    ) -> None:
        super().__init__(message, may_have_been_executed=may_have_been_executed)
        self.origin = origin
        self.retry_in = retry_in


class WATSTimeoutError(WATSError, TimeoutError):
    """A limit of time ran out.

    What to do: call again, or give more time to what ``scope`` names: ``timeout`` to an attempt,
    ``deadline`` to the call.

    Attributes:
        limit: The limit in seconds.
        phase: What was going on in the request: ``pool`` (waiting for a connection),
            ``connect``, ``write`` or ``read``; None for a limit of a wrapped object.
        scope: Which limit it was: that of one ``attempt`` or the ``deadline`` of the call.
    """

    def __init__(
        self,
        message: str,
        *,
        limit: float | None = None,
        phase: TimeoutPhase | None = None,
        scope: TimeoutScope = "attempt",
        may_have_been_executed: bool = False,
    ) -> None:
        super().__init__(message, may_have_been_executed=may_have_been_executed)
        self.limit = limit
        self.phase = phase
        self.scope = scope


class WATSStatusError(WATSError):
    """The server answered with an error status.

    What to do: read ``excerpt``. After a redirect (3xx), set ``base_url`` to the address that the
    server wants.

    Attributes:
        status: The HTTP status.
        excerpt: The server's own message, or the start of the body: printable, at most 200
            characters.
        retry_after: Seconds that the server asked to wait (RFC 9110 section 10.2.3).
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        excerpt: str = "",
        retry_after: float | None = None,
        may_have_been_executed: bool = False,
    ) -> None:
        super().__init__(message, may_have_been_executed=may_have_been_executed)
        self.status = status
        self.excerpt = excerpt
        self.retry_after = retry_after

    def _facts(self) -> list[str]:
        facts = super()._facts()
        if self.retry_after is not None:
            facts.insert(0, f"the server asks to wait {self.retry_after:g} s")
        return facts


class BadRequestError(WATSStatusError, ValueError):
    """The server refused the content of the request (400, 422).

    What to do: correct the argument that ``excerpt`` names.
    """


class AuthenticationError(WATSStatusError):
    """The server did not accept the credentials (401).

    What to do: check ``PYWATS_TOKEN``, or the user name and password; ``pywats doctor`` tries
    them.
    """


class PermissionDeniedError(WATSStatusError, PermissionError):
    """The credentials are valid, but do not permit this operation (403).

    What to do: have the user given a role that permits it.
    """


class NotFoundError(WATSStatusError, LookupError):
    """The server does not know what the request names (404).

    What to do: check the names in the call; if every call fails so, the path of ``base_url``.
    """


class ConflictError(WATSStatusError):
    """The request contradicts the state on the server (409).

    What to do: read that state, and decide again.
    """


class RateLimitError(WATSStatusError):
    """The server has had too many requests from this client (429).

    What to do: call again after ``retry_after`` seconds, which retries do by themselves.
    """


class ServerError(WATSStatusError):
    """The server failed (5xx).

    What to do: call again later; if it stays, give ``correlation_id`` to the administrator of the
    server, who finds the request by its header.
    """


class WATSDecodeError(WATSError, ValueError):
    """The answer came, but is not what the API promises.

    What to do: look at ``excerpt``. A page for people means that ``base_url`` leads to something
    else, such as a proxy's sign-in; for an answer that is too large raise
    ``max_response_bytes``.

    Attributes:
        status: The HTTP status.
        excerpt: The start of the body: printable, at most 200 characters.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        excerpt: str = "",
        may_have_been_executed: bool = False,
    ) -> None:
        super().__init__(message, may_have_been_executed=may_have_been_executed)
        self.status = status
        self.excerpt = excerpt


class WATSRequestError(WATSError):
    """The request could not be sent as asked (for example with a header that HTTP does not allow).

    What to do: correct what the message names.
    """


class WATSClosedError(WATSError, RuntimeError):
    """The client was closed.

    What to do: make a new one, or close the old one after its last call.
    """
