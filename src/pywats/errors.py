"""The error tree of pywats.

::

    CallError                                    a call failed; base of everything below
    ├── CallConnectionError (ConnectionError)    no complete response arrived
    ├── CallTimeoutError (TimeoutError)          a time limit was exceeded
    ├── CallClosedError (RuntimeError)           the client or runner is closed
    └── WATSError                                a call of the WATS client failed
        ├── WATSConnectionError (CallConnectionError)
        │   └── CircuitOpenError                     nothing was sent: the circuit breaker is open
        ├── WATSTimeoutError (CallTimeoutError)
        ├── WATSStatusError                          the response has an error status
        │   ├── BadRequestError (ValueError)         400, 422
        │   ├── AuthenticationError                  401
        │   ├── PermissionDeniedError (PermissionError)  403
        │   ├── NotFoundError (LookupError)          404
        │   ├── ConflictError                        409
        │   ├── RateLimitError                       429
        │   └── ServerError                          5xx
        ├── WATSDecodeError (ValueError)             the response is not what the API documents
        ├── WATSRequestError                         the request could not be sent as given
        ├── OutboxError (OSError)                    the outbox cannot be read or written
        │   └── OutboxFullError                          it has no room for another report
        └── WATSClosedError (CallClosedError)

Calls of a wrapped object raise the ``Call…`` classes, calls of the WATS client the ``WATS…``
classes, which are subclasses of them. Every class also derives from the builtin class that
callers expect, so ``except ConnectionError`` and ``except TimeoutError`` need no import from
here. Exceptions that a wrapped object raises keep their class.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, fields
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Literal, Self

__all__ = [
    "Attempt",
    "AuthenticationError",
    "BadRequestError",
    "CallClosedError",
    "CallConnectionError",
    "CallError",
    "CallTimeoutError",
    "CircuitOpenError",
    "ConflictError",
    "NotFoundError",
    "OutboxError",
    "OutboxFullError",
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

# Packages whose frames are not shown in a notebook: above its cell, and between cell and error.
_NOT_SHOWN = {"IPython", "pywats"}

TimeoutPhase = Literal["pool", "connect", "write", "read"]
TimeoutScope = Literal["attempt", "deadline"]


class StopReason(StrEnum):
    """Why no further attempt was made.

    Attributes:
        RETRY_DISABLED: Retries are off.
        NOT_RETRYABLE: Another attempt cannot fix this error, or no setting names it.
        RETRIES_EXHAUSTED: ``max_retries`` attempts have followed the first.
        UNSAFE_TO_REPEAT: The operation may have been executed and is not known to be repeatable.
        RETRY_AFTER_TOO_LONG: The server asks for a wait that ``max_retry_after`` or the deadline
            does not allow.
        RETRY_BUDGET_EXHAUSTED: The client has retried too large a share of its calls.
        CIRCUIT_OPEN: The circuit breaker did not admit an attempt.
        DEADLINE: The deadline of the call had passed, or would have passed during the wait.
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

    def __reduce_ex__(self, protocol: object) -> tuple[type[str], tuple[str]]:
        # Pickle it as a string: an exception of another library may carry it to a process in which
        # pywats is not installed.
        del protocol
        return str, (self.value,)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A failed attempt of a call, as recorded in ``attempts`` of the error.

    Attributes:
        number: Number of the attempt, from 1.
        duration: Seconds from the start of the attempt to its end.
        error: Class name of the exception that ended the attempt.
        status: HTTP status of the response, if there was one.
        waited: Seconds waited before this attempt (0 for the first).
    """

    number: int
    duration: float
    error: str
    status: int | None
    waited: float

    def __reduce__(self) -> tuple[type[SimpleNamespace], tuple[()], dict[str, object]]:
        # Pickle it as a namespace: an exception of another library may carry it to a process in
        # which pywats is not installed. An exception of pywats converts it back to an Attempt.
        return SimpleNamespace, (), {each.name: getattr(self, each.name) for each in fields(self)}

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        return self


class CallError(Exception):
    """A call failed: base class of all errors that pywats raises while a call runs.

    What to do: catch it to tell a failed call from a mistake in the program. If
    ``may_have_been_executed`` is true, look at the server before you call again; otherwise call
    again once the cause is fixed.

    Attributes:
        message: What happened and what to do, without the facts below.
        correlation_id: The id in the log records, the request header and the span.
        attempts: Every attempt made, oldest first; empty outside a sync call.
        elapsed: Seconds from the start of the call to its end.
        stop_reason: Why no further attempt was made.
        may_have_been_executed: True if the server may have executed a request that changes data
            although no response confirms it. Look at the server before you submit it again.
    """

    def __init__(self, message: str, *, may_have_been_executed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.may_have_been_executed = may_have_been_executed
        self.correlation_id: str | None = None
        self.attempts: tuple[Attempt, ...] = ()
        self.elapsed: float | None = None
        self.stop_reason: StopReason | None = None

    def __setstate__(self, state: dict[str, Any] | None) -> None:
        super().__setstate__(state)
        kept: tuple[Attempt | SimpleNamespace, ...] = self.attempts
        self.attempts = tuple(
            Attempt(**vars(each)) if isinstance(each, SimpleNamespace) else each for each in kept
        )
        self.stop_reason = None if self.stop_reason is None else StopReason(self.stop_reason)

    def __str__(self) -> str:
        facts = self._facts()
        return f"{self.message} [{'; '.join(facts)}]" if facts else self.message

    def _render_traceback_(self) -> list[str]:
        """Return the text for IPython and Jupyter: the caller's own lines and the message.

        `traceback.print_exception` still shows all frames.
        """
        own = (
            (frame, line)
            for frame, line in traceback.walk_tb(self.__traceback__)
            if frame.f_globals.get("__name__", "").partition(".")[0] not in _NOT_SHOWN
        )
        shown = traceback.StackSummary.extract(own)
        kind = type(self)
        name = f"{kind.__module__}.{kind.__qualname__}"
        return [*"".join(shown.format()).splitlines(), f"{name}: {self}"]

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


class CallConnectionError(CallError, ConnectionError):
    """The server was not reached, or the connection broke before the response was complete.

    What to do: if ``transient`` is false, correct the cause in the message, such as the
    certificate. Other connection errors may be temporary: switch on retries.

    Attributes:
        transient: False if another attempt cannot help (a certificate that does not verify, a
            response that is not HTTP).
        status: The HTTP status if the connection broke within a response, otherwise 0.
        excerpt: The start of that response's body: printable, at most 200 characters.
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


