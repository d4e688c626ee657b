"""The port: the interface through which services send HTTP requests.

A service makes a frozen `Request`, awaits `HttpPort.send`, and gets a frozen
`Response` with a 2xx status, or a `pywats.errors.WATSError`. It does not depend
on an HTTP library or on an event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import quote, urlencode

from pywats.redaction import NO_SECRETS, Secrets, excerpt

Method = Literal["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"]
QueryValue = str | int | float | bool | Sequence[str]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_IDEMPOTENT = _SAFE | {"PUT", "DELETE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, without the host, credentials and headers, which the port adds.

    Attributes:
        method: The HTTP method.
        template: The path with ``{name}`` for its variable segments, as in the OpenAPI file.
        path: Values for those segments; each is percent-encoded as a whole.
        query: Query parameters; a parameter whose value is None is left out.
        content: The encoded body, or None.
        content_type: Media type of the body.
        accept: Media types that the response may have (RFC 9110 section 12.5.1).
        idempotent: Set True where the API makes a POST or PATCH safe to repeat (a query sent as
            POST), False where a GET changes the server; None goes by the method (RFC 9110
            section 9.2.2).
        secret_response: True if the response holds a secret: no error message shows any of it.
        told: Called with the number of bytes of the body that were sent so far, and with the size
            of the body; None to send the body without reports of progress.
    """

    method: Method
    template: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, QueryValue | None] = field(default_factory=dict)
    content: bytes | None = None
    content_type: str = "application/json"
    accept: str = "application/json"
    idempotent: bool | None = None
    secret_response: bool = False
    told: Callable[[int, int], None] | None = field(default=None, repr=False, compare=False)

    @property
    def is_idempotent(self) -> bool:
        """True if sending the request twice has the effect of sending it once."""
        return self.method in _IDEMPOTENT if self.idempotent is None else self.idempotent

    @property
    def changes_data(self) -> bool:
        """True if the request may change something on the server (RFC 9110 section 9.2.1)."""
        return self.method not in _SAFE if self.idempotent is None else not self.idempotent

    def target(self) -> str:
        """Return path and query, every path value percent-encoded as one segment.

        RFC 3986 section 3.3.

        Raises:
            ValueError: A value is empty, ``.`` or ``..``: such a segment changes the route.
        """
        path = self.template.format_map(
            {name: _segment(name, value) for name, value in self.path.items()}
        )
        given = {
            name: _query_text(value) for name, value in self.query.items() if value is not None
        }
        if not given:
            return path
        # OData spells its options with a dollar sign, which RFC 3986 permits as it is.
        return f"{path}?{urlencode(given, doseq=True, safe='$', quote_via=quote)}"


def _query_text(value: QueryValue) -> str | Sequence[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _segment(name: str, value: str) -> str:
    if value in {"", ".", ".."}:
        raise ValueError(
            f"{name}={value!r} cannot be a path segment: it must be a non-empty string "
            "other than '.' and '..'"
        )
    return quote(value, safe="")


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response with a 2xx status.

    Attributes:
        status: The HTTP status.
        content: The body, decoded from its content encoding.
        content_type: The media type that the server declared, in lower case, without parameters.
        secrets: Texts that no error message may show.
        correlation_id: The id of the request, for errors about its response.
    """

    status: int
    content: bytes = field(repr=False)
    content_type: str
    secrets: Secrets = field(default=NO_SECRETS, repr=False)
    correlation_id: str | None = field(default=None, compare=False)

    def excerpt(self) -> str:
        """Return a short printable piece of the body that shows no secret."""
        return excerpt(self.content, self.secrets)


class HttpPort(Protocol):
    """Send a request and receive the whole response."""

    async def send(self, request: Request, /) -> Response:
        """Send the request.

        Raises:
            WATSConnectionError: No usable response arrived.
            WATSTimeoutError: The limit of the attempt or of the call ran out.
            WATSStatusError: The status is not 2xx.
            WATSClosedError: The client was closed.
        """
        ...
