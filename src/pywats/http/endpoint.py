"""The server that requests go to, and the credentials for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from pywats.http.host import in_url, normal_host, without_zone
from pywats.redaction import NO_SECRETS, Secrets, basic_secrets

__all__ = ["Endpoint", "parse_base_url"]

_PORTS = {"http": 80, "https": 443}
_QUERY = re.compile("[?#]")
# A host and path without a scheme. It must not match a token that was passed by mistake in place
# of the address: a token is long and has no dots, or has other characters.
_HOST = re.compile(r"[a-z0-9:/-]{0,15}|(?=[^.]{1,15}\.)[a-z0-9.:/-]{1,80}")
_HIDDEN = "… (value not shown, it may be a credential)"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server and the credentials for it.

    Attributes:
        base_url: Absolute URL without a trailing slash; make it with `parse_base_url`.
        authorization: Value of the Authorization header.
        correlation_header: Name of the header for the correlation id.
        secrets: Texts that no log, span or error may show; the credentials are added.
        scheme: ``http`` or ``https``.
        host: The host in ASCII and lower case, without brackets or port.
        port: The port; if the URL has none, the default port of the scheme.
    """

    base_url: str
    authorization: str = field(repr=False)
    correlation_header: str = "X-Correlation-ID"
    secrets: Secrets = field(default=NO_SECRETS, repr=False)

    # Parsed once, because every request reads them.
    scheme: str = field(init=False, repr=False, compare=False)
    host: str = field(init=False, repr=False, compare=False)
    port: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Parse the URL, and add the credentials to the secrets."""
        scheme, _, token = self.authorization.partition(" ")
        if scheme == "Basic":
            object.__setattr__(self, "secrets", self.secrets | Secrets(basic_secrets(token)))
        parts = urlsplit(self.base_url)
        object.__setattr__(self, "scheme", parts.scheme)
        object.__setattr__(self, "host", normal_host(parts.hostname or ""))
        object.__setattr__(self, "port", parts.port or _PORTS[parts.scheme])

    @property
    def host_header(self) -> str:
        """The value of the header ``Host`` (RFC 9110 section 7.2), without any zone id."""
        host = in_url(without_zone(self.host))
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def hiding(self, more: Secrets) -> Endpoint:
        """Return the endpoint with further secrets, such as the credentials for a proxy."""
        return replace(self, secrets=self.secrets | more) if more else self


def parse_base_url(value: object, name: str = "base_url") -> str:
    """Return the address in the form that `Endpoint` takes.

    The host is put into ASCII and lower case. A trailing ``/`` and a trailing ``/api`` are
    dropped, because every path of the API starts with ``/api``.

    Args:
        value: The address.
        name: Name of the argument or variable that gave it, for messages.

    Raises:
        TypeError: The value is not a string.
        ValueError: The value is not an absolute http or https URL, or it has credentials, a query
            or a fragment.
    """
    allowed = "an absolute URL such as https://wats.example.com"
    if not isinstance(value, str):
        raise TypeError(f"{_given(name, value)}: must be {allowed}, not {type(value).__name__}")
    problem = _parsing_problem(value.strip())
    if problem is not None:
        # The parser quotes the text that it takes for the port, which may be a password.
        why = "" if _HIDDEN in _given(name, value) else f" ({problem})"
        raise ValueError(f"{name} is not a URL{why}: must be {allowed}")
    parts = urlsplit(value.strip())
    if "@" in parts.netloc:
        # The value holds a password, so it is not shown.
        raise ValueError(
            f"{name}={parts.scheme}://…@{parts.netloc.rpartition('@')[2]}: must not contain "
            "credentials; pass them as username= and password=, or token="
        )
    given = _given(name, value)
    if parts.scheme not in _PORTS or not parts.hostname or parts.port == 0:
        raise ValueError(f"{given}: must be {allowed}")
    if parts.query or parts.fragment:
        raise ValueError(f"{given}: must be {allowed}, without a query or fragment")
    try:
        # Keep the brackets of other literals (IPvFuture), so that `normal_host` refuses them: they
        # are reserved (RFC 3986 section 3.2.2).
        host = normal_host(
            parts.netloc if "[" in parts.netloc and ":" not in parts.hostname else parts.hostname
        )
    except ValueError as error:
        raise ValueError(f"{given} is not a URL ({error}): must be {allowed}") from None
    path = parts.path.rstrip("/")
    if path.lower().endswith("/api"):
        path = path[: -len("/api")]
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{in_url(host)}{port}{path.rstrip('/')}"


def _parsing_problem(text: str) -> str | None:
    try:
        _ = urlsplit(text).port
    except ValueError as error:
        return str(error)
    return None


def _given(name: str, value: object) -> str:
    """Return how an error shows the value: as it is, unless it may be a credential."""
    if isinstance(value, str):
        # The text before an @ may be a password, and the query may hold a token.
        address = _QUERY.split(value)[0]
        shown = "@" not in value and ("://" in address or _HOST.fullmatch(address))
    else:
        address = value
        shown = value is None or isinstance(value, int | float)
    return f"{name}={address!r}" if shown else f"{name}={_HIDDEN}"
