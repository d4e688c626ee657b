"""Statistics of measured numbers and their limits."""

from __future__ import annotations

import math
from statistics import fmean, stdev
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["limits_of", "number_of", "statistics_of"]

_LOWER_ONLY = {"GT", "GE"}
_UPPER_ONLY = {"LT", "LE"}
_INSIDE = {"GTLT", "GTLE", "GELT", "GELE"}
_NAMES = ("min", "max", "avg", "stdev", "var", "cp", "cpk", "cpLower", "cpUpper")


def number_of(value: JsonValue) -> float | None:
    """Return a finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def limits_of(measurement: Row) -> tuple[float | None, float | None]:
    """Return the lower and the upper limit of a good value."""
    low, high = number_of(measurement.get("lowLimit")), number_of(measurement.get("highLimit"))
    operator = measurement.get("compOp")
    if operator in _INSIDE:
        return low, high
    # One-sided comparisons keep their limit in lowLimit; some exporters write highLimit.
    limit = high if low is None else low
    if operator in _LOWER_ONLY:
        return limit, None
    return (None, limit) if operator in _UPPER_ONLY else (None, None)


def statistics_of(values: Sequence[float], low: float | None, high: float | None) -> Row:
    """Return the statistics of values; a figure that cannot be calculated is null.

    Args:
        values: The values.
        low: Lower limit.
        high: Upper limit.
    """
    numbers: Row = dict.fromkeys((*_NAMES, "sigmaHigh3", "sigmaLow3"))
    if not values:
        return numbers
    mean = fmean(values)
    numbers |= {"min": min(values), "max": max(values), "avg": mean}
    if len(values) == 1:
        return numbers
    sigma = stdev(values)
    numbers |= {
        "stdev": sigma,
        "var": sigma**2,
        "sigmaHigh3": mean + 3 * sigma,
        "sigmaLow3": mean - 3 * sigma,
    }
    if not sigma:
        return numbers
    lower = None if low is None else (mean - low) / (3 * sigma)
    upper = None if high is None else (high - mean) / (3 * sigma)
    known = [each for each in (lower, upper) if each is not None]
    numbers |= {"cpLower": lower, "cpUpper": upper, "cpk": min(known, default=None)}
    if low is not None and high is not None:
        numbers["cp"] = (high - low) / (6 * sigma)
    return numbers
