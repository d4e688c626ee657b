"""Instrument an existing httpx client: its requests become parts of the running call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pywats.http.transports.blocking import BlockingCallTransport
from pywats.http.transports.call import CallTransport
from pywats.http.transports.direct import DirectTransport
from pywats.redaction import without_locals_on_failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["instrument_httpx"]

C = TypeVar("C")

_OURS = (BlockingCallTransport, CallTransport, DirectTransport)
# An SDK keeps its httpx client in an attribute, or in an attribute of an attribute.
_DEPTH = 2


@without_locals_on_failure
def instrument_httpx(
    client: C, *, only: Iterable[str] | None = None, correlation_header: str | None = None
) -> C:
    """Give the requests of an existing httpx client all that `pywats.CallTransport` adds.

    Use it as ``instrument_httpx(httpx.AsyncClient())``, or ``instrument_httpx(AsyncOpenAI())`` for
    the client inside an SDK. Instrumenting a client again has no effect.

    Args:
        client: An `httpx.AsyncClient` or `httpx.Client`, or an object that has one.
        only: Hosts whose requests carry the ids, such as ``("api.example.com",)``; None for all.
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with.

    Returns:
        The client.

    Raises:
        TypeError: There is no httpx client in the object.
        ValueError: A value is out of range.
    """
    found = list(_clients(client, _DEPTH))
    if not found:
        raise TypeError(
            # The value is not shown: it may be a URL with a password, or a pair of credentials.
            f"client: must be an httpx.AsyncClient, an httpx.Client, or an SDK "
            f"that has one, not {type(client).__name__}"
        )
    hosts = None if only is None or isinstance(only, str) else tuple(only)
    chosen = only if hosts is None else hosts
    for each in found:
        _instrument(each, chosen, correlation_header)
    return client


def _instrument(client: Any, only: Iterable[str] | None, header: str | None) -> None:
    # httpx has no public way to replace the transports of a client. OpenTelemetry's instrumentation
    # uses the same two private attributes; tests/http/transports/test_instrument.py fails if a new
    # version of httpx renames them.
    state: dict[str, Any] = vars(client)
    wrapped: dict[int, object] = {}

    def wrap(transport: Any) -> Any:
        if transport is None or isinstance(transport, _OURS):
            return transport
        if id(transport) not in wrapped:
            kind = CallTransport if hasattr(client, "aclose") else BlockingCallTransport
            wrapped[id(transport)] = kind(transport, only=only, correlation_header=header)
        return wrapped[id(transport)]

    state["_transport"] = wrap(state["_transport"])
    state["_mounts"] = {pattern: wrap(each) for pattern, each in state["_mounts"].items()}


def _clients(candidate: object, depth: int) -> Iterator[Any]:
    if _is_client(candidate):
        yield candidate
    elif depth and hasattr(candidate, "__dict__"):
        for value in list(vars(candidate).values()):
            if not isinstance(value, type):
                yield from _clients(value, depth - 1)


def _is_client(candidate: object) -> bool:
    """Return whether an object is a client of httpx or of its fork httpx2."""
    return any(
        kind.__name__ in {"AsyncClient", "Client"}
        and kind.__module__.partition(".")[0] in {"httpx", "httpx2"}
        for kind in type(candidate).__mro__
    )
