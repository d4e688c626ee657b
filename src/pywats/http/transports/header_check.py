"""Refuse headers that cannot be sent; the error shows the name and not the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pywats.http.network.http1.field_syntax import is_token, is_value
from pywats.http.transports.errors import LocalProtocolError, in_family
from pywats.redaction import one_line

if TYPE_CHECKING:
    import httpx

    from pywats.http.attempt import Attempt

__all__ = ["MAX_VALUE_BYTES", "check_headers"]

MAX_VALUE_BYTES: Final = 100_000
"""About as much as is read of the headers of a response. Most servers accept far less."""


def check_headers(request: httpx.Request, attempt: Attempt, family: Any) -> None:
    """Refuse a request with a header that HTTP does not allow.

    h11 would refuse most of them too, but its message shows the value and not the name, and by
    then it is not known whether anything was sent.

    Raises:
        LocalProtocolError: A name or a value is not allowed; nothing was sent.
    """
    for name, value in request.headers.raw:
        if is_token(name) and is_value(value) and len(value) <= MAX_VALUE_BYTES:
            continue
        shown = one_line(name.decode("latin-1"), attempt.secrets)
        what = _fault(value) if is_token(name) else "a name that HTTP does not allow"
        raise in_family(LocalProtocolError, family)(
            f"{attempt.described}: nothing was sent, for the header {shown!r} has {what} (value "
            "not shown, it may be a secret)"
        )


def _fault(value: bytes) -> str:
    if len(value) > MAX_VALUE_BYTES:
        return f"a value of {len(value)} bytes, and at most {MAX_VALUE_BYTES} are sent"
    if b"\r" in value or b"\n" in value:
        return "a value with a line break"
    if b"\0" in value:
        return "a value with a NUL character"
    if value != value.strip():
        return "a value with a space at its start or end"
    return "a value with a vertical tab or a form feed"
