"""OData options on rows in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pywats.sandbox.answers import ApiError
from pywats.sandbox.odata_filter import row_filter
from pywats.sandbox.times import time_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    Row = dict[str, JsonValue]

__all__ = ["select"]

# A serial number such as 20260102 is no time.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")


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
    return (value is not None, number, _comparable(str(value)))


def _comparable(text: str) -> str:
    if not _TIME.match(text):
        return text
    try:
        # In UTC and of one length, times are in order as texts.
        return time_of(text).isoformat(timespec="microseconds")
    except ApiError:
        return text


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise ApiError(400, f"The value of {name} is not a number: {text}")
    return int(text)
