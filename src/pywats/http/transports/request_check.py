"""Refuse a request line that HTTP does not allow, before a connection is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pywats.http.host import normal_host
from pywats.http.network.http1.field_syntax import is_target, is_token
from pywats.http.transports.errors import LocalProtocolError, in_family
from pywats.redaction import one_line

if TYPE_CHECKING:
    import httpx

    from pywats.http.attempt import Attempt

__all__ = ["check_request", "is_method", "shown_method"]

_COMMON: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def is_method(method: str) -> bool:
    """Return whether a text is a method that HTTP allows (RFC 9110 section 9.1)."""
    # A character that ASCII does not have becomes a question mark, which no method has.
    return method in _COMMON or is_token(method.encode("ascii", "replace")) is not None


def shown_method(method: str) -> str:
    """Return a method as log lines, spans and errors show it: on one line, in ASCII."""
    return method if is_method(method) else one_line(ascii(method), limit=40)


def check_request(request: httpx.Request, attempt: Attempt, family: Any) -> None:
    """Refuse a request with a method, a target or a name for TLS that cannot be sent.

    httpcore and h11 raise errors of several classes for them, some of them after a connection was
    opened; by then it is not known whether anything was sent.

    Raises:
        LocalProtocolError: A value is not allowed; nothing was sent.
    """
    if not is_method(request.method):
        raise in_family(LocalProtocolError, family)(
            f"{attempt.described}: nothing was sent, because a method of HTTP has at least one "
            "character, and no others than ASCII letters, digits and !#$%&'*+-.^_`|~"
        )
    extensions = request.extensions
    # httpx has encoded path and query of the URL.
    if "target" in extensions:
        _check_target(extensions["target"], attempt, family)
    if extensions.get("sni_hostname"):
        _check_name(extensions["sni_hostname"], attempt, family)


def _check_target(target: object, attempt: Attempt, family: Any) -> None:
    # A character that ASCII does not have becomes bytes that no target has.
    encoded = target.encode("utf-8", "surrogatepass") if isinstance(target, str) else target
    if not isinstance(encoded, bytes) or not is_target(encoded):
        allowed = (
            "have visible ASCII characters only (percent-encode all others), and at least one"
            if isinstance(target, str | bytes)
            else f"be bytes or a string, not {type(target).__name__}"
        )
        raise in_family(LocalProtocolError, family)(
            f"{attempt.described}: nothing was sent, because the extension 'target' must {allowed} "
            "(value not shown, it may be a secret)"
        )


def _check_name(name: object, attempt: Attempt, family: Any) -> None:
    try:
        if isinstance(name, str) and normal_host(name):
            return
        problem = f"not {type(name).__name__}"
    except ValueError:
        problem = f"not {one_line(ascii(name), attempt.secrets)}"
    raise in_family(LocalProtocolError, family)(
        f"{attempt.described}: nothing was sent, because the extension 'sni_hostname' must be the "
        f"name of a host or an IP address, {problem}"
    )
