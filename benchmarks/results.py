"""What a case found: rows of numbers and the bars they are held against."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

__all__ = ["Bar", "CaseResult", "Row"]


@dataclass(frozen=True)
class Row:
    """One competitor in one table.

    Attributes:
        name: The competitor.
        median: Median of its samples, in the unit of the table.
        low: Lower quartile.
        high: Upper quartile.
        ratio: Median of the ratios to the reference of the same round; None for none.
        ratio_low: Lower quartile of the ratios.
        ratio_high: Upper quartile of the ratios.
        failed: How many calls raised.
    """

    name: str
    median: float
    low: float
    high: float
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    failed: int = 0

    @classmethod
    def of(
        cls, name: str, samples: list[float], ratios: list[float] | None = None, failed: int = 0
    ) -> Row:
        """Return the row of these samples."""
        low, median, high = _quartiles(samples)
        if not ratios:
            return cls(name, median, low, high, failed=failed)
        ratio_low, ratio, ratio_high = _quartiles(ratios)
        return cls(name, median, low, high, ratio, ratio_low, ratio_high, failed)


@dataclass(frozen=True)
class Bar:
    """What was demanded and what was found.

    Attributes:
        key: Under which ``causes.toml`` explains a miss.
        text: The demand.
        limit: The number demanded.
        value: The number found.
        at_least: The number is a lower limit.
    """

    key: str
    text: str
    limit: float
    value: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """True if the number found keeps the limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass
class CaseResult:
    """The outcome of a case.

    Attributes:
        title: Heading.
        explanation: What was done.
        tables: Rows by the caption of their table.
        unit: Unit of the medians.
        bars: What is demanded.
        notes: What else was seen.
    """

    title: str
    explanation: str
    unit: str = "µs per call"
    tables: dict[str, list[Row]] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self, table: str, name: str) -> Row:
        """Return a row of a table."""
        return next(row for row in self.tables[table] if row.name == name)


def _quartiles(values: list[float]) -> tuple[float, float, float]:
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high