class CallTimeoutError(CallError, TimeoutError):
    """A time limit was exceeded.

    What to do: call again, or raise the limit that ``scope`` names: ``timeout`` for an attempt,
    ``deadline`` for the call.

    Attributes:
        limit: The limit in seconds.
        phase: Phase of the HTTP request: ``pool`` (waiting for a connection), ``connect``,
            ``write`` or ``read``; None if the call is not an HTTP request known to pywats.
        scope: The exceeded limit: the timeout of an ``attempt`` or the ``deadline`` of the call.
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


class CallClosedError(CallError, RuntimeError):
    """The client, wrapper or runner is closed, or the process is exiting.

    What to do: create a new one, or close the old one after its last call.
    """


class WATSError(CallError):
    """A call of the WATS client failed: base class of its errors.

    What to do: catch it to tell a failed call from a mistake in the program. If
    ``may_have_been_executed`` is true, look at the server before you call again; otherwise call
    again once the cause is fixed.
    """


class WATSConnectionError(WATSError, CallConnectionError):
    """The server was not reached, or the connection broke before the response was complete.

    What to do: run ``pywats doctor``, which checks address, proxy and TLS. If ``transient`` is
    false, correct the cause in the message, such as the certificate. Other connection errors may
    be temporary: switch on retries.
    """


class WATSTimeoutError(WATSError, CallTimeoutError):
    """A time limit of a call of the WATS client was exceeded.

    What to do: call again, or raise the limit that ``scope`` names: ``timeout`` for an attempt,
    ``deadline`` for the call.
    """


class CircuitOpenError(WATSConnectionError):
    """The circuit breaker is open, so nothing was sent.

    Calls of wrapped objects raise it too. It is not retried.

    What to do: call again after ``retry_in`` seconds. The errors before this one show why the
    circuit is open.

    Attributes:
        origin: The server that the attempt would have called.
        retry_in: Seconds until a probe is admitted; 0 while a probe is running.
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


class WATSStatusError(WATSError):
    """The response has an error status.

    What to do: read ``excerpt``. After a redirect (3xx), set ``base_url`` to the address in the
    ``Location`` header.

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

    What to do: ask the administrator for a role that permits it.
    """


class NotFoundError(WATSStatusError, LookupError):
    """The server does not have what the request names (404).

    What to do: check the names in the call. If every call fails like this, check the path of
    ``base_url``.
    """


class ConflictError(WATSStatusError):
    """The request conflicts with the state on the server (409).

    What to do: read the current state and decide again.
    """


class RateLimitError(WATSStatusError):
    """The client has sent too many requests (429).

    What to do: call again after ``retry_after`` seconds. Retries do that by themselves.
    """


class ServerError(WATSStatusError):
    """The server failed (5xx).

    What to do: call again later. If it persists, give ``correlation_id`` to the administrator of
    the server, who finds the request by its header.
    """


class WATSDecodeError(WATSError, ValueError):
    """The response is not what the API documents.

    What to do: look at ``excerpt``. An HTML page means that ``base_url`` leads to something else,
    such as the sign-in page of a proxy. If the response is too large, raise
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
    """The request could not be sent as given (for example with a header that HTTP does not allow).

    What to do: correct the argument or header in the message.
    """


class OutboxError(WATSError, OSError):
    """The outbox on the disk cannot be read or written.

    What to do: look at the directory in the message. Older reports are still in the outbox. The
    report of this call was not stored, unless an earlier call has stored it.
    """


class OutboxFullError(OutboxError):
    """The outbox cannot store another report: its disk is full, or it has reached a limit.

    What to do: make the server available again, or send the reports with
    ``pywats report submit --outbox`` from a machine that can reach it. The report of this call was
    not stored: submit it again.
    """


class WATSClosedError(WATSError, CallClosedError):
    """The WATS client is closed, or the process is exiting.

    What to do: create a new client, or close the old one after its last call.
    """
