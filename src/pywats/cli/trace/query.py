"""Stores of traces: find a trace, or the traces with an id that the program has set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from pywats.cli.trace.ask import Ask, ask, understanding
from pywats.cli.trace.found import Found, Window
from pywats.cli.trace.jaeger import read_jaeger, search_jaeger
from pywats.cli.trace.tempo import read_tempo, search_tempo
from pywats.waterfall import SpanRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["JAEGER", "TEMPO", "Store"]


@dataclass(frozen=True, slots=True)
class Store:
    """A store of traces.

    Attributes:
        name: Name of the store.
        path: Path of a trace, with ``{id}``.
        read: Reads the spans of a response.
        look_up: Finds the traces with an id that the program has set itself.
    """

    name: str
    path: str
    read: Callable[[bytes], list[SpanRecord]]
    look_up: Callable[[Ask, str, Window], list[Found]]

    def find(self, base_url: str, trace_id: str, timeout: float) -> list[SpanRecord]:
        """Return the spans of a trace; none if the store does not know it.

        Args:
            base_url: Address of the store.
            trace_id: The id as 32 hex digits.
            timeout: Limit of the whole exchange in seconds.

        Raises:
            StoreError: The store was not reached, or its response is not understood.
        """
        body = ask(self.name, base_url, self.path.format(id=trace_id), {}, timeout)
        with understanding(self.name, base_url):
            return [] if body is None else self.read(body)

    def find_own(self, base_url: str, own_id: str, window: Window, timeout: float) -> list[Found]:
        """Return the traces with an id that the program has set itself, the newest first.

        Args:
            base_url: Address of the store.
            own_id: The id.
            window: Period in which they began.
            timeout: Limit of each exchange in seconds.

        Raises:
            StoreError: The store was not reached, or a response is not understood.
        """
        get = partial(_get, self.name, base_url, timeout)
        with understanding(self.name, base_url):
            return self.look_up(get, own_id, window)


def _get(
    name: str, base_url: str, timeout: float, path: str, parameters: Mapping[str, str]
) -> bytes | None:
    return ask(name, base_url, path, parameters, timeout)


JAEGER: Final = Store("Jaeger", "/api/traces/{id}", read_jaeger, search_jaeger)
TEMPO: Final = Store("Tempo", "/api/v2/traces/{id}", read_tempo, search_tempo)
