"""Read an httpx request: its operation, address and timeouts, and the ids to add to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pywats import validation
from pywats.http.transports.hosts import Hosts
from pywats.http.transports.request_check import shown_method
from pywats.observability.propagation import outgoing_headers

if TYPE_CHECKING:
    import httpx

    from pywats.http.network.exchange import Timeouts

__all__ = ["HttpxOperation", "Ids", "address_of", "merged", "target_of", "timeouts_of"]

# RFC 9110 section 9.2.
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_IDEMPOTENT: Final = _SAFE | {"PUT", "DELETE"}
_PORTS: Final = {"http": 80, "https": 443}

IDEMPOTENT: Final = "idempotent"
TEMPLATE: Final = "template"


@dataclass(frozen=True, slots=True)
class HttpxOperation:
    """The facts about an httpx request that an attempt needs.

    Attributes:
        method: The HTTP method, as it is shown.
        template: The path with names for its variable segments; empty if it is not known.
        is_idempotent: True if sending the request twice has the effect of sending it once.
        changes_data: True if the request may change something on the server.
    """

    method: str
    template: str
    is_idempotent: bool
    changes_data: bool

    @classmethod
    def of(cls, request: httpx.Request) -> HttpxOperation:
        """Return the operation of a request.

        The method decides whether it is idempotent (RFC 9110 section 9.2.2). A POST with an
        ``Idempotency-Key`` is idempotent too: the server carries it out once. The extension
        ``idempotent`` (True or False) overrides this; ``template`` names the path template.
        """
        method = shown_method(request.method)
        told = request.extensions.get(IDEMPOTENT)
        template = str(request.extensions.get(TEMPLATE) or "")
        if told is None:
            keyed = method in _IDEMPOTENT or "idempotency-key" in request.headers
            return cls(method, template, keyed, method not in _SAFE)
        return cls(method, template, bool(told), method not in _SAFE and not told)


def address_of(request: httpx.Request) -> tuple[str, str, int]:
    """Return URL without credentials, host and port of a request."""
    url = request.url
    host = _host(url)
    text = f"{url.scheme}://{url.netloc.decode('ascii')}"
    # Without a host, as in user:password@host, where // is missing, the path may be a password.
    if host:
        text += url.raw_path.decode("ascii")
    return text, host, url.port or _PORTS.get(url.scheme, 0)


def _host(url: httpx.URL) -> str:
    try:
        return url.host
    except UnicodeError:
        # httpx decodes a name that begins with xn--, and cannot decode every such name.
        return url.raw_host.decode("ascii")


def target_of(request: httpx.Request) -> bytes:
    """Return path and query of a request, or the target that its extension ``target`` names."""
    target: bytes | str = request.extensions.get("target", request.url.raw_path)
    # httpcore takes both.
    return target.encode("ascii") if isinstance(target, str) else target


def timeouts_of(request: httpx.Request) -> Timeouts | None:
    """Return the httpx client's timeouts of single operations; None if it has no timeouts."""
    timeouts = request.extensions.get("timeout")
    # A timeout of 0 is a limit: it has run out when the operation begins.
    if not isinstance(timeouts, Mapping) or all(each is None for each in timeouts.values()):
        return None
    return timeouts


class Ids:
    """Which requests carry correlation id and trace context, and under which name.

    Args:
        only: Hosts whose requests carry the ids; None for all hosts.
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with.

    Raises:
        TypeError: ``only`` is not a collection of strings, or the name is not a string.
        ValueError: The name is not valid for a header.
    """

    def __init__(self, only: Iterable[str] | None, correlation_header: str | None) -> None:
        if correlation_header is not None:
            validation.header_name("correlation_header", correlation_header)
        self._name = correlation_header
        self._hosts = Hosts(only)

    def headers(self, request: httpx.Request) -> dict[str, str]:
        """Return the headers to add to a request, whose span is current.

        A header that the request already has is kept, unless it carries trace context.
        """
        if not self._hosts.include(_host(request.url), request.url.port):
            return {}
        headers = outgoing_headers(correlation_header=self._name)
        return {
            name: value
            for name, value in headers.items()
            if name.lower() in _TRACE_HEADERS or name not in request.headers
        }


# These headers are replaced if the request already has them: they are not of this attempt's span.
_TRACE_HEADERS: Final = frozenset({"traceparent", "tracestate", "b3", "uber-trace-id"})


def merged(headers: httpx.Headers, ids: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return the headers of a request with the ids added; they replace headers of the same name."""
    if not ids:
        return headers.raw
    names = {name.lower().encode("ascii") for name in ids}
    kept = [(name, value) for name, value in headers.raw if name.lower() not in names]
    return kept + [(name.encode("ascii"), value.encode("ascii")) for name, value in ids.items()]
