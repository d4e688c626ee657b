"""Facts about the server's side of a request: its own request id, headers, protocol and peer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from pywats.observability import semconv as say
from pywats.redaction import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.http.network.exchange import Exchange, Peer
    from pywats.http.network.phases import Phases
    from pywats.redaction import Secrets

__all__ = ["captured_headers", "peer_of", "progress_of", "protocol_of"]

REQUEST_ID_VARIABLE: Final = "PYWATS_REQUEST_ID_HEADERS"
CAPTURE_VARIABLE: Final = "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE"

# traceresponse is from W3C Trace Context level 2: the server's span in the server's own trace.
_REQUEST_ID_HEADERS: Final = (
    "x-request-id",
    "x-ms-request-id",
    "x-amzn-requestid",
    "traceresponse",
)
_NEVER: Final = frozenset({"set-cookie", "www-authenticate", "proxy-authenticate"})


def captured_headers(
    headers: Mapping[str, str], secrets: Secrets
) -> tuple[dict[str, str], str | None]:
    """Return the headers to record, and the id by which the server logs this request.

    The id is in the first header that is present of ``X-Request-ID``, ``X-MS-Request-ID``,
    ``X-Amzn-RequestId`` and ``traceresponse``. ``PYWATS_REQUEST_ID_HEADERS`` names other headers,
    separated by commas.

    Args:
        headers: The headers of the response, by their names in lower case.
        secrets: Texts that must not be shown.

    Returns:
        The headers with an id, and the headers that
        ``OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE`` names, except headers that
        carry credentials; and the id, which is None if the response has none.
    """
    ids = _names(REQUEST_ID_VARIABLE) or _REQUEST_ID_HEADERS
    captured = {
        name: one_line(headers[name], secrets)
        for name in (*_names(CAPTURE_VARIABLE), *ids)
        if name in headers and name not in _NEVER
    }
    return captured, next((captured[name] for name in ids if captured.get(name)), None)


def protocol_of(extensions: Mapping[str, object]) -> dict[str, str]:
    """Return the version of HTTP, as an attribute of a span.

    Args:
        extensions: The extensions of the response, in which httpcore or httpx describes the
            connection.
    """
    version = extensions.get("http_version")
    if not isinstance(version, bytes):
        return {}
    return {say.PROTOCOL_VERSION.name: version.decode("ascii").removeprefix("HTTP/")}


def peer_of(extensions: Mapping[str, object]) -> Peer | None:
    """Return address and port of the peer; None if they are not known.

    Args:
        extensions: The extensions of the response, in which httpcore or httpx describes the
            connection.
    """
    stream = extensions.get("network_stream")
    get = getattr(stream, "get_extra_info", None)
    address: object = get("server_addr") if get is not None else None
    if isinstance(address, tuple) and len(address) > 1:
        return str(address[0]), int(address[1])
    return None


def progress_of(exchange: Exchange, phases: Phases) -> dict[str, str | int | float]:
    """Return the durations of an attempt's phases and facts about its connection, as attributes.

    Args:
        exchange: The exchange, which has ended.
        phases: The phases of the exchange.
    """
    found: dict[str, str | int | float] = {
        say.PHASES[phase].name: round(seconds, 6) for phase, seconds in phases.end().items()
    }
    if exchange.peer is not None and exchange.reused is not None:
        found[say.CONNECTION_REUSED.name] = exchange.reused
    if exchange.peer is not None:
        found[say.PEER_ADDRESS.name], found[say.PEER_PORT.name] = exchange.peer
    return found


def _names(variable: str) -> list[str]:
    given = os.environ.get(variable)
    return [name.strip().lower() for name in given.split(",") if name.strip()] if given else []
