"""Checks of OpenTelemetry: the SDK, its variables, the collector."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pywats.cli.doctor.finding import failed, passed, skipped, warned
from pywats.cli.fetch import fetch
from pywats.telemetry.endpoint import ask_endpoint, endpoint_of, headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pywats.cli.doctor.finding import Finding
    from pywats.telemetry.endpoint import SignalEndpoint

__all__ = ["check_telemetry"]

_SAMPLERS = {"always_on", "always_off", "traceidratio"}
_SAMPLERS |= {f"parentbased_{name}" for name in _SAMPLERS}
_GRPC_PORT = 4317
_UNUSABLE = (OSError, ValueError, ImportError, httpx.InvalidURL)


def check_telemetry(timeout: float) -> Iterator[Finding]:
    """Check what the OpenTelemetry SDK would read from the environment.

    Args:
        timeout: Limit of the whole exchange with the collector in seconds.
    """
    if find_spec("opentelemetry.sdk") is None:
        yield skipped(
            "otel sdk",
            "not installed: calls have correlation ids, but no spans",
            "For traces: pip install 'pywats[otel]'",
        )
        return
    if _variable("OTEL_SDK_DISABLED").lower() == "true":
        yield warned("otel sdk", "OTEL_SDK_DISABLED=true: no spans", "Unset OTEL_SDK_DISABLED.")
        return
    yield passed("otel sdk", "installed")
    yield from _variables()
    yield _collector(timeout)


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()


def _variables() -> Iterator[Finding]:
    named = _variable("OTEL_SERVICE_NAME")
    if not named and "service.name=" not in _variable("OTEL_RESOURCE_ATTRIBUTES"):
        yield warned(
            "otel service name",
            "not set: traces will have the service name 'unknown_service'",
            "Set OTEL_SERVICE_NAME, for example to the name of the station's program.",
        )
    if _variable("OTEL_TRACES_EXPORTER") == "none":
        yield warned(
            "otel exporter", "OTEL_TRACES_EXPORTER=none: no spans leave", "Set it to otlp."
        )
    sampler = _variable("OTEL_TRACES_SAMPLER")
    if sampler and sampler not in _SAMPLERS:
        yield failed(
            "otel sampler",
            f"OTEL_TRACES_SAMPLER={sampler} is not known",
            f"Set it to one of {', '.join(sorted(_SAMPLERS))}.",
        )
    elif "always_off" in sampler:
        yield warned("otel sampler", f"{sampler}: no spans", "Set OTEL_TRACES_SAMPLER=always_on.")
    propagators = _variable("OTEL_PROPAGATORS")
    if propagators and "tracecontext" not in propagators.split(","):
        yield warned(
            "otel propagators",
            f"OTEL_PROPAGATORS={propagators}: no traceparent header is sent",
            "Add tracecontext.",
        )
    protocol = _variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or _variable(
        "OTEL_EXPORTER_OTLP_PROTOCOL"
    )
    if protocol not in {"", "http/protobuf"}:
        yield warned(
            "otel protocol",
            f"{protocol}: pywats[otel] installs the exporter for http/protobuf",
            "Set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or install the exporter you want.",
        )


def _collector(timeout: float) -> Finding:
    endpoint = endpoint_of("TRACES")
    if endpoint is None:
        return skipped(
            "collector",
            "OTEL_EXPORTER_OTLP_ENDPOINT is not set",
            "For a collector on this machine: http://localhost:4318",
        )
    try:
        parts = urlsplit(endpoint.url)
        absolute = parts.scheme in {"http", "https"} and bool(parts.hostname)
        grpc = parts.port == _GRPC_PORT
    except ValueError:
        absolute = grpc = False
    if not absolute:
        return failed(
            "collector",
            f"{endpoint.variable} is not a URL",
            "Write it as http://host:4318, scheme included.",
        )
    if grpc:
        return failed(
            "collector",
            f"{endpoint.variable} names port {_GRPC_PORT}, the port of gRPC",
            "Use port 4318, the port of http/protobuf.",
        )
    return _export_nothing(endpoint, timeout)


def _export_nothing(endpoint: SignalEndpoint, timeout: float) -> Finding:
    where = endpoint.host
    try:
        status = _post(endpoint.url, headers_of("TRACES"), timeout)
    except httpx.HTTPError as error:
        return failed(
            "collector",
            f"{where} was not reached ({error})",
            "Start the collector, or correct the address; spans are dropped meanwhile.",
        )
    except _UNUSABLE as error:
        # The text of the error is not shown: it may contain part of a password in the address.
        return failed(
            "collector",
            f"{where} cannot be asked ({type(error).__name__})",
            "Correct its address, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY or SSL_CERT_FILE.",
        )
    if httpx.codes.is_success(status):
        return _signals(where, endpoint.url, status, timeout)
    if status in {401, 403}:
        return failed(
            "collector",
            f"{where} returned {status}",
            "Correct OTEL_EXPORTER_OTLP_HEADERS.",
        )
    return failed(
        "collector",
        f"{where} returned {status} to an export of no spans",
        "Check that it is an OTLP/HTTP receiver, and that its path is /v1/traces.",
    )


def _signals(where: str, traces: str, status: int, timeout: float) -> Finding:
    """Report which other signals an endpoint accepts, after it has accepted traces."""

    def post(url: str, headers: Mapping[str, str]) -> int | None:
        if url == traces:
            return status
        try:
            return _post(url, headers, timeout)
        except (httpx.HTTPError, *_UNUSABLE):
            return None

    found = ask_endpoint(post)
    if found.refused:
        return warned("collector", f"{where} {found.summary}", found.advice)
    if found.unknown:
        return warned(
            "collector", f"{where} {found.summary}", "Correct the endpoints of these signals."
        )
    return passed("collector", f"{where} {found.summary or 'takes traces'}")


def _post(url: str, headers: Mapping[str, str], timeout: float) -> int:
    return fetch("POST", url, timeout, content=b"", headers=dict(headers)).status
