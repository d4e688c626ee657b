"""Find out which signals the OTLP endpoint accepts: Jaeger and Tempo accept traces only."""

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
"""With these statuses, a server says that it does not accept a signal at this path."""
SIGNALS: Final[tuple[Signal, ...]] = ("TRACES", "METRICS", "LOGS")

_ALL: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass(frozen=True, slots=True)
class SignalEndpoint:
    """The endpoint of a signal.

    Attributes:
        variable: The variable that names the endpoint.
        url: The URL, which may contain credentials.
    """

    variable: str
    url: str

    @property
    def host(self) -> str:
        """Host and port, which can be shown: they have no credentials."""
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
    """The signals that the endpoint accepts.

    Attributes:
        taken: The signals that it accepts.
        refused: The signals that it does not accept.
        unknown: The signals for which it did not respond.
    """

    taken: tuple[Signal, ...] = ()
    refused: tuple[Signal, ...] = ()
    unknown: tuple[Signal, ...] = ()

    @property
    def summary(self) -> str:
        """The accepted and refused signals, as one sentence without its subject."""
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
        """The variables to set for the signals that it does not accept."""
        off = " and ".join(f"OTEL_{signal}_EXPORTER=none" for signal in self.refused)
        return f"Set {off}, or {_ALL} to a collector that takes all signals."


def endpoint_of(signal: Signal) -> SignalEndpoint | None:
    """Return the endpoint that the environment names for a signal; None if it does not name any.

    Args:
        signal: The signal, as in the names of the variables.
    """
    variable = f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"
    own = os.environ.get(variable, "").strip()
    if own:
        return SignalEndpoint(variable, own)
    base = os.environ.get(_ALL, "").strip()
    return SignalEndpoint(_ALL, f"{base.rstrip('/')}/v1/{signal.lower()}") if base else None


def headers_of(signal: Signal) -> dict[str, str]:
    """Return the headers for the exports of a signal, from the environment."""
    given = os.environ.get(f"OTEL_EXPORTER_OTLP_{signal}_HEADERS", "").strip()
    given = given or os.environ.get("OTEL_EXPORTER_OTLP_HEADERS", "").strip()
    return {
        **parse_env_headers(given, liberal=True),
        "content-type": "application/x-protobuf",
    }


def ask_endpoint(post: Callable[[str, Mapping[str, str]], int | None]) -> Taken:
    """Send an empty export for each configured signal, and return which signals are accepted.

    An empty body is a valid protobuf message.

    Args:
        post: Sends an empty body to a URL, with headers; returns the status, or None if there was
            no response.
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
