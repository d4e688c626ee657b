"""Read status, ``Retry-After`` and request method from the exception of any HTTP library.

The libraries use a few different names: httpx and requests have ``error.response.status_code``,
openai ``error.status_code``, aiohttp ``error.status``, botocore a mapping ``error.response``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from pywats.errors import CallError, WATSStatusError
from pywats.observability.retry_after import parse_retry_after
from pywats.runtime.signals import raised_by_signal_handler

__all__ = ["request_method_of", "retry_after_of", "status_of"]

# Statuses that are not a success. Some libraries raise an error with status 200 for a response
# whose body is not valid.
_STATUSES: Final = range(300, 600)


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status of the error response behind an exception, None if there is none.

    Args:
        error: Any exception.
    """
    if isinstance(error, CallError):
        return error.status if isinstance(error, WATSStatusError) else None
    response = _read(error, "response")
    if isinstance(response, Mapping):
        # botocore.exceptions.ClientError
        return _status(_read(_read(response, "ResponseMetadata"), "HTTPStatusCode"))
    found = [
        _read(response, "status_code"),
        _read(response, "status"),
        _read(error, "status_code"),
        _read(error, "status"),
        # Only if there is a response: error codes of other protocols use the same name.
        None if response is None else _read(error, "code"),
    ]
    return next((status for each in found if (status := _status(each)) is not None), None)


def retry_after_of(error: BaseException) -> float | None:
    """Return the seconds the server asked to wait (RFC 9110 section 10.2.3), None if it did not.

    Args:
        error: Any exception.
    """
    given = _read(error, "retry_after")
    if isinstance(given, timedelta):
        given = given.total_seconds()
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given) if math.isfinite(given) and given >= 0 else None
    response = _read(error, "response")
    metadata = _read(response, "ResponseMetadata") if isinstance(response, Mapping) else None
    for headers in (
        _read(response, "headers"),
        _read(metadata, "HTTPHeaders"),
        _read(error, "headers"),
    ):
        value = _header(headers, "retry-after")
        if value is not None:
            return parse_retry_after(value, _header(headers, "date"))
    return None


def request_method_of(error: BaseException) -> str | None:
    """Return the method of the request that failed, None if the error does not have it.

    Args:
        error: Any exception.
    """
    for request in (
        _read(error, "request"),
        _read(error, "request_info"),
        _read(_read(error, "response"), "request"),
    ):
        method = _read(request, "method")
        if isinstance(method, str):
            return method.upper()
    return None


def _status(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _STATUSES:
        return None
    return int(value)


def _header(headers: object, name: str) -> str | None:
    get = _read(headers, "get")
    value = _try(lambda: get(name)) if callable(get) else None
    if value is None and isinstance(headers, Mapping):
        # A plain dict has the header under the name as the server wrote it, in any case.
        value = _try(
            lambda: next((headers[key] for key in headers if str(key).lower() == name), None)
        )
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return value if isinstance(value, str) else None


def _read(holder: object, name: str) -> object:
    if holder is None:
        return None
    if isinstance(holder, Mapping):
        return _try(lambda: holder.get(name)) or _try(lambda: getattr(holder, name, None))
    return _try(lambda: getattr(holder, name, None))


def _try(read: Callable[[], object]) -> object:
    """Return the result of reading; None if it raises, as properties of httpx's errors may do."""
    try:
        return read()
    except Exception as error:
        if raised_by_signal_handler(error):
            raise
        return None
