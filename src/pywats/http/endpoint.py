"""Where requests go and as whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

__all__ = ["Endpoint", "parse_base_url"]

_PORTS = {"http": 80, "https": 443}
_QUERY = re.compile("[?#]")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server and the credentials for it.

    Attributes:
        base_url: Absolute, without a trailing slash; make it with `parse_base_url`.
        authorization: Value of the Authorization header.
        correlation_header: Name of the header for the correlation id.
        secrets: Texts that no log, span or error may show.
        scheme: ``http`` or ``https``.
        host: The host without brackets or port.
        port: The port, by the scheme where the URL names none.
    """

    base_url: str
    authorization: str = field(repr=False)
    correlation_header: str = "X-Correlation-ID"
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    # Read for every request, so taken apart once.
    scheme: str = field(init=False, repr=False, compare=False)
    host: str = field(init=False, repr=False, compare=False)
    port: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the URL apart."""
        parts = urlsplit(self.base_url)
        object.__setattr__(self, "scheme", parts.scheme)
        object.__setattr__(self, "host", parts.hostname or "")
        object.__setattr__(self, "port", parts.port or _PORTS[parts.scheme])


def parse_base_url(value: object) -> str:
    """Return the address in the form that `Endpoint` takes.

    A trailing ``/`` and a trailing ``/api`` are dropped, for every path of the API starts with
    ``/api``.

    Raises:
        TypeError: Not a string.
        ValueError: Not an absolute http or https URL, or one with credentials, query or fragment.
    """
    allowed = "an absolute URL such as https://wats.example.com"
    if not isinstance(value, str):
        raise TypeError(f"base_url={value!r}: must be {allowed}, not {type(value).__name__}")
    try:
        parts = urlsplit(value.strip())
        port_is_valid = parts.port != 0
        httpx.URL(value.strip())
    except (ValueError, httpx.InvalidURL) as error:
        # The parser quotes what it takes for the port, and that may be a password.
        why = "" if "@" in value else f" ({error})"
        raise ValueError(f"base_url is not a URL{why}: must be {allowed}") from None
    if "@" in parts.netloc:
        # The value holds a password, so it is not shown.
        raise ValueError(
            f"base_url={parts.scheme}://…@{parts.netloc.rpartition('@')[2]}: must not contain "
            "credentials; pass them as username= and password=, or token="
        )
    # What is before an @ may be a password, and what is in a query a token.
    given = "base_url" if "@" in value else f"base_url={_QUERY.split(value)[0]!r}"
    if parts.scheme not in _PORTS or not parts.hostname or not port_is_valid:
        raise ValueError(f"{given}: must be {allowed}")
    if parts.query or parts.fragment:
        raise ValueError(f"{given}: must be {allowed}, without a query or fragment")
    path = parts.path.rstrip("/")
    if path.lower().endswith("/api"):
        path = path[: -len("/api")]
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"
