"""Classify errors of other libraries: connection, timeout, not sent, certificate.

`httpx.ConnectError` is not a `ConnectionError`, and neither are the errors of aiohttp, openai,
redis or botocore. Their class names describe them, so they are recognized by class name, and
none of these libraries has to be imported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pywats.observability.response_facts import request_method_of, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_permanent", "is_unsafe_request", "stands_for"]

_TIMEOUT: Final = re.compile(r".*(Timeout|TimeoutError|TimeoutException|TimedOut)")
_CONNECTION: Final = re.compile(
    # The last two mean an incomplete response, in httpx and in aiohttp.
    r".*ConnectionError|ConnectError|NetworkError|RemoteProtocolError|ClientPayloadError"
)
# The request was not sent: a connection could not be made, or the pool had none free.
_NOT_SENT: Final = re.compile(
    r"Connect(ion)?(Error|Timeout|TimeoutError)|PoolTimeout|ProxyError|ConnectionRefusedError|"
    r"NewConnectionError|EndpointConnectionError|ClientConnector\w*Error|gaierror"
)
_CERTIFICATE: Final = re.compile(r".*(SSLCertVerification|Certificate)\w*")
# RFC 9110 section 9.2.2
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
# With these statuses the server rejected the request before it did anything.
_TURNED_AWAY: Final = frozenset({429, 503})
# Limit for the chain of causes: a cycle of causes must not hang a call.
_LONGEST_CHAIN: Final = 16


def stands_for(error: Exception, kind: type[Exception]) -> bool:
    """Return whether another library's error has the meaning of a builtin error class.

    Args:
        error: The error.
        kind: `ConnectionError`, `TimeoutError` or a base class of them.
    """
    if issubclass(TimeoutError, kind) and _is_named(error, _TIMEOUT):
        return True
    if not issubclass(ConnectionError, kind):
        return False
    # openai derives APITimeoutError from APIConnectionError.
    return _is_named(error, _CONNECTION) and not _is_named(error, _TIMEOUT)


def is_permanent(error: Exception) -> bool:
    """Return whether a certificate was rejected; another attempt cannot fix this."""
    return any(_is_named(each, _CERTIFICATE) for each in _chain(error))


def is_unsafe_request(error: Exception) -> bool:
    """Return whether a non-idempotent request was sent, according to the error.

    False if the error does not have the method of its request.
    """
    method = request_method_of(error)
    if method is None or method in _IDEMPOTENT:
        return False
    status = status_of(error)
    if status is not None:
        return status not in _TURNED_AWAY
    return not any(_is_named(each, _NOT_SENT) for each in _chain(error))


def _is_named(error: BaseException, pattern: re.Pattern[str]) -> bool:
    return any(
        kind.__module__ != "builtins" and pattern.fullmatch(kind.__name__)
        for kind in type(error).__mro__
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
