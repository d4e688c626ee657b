"""Search a trace in the stores, repeatedly until it is complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pywats.cli.trace.looking import ask_in_turn, look_until
from pywats.cli.trace.query import Store
from pywats.waterfall import SpanRecord

__all__ = ["Search", "Sighting"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The result of asking the stores once.

    Attributes:
        store: Name of the first store that has the trace; empty if no store has it.
        spans: The spans in that store.
        problems: For each store that was asked before, why it does not have it.
        responded: Whether any store has responded.
    """

    store: str
    spans: tuple[SpanRecord, ...]
    problems: tuple[str, ...]
    responded: bool

    @property
    def orphans(self) -> tuple[SpanRecord, ...]:
        """Spans whose parent is missing: the parent has not ended yet, or is in another store."""
        known = {span.span_id for span in self.spans}
        return tuple(
            span
            for span in self.spans
            if span.parent_id is not None and span.parent_id not in known
        )

    @property
    def complete(self) -> bool:
        """Whether the trace was found, with the parent of every span."""
        return bool(self.spans) and not self.orphans


@dataclass(frozen=True, slots=True)
class Search:
    """A trace and the stores to ask for it.

    Attributes:
        trace_id: Id of the trace.
        stores: The stores with their addresses, in the order in which they are asked.
        timeout: Limit of each request in seconds.
    """

    trace_id: str
    stores: Sequence[tuple[Store, str]]
    timeout: float

    def look(self) -> Sighting:
        """Ask the stores once, up to the first store that has the trace."""
        store, spans, problems, responded = ask_in_turn(
            self.stores, lambda store, url: store.find(url, self.trace_id, self.timeout)
        )
        return Sighting("" if store is None else store[0].name, spans, problems, responded)

    def wait(self, seconds: float) -> Sighting:
        """Search until the trace is complete or the time is over, at least once.

        A child span ends and is exported before its parent. A trace that has the parent of every
        span therefore has all spans of its process.

        Args:
            seconds: The time limit.
        """
        return look_until(self.look, lambda seen: seen.complete, seconds)
