"""Length of a run: complete, or shortened to check only that it works."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FULL", "SMOKE", "Scale"]


@dataclass(frozen=True)
class Scale:
    """Sizes of a run.

    Attributes:
        rounds: Rounds that count.
        divisor: Factor by which turns are shorter.
        growth: Number of calls of the growth case.
        span_seconds: Seconds during which 10,000 spans a second are made.
    """

    rounds: int
    divisor: int
    growth: int
    span_seconds: float

    def calls(self, number: int) -> int:
        """Return the number of calls of a turn."""
        return max(1, number // self.divisor)


FULL = Scale(rounds=15, divisor=1, growth=1_000_000, span_seconds=10.0)
SMOKE = Scale(rounds=2, divisor=20, growth=2_000, span_seconds=0.5)
