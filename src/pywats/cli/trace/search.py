"""Looks for a trace in the stores, and again until all of it is there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pywats.cli.trace.query import Store, StoreError
from pywats.waterfall import SpanRecord

__all__ = ["Search", "Sighting"]

_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a look at the stores has found.

    Attributes:
        store: Name of the first store that knows the trace; empty if none does.
        spans: The spans that it has.
        problems: Why the stores that were asked before it did not help.
        answered: Whether any store gave an answer.
    """

    store: str
    spans: tuple[SpanRecord, ...]
    problems: tuple[str, ...]
    answered: bool

    @property
    def orphans(self) -> tuple[SpanRecord, ...]:
        """Spans whose parent is not there: it ended later, or is kept elsewhere."""
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
    """A trace, and where to look for it.

    Attributes:
        trace_id: Its id.
        stores: The stores, with their addresses, in the order in which they are asked.
        timeout: Seconds that each may take to answer.
    """

    trace_id: str
    stores: Sequence[tuple[Store, str]]
    timeout: float

    def look(self) -> Sighting:
        """Ask the stores once, up to the first one that knows the trace."""
        problems: list[str] = []
        answered = False
        for store, url in self.stores:
            try:
                spans = store.find(url, self.trace_id, self.timeout)
            except StoreError as error:
                problems.append(str(error))
                continue
            answered = True
            if spans:
                return Sighting(store.name, tuple(spans), tuple(problems), answered)
            problems.append(f"{store.name} at {url} does not know it")
        return Sighting("", (), tuple(problems), answered)

    def wait(self, seconds: float) -> Sighting:
        """Look until the trace is complete, or that many seconds have passed; look at least once.

        A child ends, and is exported, before its parent. So a trace that has the parent of every
        span has all that its process made.
        """
        end = time.monotonic() + seconds
        while True:
            seen = self.look()
            left = end - time.monotonic()
            if seen.complete or left <= 0:
                return seen
            time.sleep(min(_BETWEEN_LOOKS, left))
