"""Turn a response with an error status into an exception."""

from __future__ import annotations

from http import HTTPStatus

from pywats.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    WATSStatusError,
)

__all__ = ["is_refusal", "status_error"]

_CLASSES: dict[int, type[WATSStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: BadRequestError,
    429: RateLimitError,
}
_ADVICE = {
    401: "check the token (PYWATS_TOKEN) or username and password",
    403: "ask for a role that permits this operation",
    404: "check the names in the request and the path of base_url",
}
_SERVER_ERRORS = range(500, 600)
_REDIRECTS = range(300, 400)


def is_refusal(status: int) -> bool:
    """Return whether the status says that the request was not carried out.

    RFC 9110 section 15.5 (4xx) and 15.6.4 (503). After any other 5xx, it is not known.
    """
    return status not in _SERVER_ERRORS or status == HTTPStatus.SERVICE_UNAVAILABLE


def status_error(
    operation: str,
    status: int,
    excerpt: str,
    *,
    retry_after: float | None,
    may_have_been_executed: bool,
) -> WATSStatusError:
    """Return the exception for a response that is not 2xx.

    Args:
        operation: Method and path template of the request.
        status: The HTTP status.
        excerpt: A piece of the body, redacted.
        retry_after: Seconds that the server asked to wait; None if it did not ask.
        may_have_been_executed: True if the request changes data, and the status does not say
            whether the server did so.
    """
    kind = _CLASSES.get(status, ServerError if status in _SERVER_ERRORS else WATSStatusError)
    advice = _ADVICE.get(status, "")
    if status in _REDIRECTS:
        advice = "redirects are not followed: set base_url to the address the server wants"
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    message = f"{operation} returned {phrase}"
    for part in (excerpt, advice):
        message += f": {part}" if part is excerpt and part else f" ({part})" if part else ""
    return kind(
        message,
        status=status,
        excerpt=excerpt,
        retry_after=retry_after,
        may_have_been_executed=may_have_been_executed,
    )
