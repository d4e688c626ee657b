"""Evaluate an OData ``$filter`` on rows in memory (OData 4.01 URL conventions 5.1.1)."""

from __future__ import annotations

import operator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from pywats.sandbox.answers import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pywats.sandbox.routing import Row

__all__ = ["row_filter"]

_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.In: lambda value, choices: value in choices,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": lambda text, part: part in (text or ""),
    "startswith": lambda text, part: (text or "").startswith(part),
    "endswith": lambda text, part: (text or "").endswith(part),
    "tolower": lambda text: (text or "").lower(),
    "toupper": lambda text: (text or "").upper(),
    "length": lambda text: len(text or ""),
}


def row_filter(expression: str) -> Callable[[Row], bool]:
    """Return a function that tells whether a row meets a filter.

    Args:
        expression: The value of ``$filter``.

    Raises:
        ApiError: It is not understood (400).
    """
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(expression))
    except ODataException as error:
        raise _invalid(expression) from error

    def test(row: Row) -> bool:
        return bool(_evaluate(tree, row, {}, expression))

    return test


def _evaluate(node: Any, row: Row, variables: Mapping[str, Any], expression: str) -> Any:  # noqa: C901, PLR0912 - one branch for each kind of node
    def inner(part: Any) -> Any:
        return _evaluate(part, row, variables, expression)

    match node:
        case ast.BoolOp(op=ast.And()):
            return inner(node.left) and inner(node.right)
        case ast.BoolOp():
            return inner(node.left) or inner(node.right)
        case ast.UnaryOp(op=ast.Not()):
            return not inner(node.operand)
        case ast.Compare():
            left, right = inner(node.left), inner(node.right)
            if isinstance(node.right, ast.GUID) and isinstance(left, str):
                left = left.lower()
            if isinstance(node.right, ast.DateTime):
                left, right = _time(left), right if right.tzinfo else right.replace(tzinfo=UTC)
            try:
                return _COMPARISONS[type(node.comparator)](left, right)
            except TypeError:
                # An ordering against null or another type is false (5.1.1.1).
                return False
        case ast.Identifier():
            return variables[node.name] if node.name in variables else _field(row, node.name)
        case ast.Attribute():
            return _field(inner(node.owner) or {}, node.attr)
        case ast.CollectionLambda(lambda_=ast.Lambda() as condition):
            name = condition.identifier.name
            found = (
                _evaluate(condition.expression, row, {**variables, name: item}, expression)
                for item in inner(node.owner) or []
            )
            return any(found) if isinstance(node.operator, ast.Any) else all(found)
        case ast.Call() if node.func.name in _FUNCTIONS:
            return _FUNCTIONS[node.func.name](*(inner(argument) for argument in node.args))
        case ast.List():
            return [inner(item) for item in node.val]
        case ast.Null():
            return None
        case ast.GUID():
            return node.val.lower()
        case ast.Integer() | ast.Float() | ast.Boolean() | ast.String() | ast.DateTime():
            return node.py_val
        case _:
            raise _invalid(expression)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _field(row: Any, name: str) -> Any:
    # The examples of the API file write names in either case.
    return next((value for key, value in row.items() if key.lower() == name.lower()), None)


def _invalid(expression: str) -> ApiError:
    return ApiError(400, f"The query specified in the URI is not valid: {expression}")
