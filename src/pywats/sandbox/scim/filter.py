"""Evaluation of a SCIM filter on users in memory (RFC 7644 section 3.4.2.2)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["user_filter"]

_COMPARISON = re.compile(
    r'\s*([\w$.-]+)\s+(eq|ne|co|sw|ew)\s+("(?:[^"\\]|\\.)*"|true|false)\s*', re.IGNORECASE
)
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda text, given: text == given,
    "co": lambda text, given: given in text,
    "sw": lambda text, given: text.startswith(given),
    "ew": lambda text, given: text.endswith(given),
}


def user_filter(expression: str) -> Callable[[Row], bool]:
    """Return a function that returns whether a user matches a filter of one comparison.

    Texts are compared without regard to case, like user names.

    Raises:
        ApiError: The expression is not understood (400).
    """
    found = _COMPARISON.fullmatch(expression)
    if found is None:
        raise ApiError(400, f"The filter is not supported: {expression}")
    path, operator, literal = found[1], found[2].lower(), found[3]
    # JSON has true and false in lower case only; a filter may use any case.
    given = _text(json.loads(literal if literal.startswith('"') else literal.lower()))

    def test(user: Row) -> bool:
        values = [_text(value) for value in _values(user, path.lower().split("."))]
        if operator == "ne":
            return given not in values
        return any(_OPERATORS[operator](value, given) for value in values)

    return test


def _text(value: JsonValue) -> str:
    return str(value).lower()


def _values(node: JsonValue, path: list[str]) -> list[JsonValue]:
    if isinstance(node, list):
        return [value for each in node for value in _values(each, path)]
    if not path:
        return [] if node is None else [node]
    if not isinstance(node, dict):
        return []
    return [
        value
        for name, each in node.items()
        if name.lower() == path[0]
        for value in _values(each, path[1:])
    ]
