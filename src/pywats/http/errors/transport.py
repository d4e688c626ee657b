"""Translate the errors of httpx and httpcore into errors of pywats.

The two libraries use the same class names for unrelated classes, which do not derive from the
builtins that a caller would catch: `httpx.ConnectError` is not a `ConnectionError`, and
`httpx.ReadTimeout` is not a `TimeoutError`.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpcore
import httpx

from pywats.errors import (
    WATSConnectionError,
    WATSRequestError,
    WATSTimeoutError,
)
from pywats.http.errors.sentences import broken_connection, out_of_time
from pywats.http.tls_errors import advice, find_tls_error, is_permanent
from pywats.redaction import NO_SECRETS, Secrets, one_line

if TYPE_CHECKING:
    from pywats.errors import TimeoutPhase, WATSError
    from pywats.http.network.exchange import Exchange
    from pywats.observability.call import Limit

__all__ = ["TRANSPORT_ERRORS", "translate"]

_TIMEOUTS: dict[type[httpcore.TimeoutException], TimeoutPhase] = {
    httpcore.PoolTimeout: "pool",
    httpcore.ConnectTimeout: "connect",
    httpcore.WriteTimeout: "write",
    httpcore.ReadTimeout: "read",
}
TRANSPORT_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.HTTPError,
    httpx.InvalidURL,
)


def translate(
    error: Exception,
    operation: str,
    exchange: Exchange,
    *,
    in_doubt: bool,
    status: int = 0,
    shown: str = "",
    secrets: Secrets = NO_SECRETS,
) -> WATSError:
    """Return the error that the port raises in place of an error of the HTTP library.

    Args:
        error: One of `TRANSPORT_ERRORS`.
        operation: Method, path template and origin of the request.
        exchange: State of the request.
        in_doubt: True if the server may have carried out a change.
        status: Status of the response whose body is incomplete; 0 without a response.
        shown: A piece of that body, redacted.
        secrets: Texts that must not appear.
    """
    reason = one_line(_reason(error), secrets)
    if isinstance(error, httpcore.TimeoutException):
        return _timeout(error, operation, exchange.limit, _progress(status, shown), in_doubt)
    if isinstance(error, httpcore.ConnectError | httpcore.ProxyError):
        return _no_connection(error, operation, reason, secrets)
    if isinstance(error, httpcore.NetworkError | httpcore.RemoteProtocolError):
        # After a closed connection, another attempt may succeed; after a response that is not HTTP,
        # it will not.
        broken = isinstance(error, httpcore.NetworkError)
        what = broken_connection(reason, network=broken, disconnected=exchange.disconnected)
        return WATSConnectionError(
            f"{operation}: {what}{_progress(status, shown)}",
            may_have_been_executed=in_doubt,
            transient=broken or exchange.disconnected,
            status=status,
            excerpt=shown,
        )
    return WATSRequestError(f"{operation}: not sent ({reason})")


def _no_connection(
    error: Exception, operation: str, reason: str, secrets: Secrets
) -> WATSConnectionError:
    tls = find_tls_error(error)
    if tls is None:
        return WATSConnectionError(f"{operation}: no connection ({reason})")
    what = "no connection"
    if isinstance(tls, ssl.SSLCertVerificationError):
        what = "the certificate was refused"
        reason = one_line(getattr(tls, "verify_message", str(tls)), secrets)
    to_do = advice(tls)
    return WATSConnectionError(
        f"{operation}: {what} ({reason})" + (f"; {to_do}" if to_do else ""),
        transient=not is_permanent(tls),
    )


def _timeout(
    error: httpcore.TimeoutException,
    operation: str,
    limit: Limit | None,
    progress: str,
    in_doubt: bool,  # noqa: FBT001 - a private function
) -> WATSTimeoutError:
    phase = _TIMEOUTS[type(error)]
    if limit is None:
        # A layer below timed out: the layers of pywats raise timeouts only for a limit.
        return WATSTimeoutError(
            f"{operation}: timed out ({phase}){progress}",
            phase=phase,
            may_have_been_executed=in_doubt,
        )
    return WATSTimeoutError(
        f"{operation}: {out_of_time(limit.described, phase)}{progress}",
        limit=limit.seconds,
        phase=phase,
        scope=limit.scope,
        may_have_been_executed=in_doubt,
    )


def _progress(status: int, shown: str) -> str:
    if not status:
        return ""
    return f" after status {status}" + (f" and a body that starts {shown!r}" if shown else "")


def _reason(error: BaseException) -> str:
    """Return the message of the root cause, which is usually from the operating system."""
    root = error
    while root.__cause__ is not None:
        root = root.__cause__
    return str(root) or str(error) or type(error).__name__
