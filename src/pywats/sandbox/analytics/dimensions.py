"""Dimensions and KPIs, which split and order the rows of statistics."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["Column", "columns_of", "combinations", "in_order"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension or KPI that a request names.

    Attributes:
        name: Its name.
        descending: True if the greatest value comes first.
        is_kpi: True for a KPI.
    """

    name: str
    descending: bool
    is_kpi: bool


def columns_of(text: str, dimensions: Collection[str], kpis: Collection[str]) -> list[Column]:
    """Read names with ``;`` between them, each with an optional direction.

    Raises:
        ApiError: A name or a direction is not known (400).
    """
    columns: list[Column] = []
    for part in text.split(";"):
        name, _, direction = part.strip().partition(" ")
        if name not in {*dimensions, *kpis} or direction not in {"", "asc", "desc"}:
            raise ApiError(400, f"The dimension '{part.strip()}' is not supported.")
        columns.append(Column(name, direction == "desc", name in kpis))
    return columns


def combinations(
    item: T, names: Iterable[str], readers: Mapping[str, Callable[[T], Sequence[JsonValue]]]
) -> list[tuple[JsonValue, ...]]:
    """Return the values of an item in each dimension, all combinations if it has several."""
    # An item without a value gets the value null, so that it is counted too.
    return list(product(*(readers[name](item) or [None] for name in names)))


def in_order(rows: list[Row], columns: Sequence[Column]) -> list[Row]:
    """Sort rows by the first column, then the second, and so on."""
    for column in reversed(columns):
        rows = sorted(rows, key=lambda row: _order(row[column.name]), reverse=column.descending)
    return rows


def _order(value: JsonValue) -> tuple[bool, float, str]:
    number = value if isinstance(value, int | float) else 0
    return (value is not None, number, str(value))
