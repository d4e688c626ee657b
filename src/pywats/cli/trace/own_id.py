"""Search the traces with an id that the program has set itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pywats.cli.trace.found import Found, Window
from pywats.cli.trace.looking import ask_in_turn, look_until
from pywats.cli.trace.query import Store

__all__ = ["OwnIdSearch", "Sightings"]


@dataclass(frozen=True, slots=True)
class Sightings:
    """The result of asking the stores once.

    Attributes:
        store: The first store that knows the id, with its address; None if none does.
        found: The traces in that store, the newest first.
        problems: For each store that was asked before, why it does not have it.
        responded: Whether any store has responded.
    """

    store: tuple[Store, str] | None
    found: tuple[Found, ...]
    problems: tuple[str, ...]
    responded: bool


@dataclass(frozen=True, slots=True)
class OwnIdSearch:
    """An id that the program has set itself, and the stores to ask for it.

    Attributes:
        own_id: The id.
        stores: The stores with their addresses, in the order in which they are asked.
        hours: How far back to look.
        timeout: Limit of each request in seconds.
    """

    own_id: str
    stores: Sequence[tuple[Store, str]]
    hours: float
    timeout: float

    def look(self) -> Sightings:
        """Ask the stores once, up to the first store that knows the id."""
        now = time.time()
        # 60 s into the future: the clock of the machine that made the spans may be ahead.
        window = Window(int(now - self.hours * 3600) + 60, int(now) + 60)
        return Sightings(
            *ask_in_turn(
                self.stores,
                lambda store, url: store.find_own(url, self.own_id, window, self.timeout),
            )
        )

    def wait(self, seconds: float) -> Sightings:
        """Search until a store knows the id or the time is over, at least once.

        Args:
            seconds: The time limit.
        """
        return look_until(self.look, lambda seen: bool(seen.found), seconds)
