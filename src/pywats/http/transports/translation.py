"""Translate the errors of httpx and httpcore into the errors of the transports."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, TypeGuard

from pywats.errors import CallConnectionError, CallError, CallTimeoutError
from pywats.http.errors.sentences import broken_connection, out_of_time
from pywats.http.tls_errors import advice, find_tls_error, is_permanent, refuses_certificate
from pywats.http.transports.errors import (
    ClosedError,
    ConnectError,
    ConnectTimeout,
    DecodingError,
    LocalProtocolError,
    PoolTimeout,
    ProxyError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    UnsupportedProtocol,
    WriteError,
    WriteTimeout,
    in_family,
)
from pywats.http.transports.families import base_in
from pywats.http.transports.raw_errors import is_of_socks, is_raw_network_error
from pywats.redaction import one_line

if TYPE_CHECKING:
    from pywats.errors import TimeoutPhase
    from pywats.http.attempt import Attempt
    from pywats.http.network.phases import Phase
    from pywats.redaction import Secrets

__all__ = ["closed_error", "is_translated", "timed_out", "translate"]

_TIMEOUTS: dict[str, tuple[type[CallTimeoutError], TimeoutPhase]] = {
    "PoolTimeout": (PoolTimeout, "pool"),
    "ConnectTimeout": (ConnectTimeout, "connect"),
    "WriteTimeout": (WriteTimeout, "write"),
    "ReadTimeout": (ReadTimeout, "read"),
}
# Errors by the phase of the request that a limit of wall time cuts off. Until the response begins,
# the phase is known only of the transports that open connections.
_CUT_OFF: dict[Phase | None, str] = {
    "pool": "PoolTimeout",
    **dict.fromkeys(("dns", "connect", "proxy", "tls"), "ConnectTimeout"),
    "send": "WriteTimeout",
}
_CONNECTION_ERRORS: dict[str, type[CallConnectionError]] = {
    "ConnectError": ConnectError,
    "ReadError": ReadError,
    "WriteError": WriteError,
    "RemoteProtocolError": RemoteProtocolError,
    "ProxyError": ProxyError,
}
_OTHERS: dict[str, type[CallError]] = {
    "LocalProtocolError": LocalProtocolError,
    "UnsupportedProtocol": UnsupportedProtocol,
    "DecodingError": DecodingError,
}
_TRANSLATED = {**_TIMEOUTS, **_CONNECTION_ERRORS, **_OTHERS}
# Errors by the phase in which an error of the operating system or of TLS passes through httpx.
_RAW: dict[Phase | None, str] = {
    **dict.fromkeys(("pool", "dns", "connect", "proxy", "tls"), "ConnectError"),
    "send": "WriteError",
}
# Texts in messages of httpx and h11 when the server has closed the connection.
_HUNG_UP = ("disconnected", "peer closed connection", "unexpectedly closed")
_NOTHING_SENT = frozenset({"PoolTimeout", "ConnectTimeout", "ConnectError", "ProxyError"})


def translate(error: Exception, attempt: Attempt, family: Any) -> CallError:
    """Return the error that a transport raises in place of an error.

    Args:
        error: An error for which `is_translated` is true; httpx and httpcore use the same class
            names.
        attempt: The attempt that failed.
        family: The package of the request, httpx or httpx2.
    """
    name = base_in(error) or _name_of_raw(error, attempt.exchange.phase)
    if name in _TIMEOUTS:
        made: CallError = _timeout(name, attempt, family)
    elif name in _CONNECTION_ERRORS:
        made = _connection_error(name, error, attempt, family)
    else:
        made = in_family(_OTHERS[name], family)(
            f"{attempt.described}: {_reason(error, attempt.secrets)}"
        )
    made.may_have_been_executed = attempt.in_doubt and name not in _NOTHING_SENT
    return made


def is_translated(error: BaseException) -> TypeGuard[Exception]:
    """Return whether `translate` has a class for an error."""
    if isinstance(error, CallError):
        return False
    return base_in(error) in _TRANSLATED or is_raw_network_error(error)


def _name_of_raw(error: Exception, phase: Phase | None) -> str:
    return "ProxyError" if is_of_socks(error) else _RAW.get(phase, "ReadError")


def closed_error(attempt: Attempt, family: Any) -> ClosedError:
    """Return the error of a request whose transport was closed meanwhile."""
    made = in_family(ClosedError, family)(
        f"{attempt.described}: the transport was closed meanwhile"
    )
    made.may_have_been_executed = attempt.in_doubt
    return made


def timed_out(attempt: Attempt, family: Any) -> CallTimeoutError:
    """Return the error of a request that was cancelled because its limit ran out."""
    name = _CUT_OFF.get(attempt.exchange.phase, "ReadTimeout")
    made = _timeout(name, attempt, family)
    made.may_have_been_executed = attempt.in_doubt and name not in _NOTHING_SENT
    return made


def _timeout(name: str, attempt: Attempt, family: Any) -> CallTimeoutError:
    kind, phase = _TIMEOUTS[name]
    limit = attempt.exchange.limit
    single = attempt.exchange.expired_timeout
    if single is not None or limit is None or limit.expires_at > attempt.exchange.now():
        seconds = single
        shown = "" if seconds is None else f"{seconds:g} s "
        which = f"the {shown}timeout of the httpx client"
    else:
        seconds, which = limit.seconds, limit.described
    made = in_family(kind, family)(
        f"{attempt.described}: {out_of_time(which, phase)}{_progress(attempt)}"
    )
    made.limit = seconds
    made.phase = phase
    if limit is not None and single is None:
        made.scope = limit.scope
    return made


def _connection_error(
    name: str, error: Exception, attempt: Attempt, family: Any
) -> CallConnectionError:
    tls = find_tls_error(error)
    reason = _reason(error, attempt.secrets)
    if tls is not None and refuses_certificate(tls) and not attempt.status:
        # The first read of a connection tells of it under TLS 1.3, and the server has not read the
        # request before that.
        attempt.exchange.sent &= attempt.exchange.reused is not False
        name = "ConnectError"
    if tls is not None and name in _NOTHING_SENT:
        refused = isinstance(tls, ssl.SSLCertVerificationError)
        what = "the certificate was refused" if refused else "no connection"
        to_do = advice(tls, of_transport=True)
        made: CallConnectionError = in_family(ConnectError, family)(
            f"{attempt.described}: {what} ({reason})" + (f"; {to_do}" if to_do else "")
        )
        made.transient = not is_permanent(tls)
        return made
    hung_up = attempt.exchange.disconnected or any(each in str(error) for each in _HUNG_UP)
    network = name != "RemoteProtocolError"
    what = f"no connection ({reason})"
    if name not in _NOTHING_SENT:
        what = broken_connection(reason, network=network, disconnected=hung_up)
    made = in_family(_CONNECTION_ERRORS[name], family)(
        f"{attempt.described}: {what}{_progress(attempt)}"
    )
    made.status = attempt.status
    # If the response is not HTTP, the next response will not be HTTP either; and a host name that
    # has no encoding will not have one the next time.
    made.transient = (network or hung_up) and not isinstance(error, UnicodeError)
    return made


def _progress(attempt: Attempt) -> str:
    return f" after status {attempt.status}" if attempt.status else ""


def _reason(error: BaseException, secrets: Secrets) -> str:
    """Return the message of the root cause, which is usually from the operating system."""
    root = error
    while (below := _below(root)) is not None:
        root = below
    return one_line(str(root) or str(error) or type(error).__name__, secrets)


def _below(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    if error.__cause__ is not None:
        return error.__cause__
    context = error.__context__
    # httpcore sets no cause: the error of the operating system is the context.
    of_httpcore = type(error).__module__.partition(".")[0] == "httpcore"
    return context if of_httpcore and isinstance(context, OSError) else None
