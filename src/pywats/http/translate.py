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
    WATSRequestError,
    WATSTimeoutError,
)
from pywats.http.excerpt import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.errors import TimeoutPhase, WATSError
    from pywats.http.exchange import Exchange
    from pywats.sync.call import Limit

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
    secrets: Iterable[str] = (),
) -> WATSError:
    """Return what leaves the port in place of an error of the HTTP library.

    Args:
        error: One of `TRANSPORT_ERRORS`.
        operation: Method, path template and origin of the request.
        exchange: What is known of the request.
        in_doubt: The server may have carried out a change.
        status: Status of the answer whose body did not come in whole; 0 if there was none.
        shown: A safe piece of that body.
        secrets: Texts that must not appear.
    """
    reason = one_line(_reason(error), secrets)
    if isinstance(error, httpcore.TimeoutException):
        return _timeout(error, operation, exchange.limit, _progress(status, shown), in_doubt)
    if isinstance(error, httpcore.ConnectError | httpcore.ProxyError):
        return _no_connection(error, operation, reason)
    if isinstance(error, httpcore.NetworkError | httpcore.RemoteProtocolError):
        # The end of the connection is worth another attempt; an answer that is not HTTP is not.
        broken = isinstance(error, httpcore.NetworkError)
        what = "the server hung up" if exchange.disconnected else "not HTTP"
        return WATSConnectionError(
            f"{operation}: {'the connection broke' if broken else what} "
            f"({reason}){_progress(status, shown)}",
            may_have_been_executed=in_doubt,
            transient=broken or exchange.disconnected,
            status=status,
            excerpt=shown,
        )
    return WATSRequestError(f"{operation}: not sent ({reason})")


def _no_connection(error: Exception, operation: str, reason: str) -> WATSConnectionError:
    certificate = _certificate_error(error)
    if certificate is None:
        return WATSConnectionError(f"{operation}: no connection ({reason})")
    return WATSConnectionError(
        f"{operation}: the certificate was refused ({certificate.verify_message}); "
        "trust its issuer with verify_ssl=<an ssl.SSLContext>",
        transient=False,
    )


def _timeout(
    error: httpcore.TimeoutException,
    operation: str,
    limit: Limit | None,
    progress: str,
    in_doubt: bool,  # noqa: FBT001 - private, and named where it comes from
) -> WATSTimeoutError:
    phase = _TIMEOUTS[type(error)]
    if limit is None:
        # Of some layer below: nothing here ends without a limit.
        return WATSTimeoutError(
            f"{operation}: timed out ({phase}){progress}",
            phase=phase,
            may_have_been_executed=in_doubt,
        )
    which = "timeout of an attempt" if limit.scope == "attempt" else "deadline of the call"
    return WATSTimeoutError(
        f"{operation}: no whole answer within the {which}, {limit.seconds:g} s ({phase}){progress}",
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
    """Return what the operating system says, where it has said something."""
    root = error
    while root.__cause__ is not None:
        root = root.__cause__
    return str(root) or str(error) or type(error).__name__


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
