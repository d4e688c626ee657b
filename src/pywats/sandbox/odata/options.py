"""OData options on rows in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError
from pywats.sandbox.times import time_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pydantic import BaseModel, JsonValue

    Row = dict[str, JsonValue]

__all__ = ["field_names", "select"]

_MAX_DIGITS = 9
# A serial number such as 20260102 is not a time.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")


def field_names(*models: type[BaseModel]) -> frozenset[str]:
    """Return the names on the wire of the fields of models, in lower case.

    The examples of the API file write names in either case.
    """
    return frozenset(
        (info.serialization_alias or name).lower()
        for model in models
        for name, info in model.model_fields.items()
    )


def select(
    rows: list[Row],
    options: Mapping[str, str],
    *,
    unfiltered_top: int,
    fields: Collection[str] | None = None,
    sorted_by: Collection[str] | None = None,
) -> list[Row]:
    """Apply ``$filter``, ``$orderby``, ``$skip`` and ``$top``.

    Args:
        rows: All rows.
        options: The query parameters.
        unfiltered_top: Maximum number of rows without a filter.
        fields: The fields that a filter may name, in lower case; None for any.
        sorted_by: The fields that rows can be sorted by, in lower case; None for ``fields``.

    Raises:
        ApiError: An option is not understood, or names an unknown field (400).
    """
    if expression := options.get("$filter", "").strip():
        # Imported here: loading the grammar takes 0.25 s, and most test runs do not need it.
        from pywats.sandbox.odata.filter import row_filter  # noqa: PLC0415

        test = row_filter(expression, fields)
        rows = [row for row in rows if test(row)]
    sortable = fields if sorted_by is None else sorted_by
    for part in reversed(options.get("$orderby", "").split(",")):
        name, *direction = part.split()[:3] or [""]
        if not name:
            continue
        descending = direction == ["desc"]
        if direction not in ([], ["asc"], ["desc"]):
            raise ApiError(400, f"The value of $orderby is not valid: {part.strip()}")
        if sortable is not None and name.lower() not in sortable:
            raise ApiError(400, f"The query cannot be ordered by a property named '{name}'.")
        rows = sorted(rows, key=lambda row: _order(row, name), reverse=descending)
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
        # Texts of times sort by time if they are in UTC and have the same length.
        return time_of(text).isoformat(timespec="microseconds")
    except ApiError:
        return text


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not text.isascii() or len(text) > _MAX_DIGITS:
        raise ApiError(400, f"The value of {name} is not a number: {text}")
    return int(text)
