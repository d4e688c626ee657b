"""Which signals the OTLP endpoint takes: Jaeger takes traces only, and so does Tempo."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from opentelemetry.util.re import parse_env_headers

from pywats.telemetry.environment import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "REFUSALS",
    "SIGNALS",
    "SignalEndpoint",
    "Taken",
    "ask_endpoint",
    "endpoint_of",
    "headers_of",
]

REFUSALS: Final = frozenset({404, 405, 415, 501})
"""Statuses by which a server says that there is nothing at this path that takes a signal."""
SIGNALS: Final[tuple[Signal, ...]] = ("TRACES", "METRICS", "LOGS")

_ALL: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass(frozen=True, slots=True)
class SignalEndpoint:
    """Where a signal goes.

    Attributes:
        variable: The variable that says so.
        url: The URL; it may have credentials in it.
    """

    variable: str
    url: str

    @property
    def host(self) -> str:
        """Host and port, as they may be shown."""
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host:
            return f"the address in {self.variable}"
        shown = f"[{host}]" if ":" in host else host
        return shown if port is None else f"{shown}:{port}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the endpoint takes.

    Attributes:
        taken: The signals that it takes.
        refused: The signals that it does not take.
        unknown: The signals that could not be asked for.
    """

    taken: tuple[Signal, ...] = ()
    refused: tuple[Signal, ...] = ()
    unknown: tuple[Signal, ...] = ()

    @property
    def summary(self) -> str:
        """What it takes and what it does not, in one sentence without its subject."""
        parts = []
        if self.taken:
            parts.append(f"takes {_listed(self.taken)}")
        if self.refused:
            parts.append(f"does not take {_listed(self.refused)}")
        if self.unknown:
            parts.append(f"did not respond for {_listed(self.unknown)}")
        return ", but ".join(parts)

    @property
    def advice(self) -> str:
        """What to set for the signals that it does not take."""
        off = " and ".join(f"OTEL_{signal}_EXPORTER=none" for signal in self.refused)
        return f"Set {off}, or {_ALL} to a collector that takes all signals."


def endpoint_of(signal: Signal) -> SignalEndpoint | None:
    """Return where the environment wants a signal to go; None if it names no endpoint.

    Args:
        signal: The signal, as the names of variables have it.
    """
    variable = f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"
    own = os.environ.get(variable, "").strip()
    if own:
        return SignalEndpoint(variable, own)
    base = os.environ.get(_ALL, "").strip()
    return SignalEndpoint(_ALL, f"{base.rstrip('/')}/v1/{signal.lower()}") if base else None


def headers_of(signal: Signal) -> dict[str, str]:
    """Return the headers that the environment wants with the exports of a signal."""
    given = os.environ.get(f"OTEL_EXPORTER_OTLP_{signal}_HEADERS", "").strip()
    given = given or os.environ.get("OTEL_EXPORTER_OTLP_HEADERS", "").strip()
    return {
        **parse_env_headers(given, liberal=True),
        "content-type": "application/x-protobuf",
    }


def ask_endpoint(post: Callable[[str, Mapping[str, str]], int | None]) -> Taken:
    """Export nothing of each signal that is exported, and return what the endpoint says.

    No bytes are a valid message of protobuf.

    Args:
        post: Sends an empty body to a URL, with headers; returns the status, or None if no
            response came.
    """
    found: dict[str, list[Signal]] = {"taken": [], "refused": [], "unknown": []}
    for signal in SIGNALS:
        endpoint = endpoint_of(signal)
        if endpoint is None or os.environ.get(f"OTEL_{signal}_EXPORTER", "").strip() == "none":
            continue
        status = post(endpoint.url, headers_of(signal))
        if status is None:
            found["unknown"].append(signal)
        else:
            found["taken" if status < 400 else "refused"].append(signal)  # noqa: PLR2004 - RFC 9110
    return Taken(tuple(found["taken"]), tuple(found["refused"]), tuple(found["unknown"]))


def _listed(signals: tuple[Signal, ...]) -> str:
    *first, last = (signal.lower() for signal in signals)
    return f"{', '.join(first)} and {last}" if first else last
