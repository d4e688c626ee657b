"""Result of a case: rows of numbers, and the limits that they are compared with."""

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
        ratio: Median of the ratios to the reference of the same round; None without a reference.
        ratio_low: Lower quartile of the ratios.
        ratio_high: Upper quartile of the ratios.
        failed: Number of calls that raised an error.
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
    """A required limit and the measured value.

    Attributes:
        key: Key in ``causes.toml`` of the explanation of a miss.
        text: The requirement.
        limit: The required number.
        value: The measured number.
        at_least: The number is a lower limit.
    """

    key: str
    text: str
    limit: float
    value: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """True if the measured number keeps the limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass
class CaseResult:
    """The outcome of a case.

    Attributes:
        title: Heading.
        explanation: What was done.
        tables: Rows by the caption of their table.
        unit: Unit of the medians.
        bars: The required limits.
        notes: Further observations.
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
