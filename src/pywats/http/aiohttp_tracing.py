"""Correlation headers on the requests of an aiohttp session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.http.transports.hosts import Hosts
from pywats.observability.propagation import outgoing_headers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import SimpleNamespace

    import aiohttp

__all__ = ["aiohttp_trace_config"]


def aiohttp_trace_config(
    *, only: Iterable[str] | None = None, correlation_header: str | None = None
) -> aiohttp.TraceConfig:
    """Return a trace config that puts the headers of `pywats.outgoing_headers` on each request.

    Use it as ``aiohttp.ClientSession(trace_configs=[aiohttp_trace_config()])``. On a redirect to a
    host that is not in ``only``, the headers are removed.

    Args:
        only: Hosts whose requests carry the ids, such as ``("api.example.com",)``; None for all.
        correlation_header: Name of the header for the correlation id; None for the name that the
            running call is configured with.

    Raises:
        ImportError: aiohttp is not installed.
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """
    import aiohttp  # noqa: PLC0415 - an optional package

    hosts = Hosts(only)
    if correlation_header is not None:
        validation.header_name("correlation_header", correlation_header)

    async def start(
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        context.pywats_names = ()
        if hosts.include(params.url.host or "", params.url.port):
            headers = outgoing_headers(correlation_header=correlation_header)
            params.headers.update(headers)
            context.pywats_names = tuple(headers)

    async def redirect(
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestRedirectParams,
    ) -> None:
        location = params.response.headers.get("Location") or params.response.headers.get("URI")
        target = params.response.url.join(type(params.url)(location or ""))
        if not hosts.include(target.host or "", target.port):
            for name in context.pywats_names:
                params.headers.pop(name, None)

    config = aiohttp.TraceConfig()
    config.on_request_start.append(start)
    config.on_request_redirect.append(redirect)
    return config
