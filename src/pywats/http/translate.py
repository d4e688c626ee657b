"""Errors of httpx and httpcore, translated.

The two families share their class names and nothing else, and neither derives
from the builtins a caller would catch: `httpx.ConnectError` is no
`ConnectionError`, `httpx.ReadTimeout` no `TimeoutError`.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpcore
import httpx

from pywats.errors import (
    WATSConnectionError,
    WATSDecodeError,
    WATSRequestError,
    WATSTimeoutError,
)

if TYPE_CHECKING:
    from pywats.errors import TimeoutPhase, WATSError
    from pywats.http.exchange import Exchange

__all__ = ["TRANSPORT_ERRORS", "translate"]

_TIMEOUTS: dict[type[Exception], TimeoutPhase] = {
    httpcore.PoolTimeout: "pool",
    httpcore.ConnectTimeout: "connect",
    httpcore.WriteTimeout: "write",
    httpcore.ReadTimeout: "read",
    httpx.PoolTimeout: "pool",
    httpx.ConnectTimeout: "connect",
    httpx.WriteTimeout: "write",
    httpx.ReadTimeout: "read",
}
_CONNECT = (httpcore.ConnectError, httpcore.ProxyError, httpx.ConnectError, httpx.ProxyError)
_NETWORK = (httpcore.NetworkError, httpx.NetworkError)
_REMOTE = (httpcore.RemoteProtocolError, httpx.RemoteProtocolError)
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
    error: Exception, operation: str, exchange: Exchange, *, changes_data: bool
) -> WATSError:
    """Return what leaves the port in place of an error of the HTTP library.

    Args:
        error: One of `TRANSPORT_ERRORS`.
        operation: Method, path template and origin of the request.
        exchange: What is known of the request.
        changes_data: The request is not a mere query.
    """
    in_doubt = exchange.sent and changes_data
    for kind, phase in _TIMEOUTS.items():
        if isinstance(error, kind):
            return _timeout(operation, exchange, phase, in_doubt=in_doubt)
    if isinstance(error, _CONNECT):
        certificate = _certificate_error(error)
        if certificate is not None:
            return WATSConnectionError(
                f"{operation}: the certificate was refused ({certificate.verify_message}); "
                "trust its issuer with verify_ssl=<an ssl.SSLContext>",
                transient=False,
            )
        return WATSConnectionError(f"{operation}: no connection ({_reason(error)})")
    if isinstance(error, _NETWORK):
        return WATSConnectionError(
            f"{operation}: the connection broke ({_reason(error)})",
            may_have_been_executed=in_doubt,
        )
    if isinstance(error, _REMOTE):
        # The end of the connection is worth another attempt; an answer that is not HTTP is not.
        return WATSConnectionError(
            f"{operation}: {'the server hung up' if exchange.disconnected else 'not HTTP'} "
            f"({_reason(error)})",
            may_have_been_executed=in_doubt,
            transient=exchange.disconnected,
        )
    if isinstance(error, httpx.DecodingError):
        return WATSDecodeError(
            f"{operation}: the body does not decode ({_reason(error)})",
            may_have_been_executed=in_doubt,
        )
    return WATSRequestError(f"{operation}: not sent ({_reason(error)})")


def _timeout(
    operation: str, exchange: Exchange, phase: TimeoutPhase, *, in_doubt: bool
) -> WATSTimeoutError:
    limit = exchange.limit
    if limit is None:
        # The operating system's own limit, for example on connecting.
        return WATSTimeoutError(
            f"{operation}: timed out ({phase})", phase=phase, may_have_been_executed=in_doubt
        )
    which = "timeout of an attempt" if limit.scope == "attempt" else "deadline of the call"
    return WATSTimeoutError(
        f"{operation}: no whole answer within the {which}, {limit.seconds:g} s ({phase})",
        limit=limit.seconds,
        phase=phase,
        scope=limit.scope,
        may_have_been_executed=in_doubt,
    )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
