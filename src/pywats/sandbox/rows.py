"""OData options on rows in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.answers import ApiError
from pywats.sandbox.odata_filter import row_filter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    Row = dict[str, JsonValue]

__all__ = ["select"]


def select(rows: list[Row], options: Mapping[str, str], *, unfiltered_top: int) -> list[Row]:
    """Apply ``$filter``, ``$orderby``, ``$skip`` and ``$top``.

    Args:
        rows: All rows.
        options: The query parameters.
        unfiltered_top: The most rows returned without a filter.

    Raises:
        ApiError: An option is not understood (400).
    """
    if expression := options.get("$filter", "").strip():
        test = row_filter(expression)
        rows = [row for row in rows if test(row)]
    for part in reversed(options.get("$orderby", "").split(",")):
        name, _, direction = part.strip().partition(" ")
        if name:
            rows = sorted(
                rows, key=lambda row: _order(row, name), reverse=direction.strip() == "desc"
            )
    skip = _number(options, "$skip", 0)
    top = _number(options, "$top", len(rows) if "$filter" in options else unfiltered_top)
    return rows[skip : skip + top]


def _order(row: Row, name: str) -> tuple[bool, float, str]:
    # The examples of the API file write names in either case.
    value = next((value for key, value in row.items() if key.lower() == name.lower()), None)
    number = value if isinstance(value, int | float) else 0
    return (value is not None, number, str(value))


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise ApiError(400, f"The value of {name} is not a number: {text}")
    return int(text)
