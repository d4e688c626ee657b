"""OData options on rows in memory: as much of them as the WATS examples use."""

from __future__ import annotations

import json
import operator
import re
from typing import TYPE_CHECKING, Any

from pywats.sandbox.answers import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    Row = dict[str, JsonValue]

__all__ = ["select"]

_CLAUSE = re.compile(
    r"\s*(?P<name>[A-Za-z]\w*)\s+(?P<operator>eq|ne|gt|ge|lt|le)\s+"
    r"(?P<value>'(?:[^']|'')*'|true|false|null|-?\d+(?:\.\d+)?)\s*(?P<more>and\b|$)"
)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def select(rows: list[Row], options: Mapping[str, str], *, unfiltered_top: int) -> list[Row]:
    """Apply ``$filter``, ``$orderby``, ``$skip`` and ``$top``.

    Args:
        rows: All rows.
        options: The query parameters.
        unfiltered_top: The most rows returned without a filter.

    Raises:
        ApiError: An option is not understood (400).
    """
    for test in _tests(options.get("$filter", "")):
        rows = [row for row in rows if test(row)]
    for part in reversed(options.get("$orderby", "").split(",")):
        name, _, direction = part.strip().partition(" ")
        if name:
            rows = sorted(
                rows,
                key=lambda row, name=name: str(_field(row, name)),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                reverse=direction.strip() == "desc",
            )
    skip = _number(options, "$skip", 0)
    top = _number(options, "$top", len(rows) if "$filter" in options else unfiltered_top)
    return rows[skip : skip + top]


def _tests(expression: str) -> list[Callable[[Row], bool]]:
    tests: list[Callable[[Row], bool]] = []
    position = 0
    more = bool(expression.strip())
    while more:
        clause = _CLAUSE.match(expression, position)
        if clause is None:
            raise ApiError(400, f"The query specified in the URI is not valid: {expression}")
        tests.append(_test(clause["name"], _OPERATORS[clause["operator"]], clause["value"]))
        position = clause.end()
        more = bool(clause["more"])
    return tests


def _test(name: str, compare: Callable[[Any, Any], bool], literal: str) -> Callable[[Row], bool]:
    text = literal.startswith("'")
    value: object = literal[1:-1].replace("''", "'") if text else json.loads(literal)

    def test(row: Row) -> bool:
        try:
            return compare(_field(row, name), value)
        except TypeError:
            # An ordering against null or another type is false (OData 4.01 section 5.1.1.1).
            return False

    return test


def _field(row: Row, name: str) -> JsonValue:
    # The examples of the API file write names in either case.
    return next((value for key, value in row.items() if key.lower() == name.lower()), None)


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise ApiError(400, f"The value of {name} is not a number: {text}")
    return int(text)
