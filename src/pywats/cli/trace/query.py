"""Asks the two stores of traces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from pywats.cli.trace.jaeger import read_jaeger
from pywats.cli.trace.tempo import read_tempo
from pywats.waterfall import SpanRecord

__all__ = ["JAEGER", "TEMPO", "Store", "StoreError"]


class StoreError(Exception):
    """A store gave no usable answer; the message says why."""


@dataclass(frozen=True, slots=True)
class Store:
    """A store of traces.

    Attributes:
        name: Its name.
        path: Path of a trace, with ``{id}``.
        read: Reads the spans of an answer.
    """

    name: str
    path: str
    read: Callable[[bytes], list[SpanRecord]]

    def find(self, base_url: str, trace_id: str, timeout: float) -> list[SpanRecord]:
        """Return the spans of a trace; none if the store does not know it.

        Raises:
            StoreError: It was not reached, or its answer is not understood.
        """
        url = base_url.rstrip("/") + self.path.format(id=trace_id)
        try:
            answer = httpx.get(url, headers={"Accept": "application/json"}, timeout=timeout)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
            # Those that are not of httpx come of proxies and certificates in the environment.
            raise StoreError(f"{self.name} at {base_url} was not reached ({error})") from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        if not answer.is_success:
            raise StoreError(f"{self.name} at {base_url} answered {answer.status_code}")
        try:
            return self.read(answer.content)
        except ValueError as error:
            raise StoreError(
                f"what is at {base_url} does not answer as {self.name} does"
            ) from error


JAEGER = Store("Jaeger", "/api/traces/{id}", read_jaeger)
TEMPO = Store("Tempo", "/api/v2/traces/{id}", read_tempo)
